"""Amazon EventBridge Scheduler: schedules and their groups, all 12 operations.

README.md maps each rule to its tests.

A schedule and its states::

    CreateSchedule ──► ENABLED ◄──UpdateSchedule──► DISABLED
                          │ due, within its window
                          ▼
                       invoked ──refused for now──► waits for another try ──► … ──► invoked
                          │                                  └──tries or age over──┐
                          │ taken                      refused for good ───────────┤
                          ▼                                                        ▼
              no further time: stays, or is deleted                   dead-letter queue, or dropped
              (ActionAfterCompletion)

Not modelled: universal targets (``arn:aws:scheduler:::aws-sdk:…``), quotas, encryption keys (kept
and shown), the identity policies of the execution role: it may do what the target's policy lets it.
"""
