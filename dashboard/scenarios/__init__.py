"""Scenarios: a sandbox as one readable JSON document, to write, read, build and show.

``document``, ``reading``, ``parts``, ``queue_attributes``, ``handles`` and ``picture`` are pure:
they know the document and nothing else. ``building`` makes a sandbox from a document, ``capturing``
does the opposite, and what one writes the other reads to the same document.
"""
