"""The chaos tray: put faults on actors and queues, take them off, list them as plain data.

``put`` and ``take_off`` run in the writer's transaction; ``start`` and ``stop`` are jobs of it for
a page, as ``control`` has them for time and actors. Times are milliseconds of sandbox time.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from messaging import registry
from messaging.engine import engine as current
from messaging.kernel.arns import is_arn, parse_arn
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller, Context
from messaging.kernel.ids import compose, number_of
from messaging.kernel.wording import gettext_noop as _
from messaging.kernel.world import World
from messaging.simulation import faults
from messaging.simulation.control import Gone
from messaging.simulation.fields import SettingsError
from messaging.simulation.models import WAITING, Actor, Fault
from messaging.simulation.roster import CACHE, roster_of

T = TypeVar("T")


def put(batch: Batch, world: World, raw: Mapping[str, Any], *, by: str = "console") -> Fault:
    """Put a fault on an actor or a queue; one without delay starts at once, paused or not.

    Raises SettingsError, with nothing changed.
    """
    fault = faults.read(raw)
    faults.check_target(fault, target_kind(world.id, fault.target))
    _settle(batch, world)
    ctx = _context(batch, world, by)
    row = Fault(
        id=ctx.new_id(), sandbox=world.id, target=fault.target, kind=fault.kind,
        settings=dict(raw), state=WAITING, next_at=world.now + fault.after_ms,
    )  # fmt: skip
    row.save(force_insert=True)
    if fault.after_ms:
        ctx.emit(
            "chaos.Scheduled", fault.target,
            {"by": by, "fault": fault.kind, "number": number_of(row.id), "until": row.next_at},
        )  # fmt: skip
    _turn(batch, world, ctx)
    return row


def take_off(batch: Batch, world: World, number: int, *, by: str = "console") -> bool:
    """End a fault, or one that waits for its turn, for good. Returns False where there is none."""
    _settle(batch, world)
    row = Fault.objects.filter(pk=compose(world.id, number)).first()
    if row is None:
        return False
    roster_of(batch, world).drop_fault(_context(batch, world, by), row.id)
    _turn(batch, world, _context(batch, world, by))
    return True


def start(sandbox: int, raw: Mapping[str, Any], *, by: str = "console") -> Fault:
    """Put a fault on something; raises SettingsError or Gone."""
    return _run(sandbox, lambda batch, world: put(batch, world, raw, by=by))


def stop(sandbox: int, number: int, *, by: str = "console") -> None:
    """Take a fault off; raises Gone where it has ended already."""
    if not _run(sandbox, lambda batch, world: take_off(batch, world, number, by=by)):
        raise Gone(str(number))


def listed(sandbox: int) -> list[dict[str, Any]]:
    """Return the faults that are on or to come, oldest first.

    ``settings`` is what ``start`` takes: enough to put the same fault on another sandbox.
    """
    return [
        {
            "number": number_of(row.pk),
            "target": row.target,
            "kind": row.kind,
            "state": row.state,
            "next_at": row.next_at,
            "hits": row.hits,
            "settings": row.settings,
        }
        for row in Fault.objects.filter(sandbox=sandbox)
    ]


def felt(sandbox: int) -> dict[str, list[str]]:
    """Return the kinds of fault that are on, by the node that they are put on."""
    found: dict[str, list[str]] = {}
    for fault in listed(sandbox):
        if fault["state"] != WAITING and fault["kind"] not in found.get(fault["target"], ()):
            found.setdefault(fault["target"], []).append(fault["kind"])
    return found


def target_kind(sandbox: int, target: str) -> str:
    """Return what a fault is to be put on: a kind of actor, or queue; raises SettingsError."""
    if target.startswith("actor:"):
        key = target.removeprefix("actor:")
        actor = Actor.objects.filter(sandbox=sandbox, key=key).first()
        if actor is not None:
            return actor.kind
    elif is_arn(target) and parse_arn(target).service in registry.SERVICES:
        topology = registry.service_of_arn(target).topology
        if topology is not None and any(node.id == target for node in topology.nodes(sandbox)):
            return "queue"
    raise SettingsError("target", _("is no actor or queue of this sandbox"))


def _turn(batch: Batch, world: World, ctx: Context) -> None:
    """Start what starts now, and tell the engine when to look again."""
    roster = roster_of(batch, world)
    roster.change_faults(ctx)
    roster.save(batch.db)
    if roster.next_at is not None:
        world.due(roster.next_at)


def _settle(batch: Batch, world: World) -> None:
    """Work on the rows: what is in memory has been written, and is read again afterwards."""
    batch.flush()
    world.caches.pop(CACHE, None)


def _context(batch: Batch, world: World, by: str) -> Context:
    return Context(batch, world, Caller(world.id, "", "", by, by))


def _run(sandbox: int, job: Callable[[Batch, World], T]) -> T:
    def inside(batch: Batch) -> T | Exception:
        world = batch.entered.get(sandbox)
        if world is None:
            return Gone(f"sandbox {sandbox}")
        try:
            return job(batch, world)
        except SettingsError as error:
            return error

    outcome: T | Exception = current().executor.run_sync(inside, (sandbox,))
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
