"""What happens to functions because time passes: they begin, end, try again, and poll."""

from messaging.awslambda import looking, polling, running, transitions
from messaging.awslambda.models import Mapping
from messaging.awslambda.store import invocations
from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.world import World

CHUNK = 200


def next_due(batch: Batch, world: World) -> int | None:
    """Return when an invocation begins or ends, a mapping changes, or a queue is looked into."""
    times = [*looking.looks_of(world).values(), invocations.next_due(batch.db, world.id)]
    return min((time for time in times if time is not None), default=None)


def run_due(ctx: Context) -> None:
    """Do what is due at ``ctx.now``."""
    due = Mapping.objects.filter(
        sandbox=ctx.sandbox, change_at__isnull=False, change_at__lte=ctx.now
    )
    for mapping in due.order_by("change_at", "id")[:CHUNK]:
        transitions.settle_mapping(ctx, mapping)
    running.end_left(ctx)
    for row in invocations.due(ctx, CHUNK):
        running.go_on(ctx, row)
    polling.look(ctx)
