"""The console of every service but SQS, whose panels are written by hand (``dashboard.console``).

    shapes.py    the fields of an operation, from its shape in AWS's own model
    forms.py     a form for each operation, made of them
    kinds.py     what each kind of node is: its words, its calls, what its panel tells
    topics.py buses.py rules.py …   what the panels of single kinds tell
    desk.py      where one stands: a resource, or the place where a new one is made
    reading.py   what a form says as parameters, checked
    calling.py   a form's call and what came of it
    making.py    what can be made on the map
    samples.py   events as AWS's own services send them, sent onto the default bus
    views.py     panel, forms, checks while somebody types

A new kind of node is an entry in ``kinds.py``. Every operation that the engine models has its form
here without a line of its own.
"""
