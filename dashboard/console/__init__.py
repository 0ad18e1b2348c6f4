"""Panels: what a node holds, and forms and buttons that are AWS calls.

door.py         the console as a caller of AWS operations; a look leaves no trace
desk.py         a queue as the console stands before it
operations/     a form for each operation
bench.py        shows a form, checks it while somebody types, makes its call
answers.py      what came of a call: in words, and raw
carried.py      a call as the wire carries it
equivalents.py  PURE. the same call as AWS CLI, boto3 and JavaScript
forms.py        AWS's error stands beside the field that it names
policy_trial.py who may do what, evaluated; policy_lines.py is PURE: where a policy is wrong
tagging.py      tags among the settings: one more, one less
moves.py        redrives and how far they are; purging.py the 60 s rule
text.py         PURE. message bodies as they may be shown
handles.py      receipt handles that this browser has received
queues.py       what the panel of a queue shows
actions.py      the buttons of that panel
nodes.py        which panel belongs to which node
"""
