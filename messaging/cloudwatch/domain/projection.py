"""Events of the log → what they count as in AWS's metrics. Pure.

``is`` and ``was`` say what lies in a queue (levels.py); here it is what happened that counts.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

Data = Mapping[str, Any]
Amounts = Iterator[tuple[str, float]]
# What the log keeps of a body: of a longer one it does not tell the size.
_PREVIEW: Final = 96
_PARTS: Final = 6
CREATED: Final = frozenset({"sqs.QueueCreated", "sns.TopicCreated"})
DELETED: Final = frozenset({"sqs.QueueDeleted", "sns.TopicDeleted"})
EMPTIED: Final = frozenset({"sqs.QueueCreated", "sqs.QueueDeleted", "sqs.QueuePurged"})


class Subject(NamedTuple):
    """What an event is about, as CloudWatch names it."""

    account: str
    region: str
    namespace: str
    dimensions: tuple[tuple[str, str], ...]


def subject_of(arn: str) -> Subject | None:
    """Return what an ARN is measured as, or None."""
    parts = arn.split(":", 5)
    if len(parts) < _PARTS:
        return None
    _, _, service, region, account, resource = parts
    named = _NAMED.get(service)
    found = named(resource) if named is not None else None
    return None if found is None else Subject(account, region, found[0], found[1])


def amounts(kind: str, data: Data) -> Amounts:
    """Yield the metrics that an event adds to, and how much; SIZES are samples, the rest sums."""
    counted = _COUNTED.get(kind)
    if counted is not None:
        yield counted, 1
    more = _MORE.get(kind)
    if more is not None:
        yield from more(data)


def _function(resource: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    kind, _, name = resource.partition(":")
    return ("AWS/Lambda", (("FunctionName", name),)) if kind == "function" and name else None


def _queue(resource: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return "AWS/SQS", (("QueueName", resource),)


def _topic(resource: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    is_topic = ":" not in resource and "/" not in resource
    return ("AWS/SNS", (("TopicName", resource),)) if is_topic else None


def _rule(resource: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    kind, _, name = resource.partition("/")
    if kind != "rule":
        return None
    bus, _, rule = name.rpartition("/")
    on_bus = (("EventBusName", bus),) if bus else ()
    return "AWS/Events", (*on_bus, ("RuleName", rule))


def _schedule(resource: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    kind, _, name = resource.partition("/")
    if kind != "schedule":
        return None
    return "AWS/Scheduler", (("ScheduleGroup", name.partition("/")[0]),)


_NAMED: Final[Mapping[str, Callable[[str], tuple[str, tuple[tuple[str, str], ...]] | None]]] = {
    "events": _rule,
    "lambda": _function,
    "scheduler": _schedule,
    "sns": _topic,
    "sqs": _queue,
}

# Not here, because moved is not sent (L4): sqs.MessageMoved and sqs.MessageArrived.
_COUNTED: Final = {
    "events.Delivered": "Invocations",
    "events.DeadLettered": "InvocationsSentToDlq",
    "scheduler.DeadLettered": "InvocationsSentToDeadLetterCount",
    "scheduler.Delivered": "InvocationAttemptCount",
    "scheduler.Dropped": "InvocationDroppedCount",
    "lambda.Failed": "Errors",
    "lambda.Invoked": "Invocations",
    "lambda.Throttled": "Throttles",
    "sns.DeadLettered": "NumberOfNotificationsRedrivenToDlq",
    "sns.Delivered": "NumberOfNotificationsDelivered",
    "sns.Published": "NumberOfMessagesPublished",
    "sqs.DeleteIgnored": "NumberOfMessagesDeleted",
    "sqs.EmptyReceive": "NumberOfEmptyReceives",
    "sqs.MessageDeleted": "NumberOfMessagesDeleted",
    "sqs.MessageReceived": "NumberOfMessagesReceived",
    "sqs.MessageSent": "NumberOfMessagesSent",
    "sqs.SendDeduplicated": "NumberOfDeduplicatedSentMessages",
}


def _sent(data: Data) -> Amounts:
    yield from _sized("SentMessageSize", data)


def _published(data: Data) -> Amounts:
    yield from _sized("PublishSize", data)


def _sized(metric: str, data: Data) -> Amounts:
    body = data.get("b")
    if body is not None and len(body) < _PREVIEW:
        yield metric, len(body.encode())


def _filtered(data: Data) -> Amounts:
    yield "NumberOfNotificationsFilteredOut", data.get("count", 1)


def _not_notified(data: Data) -> Amounts:
    """HTTP endpoints count every try that fails, the others when no further one follows."""
    if str(data.get("to", "")).startswith("http") or data.get("next") is None:
        yield "NumberOfNotificationsFailed", 1


def _not_buried(data: Data) -> Amounts:
    if data.get("dlq"):
        yield "NumberOfNotificationsFailedToRedriveToDlq", 1


def _matched(data: Data) -> Amounts:
    yield "MatchedEvents", 1
    yield "TriggeredRules", 1


def _not_invoked(data: Data) -> Amounts:
    """An invocation that fails counts when it fails for good; tries after the first are retries."""
    if data.get("attempt", 1) > 1:
        yield "RetryInvocationAttempts", 1
    if data.get("next") is None:
        yield "Invocations", 1
        yield "FailedInvocations", 1


def _schedule_failed(data: Data) -> Amounts:
    yield "InvocationAttemptCount", 1
    yield "TargetErrorCount", 1


_MORE: Final[Mapping[str, Callable[[Data], Amounts]]] = {
    "events.DeliveryFailed": _not_invoked,
    "events.Matched": _matched,
    "scheduler.DeliveryFailed": _schedule_failed,
    "sns.DeliveryFailed": _not_notified,
    "sns.Dropped": _not_buried,
    "sns.Filtered": _filtered,
    "sns.Published": _published,
    "sqs.MessageSent": _sent,
}
