"""Amazon EventBridge Pipes: all 10 operations; a pipe here runs. README.md maps each rule to tests.

What a pipe does with a batch::

    queue ──receive──► filter ──► enrichment ──► input template ──► target ──► delete from the queue
                         │ no pattern matches         │ the function fails      │ refused
                         ▼                            ▼                         ▼
                       deleted                    stays in flight: it is back after its visibility
                                                  timeout, in the end in its dead letters

States: RUNNING ◄──StartPipe / StopPipe──► STOPPED; both changes are immediate here [model].

Not modelled: sources other than SQS queues, enrichment by HTTP or state machines, targets that no
service here takes, log configurations and keys (kept and shown).
"""
