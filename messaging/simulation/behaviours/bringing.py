"""How a producer brings its messages: to a queue, to a topic, or as events to a bus.

Each way makes one AWS call and returns what was refused of it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from messaging.kernel.arns import parse_arn
from messaging.simulation.stage import Stage

Entry = Mapping[str, Any]
# What the producer's entries are called elsewhere.
_OF_TOPICS: Final = {"MessageBody": "Message"}
_NOT_OF_TOPICS: Final = frozenset({"DelaySeconds"})


def bring(stage: Stage, target: str, entries: Sequence[Entry], event: Mapping[str, str]) -> int:
    """Bring entries of SendMessageBatch to a target; return how many of them were refused.

    ``event`` has Source and DetailType for a bus. Raises AwsError where all are refused.
    """
    return len(_WAYS[parse_arn(target).service](stage, target, entries, event))


def operation(target: str, count: int) -> str:
    """Return the call by which ``count`` messages are brought."""
    single, several = _CALLS[parse_arn(target).service]
    return single if count == 1 else several


def _to_queue(stage: Stage, target: str, entries: Sequence[Entry], _: Any) -> Sequence[Any]:
    url = stage.queue_url(target)
    if len(entries) > 1:
        result = stage.call("sqs", "SendMessageBatch", {"QueueUrl": url, "Entries": entries})
        return list(result.get("Failed", ()))
    stage.call("sqs", "SendMessage", {"QueueUrl": url, **_without_id(entries[0])})
    return ()


def _to_topic(stage: Stage, target: str, entries: Sequence[Entry], _: Any) -> Sequence[Any]:
    published = [
        {
            _OF_TOPICS.get(name, name): value
            for name, value in entry.items()
            if name not in _NOT_OF_TOPICS
        }
        for entry in entries
    ]
    if len(published) > 1:
        asked = {"TopicArn": target, "PublishBatchRequestEntries": published}
        return list(stage.call("sns", "PublishBatch", asked).get("Failed", ()))
    stage.call("sns", "Publish", {"TopicArn": target, **_without_id(published[0])})
    return ()


def _to_bus(
    stage: Stage, target: str, entries: Sequence[Entry], event: Mapping[str, str]
) -> Sequence[Any]:
    put = [{**event, "Detail": entry["MessageBody"], "EventBusName": target} for entry in entries]
    result = stage.call("events", "PutEvents", {"Entries": put})
    return [entry for entry in result["Entries"] if "ErrorCode" in entry]


def _without_id(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "Id"}


_WAYS: Final[Mapping[str, Callable[..., Sequence[Any]]]] = {
    "events": _to_bus,
    "sns": _to_topic,
    "sqs": _to_queue,
}
_CALLS: Final = {
    "events": ("PutEvents", "PutEvents"),
    "sns": ("Publish", "PublishBatch"),
    "sqs": ("SendMessage", "SendMessageBatch"),
}
SERVICES: Final = frozenset(_WAYS)
