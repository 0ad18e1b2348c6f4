"""When a mapping looks into its queue: when it is woken, when it has room again, or later."""

from typing import Final

from messaging.awslambda.domain.scaling import POLLED, pause_ms
from messaging.awslambda.models import Mapping
from messaging.kernel import polled
from messaging.kernel.context import Context
from messaging.kernel.polled import Looks
from messaging.kernel.world import World

SERVICE: Final = "lambda"
_RESULT_CHARS: Final = 300


def looks_of(world: World) -> Looks:
    """Return the next look at each queue; what was not looked at yet is looked at now."""
    known = polled.looks_of(world, SERVICE)
    if known is not None:
        return known
    found = Mapping.objects.filter(sandbox=world.id, state__in=POLLED).order_by("source")
    sources = list(found.values_list("source", flat=True).distinct())
    return polled.look_at(world, SERVICE, sources)


def soon(ctx: Context, source: str) -> None:
    """Look now."""
    later(ctx, source, ctx.now)


def later(ctx: Context, source: str, at: int) -> None:
    """Look at a time, or before."""
    looks = looks_of(ctx.world)
    if source in looks:
        known = looks[source]
        looks[source] = at if known is None else min(at, known)
        ctx.due(at)


def rest(ctx: Context, mapping: Mapping, problem: str) -> None:
    """Leave a mapping alone for a while after something went wrong, twice as long each time."""
    mapping.troubles += 1
    mapping.quiet_until = ctx.now + pause_ms(mapping.troubles)
    mapping.result = problem[:_RESULT_CHARS]
    mapping.save(update_fields=("troubles", "quiet_until", "result"))
    later(ctx, mapping.source, mapping.quiet_until)
