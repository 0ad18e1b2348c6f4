"""Send and receive messages."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.kernel.events import IN_FLIGHT
from messaging.kernel.ids import SEQUENCE_MASK, number_of
from messaging.kernel.later import Later
from messaging.kernel.service import hot
from messaging.kernel.waiting import Wait
from messaging.sqs import answers, delivering, limits, transitions
from messaging.sqs.addressing import queue_of
from messaging.sqs.domain import batches, receiving, visibility
from messaging.sqs.domain.fifo import sequence_number
from messaging.sqs.domain.messages import message_size, read_message
from messaging.sqs.domain.receiving import Selection
from messaging.sqs.errors import OverLimit, SqsError
from messaging.sqs.sending import accept_messages
from messaging.sqs.store import memory, messages, queues
from messaging.sqs.store.codec import unpack
from messaging.sqs.store.messages import Row
from messaging.sqs.store.queues import QueueRecord

Entry = Mapping[str, Any]


@hot(rank=0)
def send_message(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Put a message into a queue (S1, D1–D3, M1–M5, Q6)."""
    queue = queue_of(ctx, req, "SendMessage")
    message = read_message(req, queue.settings)
    ctx.link(queue.arn, "send")
    [answer] = accept_messages(ctx, queue, [message])
    return answer


@hot(rank=0)
def send_message_batch(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Put up to ten messages into a queue, each for itself (B1, M1, M2, F3)."""
    queue = queue_of(ctx, req, "SendMessage")
    entries = req.get("Entries") or []
    batches.check_entries(entries, "SendMessageBatchRequestEntry")
    batches.check_batch_size(sum(message_size(entry) for entry in entries))
    keys, accepted, failed = [], [], []
    for place, entry in enumerate(entries, start=1):
        try:
            accepted.append(read_message(entry, queue.settings, entry=place))
            keys.append(entry["Id"])
        except SqsError as error:
            if queue.fifo:
                raise batches.whole_request_error(error) from error
            failed.append(batches.failure(entry["Id"], error))
    ctx.link(queue.arn, "send")
    sent = accept_messages(ctx, queue, accepted)
    successful = [{"Id": key, **answer} for key, answer in zip(keys, sent, strict=True)]
    return batches.answer(successful, failed)


@hot(rank=2)
def receive_message(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any] | Later | Wait:
    """Return up to ten messages and hide them from others for a while (R1–R7, S3, F1–F4, L2)."""
    queue = queue_of(ctx, req, "ReceiveMessage")
    count = receiving.message_count(req.get("MaxNumberOfMessages"))
    wait_s = receiving.wait_time(req.get("WaitTimeSeconds"), queue.settings.wait_s)
    timeout_s = visibility.receive_timeout(
        req.get("VisibilityTimeout"), queue.settings.visibility_s
    )
    selection = receiving.select(
        [*(req.get("AttributeNames") or ()), *(req.get("MessageSystemAttributeNames") or ())],
        req.get("MessageAttributeNames") or (),
    )
    attempt = req.get("ReceiveRequestAttemptId")
    if attempt is not None:
        receiving.check_attempt_id(attempt, fifo=queue.fifo)
    ctx.write()
    held = queues.counters(ctx, queue.id)
    crowded = held[1] >= limits.IN_FLIGHT_MAX
    if crowded and not wait_s and not queue.fifo:
        raise OverLimit
    ctx.link(queue.arn, "receive")
    until = visibility.hidden_until(ctx.now, timeout_s)
    rows = (
        []
        if crowded
        else _receive(
            ctx, queue, count, until=until, attempt=attempt, short=not wait_s, held=sum(held)
        )
    )
    if rows:
        return _shown(ctx, queue, rows, selection)
    patience_ends = ctx.first_at + wait_s * 1000
    if wait_s and not ctx.impatient and ctx.now < patience_ends:
        return Wait(queue.arn, patience_ends, wait_s)
    ctx.emit("sqs.EmptyReceive", queue.arn, f'{{"by":"{ctx.caller.actor}"}}')
    return {}


def _receive(
    ctx: Context,
    queue: QueueRecord,
    count: int,
    *,
    until: int,
    attempt: str | None,
    short: bool,
    held: int,
) -> list[Row]:
    if attempt is not None:
        rows = _again(ctx, queue, attempt, until=until)
        if rows:
            return rows
    rows = delivering.take(ctx, queue, count, until=until, short=short, held=held)
    if attempt is not None and rows:
        memory.remember_attempt(
            ctx.db,
            ctx.sandbox,
            queue.id,
            token=attempt,
            until=ctx.now + limits.RECEIVE_ATTEMPT_S * 1000,
            messages=[(number_of(row.id), row.receives + 1) for row in rows],
        )
    return rows


def _again(ctx: Context, queue: QueueRecord, attempt: str, *, until: int) -> list[Row]:
    """Return what the same attempt was answered with, if nothing of it has changed (F4)."""
    pairs = [
        (ctx.world.base | number, receives)
        for number, receives in memory.attempt(ctx.db, queue.id, attempt, ctx.now) or []
    ]
    stored = messages.by_ids(ctx.db, queue.id, [row_id for row_id, _ in pairs])
    rows = [stored[row_id] for row_id, _ in pairs if row_id in stored]
    same = [(row.id, row.receives) for row in rows] == pairs
    if not same or any(row.state != IN_FLIGHT for row in rows):
        return []
    for row in rows:
        transitions.change_visibility(ctx, queue, row, until=until)
    # The first answer to this attempt counted their receive.
    return [row._replace(receives=row.receives - 1) for row in rows]


def _shown(ctx: Context, queue: QueueRecord, rows: list[Row], selection: Selection) -> Later:
    """Return messages in the API's form; ``rows`` are as they were before this receive."""
    secret = ctx.world.secret
    if not (selection.system or selection.names or selection.prefixes):
        bare = [(row.id & SEQUENCE_MASK, row.receives + 1, row.body) for row in rows]
        return Later(answers.plain, (secret, bare))
    whole = [(row.id & SEQUENCE_MASK, _received(ctx, queue, row)) for row in rows]
    return Later(answers.with_attributes, (secret, whole, selection))


def _received(ctx: Context, queue: QueueRecord, row: Row) -> receiving.Received:
    extra = delivering.extra_of(row)
    return receiving.Received(
        message_id="",
        handle="",
        body=row.body,
        attributes=unpack(row.attributes),
        sender=extra.get("sender", queue.account),
        sent_at=row.sent_at,
        receives=row.receives + 1,
        first_at=row.first_at or ctx.now,
        group_id=row.group_id or row.tenant,
        dedup_id=row.dedup_id,
        sequence=sequence_number(row.position) if queue.fifo else None,
        trace_header=extra.get("trace"),
        dlq_source_arn=extra.get("source"),
    )
