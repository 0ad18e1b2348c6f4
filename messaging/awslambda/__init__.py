"""AWS Lambda: functions whose behaviour is configured, what invokes them, and their sources.

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

Not modelled: running code, versions and aliases, layers' content, function URLs, provisioned
concurrency, streams and brokers as sources, provisioned pollers, response streaming.
"""
