"""The books of fair queues: what each tenant waits for, holds and has consumed (Q-F1, Q-F2)."""

from collections.abc import Iterable

from messaging.kernel.context import Context
from messaging.kernel.world import World
from messaging.sqs.store import tenants
from messaging.sqs.store.messages import Row
from messaging.sqs.store.queues import QueueRecord
from messaging.sqs.store.tenants import TENANT, UNGROUPED

_VISIBLE = 0
_IN_FLIGHT = 1


def is_fair(ctx: Context, queue: QueueRecord) -> bool:
    """Tell whether the queue has tenants: where nobody sends with a group, nothing is counted."""
    fair = _cache(ctx.world)
    known = fair.get(queue.id)
    if known is None:
        known = fair[queue.id] = not queue.fifo and tenants.exist(ctx.db, queue.id)
    return known


def enter(ctx: Context, queue: QueueRecord, name: str, *, visible: bool) -> None:
    """Count a message that enters the queue."""
    _cache(ctx.world)[queue.id] = True
    waiting = 1 if visible else 0
    row = tenants.change(ctx.sandbox, queue.id, name, now=ctx.now, waiting=waiting, sent=True)
    ctx.insert(TENANT, row)


def shift(ctx: Context, queue: QueueRecord, rows: Iterable[Row], to: int | None) -> None:
    """Count messages that change from ``row.hidden`` to the state ``to``; None is out of here.

    How long a consumer held one counts as consumed time, of messages without a group too.
    """
    if not is_fair(ctx, queue):
        return
    for row in rows:
        waiting = (to == _VISIBLE) - (row.hidden == _VISIBLE)
        flying = (to == _IN_FLIGHT) - (row.hidden == _IN_FLIGHT)
        busy_ms = _held_for(ctx, row)
        if row.tenant is None:
            waiting = flying = 0
        if waiting or flying or busy_ms:
            ctx.insert(TENANT, tenants.change(
                ctx.sandbox, queue.id, row.tenant or UNGROUPED,
                now=ctx.now, waiting=waiting, flying=flying, busy_ms=busy_ms,
            ))  # fmt: skip


def _held_for(ctx: Context, row: Row) -> int:
    """Return how long a consumer has held the message, in milliseconds."""
    if row.hidden != _IN_FLIGHT or row.received_at is None:
        return 0
    return max(0, min(ctx.now, row.visible_at) - row.received_at)


def _cache(world: World) -> dict[int, bool]:
    fair: dict[int, bool] = world.caches.setdefault("sqs.fair", {})
    return fair
