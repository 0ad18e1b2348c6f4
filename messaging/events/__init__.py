"""Amazon EventBridge, the Classic bus: rules and targets. README.md maps each rule to its tests.

The way of an event::

    PutEvents ─► bus ─┬─ archives keep it
                      └─ rules whose pattern it matches ─► up to 5 targets each
                                                              │ taken: done
    schedule, replay, another bus's rule ─► ──────────────────┤ may work later: again, with backoff
                                                              └ gives up: dead-letter queue, or lost

A replay: STARTING ──► RUNNING ──► COMPLETED, and by CancelReplay CANCELLING ──► CANCELLED.

Not modelled: IAM roles (a role is asked for where AWS asks, and trusted), quotas of calls per
second, delayed effect of changes, encryption and logging of buses (their settings are kept and
shown), global endpoints, the lag of ten minutes before an archive has what passed.
"""
