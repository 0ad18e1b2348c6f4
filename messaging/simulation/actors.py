"""Add, change, start, stop and remove actors: each runs in the writer's transaction.

Settings are checked before the transaction (``kinds.kind_of(kind).read``); here they are valid.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify

from messaging.kernel.arns import parse_arn
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller, Context
from messaging.kernel.world import World
from messaging.simulation import crashes
from messaging.simulation.kinds import kind_of
from messaging.simulation.models import RUNNING, STOPPED, Actor, Fault
from messaging.simulation.roster import CACHE
from messaging.simulation.stage import Player, Stage

KEY_CHARS_MAX = 48
# What an actor's panel counts of its life.
COUNTED = ("sent", "received", "deleted", "failed")


def add(
    batch: Batch,
    world: World,
    *,
    kind: str,
    label: str,
    settings: Mapping[str, Any],
    account: str = "",
    by: str = "console",
    running: bool = True,
) -> Actor:
    """Add an actor and start it. It calls from the account and region of the resource it works on.

    ``account`` lets it call from another account.
    """
    _settle(batch, world)
    behaviour = kind_of(kind)
    resource = parse_arn(behaviour.resource(behaviour.read(settings)))
    actor = Actor(
        id=Context(batch, world, _caller(world, by)).new_id(),
        sandbox=world.id,
        key=_free_key(world.id, label),
        label=label,
        kind=kind,
        account=account or resource.account,
        region=resource.region,
        settings=dict(settings),
        state=STOPPED,
    )
    actor.save(force_insert=True)
    _emit(batch, world, actor, "actor.Added", by)
    if running:
        _start(batch, world, actor, by)
    return actor


def change(
    batch: Batch,
    world: World,
    key: str,
    *,
    settings: Mapping[str, Any],
    label: str | None = None,
    by: str = "console",
) -> Actor | None:
    """Give an actor new settings; it goes on with what it holds. None where it does not exist."""
    actor = _find(batch, world, key)
    if actor is None:
        return None
    behaviour = kind_of(actor.kind)
    resource = behaviour.resource(behaviour.read(settings))
    is_new = resource != behaviour.resource(behaviour.read(actor.settings))
    actor.settings = dict(settings)
    actor.label = actor.label if label is None else label
    actor.region = parse_arn(resource).region
    actor.save(update_fields=["settings", "label", "region"])
    _emit(batch, world, actor, "actor.Changed", by)
    if actor.state == RUNNING:
        _schedule(batch, world, actor, afresh=is_new)
    return actor


def start(batch: Batch, world: World, key: str, *, by: str = "console") -> Actor | None:
    """Start an actor with empty hands. None where it does not exist."""
    actor = _find(batch, world, key)
    if actor is not None and actor.state != RUNNING:
        _start(batch, world, actor, by)
    return actor


def stop(batch: Batch, world: World, key: str, *, by: str = "console") -> Actor | None:
    """Stop an actor as if its machine were switched off: what it holds is not deleted."""
    actor = _find(batch, world, key)
    if actor is not None and actor.state == RUNNING:
        actor.state, actor.next_at = STOPPED, None
        crashes.forget(actor.memory)
        actor.save(update_fields=["state", "next_at", "memory"])
        _emit(batch, world, actor, "actor.Stopped", by)
    return actor


def remove(batch: Batch, world: World, key: str, *, by: str = "console") -> bool:
    """Remove an actor. Returns False where there is no such actor."""
    actor = _find(batch, world, key)
    if actor is None:
        return False
    actor.delete()
    Fault.objects.filter(sandbox=world.id, target=actor.node).delete()
    _emit(batch, world, actor, "actor.Removed", by)
    return True


def begin_afresh(batch: Batch, world: World, counters: Mapping[str, Mapping[str, Any]]) -> None:
    """Let all actors of a copied sandbox begin at its time, with empty hands and without faults.

    ``counters`` has what each had counted by then, by node; who is not in it starts from nothing.
    """
    Fault.objects.filter(sandbox=world.id).delete()
    for actor in Actor.objects.of_sandbox(world.id):
        counted = counters.get(actor.node, {})
        actor.memory = {name: counted[name] for name in COUNTED if name in counted}
        actor.next_at = None
        actor.save(update_fields=["memory", "next_at"])
        if actor.state == RUNNING:
            _schedule(batch, world, actor, afresh=True)


def _start(batch: Batch, world: World, actor: Actor, by: str) -> None:
    actor.state = RUNNING
    actor.memory.pop("error", None)
    actor.save(update_fields=["state"])
    _emit(batch, world, actor, "actor.Started", by)
    _schedule(batch, world, actor, afresh=True)


def _schedule(batch: Batch, world: World, actor: Actor, *, afresh: bool) -> None:
    """Let the actor say when it acts next, and tell the engine."""
    behaviour = kind_of(actor.kind)
    settings = behaviour.read(actor.settings)
    player = Player.of(actor, settings, resource=behaviour.resource(settings))
    stage = Stage(batch, world, player)
    actor.next_at = (behaviour.begin if afresh else behaviour.adapt)(stage, settings)
    actor.save(update_fields=["next_at", "memory"])
    if actor.next_at is not None:
        world.due(actor.next_at)


def _find(batch: Batch, world: World, key: str) -> Actor | None:
    _settle(batch, world)
    return Actor.objects.filter(sandbox=world.id, key=key).first()


def _settle(batch: Batch, world: World) -> None:
    """Work on the rows: what is in memory has been written, and is read again afterwards."""
    batch.flush()
    world.caches.pop(CACHE, None)


def _emit(batch: Batch, world: World, actor: Actor, kind: str, by: str) -> None:
    data = {"by": by, "label": actor.label, "type": actor.kind}
    if kind in ("actor.Added", "actor.Changed"):
        # Who looks back at this moment sees the actor as it was then.
        data["settings"] = actor.settings
    Context(batch, world, _caller(world, by)).emit(kind, actor.node, data)


def _caller(world: World, by: str) -> Caller:
    return Caller(world.id, "", "", by, by)


def _free_key(sandbox: int, label: str) -> str:
    """Return a key for ``label`` that no other actor of the sandbox has."""
    stem = slugify(label)[:KEY_CHARS_MAX] or "actor"
    key, number = stem, 1
    while Actor.objects.filter(sandbox=sandbox, key=key).exists():
        number += 1
        key = f"{stem}-{number}"
    return key
