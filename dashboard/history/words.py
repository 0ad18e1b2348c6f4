"""What one event says, in a few words. Pure."""

from collections.abc import Mapping
from typing import Any, Final

_SENTENCES: Final = {
    "sqs.MessageSent": "message {m} sent to {node}",
    "sqs.MessageReceived": "message {m} received from {node}",
    "sqs.MessageVisible": "message {m} visible again in {node}",
    "sqs.MessageDuplicated": "message {m} handed out twice by {node}",
    "sqs.VisibilityChanged": "another timeout for message {m} in {node}",
    "sqs.MessageDeleted": "message {m} deleted from {node}",
    "sqs.MessageExpired": "message {m} expired in {node}",
    "sqs.MessageMoved": "message {m} leaves {node}",
    "sqs.MessageArrived": "message {m} moved to dead letters in {node}",
    "sqs.DeleteIgnored": "a late delete changed nothing in {node}",
    "sqs.EmptyReceive": "nothing to receive from {node}",
    "sqs.SendDeduplicated": "a repeated send to {node} was dropped",
    "sqs.QueueCreated": "queue {node} created",
    "sqs.QueueDeleted": "queue {node} deleted",
    "sqs.QueuePurged": "queue {node} purged",
    "sqs.AttributesSet": "attributes of {node} changed",
    "api.Failed": "a call to {node} failed",
    "actor.Failed": "{node} failed on a message",
    "actor.Added": "{node} added",
    "actor.Changed": "{node} changed",
    "actor.Started": "{node} started",
    "actor.Stopped": "{node} stopped",
    "actor.Removed": "{node} removed",
    "client.Connected": "{node} called for the first time",
    "client.Linked": "a program uses {node}",
    "clock.Paused": "the world was paused",
    "clock.Played": "the world goes on",
    "clock.Rated": "another speed of the world",
    "clock.Stepped": "one step of the world",
    "clock.Skipped": "a skip to the next moment",
}


def sentence(kind: str, node: str, data: Mapping[str, Any]) -> str:
    """Return what happened; a kind that has no sentence is named."""
    pattern = _SENTENCES.get(kind)
    name = node.rpartition(":")[2] or "the sandbox"
    if pattern is None:
        return f"{kind.partition('.')[2]} · {name}"
    return pattern.format(m=data.get("m", ""), node=name)
