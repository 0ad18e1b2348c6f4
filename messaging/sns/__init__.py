"""Amazon SNS: topics, subscriptions, filters, deliveries. README.md maps each rule to its tests.

A subscription and its states::

    Subscribe ──needs consent──► PENDING ──ConfirmSubscription, within 2 days──► CONFIRMED
         └───own endpoint───────────────────────────────────────────────────────►   │
                                 PENDING ──2 days over──► gone      Unsubscribe ──► gone

A message, once for each confirmed subscription::

    Publish ──filter policy does not match──► FILTERED
       └──► handed over ──taken──► DELIVERED
                 │  └──the endpoint's fault──► DEAD (dead-letter queue, or dropped)
                 └──the server's fault──► waits for the next retry ──► handed over again
                                               └──the last one failed──► DEAD

``sending.py`` is how a message enters and fans out, ``transitions.py`` what becomes of it and of
its subscription; operations, the tick and deliveries from other services go through them.

Not modelled: message data protection (closed to new customers), throughput quotas, prices.
"""
