"""Run a world until something is the case: its moments one after the other, as fast as they go.

A world that arrives is paused there, whatever it did before. The way is bounded, and other callers
are served in between.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from messaging import registry
from messaging.kernel.batch import Batch
from messaging.kernel.ids import compose
from messaging.kernel.wording import gettext_noop as _
from messaging.kernel.world import World
from messaging.simulation import control, engine
from messaging.simulation.control import OutOfRange, Reached

MOMENTS_MAX: Final = 20_000
MOMENTS_PER_JOB: Final = 50
DAY_MS: Final = 86_400_000
EVENTS_MAX: Final = 10_000
_LOGGED: Final = "SELECT kind, arn FROM kernel_event WHERE id>%s AND id<=%s ORDER BY id"


class Logged(NamedTuple):
    """What a condition looks at: an event's kind and resource."""

    kind: str
    arn: str


# Whether the condition is met, after these events, at this moment.
Condition = Callable[[Batch, World, Sequence[Logged]], bool]


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended: where time stands, and whether the condition was met."""

    reached: Reached
    met: bool
    moments: int


def dead_lettered() -> Condition:
    """Met when any message arrives in a dead-letter queue because it was received too often."""

    def is_met(_batch: Batch, __: World, events: Sequence[Logged]) -> bool:
        return any(event.kind == "sqs.MessageArrived" for event in events)

    return is_met


def events_logged(number: int) -> Condition:
    """Met after ``number`` more events; one moment may bring several."""
    if not 1 <= number <= EVENTS_MAX:
        raise OutOfRange(_("Use a number of events from 1 to %(most)s."), most=EVENTS_MAX)
    left = number

    def is_met(_batch: Batch, __: World, events: Sequence[Logged]) -> bool:
        nonlocal left
        left -= len(events)
        return left <= 0

    return is_met


def empty(arn: str) -> Condition:
    """Met when a queue has become empty: nothing visible, in flight or delayed."""
    topology = registry.service_of_arn(arn).topology

    def is_met(_batch: Batch, world: World, events: Sequence[Logged]) -> bool:
        if topology is None or all(event.arn != arn for event in events):
            return False
        held = topology.contents(world.id, arns=[arn], limit=1).get(arn)
        return held is None or not (held.visible or held.in_flight or held.delayed)

    return is_met


def run_for(sandbox: int, span_ms: int, *, by: str = "console") -> Run:
    """Move the world ``span_ms`` further, at most MOMENTS_MAX moments far."""
    if not 1 <= span_ms <= DAY_MS:
        raise OutOfRange(_("Use a time from a millisecond to a day."))
    return run_until(sandbox, None, horizon_ms=span_ms, by=by)


def run_until(
    sandbox: int, condition: Condition | None, *, horizon_ms: int = DAY_MS, by: str = "console"
) -> Run:
    """Move the world until the condition is met, at most a day and MOMENTS_MAX moments far.

    Without a condition the horizon itself is where it goes.
    """
    latest: int | None = None
    moments = 0

    def job(batch: Batch, world: World) -> Run | None:
        nonlocal latest, moments
        control.anchor(batch, world, replace(world.clock, paused=True))
        latest = world.now + horizon_ms if latest is None else latest
        for _moment in range(MOMENTS_PER_JOB):
            due = engine.peek(batch, world)
            if moments >= MOMENTS_MAX:
                return _end(batch, world, by, met=False, moments=moments)
            if due is None or due > latest:
                if condition is None:
                    engine.advance_to(batch, world, latest)
                return _end(batch, world, by, met=condition is None, moments=moments)
            moments += 1
            before = world.last_seq
            engine.step(batch, world)
            if condition and condition(batch, world, _since(batch, world, before)):
                return _end(batch, world, by, met=True, moments=moments)
        return None

    while True:
        run = control.run(sandbox, job)
        if run is not None:
            return run


def _since(batch: Batch, world: World, seq: int) -> list[Logged]:
    if seq == world.last_seq:
        return []
    batch.flush()
    ids = compose(world.id, seq), compose(world.id, world.last_seq)
    return [Logged(*row) for row in batch.db.read(_LOGGED, ids)]


def _end(batch: Batch, world: World, by: str, *, met: bool, moments: int) -> Run:
    reached = control.log(batch, world, "clock.Stepped", by, moved=moments > 0)
    return Run(reached, met, moments)
