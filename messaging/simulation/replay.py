"""The actors of the past: settings, state and hands, folded from the log event by event."""

from collections.abc import Mapping
from copy import copy
from typing import Any, Final

from messaging.kernel.batch import Batch
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.topology import Edge, Node
from messaging.kernel.world import World
from messaging.simulation import actors, topology
from messaging.simulation.fields import SettingsError
from messaging.simulation.kinds import kind_of
from messaging.simulation.models import RUNNING, STOPPED, Actor

_PREFIX: Final = "actor:"
_STATES: Final = {"actor.Started": RUNNING, "actor.Stopped": STOPPED}
_SET: Final = ("actor.Added", "actor.Changed")
_REMEMBERED: Final = ("actor.Crashed", "actor.Restarted", "actor.Scaled")
# What an event adds to the hands of the actor that caused it.
_WORK: Final = {
    "sqs.MessageSent": (0, 1, 0, 0, 0),
    "sqs.MessageReceived": (1, 0, 1, 0, 0),
    "sqs.MessageDeleted": (-1, 0, 0, 1, 0),
    "sqs.DeleteIgnored": (-1, 0, 0, 1, 0),
    "actor.Failed": (-1, 0, 0, 0, 1),
    "actor.Forgot": (-1, 0, 0, 0, 0),
    "chaos.Dropped": (-1, 0, 0, 1, 0),
}
# Jobs, sent, received, deleted, failed.
Hands = tuple[int, int, int, int, int]
_EMPTY: Final = (0, 0, 0, 0, 0)


class Replay:
    """Actors are never changed in place: a copy may share them."""

    kinds: Final = frozenset(
        {*_WORK, *_STATES, *_SET, *_REMEMBERED, "actor.Removed"},
    )
    emptied: Final = frozenset[str]()

    def __init__(
        self,
        actors: Mapping[str, Actor] | None = None,
        hands: Mapping[str, Hands] | None = None,
    ) -> None:
        self._actors = dict(actors or {})
        self._hands = dict(hands or {})

    @classmethod
    def now(cls, sandbox: int) -> "Replay":
        """Start with the actors as they are, with empty hands."""
        return cls({actor.node: _rested(actor) for actor in Actor.objects.of_sandbox(sandbox)})

    def copy(self) -> "Replay":
        """Return what goes on by itself from here."""
        return Replay(self._actors, self._hands)

    def drop(self, node: str) -> None:
        """Forget an actor that was not there yet."""
        self._actors.pop(node, None)
        self._hands.pop(node, None)

    def assume(self, node: str) -> None:
        """Take in nobody: of an actor that is gone, what it did is not known any more."""

    def take(self, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        """Fold one event; return whether nodes or edges may look different now."""
        if kind in _WORK:
            self._work(arn if kind == "actor.Failed" else data.get("by"), _WORK[kind])
            return False
        if kind in _SET:
            self._set(arn, data)
        elif kind in _REMEMBERED and arn in self._actors:
            self._remember(arn, kind, data)
        elif kind == "actor.Removed":
            self.drop(arn)
        elif kind in _STATES and arn in self._actors:
            self._switch(arn, _STATES[kind], data)
        else:
            return False
        return True

    def settings(self, node: str) -> dict[str, Any]:
        """Return how an actor is set."""
        actor = self._actors.get(node)
        return {} if actor is None else {**actor.settings}

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Let a copy's actors begin afresh as they are set now, counting on from the moment."""
        counters = {node: self._remembering(node).memory for node in self._actors}
        actors.begin_afresh(batch, world, counters)
        return Losses()

    def nodes(self) -> list[Node]:
        return topology.drawn(self._remembering(node) for node in self._actors)

    def edges(self) -> list[Edge]:
        return topology.linked(self._actors.values())

    def _set(self, node: str, data: Mapping[str, Any]) -> None:
        known = self._actors.get(node)
        actor = copy(known) if known else Actor(key=node.removeprefix(_PREFIX), state=STOPPED)
        actor.label, actor.kind = data["label"], data["type"]
        actor.settings = data.get("settings", actor.settings)
        self._actors[node] = actor
        if known and _resource_of(known) != _resource_of(actor):
            self._let_go(node)

    def _switch(self, node: str, state: str, data: Mapping[str, Any]) -> None:
        actor = self._actors[node] = copy(self._actors[node])
        actor.state = state
        actor.memory = {"error": data["why"]} if "why" in data else {}
        self._let_go(node)

    def _remember(self, node: str, kind: str, data: Mapping[str, Any]) -> None:
        """Take in a crash, its end, or another number of workers."""
        actor = self._actors[node] = copy(self._actors[node])
        memory = {key: value for key, value in actor.memory.items() if key != "down"}
        if kind == "actor.Scaled":
            memory["workers"] = data["workers"]
        elif kind == "actor.Crashed":
            self._work(node, (-data["held"], 0, 0, 0, 0))
            # A fleet goes on with its other workers.
            if actor.kind != "fleet":
                memory["down"] = data["until"]
        actor.memory = memory

    def _let_go(self, node: str) -> None:
        """Empty an actor's hands, as when it starts or goes to another resource."""
        self._hands[node] = (0, *self._hands.get(node, _EMPTY)[1:])

    def _work(self, node: str | None, change: Hands) -> None:
        if node is None or not node.startswith(_PREFIX):
            return
        jobs, sent, received, deleted, failed = self._hands.get(node, _EMPTY)
        self._hands[node] = (
            max(0, jobs + change[0]), sent + change[1], received + change[2],
            deleted + change[3], failed + change[4],
        )  # fmt: skip

    def _remembering(self, node: str) -> Actor:
        """Return the actor with a memory as it had one then, as far as the picture looks at it."""
        actor = copy(self._actors[node])
        jobs, *counters = self._hands.get(node, _EMPTY)
        counted = dict(zip(("sent", "received", "deleted", "failed"), counters, strict=True))
        actor.memory = {**actor.memory, **counted, "jobs": range(jobs)}
        return actor


def _resource_of(actor: Actor) -> str | None:
    try:
        behaviour = kind_of(actor.kind)
        return behaviour.resource(behaviour.read(actor.settings))
    except SettingsError:
        return None


def _rested(actor: Actor) -> Actor:
    actor.memory = {}
    return actor
