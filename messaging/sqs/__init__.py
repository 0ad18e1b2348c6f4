"""Amazon SQS: standard and FIFO queues, all 23 operations. README.md maps each rule to its tests.

A message and its states (``hidden`` of its row in brackets)::

    SendMessage ──delay──► DELAYED [2] ──delay over──► VISIBLE [0] ◄─────────────┐
         └───────────no delay──────────────────────────►   │                     │
                                                    ReceiveMessage     timeout lapses, or
                                                           ▼          is set to 0
                                                     IN_FLIGHT [1] ──────────────┘
                                                           │
                                  DeleteMessage ◄──────────┤
                                                           └──► dead-letter queue: a receive that
                                                                would exceed maxReceiveCount
    any state ──retention is over──► EXPIRED          any state ──PurgeQueue──► gone

A FIFO group is locked while a message of it is in flight. ``transitions.py`` has every change of
state; operations, the tick and deliveries from other services go through it.

Not modelled: quotas of calls per second, encryption at rest (its attributes are kept and shown),
delayed effect of changes and of counters, which are exact here at once.
"""
