"""AWS Lambda: functions that do as configured, or run their code; what invokes and feeds them.

README.md maps each rule to its tests.

An event (asynchronous invocation), a batch of a mapping, and a call that waits for its answer::

    event ──► queued ──room──► running ──well──► on-success destination, or nothing
                ▲  │ none         │ fails
                │  ▼              ▼
                └─throttled   after 1, then 2 minutes: queued ── no try or age left ──►
                                                        destination, dead letters, or dropped
    batch ──► gathering ──full, or window over──► running ──well──► deleted from the queue
                                   │ no room          │ fails
                                   ▼                  ▼
                              left in the queue: it comes back after its visibility timeout

A mapping: Creating ► Enabled ◄Updating, Enabling, Disabling► Disabled; Deleting ► gone.

Where code runs (Python, on its owner's machine, off by default) a running invocation has an open
end, and a ``Run`` that a worker takes after the commit::

    running ──commit──► run ──taken──► in hand ──its process ends──► reported: well, or fails
                         ▲                │ the server is killed
                         └────────────────┘  (a caller's invocation fails: nobody waits any more)

Not modelled: code in other languages, versions and aliases, layers' content, function URLs,
provisioned concurrency, streams and brokers as sources, provisioned pollers, response streaming.
"""
