"""Scenarios: a sandbox as one readable JSON document, to write, read, build and show.

``document`` (and ``routes``: topics, buses with rules, schedules), the modules that read and write
it, ``handles`` and ``picture`` are pure: they know the document and nothing else; what they
complain of is said in the reader's language by ``forms``. ``building`` and ``route_building`` make
a sandbox from a document by AWS calls (``site``), ``capturing`` and ``route_capturing`` do the
opposite by AWS calls that only read (``looking``), and what one writes the other reads to the same
document. Not in it: archives, connections and API destinations, functions, what was replayed,
tags of groups of schedules, groups without schedules.
"""
