"""Charts of a queue over sandbox time, folded from the event log.

series.py  PURE. events → what a queue held and did, second by second
kept.py    series of this process: read once, then only what came since
drawn.py   PURE. a series → the points of one chart, evenly spaced
views.py   the page and its numbers as JSON
"""
