"""When a pipe looks into its source: when that is woken, when its window is over, or later."""

from typing import Final

from messaging.kernel import polled
from messaging.kernel.context import Context
from messaging.kernel.polled import Looks
from messaging.kernel.world import World
from messaging.pipes.models import RUNNING, Pipe

SERVICE: Final = "pipes"


def looks_of(world: World) -> Looks:
    """Return the next look at each source; what was not looked at yet is looked at now."""
    known = polled.looks_of(world, SERVICE)
    if known is not None:
        return known
    found = Pipe.objects.filter(sandbox=world.id, state=RUNNING).order_by("source")
    return polled.look_at(world, SERVICE, list(found.values_list("source", flat=True).distinct()))


def later(ctx: Context, source: str, at: int) -> None:
    """Look at a time, or before."""
    looks = looks_of(ctx.world)
    if source in looks:
        known = looks[source]
        looks[source] = at if known is None else min(at, known)
        ctx.due(at)
