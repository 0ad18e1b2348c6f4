"""A checked message enters its queue: deduplication, then the change of state."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from messaging.kernel.context import Context
from messaging.kernel.ids import seeded_uuid
from messaging.sqs import limits, transitions
from messaging.sqs.domain.checksums import md5_of_attributes, md5_of_body
from messaging.sqs.domain.fifo import dedup_token, sequence_number
from messaging.sqs.domain.messages import NewMessage
from messaging.sqs.store import memory
from messaging.sqs.store.codec import pack
from messaging.sqs.store.memory import DEDUP, Known
from messaging.sqs.store.queues import QueueRecord
from messaging.sqs.transitions import Draft


class Sent(NamedTuple):
    """The number under which a message was accepted, and its position in a FIFO queue."""

    number: int
    position: int | None


def accept_messages(
    ctx: Context, queue: QueueRecord, messages: Sequence[NewMessage]
) -> list[dict[str, Any]]:
    """Put messages into their queue and return SendMessage's answer for each."""
    secret = ctx.world.secret
    answers = []
    for message, sent in zip(messages, enqueue(ctx, queue, messages), strict=True):
        answer = {
            "MD5OfMessageBody": md5_of_body(message.body),
            "MessageId": seeded_uuid(secret, sent.number),
        }
        if message.attributes:
            answer["MD5OfMessageAttributes"] = md5_of_attributes(message.attributes)
        if message.system_attributes:
            answer["MD5OfMessageSystemAttributes"] = md5_of_attributes(message.system_attributes)
        if sent.position is not None:
            answer["SequenceNumber"] = sequence_number(sent.position)
        answers.append(answer)
    return answers


def enqueue(
    ctx: Context, queue: QueueRecord, messages: Sequence[NewMessage], *, cause: int | None = None
) -> list[Sent]:
    """Put messages into their queue, but those that a FIFO queue knows already (D2)."""
    drafts = [_draft(ctx, queue, message) for message in messages]
    if not queue.fifo:
        return [Sent(number, None) for number in transitions.send(ctx, queue, drafts, cause=cause)]
    return [_enqueue_once(ctx, queue, draft, cause=cause) for draft in drafts]


def _draft(ctx: Context, queue: QueueRecord, message: NewMessage) -> Draft:
    body, _, delay_s, attributes, system_attributes, group_id, dedup_id = message
    extra = None
    if system_attributes or ctx.account != queue.account:
        extra = _extra(ctx, queue, message)
    stored = pack(attributes) if attributes else None
    return Draft(body, stored, extra, delay_s, group_id, dedup_id)


def _enqueue_once(ctx: Context, queue: QueueRecord, draft: Draft, *, cause: int | None) -> Sent:
    """Put a message into a FIFO queue, or return the one that it is a duplicate of."""
    token = dedup_token(queue.settings.dedup_scope, draft.group or "", draft.dedup or "")
    known = _known(ctx, queue, token)
    if known is not None:
        ctx.emit("sqs.SendDeduplicated", queue.arn, {
            "m": known.message, "g": draft.group, "by": ctx.caller.actor,
        })  # fmt: skip
        return Sent(known.message, known.position)
    [number] = transitions.send(ctx, queue, [draft], cause=cause)
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
