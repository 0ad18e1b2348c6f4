"""The matcher playground: a filter policy or an event pattern against what really came by.

    subject.py    what is tried: the policy of a subscription, the pattern of a rule, or a new one
    traffic.py    the latest messages and events that patterns of this kind look at
    judging.py    each of them with its verdict, and counter-examples; pure
    marking.py    a JSON document in lines, with those marked that a verdict is about; pure
    views.py      the page, what it answers at every keystroke, and saving

What came by is remembered by the server's process (``messaging.kernel.recent``), not by the log.
"""
