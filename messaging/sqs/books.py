"""What a change of state means for others: a queue's counters, its groups, its next expiry."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from messaging.kernel.context import Context
from messaging.sqs import tenancy
from messaging.sqs.domain.visibility import expires_at
from messaging.sqs.store import groups
from messaging.sqs.store.messages import COUNTERS, Row
from messaging.sqs.store.queues import QueueRecord


def join(ctx: Context, queue: QueueRecord, name: str, *, position: int, visible_at: int) -> None:
    """Count a message that enters its FIFO group, or that its tenant sends."""
    if queue.fifo:
        row = groups.joined(ctx.sandbox, queue.id, name, ready_at=visible_at, position=position)
        ctx.insert(groups.GROUP, row)
    else:
        tenancy.enter(ctx, queue, name, visible=visible_at <= ctx.now)


def leave(ctx: Context, queue: QueueRecord, rows: Sequence[Row]) -> None:
    """Count messages that have left their queue."""
    ctx.add(COUNTERS, queue.id, moved_from(rows))
    tenancy.shift(ctx, queue, rows, None)
    settle(ctx, queue, rows, flying=lambda row: -(row.hidden == 1), size=-1)


def moved_from(rows: Iterable[Row], to: int | None = None) -> tuple[int, ...]:
    """Return what to add to a queue's counters when messages leave their states for ``to``."""
    counts = [0, 0, 0]
    for row in rows:
        counts[row.hidden] -= 1
        if to is not None:
            counts[to] += 1
    return tuple(counts)


def lock(ctx: Context, queue: QueueRecord, rows: Sequence[Row], *, until: int) -> None:
    """Lock the FIFO groups of messages that are received, as ``rows`` were before (F1)."""
    if not queue.fifo:
        return
    members = _by_group(rows)
    taken = {name: sum(row.hidden != 1 for row in group) for name, group in members.items()}
    if until <= ctx.now:
        ctx.wake(queue.arn)
    for name, flying in groups.lock(ctx.db, queue.id, taken, until=until):
        group = members[name]
        # What is in flight, or was once, counts too: the first of those to come back frees it.
        if flying != len(group) or any(row.receives for row in group):
            groups.refresh(ctx.db, queue.id, name, flying)


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
    if not queue.fifo:
        return
    changes = {
        name: (size * len(group), sum(flying(row) for row in group))
        for name, group in _by_group(rows).items()
    }
    if not changes:
        return
    for ready_at in groups.change(ctx.db, queue.id, changes):
        if ready_at <= ctx.now:
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
