"""What happens in queues because time passes: timeouts lapse, delays end, messages expire."""

from typing import Final

from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.world import World
from messaging.sqs import moving, sweeping, transitions
from messaging.sqs.domain.visibility import expires_at
from messaging.sqs.store import memory, messages, queues
from messaging.sqs.store.messages import Row

_NEVER: Final = 1 << 62


def next_due(batch: Batch, world: World) -> int | None:
    """Return the sandbox time of the next lapse, expiry or step of a move task."""
    hidden = batch.db.read(messages.NEXT_DUE, (world.id,))[0][0]
    found = (hidden, _next_step(batch, world), _next_expiry(batch, world))
    times = [time for time in found if time is not None]
    return min(times, default=None)


def run_due(ctx: Context) -> None:
    """Do what is due at ``ctx.now``."""
    due = messages.select(ctx.db, messages.DUE, ctx.sandbox, ctx.now, sweeping.CHUNK)
    by_queue: dict[int, list[Row]] = {}
    for row in due:
        by_queue.setdefault(row.queue_id, []).append(row)
    for queue_id, rows in by_queue.items():
        queue = queues.by_id(ctx, queue_id)
        if queue is not None:
            transitions.show(ctx, queue, rows)
    expiry = _next_expiry(ctx.batch, ctx.world)
    if expiry is not None and expiry <= ctx.now:
        _expire(ctx)
    step = _next_step(ctx.batch, ctx.world)
    if step is not None and step <= ctx.now:
        moving.run_due(ctx)
    memory.forget_expired(ctx.db, ctx.sandbox, ctx.now)


def _next_step(batch: Batch, world: World) -> int | None:
    """Return when the next move task takes its next step."""
    at: int | None = batch.db.read(messages.NEXT_STEP, (world.id,))[0][0]
    return at


def _expire(ctx: Context) -> None:
    """Delete what has been kept for its queue's retention period, whatever its state (S7)."""
    ctx.flush()
    for queue_id, oldest in ctx.db.read(messages.OLDEST_OF_QUEUES, (ctx.sandbox,)):
        queue = queues.by_id(ctx, queue_id) if oldest is not None else None
        if queue is not None and ctx.now >= expires_at(oldest, queue.settings.retention_s):
            sweeping.expire(ctx, queue, queue.settings.retention_s)
    ctx.world.caches.pop("sqs.expiry", None)


def _next_expiry(batch: Batch, world: World) -> int | None:
    """Return a lower bound of the next expiry; it is exact after a configuration change."""
    known: int | None = world.caches.get("sqs.expiry")
    if known is None:
        known = _NEVER
        for queue_id, oldest in batch.db.read(messages.OLDEST_OF_QUEUES, (world.id,)):
            queue = queues.load(batch.db, world, queue_id)
            if oldest is not None and queue is not None:
                known = min(known, expires_at(oldest, queue.settings.retention_s))
        world.caches["sqs.expiry"] = known
    return known if known < _NEVER else None
