"""Why did a message not get there? The first hop that failed, and what stopped it.

trail.py      what the log tells of one publication: every event that it led to
ways.py       the ways on the map from a topic or bus to a node; pure
stops.py      what stopped it at a hop: a filter, a pattern, a permission, a target, time
views.py      the page
"""
