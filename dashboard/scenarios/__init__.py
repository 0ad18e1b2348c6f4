"""Scenarios: a sandbox as one readable JSON document, to write, read, build and show.

``document`` (with ``routes``: topics, buses with rules and archives, schedules; and ``work``:
functions with their mappings, pipes, alarms), the modules that read and write it, ``handles`` and
``picture`` are pure: they know the document and nothing else; what they complain of is said in the
reader's language by ``forms``. ``building``, ``route_building`` and ``work_building`` make a
sandbox from a document by AWS calls (``site``), ``capturing``, ``route_capturing`` and
``work_capturing`` do the opposite by AWS calls that only read (``looking``), and what one writes
the other reads to the same document. Not in it: connections and API destinations, what an archive
has kept and what was replayed, states and custom metrics of alarms, code of functions, tags of
groups of schedules, groups without schedules.
"""
