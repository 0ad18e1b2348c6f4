"""How actors look on the map: plain data, read without side effects."""

from collections.abc import Iterable

from messaging.kernel.topology import Edge, Node
from messaging.simulation.fields import SettingsError
from messaging.simulation.kinds import KINDS
from messaging.simulation.models import RUNNING, Actor


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each actor: what it is doing, and how busy it is."""
    return drawn(Actor.objects.of_sandbox(sandbox))


def edges(sandbox: int) -> list[Edge]:
    """Return an edge for each resource that an actor works on."""
    return linked(Actor.objects.of_sandbox(sandbox))


def drawn(actors: Iterable[Actor]) -> list[Node]:
    """Return the nodes of actors, whether or not they are stored."""
    return [_node(actor) for actor in actors if actor.kind in KINDS]


def linked(actors: Iterable[Actor]) -> list[Edge]:
    """Return the edges of actors, whether or not they are stored."""
    found: list[Edge] = []
    for actor in actors:
        behaviour = KINDS.get(actor.kind)
        if behaviour is None:
            continue
        try:
            found += behaviour.edges(actor.node, behaviour.read(actor.settings))
        except SettingsError:
            continue
    return found


def _node(actor: Actor) -> Node:
    behaviour = KINDS[actor.kind]
    cfg = {"state": actor.state}
    try:
        cfg |= behaviour.picture(behaviour.read(actor.settings), actor.memory)
    except SettingsError as error:
        cfg |= {"meta": str(error)}
    if "down" in actor.memory:
        cfg |= {"meta": "crashed", "down": actor.memory["down"]}
    if actor.state != RUNNING:
        cfg["meta"] = "stopped by an error" if actor.memory.get("error") else "stopped"
    return Node(actor.node, actor.kind, actor.label, behaviour.column, cfg)
