"""How pipes look on the map: plain data, read without side effects."""

from collections.abc import Mapping

from messaging.kernel.batch import Batch
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.replaying import Facts, Resources, contents, resting
from messaging.kernel.topology import Edge, Node
from messaging.kernel.world import World
from messaging.pipes.models import RUNNING, Pipe

__all__ = ("Replay", "contents", "edges", "nodes", "resting")


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each pipe."""
    return _nodes(_facts(sandbox))


def edges(sandbox: int) -> list[Edge]:
    """Return the edges from a pipe's source, to its enrichment and to its target."""
    return _edges(_facts(sandbox))


class Replay(Resources):
    """The pipes of the past."""

    kinds = frozenset({"pipes.PipeCreated", "pipes.PipeDeleted", "pipes.PipeUpdated"})
    gone = "pipes.PipeDeleted"

    @staticmethod
    def read(sandbox: int) -> dict[str, Facts]:
        """Return ends, state and enrichment of each pipe."""
        return _facts(sandbox)

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
