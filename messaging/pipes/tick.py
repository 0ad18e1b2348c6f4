"""What happens to pipes because time passes: they look into their sources."""

from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.world import World
from messaging.pipes import looking, moving
from messaging.pipes.models import RUNNING, Pipe


def next_due(batch: Batch, world: World) -> int | None:
    """Return when a source is looked into next."""
    times = [at for at in looking.looks_of(world).values() if at is not None]
    return min(times, default=None)


def run_due(ctx: Context) -> None:
    """Look into the sources whose time has come."""
    looks = looking.looks_of(ctx.world)
    for source in sorted(looks):
        at = looks[source]
        if at is not None and at <= ctx.now:
            looks[source] = None
            pipes = Pipe.objects.filter(sandbox=ctx.sandbox, source=source, state=RUNNING)
            for pipe in pipes.order_by("id"):
                moving.look(ctx, pipe)
