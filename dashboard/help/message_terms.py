"""Words about a message and its life."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from dashboard.help.term import API, GUIDE, Term

TERMS: Final = (
    Term("message", _("Message"), _(
        "A body of text of up to 1 MiB, attributes included, that somebody sends to a queue. It "
        "stays there until a consumer deletes it or its retention period ends."),
        "M1", f"{GUIDE}quotas-messages.html"),
    Term("visible", _("Visible"), _(
        "A visible message can be received. AWS counts these in ApproximateNumberOfMessages."),
        "S7", f"{API}GetQueueAttributes.html"),
    Term("in-flight", _("In flight"), _(
        "Received and not deleted yet. A message in flight is hidden from every other receive "
        "until its visibility timeout ends."),
        "S3, S7", f"{GUIDE}sqs-visibility-timeout.html"),
    Term("delayed", _("Delayed"), _(
        "Sent, and not visible yet: the message's own delay or the queue's is still running, at "
        "most 900 s."),
        "S1", f"{GUIDE}sqs-delay-queues.html"),
    Term("visibility-timeout", _("Visibility timeout"), _(
        "For so long a received message is hidden from other consumers. When it ends and nobody "
        "has deleted the message, the message is visible again. 0 s to 12 h, 30 s unless set."),
        "S3, S4, Q4", f"{GUIDE}sqs-visibility-timeout.html"),
    Term("heartbeat", _("Heartbeat"), _(
        "A consumer that needs longer calls ChangeMessageVisibility again and again. Each new "
        "timeout counts from its call; 12 h after the receive is the end."),
        "S4, S5", f"{API}ChangeMessageVisibility.html"),
    Term("receive", _("Receive"), _(
        "Takes up to 10 messages, hides them and raises the receive count of each. Receiving "
        "does not remove a message: only deleting does."),
        "S3, R1", f"{API}ReceiveMessage.html"),
    Term("peek", _("Peek"), _(
        "A look at messages without receiving them, which only Signalbox has. It hides nothing and "
        "counts nothing.")),
    Term("receive-count", _("Receive count"), _(
        "How often a message has been received, ApproximateReceiveCount in the API. A redrive "
        "policy compares it with maxReceiveCount. Here it begins anew at 0 when a message moves to "
        "a dead-letter queue."),
        "S3, L2", f"{API}ReceiveMessage.html"),
    Term("receipt-handle", _("Receipt handle"), _(
        "What a receive hands out to delete the message or to change its timeout. Each receive of "
        "a message gives a new one."),
        "S3, H1", f"{GUIDE}sqs-queue-message-identifiers.html"),
    Term("delete", _("Delete"), _(
        "What a consumer does when its work is done. On a standard queue the latest handle works "
        "even after the timeout; on a FIFO queue it has expired by then."),
        "H2, H3", f"{API}DeleteMessage.html"),
    Term("message-attribute", _("Message attribute"), _(
        "A name with a type and a value beside the body, at most 10 of them. They count towards "
        "the size and are returned only when a receive asks for them."),
        "M1, M4, R6", f"{GUIDE}sqs-message-metadata.html"),
    Term("system-attribute", _("System attribute"), _(
        "What SQS itself knows of a message: when it was sent, how often it was received, its "
        "group. None is returned unless a receive asks for it."),
        "R6", f"{API}ReceiveMessage.html"),
    Term("retention", _("Retention period"), _(
        "For so long a queue keeps a message that nobody deletes: 60 s to 14 days, 4 days unless "
        "set. A change applies to messages that are already there."),
        "Q4, S7", f"{API}SetQueueAttributes.html"),
    Term("expired", _("Expired"), _(
        "The retention period has ended and nobody had deleted the message. It is gone, and no "
        "dead-letter queue gets it."),
        "S1", f"{API}SetQueueAttributes.html"),
    Term("poison-message", _("Poison message"), _(
        "A message on which its consumer fails each time. Without a dead-letter queue it comes "
        "back until its retention period ends."),
        "S4, L2", f"{GUIDE}sqs-dead-letter-queues.html"),
    Term("duplicate", _("Duplicate"), _(
        "A second delivery of the same message. Standard queues deliver at least once, so a "
        "consumer has to stand it."),
        "R5", f"{GUIDE}standard-queues.html"),
    Term("idempotent", _("Idempotent"), _(
        "Doing the same work twice has the effect of doing it once. What makes duplicates "
        "harmless, often by remembering which message ids are done."),
        "R5", f"{GUIDE}standard-queues.html"),
    Term("batch", _("Batch"), _(
        "One call with up to 10 messages. Each entry succeeds or fails alone, inside an answer "
        "with status 200; together they may have 1 MiB."),
        "B1, M1", f"{GUIDE}sqs-batch-api-actions.html"),
)  # fmt: skip
