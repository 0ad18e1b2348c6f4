"""One message in full: what it is, why it is where it is, and how its life went.

entries.py    PURE. an event of the log as the inspector reads it
story.py      PURE. events as plain sentences, oldest first
whynot.py     PURE. why nobody is handed the message at this moment
bodies.py     PURE. JSON and XML laid out for reading, never changed
lifetimes.py  PURE. events as bars: waiting, in flight, retry, dead letter
rows.py       PURE. the scale of the picture and the rows on it
focus.py      PURE. who had the message of a page, and what comes next
chart.py      PURE. bars as places on a picture
cutting.py    PURE. a life as it was at a moment, and what came of it after that
reading.py    finds a message's events and all that the pages need
calls.py      PURE. a message as calls of the AWS CLI
moment.py     what the log tells of a message at a moment of the past
past.py       the same as the page shows it
ties.py       what ties messages together: a trace header, or that one caused the other
neighbours.py the lifetime of a message among those of its queue, its group or its trace
acting.py     the buttons: Receive, Delete, Change visibility
views.py      the page of a message, the panel beside the map, the lifetimes
"""
