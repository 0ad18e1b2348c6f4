"""Which messages a receive gets: standard, fair or FIFO; what was received too often moves on."""

from itertools import takewhile
from typing import Any, Final

import orjson

from messaging.kernel.context import Context
from messaging.kernel.ids import number_of
from messaging.sqs import fair, limits, tenancy, transitions
from messaging.sqs.domain import realism
from messaging.sqs.domain.redrive import should_move
from messaging.sqs.store import groups, messages, queues
from messaging.sqs.store.messages import Row
from messaging.sqs.store.queues import QueueRecord
from messaging.sqs.tagging import OFF

# One receive moves no more than this to the dead-letter queue; the next one goes on.
MOVES_MAX: Final = 1_000
_EVERYWHERE: Final = 1 << 62


def take(
    ctx: Context, queue: QueueRecord, count: int, *, until: int, held: int, short: bool = False
) -> list[Row]:
    """Put up to ``count`` deliverable messages in flight until ``until`` and return them.

    ``held`` is how many messages the queue holds.
    """
    if queue.realism != OFF and not queue.fifo:
        return _take_lifelike(ctx, queue, count, until=until, short=short)
    taken: list[Row] = []
    seen: set[int] = set()
    while len(taken) < count:
        # With a timeout of 0 what was taken is deliverable again at once.
        found = _deliverable(ctx, queue, count - len(taken), held=held)
        rows = [row for row in found if row.id not in seen]
        seen.update(row.id for row in rows)
        keep = [row for row in rows if not _move(ctx, queue, row)]
        if keep:
            transitions.receive(ctx, queue, keep, until=until)
            taken += keep
        if len(keep) == len(rows):
            break
        if len(seen) >= MOVES_MAX:
            ctx.wake(queue.arn)
            break
        ctx.write()
    return taken


def _take_lifelike(
    ctx: Context, queue: QueueRecord, count: int, *, until: int, short: bool
) -> list[Row]:
    """Receive as our model of SQS's fleet does: sampled, out of order, sometimes twice (R3, R5)."""
    model, rng = queue.realism, ctx.rng
    rows = messages.select(ctx.db, messages.READY, queue.id, ctx.now, 20 * count, lock=True)
    if short:
        asked = realism.sample_partitions(model, [rng.random() for _ in range(model.sampled)])
        rows = [row for row in rows if realism.partition_of(number_of(row.id), model) in asked]
    rows = realism.disorder(rows, model, [rng.random() for _ in rows])[:count]
    keep = [row for row in rows if not _move(ctx, queue, row)]
    if keep:
        transitions.receive(ctx, queue, keep, until=until)
        twice = realism.pick_duplicates(keep, model, [rng.random() for _ in keep])
        transitions.hand_out_again(ctx, queue, twice)
    elif rows:
        # All of them have moved on; a long poll looks at what comes behind them.
        ctx.wake(queue.arn)
    return keep


def _deliverable(ctx: Context, queue: QueueRecord, count: int, *, held: int) -> list[Row]:
    if queue.fifo:
        return of_groups(ctx, queue, count, held=held)
    if tenancy.is_fair(ctx, queue):
        noisy = fair.noisy_tenants(ctx, queue)
        if noisy:
            return fair.quiet_first(ctx, queue, count, noisy)
    return messages.select(ctx.db, messages.READY, queue.id, ctx.now, count, lock=True)


def of_groups(ctx: Context, queue: QueueRecord, count: int, *, held: int) -> list[Row]:
    """Return messages of free groups: as many of one group as possible, then the next (F1, F2).

    Groups that begin behind the first 120,000 of ``held`` messages are not found (F5).
    """
    if held <= limits.FIFO_LOOK_AHEAD:
        return _of_free_groups(ctx, queue, count, _EVERYWHERE)
    horizons: dict[int, int] = ctx.world.caches.setdefault("sqs.horizons", {})
    known = horizons.get(queue.id, 0)
    rows = _of_free_groups(ctx, queue, count, known) if known else []
    if len(rows) < count:
        # Positions only grow, so what was the horizon once is never too far: it may be too near.
        ahead = messages.horizon(ctx.db, queue.id, limits.FIFO_LOOK_AHEAD - 1) or _EVERYWHERE
        if ahead != known:
            horizons[queue.id] = ahead
            rows = _of_free_groups(ctx, queue, count, ahead)
    return rows


def _of_free_groups(ctx: Context, queue: QueueRecord, count: int, horizon: int) -> list[Row]:
    found: list[Row] = []
    for name, flying in groups.free(ctx.db, queue.id, now=ctx.now, horizon=horizon, limit=count):
        rows = messages.select(
            ctx.db, messages.READY_OF_GROUP, queue.id, name, ctx.now, count - len(found), lock=True
        )
        # What has lapsed and was not announced yet counts as in flight, and is not.
        if flying > sum(row.hidden == 1 for row in rows):
            rows = list(takewhile(lambda row: row.receives > 0, rows))
        found += rows
        if len(found) >= count:
            break
    return found


def _move(ctx: Context, queue: QueueRecord, row: Row) -> bool:
    """Move a message to the dead-letter queue if this receive would be one too many (L2)."""
    policy = queue.settings.redrive
    if policy is None or not should_move(row.receives, policy):
        return False
    dlq = queues.by_arn(ctx, policy.dlq_arn)
    if dlq is None or dlq.id == queue.id:
        return False
    transitions.move_to_dead_letters(ctx, queue, row, dlq)
    return True


def extra_of(row: Row) -> dict[str, Any]:
    """Return what is stored of a message beside its columns."""
    extra: dict[str, Any] = orjson.loads(row.extra) if row.extra else {}
    return extra
