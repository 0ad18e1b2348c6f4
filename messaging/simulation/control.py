"""What a page may do to time and to actors; each function runs one job of the writer and waits.

Times are milliseconds of sandbox time. A sandbox or actor that is gone raises Gone, settings that
cannot be used raise ``fields.SettingsError``; in both cases nothing was changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from messaging.engine import engine as current
from messaging.kernel.batch import Batch
from messaging.kernel.clock import Clock
from messaging.kernel.context import Caller, Context
from messaging.kernel.wording import Complaint
from messaging.kernel.wording import gettext_noop as _
from messaging.kernel.world import World
from messaging.simulation import actors, engine
from messaging.simulation.kinds import kind_of
from messaging.simulation.models import Actor

RATE_MIN: Final = 0.001
RATE_MAX: Final = 1000.0
# Moments without an event (an empty poll, a timer nobody needs) that one step may pass over.
QUIET_MOMENTS_MAX: Final = 500

T = TypeVar("T")


class Gone(LookupError):
    """The sandbox or actor does not exist any more."""


class OutOfRange(Complaint):
    """A number that is not taken; the sentence says which are."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a sandbox's time stands. ``moved`` is False where nothing was left to happen."""

    now: int
    rate: float
    paused: bool
    moved: bool = True


def pause(sandbox: int, *, by: str = "console") -> Reached:
    """Stop the world at the moment it has reached."""

    def change(clock: Clock) -> Clock:
        return replace(clock, paused=True)

    return _reclock(sandbox, "clock.Paused", change, by)


def play(sandbox: int, *, by: str = "console") -> Reached:
    """Let the world go on from where it stands."""

    def change(clock: Clock) -> Clock:
        return replace(clock, paused=False)

    return _reclock(sandbox, "clock.Played", change, by)


def set_rate(sandbox: int, rate: float, *, by: str = "console") -> Reached:
    """Let ``rate`` seconds pass in the world for each second outside (0.001 to 1000)."""
    if not RATE_MIN <= rate <= RATE_MAX:
        text = _("Use a speed from %(low)s to %(high)s.")
        raise OutOfRange(text, low=f"{RATE_MIN:g}", high=f"{RATE_MAX:g}")

    def change(clock: Clock) -> Clock:
        return replace(clock, rate=float(rate))

    return _reclock(sandbox, "clock.Rated", change, by)


def step(sandbox: int, *, by: str = "console") -> Reached:
    """Pause the world and move it to the next moment at which something happens that is logged."""

    def job(batch: Batch, world: World) -> Reached:
        anchor(batch, world, replace(world.clock, paused=True))
        moved = _to_next_event(batch, world)
        return log(batch, world, "clock.Stepped", by, moved=moved)

    return run(sandbox, job)


def skip(sandbox: int, *, by: str = "console") -> Reached:
    """Jump to the next moment at which something happens; a world that plays goes on playing."""

    def job(batch: Batch, world: World) -> Reached:
        moved = _to_next_event(batch, world)
        return log(batch, world, "clock.Skipped", by, moved=moved)

    return run(sandbox, job)


def forward(sandbox: int, until: int, *, by: str = "console") -> Reached:
    """Move the world to sandbox time ``until``, through everything that happens on the way.

    Other callers are served in between; a time that has passed already changes nothing.
    """
    arrived = False

    def job(batch: Batch, world: World) -> Reached:
        nonlocal arrived
        arrived = engine.advance_to(batch, world, until)
        return log(batch, world, "clock.Skipped", by) if arrived else _reached(world)

    reached = run(sandbox, job)
    while not arrived:
        reached = run(sandbox, job)
    return reached


def add_actor(
    sandbox: int,
    *,
    kind: str,
    label: str,
    settings: Mapping[str, Any],
    account: str = "",
    by: str = "console",
) -> Actor:
    """Add an actor and start it."""
    kind_of(kind).read(settings)

    def job(batch: Batch, world: World) -> Actor:
        return actors.add(
            batch, world, kind=kind, label=label, settings=settings, account=account, by=by
        )

    return run(sandbox, job)


def change_actor(
    sandbox: int, key: str, *, settings: Mapping[str, Any], label: str | None = None,
    by: str = "console",
) -> Actor:  # fmt: skip
    """Give an actor new settings, while it runs."""
    actor = Actor.objects.filter(sandbox=sandbox, key=key).first()
    if actor is None:
        raise Gone(key)
    kind_of(actor.kind).read(settings)
    return _on_actor(
        sandbox, key,
        lambda batch, world: actors.change(
            batch, world, key, settings=settings, label=label, by=by
        ),
    )  # fmt: skip


def start_actor(sandbox: int, key: str, *, by: str = "console") -> Actor:
    """Start an actor."""
    return _on_actor(sandbox, key, lambda batch, world: actors.start(batch, world, key, by=by))


def stop_actor(sandbox: int, key: str, *, by: str = "console") -> Actor:
    """Stop an actor; what it was working on comes back when its visibility timeout ends."""
    return _on_actor(sandbox, key, lambda batch, world: actors.stop(batch, world, key, by=by))


def remove_actor(sandbox: int, key: str, *, by: str = "console") -> None:
    """Remove an actor."""
    if not run(sandbox, lambda batch, world: actors.remove(batch, world, key, by=by)):
        raise Gone(key)


def _on_actor(sandbox: int, key: str, job: Callable[[Batch, World], Actor | None]) -> Actor:
    actor = run(sandbox, job)
    if actor is None:
        raise Gone(key)
    return actor


def run(sandbox: int, job: Callable[[Batch, World], T]) -> T:
    """Run a job of the writer in a sandbox, and wait for it."""

    def inside(batch: Batch) -> T | Gone:
        world = batch.entered.get(sandbox)
        return Gone(f"sandbox {sandbox}") if world is None else job(batch, world)

    outcome: T | Gone = current().executor.run_sync(inside, (sandbox,))
    if isinstance(outcome, Gone):
        raise outcome
    return outcome


def _reclock(sandbox: int, kind: str, change: Callable[[Clock], Clock], by: str) -> Reached:
    def job(batch: Batch, world: World) -> Reached:
        anchor(batch, world, change(world.clock))
        return log(batch, world, kind, by)

    return run(sandbox, job)


def anchor(batch: Batch, world: World, clock: Clock) -> None:
    """Let ``clock`` go on from the time the world has reached, which may lag behind its clock."""
    world.clock = clock.at(world.now, batch.wall)
    batch.reclocked.add(world.id)


def _to_next_event(batch: Batch, world: World) -> bool:
    before = world.last_seq
    for _moment in range(QUIET_MOMENTS_MAX):
        if not engine.step(batch, world):
            return False
        if world.last_seq != before:
            return True
    return True


def log(batch: Batch, world: World, kind: str, by: str, *, moved: bool = True) -> Reached:
    """Leave the change of the clock in the log, with all that a reader needs to follow it."""
    clock = world.clock
    data = {"by": by, "rate": clock.rate, "paused": clock.paused}
    Context(batch, world, Caller(world.id, "", "", by, by)).emit(kind, "", data)
    return _reached(world, moved=moved)


def _reached(world: World, *, moved: bool = True) -> Reached:
    return Reached(world.now, world.clock.rate, world.clock.paused, moved)
