"""Delete and hide received messages, by the handles of their receives."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.kernel.ids import SEQUENCE_MASK, compose
from messaging.kernel.service import hot
from messaging.sqs import transitions
from messaging.sqs.addressing import queue_of
from messaging.sqs.domain import batches, visibility
from messaging.sqs.domain.handles import decode_handle
from messaging.sqs.errors import MissingParameter, ReceiptHandleIsInvalid, SqsError
from messaging.sqs.store import messages
from messaging.sqs.store.messages import Row, has_lapsed
from messaging.sqs.store.queues import QueueRecord

Entry = Mapping[str, Any]
Pair = tuple[int, int]


@hot(rank=2)
def delete_message(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a received message by the handle of its latest receive (H2–H4)."""
    queue = queue_of(ctx, req, "DeleteMessage")
    handle = _handle_of(req)
    pair = _decode(ctx, handle)
    ctx.write()
    stored = messages.by_ids(ctx.db, queue.id, [pair[0]])
    if queue.fifo and _is_too_late(ctx, pair, stored):
        raise visibility.handle_expired(handle)
    ctx.link(queue.arn, "receive")
    _delete(ctx, queue, [pair], stored)
    return {}


@hot(rank=2)
def delete_message_batch(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete up to ten messages, each for itself (B1)."""
    queue = queue_of(ctx, req, "DeleteMessage")
    entries = req.get("Entries") or []
    batches.check_entries(entries, "DeleteMessageBatchRequestEntry")
    ctx.write()
    pairs, failed = _decode_all(ctx, entries)
    stored = messages.by_ids(ctx.db, queue.id, [row_id for row_id, _ in pairs.values()])
    if queue.fifo:
        for entry in entries:
            pair = pairs.get(entry["Id"])
            if pair is not None and _is_too_late(ctx, pair, stored):
                del pairs[entry["Id"]]
                error = visibility.handle_expired(entry["ReceiptHandle"])
                failed.append(batches.failure(entry["Id"], error))
    ctx.link(queue.arn, "receive")
    _delete(ctx, queue, list(pairs.values()), stored)
    return batches.answer([{"Id": key} for key in pairs], failed)


@hot(rank=2)
def change_message_visibility(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Hide a received message for another while, or show it at once (S4–S6)."""
    queue = queue_of(ctx, req, "ChangeMessageVisibility")
    ctx.write()
    row = _changeable(ctx, queue, req)
    transitions.change_visibility(ctx, queue, row, until=_until(ctx, req))
    return {}


@hot(rank=2)
def change_message_visibility_batch(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change how long up to ten messages stay hidden, each for itself (B1)."""
    queue = queue_of(ctx, req, "ChangeMessageVisibility")
    entries = req.get("Entries") or []
    batches.check_entries(entries, "ChangeMessageVisibilityBatchRequestEntry")
    ctx.write()
    successful, failed = [], []
    for entry in entries:
        # Each entry sees what those before it did: two of them may name one message.
        try:
            row = _changeable(ctx, queue, entry)
        except SqsError as error:
            failed.append(batches.failure(entry["Id"], error))
            continue
        transitions.change_visibility(ctx, queue, row, until=_until(ctx, entry))
        successful.append({"Id": entry["Id"]})
    return batches.answer(successful, failed)


def _is_too_late(ctx: Context, pair: Pair, stored: Mapping[int, Row]) -> bool:
    """Tell whether a FIFO queue's handle has expired: timed out, or received again since (H3)."""
    row_id, receives = pair
    row = stored.get(row_id)
    return row is not None and (row.receives != receives or has_lapsed(row, ctx.now))


def _delete(ctx: Context, queue: QueueRecord, pairs: list[Pair], stored: Mapping[int, Row]) -> None:
    """Delete what the handles stand for; a handle that stands for nothing succeeds too (H2)."""
    rows = {}
    for row_id, receives in pairs:
        row = stored.get(row_id)
        if row is not None and row.receives == receives:
            rows[row_id] = row
        else:
            data = f'{{"of":{row_id & SEQUENCE_MASK},"by":"{ctx.caller.actor}"}}'
            ctx.emit("sqs.DeleteIgnored", queue.arn, data)
    transitions.delete(ctx, queue, list(rows.values()))


def _changeable(ctx: Context, queue: QueueRecord, req: Entry) -> Row:
    """Return the message whose timeout may be changed so (S5, S6)."""
    timeout_s = req.get("VisibilityTimeout")
    if timeout_s is None:
        raise MissingParameter.of("VisibilityTimeout")
    visibility.check_change(timeout_s)
    handle = _handle_of(req)
    row_id, receives = _decode(ctx, handle)
    row = messages.by_ids(ctx.db, queue.id, [row_id]).get(row_id)
    if row is None or row.receives != receives:
        raise visibility.not_available(handle)
    if queue.fifo and has_lapsed(row, ctx.now):
        raise visibility.handle_expired(handle)
    visibility.check_total(ctx.now, timeout_s, received_at_ms=row.received_at or ctx.now)
    return row


def _until(ctx: Context, req: Entry) -> int:
    return visibility.hidden_until(ctx.now, req["VisibilityTimeout"])


def _handle_of(req: Entry) -> str:
    handle = req.get("ReceiptHandle")
    if not handle:
        raise MissingParameter.of("ReceiptHandle")
    return str(handle)


def _decode(ctx: Context, handle: str) -> Pair:
    pair = decode_handle(handle, ctx.world.secret)
    if pair is None:
        raise ReceiptHandleIsInvalid.of(handle)
    # The handle holds the message's number alone: it works in a copy of the sandbox, too.
    return compose(ctx.sandbox, pair[0]), pair[1]


def _decode_all(ctx: Context, entries: list[Entry]) -> tuple[dict[str, Pair], list[dict[str, Any]]]:
    """Return what the good handles stand for by entry id, and the failures of the others."""
    pairs: dict[str, Pair] = {}
    failed = []
    for entry in entries:
        try:
            pairs[entry["Id"]] = _decode(ctx, _handle_of(entry))
        except SqsError as error:
            failed.append(batches.failure(entry["Id"], error))
    return pairs, failed
