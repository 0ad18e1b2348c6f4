"""Words about queues, order, dead letters and fairness."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from dashboard.help.term import API, GUIDE, Term

TERMS: Final = (
    Term("queue", _("Queue"), _(
        "A named place in one account and Region that keeps messages until consumers have "
        "deleted them."),
        "Q1, Q7", f"{GUIDE}welcome.html"),
    Term("standard-queue", _("Standard queue"), _(
        "Delivers at least once and in best-effort order: a message may come twice, and not in the "
        "order in which it was sent."),
        "R5", f"{GUIDE}standard-queues.html"),
    Term("fifo-queue", _("FIFO queue"), _(
        "Keeps the order inside each message group and refuses what was sent twice within 5 "
        "minutes. Its name ends in .fifo."),
        "F1, D2, Q7", f"{GUIDE}sqs-fifo-queues.html"),
    Term("message-group", _("Message group"), _(
        "On a FIFO queue the messages with one MessageGroupId keep their order; different groups "
        "run side by side. On a standard queue the id names a tenant and orders nothing."),
        "F1, F2, Q-F1", f"{GUIDE}using-messagegroupid-property.html"),
    Term("locked-group", _("Locked group"), _(
        "While a message of a FIFO group is in flight, no further message of that group is handed "
        "out. Deleting it, or its return, opens the group again."),
        "F1", f"{GUIDE}using-messagegroupid-property.html"),
    Term("sequence-number", _("Sequence number"), _(
        "A number that SQS gives each message of a FIFO queue. It rises inside a group, "
        "with gaps."),
        "F3", f"{API}SendMessage.html"),
    Term("deduplication", _("Deduplication"), _(
        "A FIFO queue takes a second send with the same id within 5 minutes, answers success, and "
        "delivers nothing. The memory outlives receiving and deleting."),
        "D1, D2", f"{GUIDE}using-messagededuplicationid-property.html"),
    Term("content-based-deduplication", _("Content-based deduplication"), _(
        "The deduplication id is the SHA-256 of the body alone: attributes make no difference. An "
        "explicit id comes first."),
        "D1", f"{GUIDE}using-messagededuplicationid-property.html"),
    Term("deduplication-scope", _("Deduplication scope"), _(
        "Whether the same id counts as a duplicate in the whole queue, or only inside its message "
        "group."),
        "D3", f"{API}SetQueueAttributes.html"),
    Term("high-throughput-fifo", _("High-throughput FIFO"), _(
        "Deduplication per message group and a throughput limit per message group, set together. "
        "Any other combination has normal throughput."),
        "D6", f"{GUIDE}high-throughput-fifo.html"),
    Term("short-poll", _("Short poll"), _(
        "A receive with a wait of 0 s asks a sample of SQS's servers and answers at once. It can "
        "come back empty although messages are there."),
        "R2, R3", f"{GUIDE}sqs-short-and-long-polling.html"),
    Term("long-poll", _("Long poll"), _(
        "A receive that waits up to 20 s, asks all servers, and answers as soon as one message is "
        "there. It does not wait to fill its batch."),
        "R2, R4", f"{GUIDE}sqs-short-and-long-polling.html"),
    Term("delay-queue", _("Delay queue"), _(
        "A queue whose DelaySeconds hides each new message at first. A change is retroactive on "
        "FIFO queues and not on standard ones."),
        "S1, S2", f"{GUIDE}sqs-delay-queues.html"),
    Term("dead-letter-queue", _("Dead-letter queue"), _(
        "An ordinary queue of the same type that takes what could not be processed. Nobody creates "
        "it for you, and it needs a retention period longer than that of its source."),
        "L1, L3", f"{GUIDE}sqs-dead-letter-queues.html"),
    Term("redrive-policy", _("Redrive policy"), _(
        "The attribute of a queue that names its dead-letter queue and maxReceiveCount."),
        "L1", f"{GUIDE}sqs-configure-dead-letter-queue.html"),
    Term("max-receive-count", _("maxReceiveCount"), _(
        "With 3, consumers see a message three times. It moves when the next receive would raise "
        "its count above 3, not at the third receive."),
        "L2", f"{GUIDE}sqs-dead-letter-queues.html"),
    Term("redrive-allow-policy", _("Redrive allow policy"), _(
        "The attribute of a dead-letter queue that says whose it may be: any queue's, nobody's, or "
        "that of at most 10 named ones."),
        "L5", f"{API}SetQueueAttributes.html"),
    Term("redrive", _("Redrive"), _(
        "Moves messages out of a dead-letter queue, back to their source or elsewhere, by a move "
        "task. They arrive with new ids and a new retention period."),
        "L6", f"{GUIDE}sqs-configure-dead-letter-queue-redrive.html"),
    Term("purge", _("Purge"), _(
        "Deletes every message of a queue, those in flight included. It takes up to 60 s, and a "
        "second purge within 60 s is refused."),
        "Q3", f"{API}PurgeQueue.html"),
    Term("fair-queue", _("Fair queue"), _(
        "A standard queue whose messages carry a MessageGroupId. When one tenant is noisy, "
        "receives prefer the quiet ones; nothing is dropped."),
        "Q-F1, Q-F3", f"{GUIDE}sqs-fair-queues.html"),
    Term("noisy-tenant", _("Noisy tenant"), _(
        "A tenant with at least 30 messages in flight that are more than a tenth of all, or that "
        "takes more than a tenth of the processing time. AWS calls the thresholds approximate."),
        "Q-F2", f"{GUIDE}sqs-fair-queues.html"),
    Term("queue-policy", _("Queue policy"), _(
        "A JSON document on the queue that says which identities may do what with it, from other "
        "accounts too."),
        "Q4", f"{GUIDE}sqs-customer-managed-policy-examples.html"),
)  # fmt: skip
