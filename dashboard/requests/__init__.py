"""The requests log: who called what, when, on which resource, and what came of it.

log.py     from events to calls, newest first, with filters and pages
choices.py what the filters offer
views.py   the page, one call in full, and making it again
"""
