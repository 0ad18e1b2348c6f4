"""The request strip: who called what, from events. Pure."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from dashboard.topology.batch import REQUESTS
from dashboard.topology.fold import Logged

# The operation that leaves an event of this kind.
OPERATIONS: Final = {
    "sns.AttributesSet": "SetTopicAttributes",
    "sns.PublishDeduplicated": "Publish",
    "sns.Published": "Publish",
    "sns.PublishedDirectly": "Publish",
    "sns.Subscribed": "Subscribe",
    "sns.SubscriptionAttributesSet": "SetSubscriptionAttributes",
    "sns.SubscriptionConfirmed": "ConfirmSubscription",
    "sns.TagsSet": "TagResource",
    "sns.TopicCreated": "CreateTopic",
    "sns.TopicDeleted": "DeleteTopic",
    "sns.Unsubscribed": "Unsubscribe",
    "sqs.AttributesSet": "SetQueueAttributes",
    "sqs.DeleteIgnored": "DeleteMessage",
    "sqs.EmptyReceive": "ReceiveMessage",
    "sqs.MessageDeleted": "DeleteMessage",
    "sqs.MessageReceived": "ReceiveMessage",
    "sqs.MessageSent": "SendMessage",
    "sqs.MoveTaskCancelled": "CancelMessageMoveTask",
    "sqs.MoveTaskStarted": "StartMessageMoveTask",
    "sqs.QueueCreated": "CreateQueue",
    "sqs.QueueDeleted": "DeleteQueue",
    "sqs.QueuePurged": "PurgeQueue",
    "sqs.SendDeduplicated": "SendMessage",
    "sqs.TagsSet": "TagQueue",
    "sqs.VisibilityChanged": "ChangeMessageVisibility",
}
_LOOKED_AT: Final = 400
_FINE: Final = "200"


def rows(events: Sequence[Logged], name_of: Callable[[str], str]) -> list[list[Any]]:
    """Return the latest calls, oldest first: (sandbox time, caller, operation, target, result).

    A batch of ten messages leaves ten events, and is one row.
    """
    found: list[tuple[Logged, int]] = []
    last: tuple[object, ...] | None = None
    for event in reversed(events[-_LOOKED_AT:]):
        at, kind, arn, data = event
        by = data.get("by")
        if by is None or (kind not in OPERATIONS and "op" not in data):
            continue
        call = (at, kind, arn, by, data.get("op"), data.get("code"))
        if call == last:
            found[-1] = (event, found[-1][1] + 1)
            continue
        if len(found) == REQUESTS:
            break
        last = call
        found.append((event, 1))
    return [_row(event, count, name_of) for event, count in reversed(found)]


def _row(event: Logged, count: int, name_of: Callable[[str], str]) -> list[Any]:
    at, kind, arn, data = event
    called = data.get("op")
    operation = OPERATIONS[kind] if called is None else called.rpartition(":")[2]
    if count > 1:
        operation += f" × {count}"
    return [at, name_of(data["by"]), operation, name_of(arn), data.get("code", _FINE)]
