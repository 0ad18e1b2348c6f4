"""The live picture: a snapshot, then batches folded from the event log, to every browser.

    snapshot.py   reads nodes, edges and contents at one sequence number
    ledger.py     PURE. what the viewers of a sandbox hold: places, edges, messages
    fold.py       PURE. events → changes of the ledger and what moved on which edge
    waiting.py    PURE. who waits in a long poll: presence, which is in no log
    batch.py      PURE. one frame of changes: merging two, writing one
    painter.py    reads the log and keeps the ledger up to date, in the reader thread
    hub.py        one task a sandbox: wakes, paints, hands the same text to all viewers
    hubs.py       the hubs of this process
    reader.py     the thread that reads for them
    viewer.py     one browser: a slot for what it was not sent yet
    feed.py       other processes: "up to seq N" through the channel layer
    consumers.py  the websocket

Snapshot and frames together equal a later snapshot: tests/live holds it for every operation.
"""
