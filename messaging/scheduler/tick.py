"""What happens to schedules because time passes: they fire."""

from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.world import World
from messaging.scheduler.firing import fire
from messaging.scheduler.models import Schedule

CHUNK = 200


def next_due(batch: Batch, world: World) -> int | None:
    """Return when the next schedule fires."""
    sql = "SELECT min(due_at) FROM scheduler_schedule WHERE sandbox=%s AND due_at IS NOT NULL"
    due: int | None = batch.db.read(sql, (world.id,))[0][0]
    return due


def run_due(ctx: Context) -> None:
    """Fire what is due, the earliest first."""
    due = Schedule.objects.filter(sandbox=ctx.sandbox, due_at__isnull=False, due_at__lte=ctx.now)
    for schedule in due.order_by("due_at", "id")[:CHUNK]:
        fire(ctx, schedule)
