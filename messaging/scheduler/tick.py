"""What happens to schedules because time passes: they fire."""

from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.world import World
from messaging.scheduler.models import NEXT_DUE, Schedule
from messaging.scheduler.transitions import fire

CHUNK = 200


def next_due(batch: Batch, world: World) -> int | None:
    """Return when the next schedule fires."""
    due: int | None = batch.db.read(NEXT_DUE, (world.id,))[0][0]
    return due


def run_due(ctx: Context) -> None:
    """Fire what is due, the earliest first."""
    due = Schedule.objects.filter(sandbox=ctx.sandbox, due_at__isnull=False, due_at__lte=ctx.now)
    for schedule in due.order_by("due_at", "id")[:CHUNK]:
        fire(ctx, schedule)
