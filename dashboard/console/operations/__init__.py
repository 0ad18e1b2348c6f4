"""A form for each operation of SQS. What a form sends is what the wire would read.

base.py         a form that is an AWS call: its fields, its JSON, its words afterwards
fields.py       fields for JSON, lists, tags and numbers with units
messages.py     one message: send, receive, delete, change visibility
batches.py      up to ten of them
queues.py       find, list, purge and delete queues
attributes.py   every attribute, and CreateQueue
settings.py     SetQueueAttributes; meanwhile.py: what others have changed since
tags.py         tags
permissions.py  AddPermission, RemovePermission, and the policy as a whole
dead_letters.py redrive: whose dead letters, and moving them
catalogue.py    all of them, in the groups of the panel
"""
