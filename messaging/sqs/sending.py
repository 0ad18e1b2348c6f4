"""A checked message enters its queue: deduplication, then the change of state."""

from typing import Any, NamedTuple

import orjson

from messaging.kernel.context import Context
from messaging.sqs import limits, transitions
from messaging.sqs.domain.checksums import md5_of_attributes, md5_of_body
from messaging.sqs.domain.fifo import dedup_token, sequence_number
from messaging.sqs.domain.messages import NewMessage
from messaging.sqs.store import memory
from messaging.sqs.store.codec import pack
from messaging.sqs.store.memory import DEDUP, Known
from messaging.sqs.store.queues import QueueRecord
from messaging.sqs.transitions import Draft, message_id


class Sent(NamedTuple):
    """The number under which a message was accepted, and its position in a FIFO queue."""

    number: int
    position: int | None


def accept_message(ctx: Context, queue: QueueRecord, message: NewMessage) -> dict[str, Any]:
    """Put a message into its queue and return SendMessage's answer."""
    sent = enqueue(ctx, queue, message)
    answer = {
        "MD5OfMessageBody": md5_of_body(message.body),
        "MessageId": message_id(ctx, sent.number),
    }
    if message.attributes:
        answer["MD5OfMessageAttributes"] = md5_of_attributes(message.attributes)
    if message.system_attributes:
        answer["MD5OfMessageSystemAttributes"] = md5_of_attributes(message.system_attributes)
    if sent.position is not None:
        answer["SequenceNumber"] = sequence_number(sent.position)
    return answer


def enqueue(
    ctx: Context, queue: QueueRecord, message: NewMessage, *, cause: int | None = None
) -> Sent:
    """Put a message into its queue, unless a FIFO queue knows it already (D2)."""
    draft = Draft(
        message.body,
        pack(message.attributes),
        _extra(ctx, queue, message),
        message.delay_s,
        message.group_id,
        message.dedup_id,
    )
    settings = queue.settings
    if not settings.fifo or message.group_id is None or message.dedup_id is None:
        return Sent(transitions.send(ctx, queue, draft, cause=cause), None)
    token = dedup_token(settings.dedup_scope, message.group_id, message.dedup_id)
    known = _known(ctx, queue, token)
    if known is not None:
        ctx.emit("sqs.SendDeduplicated", queue.arn, {
            "m": known.message, "g": message.group_id, "by": ctx.caller.actor,
        })  # fmt: skip
        return Sent(known.message, known.position)
    number = transitions.send(ctx, queue, draft, cause=cause)
    until = ctx.now + limits.DEDUPLICATION_S * 1000
    ctx.insert(DEDUP, (ctx.sandbox, queue.id, token, until, number, number))
    ctx.batch.pending[queue.id, token] = Known(number, number)
    return Sent(number, number)


def _known(ctx: Context, queue: QueueRecord, token: str) -> Known | None:
    """Look among the sends of this group commit first: their rows are not written yet."""
    pending: Known | None = ctx.batch.pending.get((queue.id, token))
    return pending or memory.known(ctx.db, queue.id, token, ctx.now)


def _extra(ctx: Context, queue: QueueRecord, message: NewMessage) -> str | None:
    extra: dict[str, Any] = {}
    if ctx.account != queue.account:
        extra["sender"] = ctx.account
    if message.system_attributes:
        extra["trace"] = message.system_attributes["AWSTraceHeader"]["StringValue"]
    return orjson.dumps(extra).decode() if extra else None
