"""The command palette's server: one line of the AWS CLI in, what the CLI would print out.

words.py      operations and options as the CLI spells them
shorthand.py  PURE. the CLI's shorthand: ``Id=1,MessageBody=hi``
values.py     from the words of an option to a parameter
line.py       from a line to a call; what is wrong is said as the CLI says it
running.py    runs a call as the console
views.py      takes the line and answers

Nothing is handed to a shell and no file is read: a line is split into words, and that is all.
"""
