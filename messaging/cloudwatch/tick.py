"""What happens because time passes: metric alarms are looked at."""

from messaging.cloudwatch import folding
from messaging.cloudwatch.evaluating import PLAN, Plan, evaluate_due
from messaging.cloudwatch.limits import CHUNK
from messaging.cloudwatch.models import NEXT_DUE
from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.world import World


def next_due(batch: Batch, world: World) -> int | None:
    """Return when the next alarm is to be looked at.

    Where the plan still holds that is when something changes; what happens meanwhile undoes it.
    Where there is much to read in the log it is at once, and this is asked again when there is.
    """
    waiting = folding.unread(world) if folding.is_used(world) else 0
    if waiting is not None and waiting >= CHUNK:
        world.settled = None
        return world.now
    plan: Plan | None = world.caches.get(PLAN)
    holds = plan is not None and world.last_seq <= plan.seq
    full = world.last_seq - (waiting or 0) + CHUNK - 1
    if folding.is_used(world):
        world.settled = min(plan.seq, full) if plan is not None and holds else full
    if plan is not None and holds:
        return plan.at
    due: int | None = batch.db.read(NEXT_DUE, (world.id,))[0][0]
    return due


def run_due(ctx: Context) -> None:
    """Look at the alarms whose time has come; read on in the log while there is much to read."""
    evaluate_due(ctx)
    if not folding.is_used(ctx.world):
        return
    waiting = folding.unread(ctx.world)
    if waiting is None or waiting >= CHUNK:
        folding.fold(ctx.batch, ctx.world, chunks=1)
