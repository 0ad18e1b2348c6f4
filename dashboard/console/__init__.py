"""Panels: what a node holds, and buttons that are AWS calls.

door.py         the console as a caller of AWS operations; a look leaves no trace
equivalents.py  PURE. the same call as AWS CLI and boto3
forms.py        fields in AWS's words; AWS's error stands beside the field that it names
text.py         PURE. message bodies as they may be shown
handles.py      receipt handles that this browser has received
queues.py       what the panel of a queue shows
actions.py      the buttons of that panel
nodes.py        which panel belongs to which node
"""
