"""What a change of state means for others: a queue's counters, its groups, its next expiry."""

from collections.abc import Callable, Mapping, Sequence

from messaging.kernel.context import Context
from messaging.sqs import tenancy
from messaging.sqs.domain.visibility import expires_at
from messaging.sqs.store import groups
from messaging.sqs.store.messages import COUNTERS, MINUS, Row
from messaging.sqs.store.queues import QueueRecord


def join(ctx: Context, queue: QueueRecord, name: str, *, position: int, visible_at: int) -> None:
    """Count a message that enters its FIFO group, or that its tenant sends."""
    if queue.settings.fifo:
        row = groups.joined(ctx.sandbox, queue.id, name, ready_at=visible_at, position=position)
        ctx.insert(groups.GROUP, row)
    else:
        tenancy.enter(ctx, queue, name, visible=visible_at <= ctx.now)


def leave(ctx: Context, queue: QueueRecord, rows: Sequence[Row]) -> None:
    """Count messages that have left their queue."""
    for row in rows:
        ctx.add(COUNTERS, queue.id, MINUS[row.hidden])
        tenancy.shift(ctx, queue, row, None)
    settle(ctx, queue, rows, flying=lambda row: -(row.hidden == 1), size=-1)


def settle(
    ctx: Context,
    queue: QueueRecord,
    rows: Sequence[Row],
    *,
    flying: Callable[[Row], int],
    size: int = 0,
) -> None:
    """Bring the FIFO groups of changed messages up to date; who waits for one may look again.

    ``flying`` says by how much a message changes the number in flight.
    """
    if not queue.settings.fifo:
        return
    for group, members in _by_group(rows).items():
        ready_at = groups.settle(
            ctx.db, queue.id, group,
            size=size * len(members), flying=sum(flying(row) for row in members),
        )  # fmt: skip
        if ready_at is not None and ready_at <= ctx.now:
            ctx.wake(queue.arn)


def keep(ctx: Context, queue: QueueRecord, kept_since: int) -> None:
    """Announce when a message's retention ends."""
    world = ctx.world
    at = expires_at(kept_since, queue.settings.retention_s)
    if at < world.caches.get("sqs.expiry", 0):
        world.caches["sqs.expiry"] = at
    world.due(at)


def _by_group(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.group_id is not None:
            found.setdefault(row.group_id, []).append(row)
    return found
