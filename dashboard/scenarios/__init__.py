"""Scenarios: a sandbox as one readable JSON document, to write, read, build and show.

``document``, ``reading``, ``parse``, ``parts``, ``queue_attributes``, ``handles`` and ``picture``
are pure: they know the document and nothing else; what they complain of is said in the reader's
language by ``forms``. ``building`` makes a sandbox from a document, ``capturing`` does the
opposite, and what one writes the other reads to the same document.
"""
