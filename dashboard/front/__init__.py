"""A second process for the HTTP side of AWS calls, so that the engine has a processor of its own.

    client ──first bytes──▶ server process: does it look like an AWS call?
                              │ no: pages, websockets, files are answered here
                              │ yes: the connection itself moves
                              ▼
                            front process: HTTP, signature, parsing ──link──▶ writer in the server
                                                                  ◀─outcome─
    a page asked for on a connection that has moved goes back the same way

One interpreter runs one thread at a time, and HTTP costs more than the engine's own work. The front
starts with the first AWS call. While there is none (it starts, it has died, the machine
has one processor, it is not Linux) the server process answers AWS calls itself: nothing depends on
the front but speed.

    parent.py    starts the front, moves connections to it, starts it again
    moving.py    connections between processes: SCM_RIGHTS with the bytes that were read
    channels.py  the same for daphne
    protocols.py uvicorn's protocol on either side; configuring.py is what it is told
    reception.py the front process (``__main__.py`` starts it)
"""
