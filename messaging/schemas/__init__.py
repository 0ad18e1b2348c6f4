"""Amazon EventBridge Schemas: all 31 operations. README.md maps each rule to its tests.

A discoverer and what it makes::

    CreateDiscoverer ──► STARTED ◄──StartDiscoverer / StopDiscoverer──► STOPPED
                            │ an event passes on its bus (kernel/listening.py)
                            ▼
       shape of its detail, joined with what was seen before ──the same──► nothing is written
                            │ something new
                            ▼
       discovered-schemas: a schema ``source@DetailType``, or its next version

Not modelled: what AWS tells of schemas on the default bus, the managed rule of a discoverer, quotas
of calls, reading another account's registry (policies are kept and shown).
"""
