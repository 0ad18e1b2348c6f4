"""What happens to many messages of a queue at once: purge, deletion, expiry, a new delay."""

from typing import Final

from messaging.kernel.context import Context
from messaging.sqs import transitions
from messaging.sqs.store import groups, memory, messages, queues, tenants
from messaging.sqs.store.messages import COUNTERS
from messaging.sqs.store.queues import QueueRecord

CHUNK: Final = 1_000


def clear(ctx: Context, queue: QueueRecord) -> int:
    """Take everything out of a queue, its memory of deduplication ids included (Q3, D4)."""
    ctx.flush()
    count = messages.remove_all(ctx.db, queue.id)
    visible, in_flight, delayed = queues.counters(ctx, queue.id)
    ctx.add(COUNTERS, queue.id, (-visible, -in_flight, -delayed))
    groups.remove_all(ctx.db, queue.id)
    tenants.remove_all(ctx.db, queue.id)
    memory.forget_queue(ctx.db, queue.id)
    return count


def expire(ctx: Context, queue: QueueRecord, retention_s: int) -> None:
    """Delete what has been kept for ``retention_s``, whatever its state (S7)."""
    over = ctx.now - retention_s * 1000
    while rows := messages.select(ctx.db, messages.EXPIRED, queue.id, over, CHUNK):
        transitions.delete(ctx, queue, rows, kind=transitions.EXPIRED)
        ctx.flush()


def redelay(ctx: Context, queue: QueueRecord, delay_s: int) -> None:
    """Apply a FIFO queue's new delay to what it holds and nobody has received (S2)."""
    ctx.flush()
    over = ctx.now - delay_s * 1000
    delayed = messages.select(ctx.db, messages.DELAYED_OF_QUEUE, ctx.sandbox, queue.id)
    visible = messages.select(ctx.db, messages.YOUNG_OF_QUEUE, queue.id, over)
    ready = [
        row._replace(visible_at=row.sent_at + delay_s * 1000)
        for row in delayed
        if row.sent_at <= over
    ]
    for row in ready:
        messages.set_visible_at(
            ctx.db, row.id, at=row.visible_at, hidden=row.hidden, event=row.last_event
        )
    if ready:
        transitions.show(ctx, queue, ready)
    later = [row for row in (*delayed, *visible) if row.sent_at > over]
    transitions.delay(ctx, queue, later, delay_s=delay_s)
