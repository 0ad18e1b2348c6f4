"""One message with all that is known of it: plain data, read without receiving it."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

import orjson

from messaging.kernel.ids import SEQUENCE_MASK, compose, number_of, secret_for, seeded_uuid
from messaging.kernel.models import Sandbox
from messaging.sqs.domain import receiving
from messaging.sqs.domain.fifo import sequence_number
from messaging.sqs.domain.redrive import parse_redrive_policy
from messaging.sqs.domain.visibility import expires_at
from messaging.sqs.models import Message, Queue
from messaging.sqs.store.codec import unpack
from messaging.sqs.store.messages import STATES

_VISIBLE: Final = 0
_IN_FLIGHT: Final = 1
_ALL: Final = receiving.select(["All"], ["All"])


def message(sandbox: int, number: int) -> dict[str, Any] | None:
    """Return a message as a receive would show it, with its state and place; None when gone."""
    if number > SEQUENCE_MASK:
        # It would name a row of another sandbox.
        return None
    stored = Message.objects.filter(pk=compose(sandbox, number)).first()
    queue = Queue.objects.filter(pk=stored.queue_id).first() if stored else None
    if stored is None or queue is None:
        return None
    home = Sandbox.objects.get(pk=sandbox)
    name = seeded_uuid(secret_for(home.seed, home.generation), number)
    shown = receiving.render(_received(stored, queue, name), _ALL)
    system = shown["Attributes"]
    if stored.first_at is None:
        # Nobody has received it yet: a receive would write the time of that receive here.
        system.pop("ApproximateFirstReceiveTimestamp", None)
    attributes = shown.get("MessageAttributes", {})
    return {
        **_state(stored, queue),
        "m": number,
        "id": name,
        "arn": queue.arn,
        "body": stored.body,
        "size": len(stored.body.encode()),
        "group": stored.group_id or stored.tenant,
        "dedup_id": stored.dedup_id,
        "position": _position(stored, queue),
        "system": system,
        "attributes": {name: _readable(value) for name, value in attributes.items()},
        "md5_body": shown["MD5OfBody"],
        "md5_attributes": shown.get("MD5OfMessageAttributes", ""),
        "fifo": queue.fifo,
        "lock": _lock(stored),
        "visibility_s": int(queue.attributes["VisibilityTimeout"]),
    }


def _state(stored: Message, queue: Queue) -> dict[str, Any]:
    """Return what a message's timers say; times are sandbox milliseconds."""
    retention_s = int(queue.attributes["MessageRetentionPeriod"])
    return {
        "state": STATES[stored.hidden],
        "until": stored.visible_at if stored.hidden else 0,
        "expires_at": expires_at(stored.kept_since, retention_s),
        "receives": stored.receives,
        "sent_at": stored.sent_at,
        "received_at": stored.received_at,
    }


def max_receives(sandbox: int) -> dict[str, int]:
    """Return maxReceiveCount by the ARN of each queue that has a dead-letter queue."""
    found = {}
    for queue in Queue.objects.filter(sandbox=sandbox).only("arn", "attributes"):
        text = queue.attributes.get("RedrivePolicy")
        if text:
            found[queue.arn] = parse_redrive_policy(text).max_receives
    return found


def _received(stored: Message, queue: Queue, name: str) -> receiving.Received:
    extra = orjson.loads(stored.extra) if stored.extra else {}
    return receiving.Received(
        message_id=name,
        handle="",
        body=stored.body,
        attributes=unpack(stored.attributes),
        sender=extra.get("sender", queue.account),
        sent_at=stored.sent_at,
        receives=stored.receives,
        first_at=stored.first_at or 0,
        group_id=stored.group_id or stored.tenant,
        dedup_id=stored.dedup_id,
        sequence=sequence_number(stored.position) if queue.fifo else None,
        trace_header=extra.get("trace"),
        dlq_source_arn=extra.get("source"),
    )


def _readable(value: Mapping[str, Any]) -> dict[str, str]:
    """Return an attribute as type and text; bytes as base64."""
    binary = value.get("BinaryValue")
    text = b64encode(bytes(binary)).decode() if binary is not None else value.get("StringValue", "")
    return {"type": value["DataType"], "value": text}


def _position(stored: Message, queue: Queue) -> dict[str, int] | None:
    """Return how many messages of its group, or visible ones of its queue, come before it."""
    if stored.group_id is not None:
        group = Message.objects.filter(queue_id=queue.pk, group_id=stored.group_id)
        ahead = group.filter(position__lt=stored.position).count()
        return {"ahead": ahead, "of": group.count()}
    if stored.hidden != _VISIBLE:
        return None
    visible = Message.objects.filter(queue_id=queue.pk, hidden=_VISIBLE)
    return {"ahead": visible.filter(visible_at__lt=stored.visible_at).count(), "of": queue.visible}


def _lock(stored: Message) -> dict[str, Any] | None:
    """Return which message of its FIFO group keeps it waiting, and whether that is in flight."""
    if stored.group_id is None or stored.hidden == _IN_FLIGHT:
        return None
    group = Message.objects.filter(queue_id=stored.queue_id, group_id=stored.group_id)
    flying = group.filter(hidden=_IN_FLIGHT).order_by("visible_at").first()
    first = flying or group.filter(position__lt=stored.position).order_by("position").first()
    if first is None:
        return None
    return {"m": number_of(first.pk), "flying": flying is not None}
