"""How pipes look on the map: plain data, read without side effects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from messaging.kernel.batch import Batch
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.topology import Contents, Edge, Held, Node
from messaging.kernel.world import World
from messaging.pipes.models import RUNNING, Pipe

# What the map knows of a pipe: its ends, its state, its enrichment.
Facts = Mapping[str, Any]


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each pipe."""
    return _nodes(_facts(sandbox))


def edges(sandbox: int) -> list[Edge]:
    """Return the edges from a pipe's source, to its enrichment and to its target."""
    return _edges(_facts(sandbox))


def contents(
    sandbox: int, arns: Sequence[str] | None = None, limit: int = 32
) -> dict[str, Contents]:
    """Return nothing: no message lies in a pipe."""
    return {}


def resting(sandbox: int) -> Iterator[tuple[str, Held]]:
    """Yield nothing: no message lies in a pipe."""
    return iter(())


class Replay:
    """The pipes of the past, folded from the log event by event."""

    kinds: Final = frozenset({"pipes.PipeCreated", "pipes.PipeDeleted", "pipes.PipeUpdated"})
    emptied: Final = frozenset[str]()

    def __init__(self, known: Mapping[str, Facts] | None = None) -> None:
        self._known = dict(known or {})

    @classmethod
    def now(cls, sandbox: int) -> "Replay":
        """Start with the pipes as they are."""
        return cls(_facts(sandbox))

    def copy(self) -> "Replay":
        return Replay(self._known)

    def drop(self, node: str) -> None:
        """Forget a pipe that was not there yet."""
        self._known.pop(node, None)

    def assume(self, node: str) -> None:
        """Take in nothing: of a pipe that is gone the log tells no ends."""

    def take(self, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        """Fold one event; return whether nodes or edges may look different now."""
        if kind == "pipes.PipeDeleted":
            return self._known.pop(arn, None) is not None
        if kind not in self.kinds:
            return False
        self._known[arn] = data
        return True

    def nodes(self) -> list[Node]:
        return _nodes(self._known)

    def edges(self) -> list[Edge]:
        return _edges(self._known)

    def settings(self, node: str) -> dict[str, str]:
        """Return a pipe's ends and its state."""
        facts = self._known.get(node, {})
        return {name: str(facts[name]) for name in ("source", "target", "state") if name in facts}

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Let a copy have the pipes of now that were there by then, in the state of then."""
        for pipe in Pipe.objects.filter(sandbox=world.id):
            facts = self._known.get(pipe.arn)
            if facts is None:
                pipe.delete()
            else:
                pipe.state = facts["state"]
                pipe.save(update_fields=("state",))
        return Losses()


def _facts(sandbox: int) -> dict[str, Facts]:
    return {
        pipe.arn: {
            "source": pipe.source,
            "target": pipe.settings["Target"],
            "state": pipe.state,
            "enrichment": pipe.settings.get("Enrichment") or "",
        }
        for pipe in Pipe.objects.filter(sandbox=sandbox).order_by("id")
    }


def _nodes(known: Mapping[str, Facts]) -> list[Node]:
    return [_node(arn, facts) for arn, facts in known.items()]


def _node(arn: str, facts: Facts) -> Node:
    is_running = facts.get("state") == RUNNING
    cfg = {"meta": "runs" if is_running else "", "state": "running" if is_running else "stopped"}
    return Node(arn, "pipe", arn.rpartition("/")[2], "consumers", cfg)


def _edges(known: Mapping[str, Facts]) -> list[Edge]:
    found = []
    for arn, facts in known.items():
        found += [Edge(facts["source"], arn, "receive"), Edge(arn, facts["target"], "target")]
        if facts.get("enrichment"):
            found.append(Edge(arn, facts["enrichment"], "target", "enriched by"))
    return found
