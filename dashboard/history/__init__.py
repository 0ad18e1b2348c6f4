"""The past of a sandbox: its state at any kept event, and markers over the whole log.

The state at an event is the keyframe before it and at most 500 events in between (chronicle.py);
keyframes share what did not change (pages.py) and are put together before somebody asks (ahead.py).

A fork from the past has the whole body of every message that still exists. Of one that was deleted
since, the log keeps the first 96 characters and no attributes, and the dialog says how many that
concerns. Keeping more would have to be paid by every delete, whether or not anybody ever forks:
writing bodies of up to 1,024 characters into the event of the deletion made DeleteMessageBatch(10)
with bodies of 256 bytes 8 % slower (147 to 159 µs of processor time, six runs each in turn), and
up to 68 MB of log a sandbox. Keeping the rows themselves would make every index of the hot path as
long as the log.
"""
