"""How schedules look on the map: plain data, read without side effects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from messaging.kernel.batch import Batch
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.topology import Contents, Edge, Held, Node
from messaging.kernel.world import World
from messaging.scheduler.models import Schedule

# What the map knows of a schedule: its expression, its state, its target, its dead-letter queue.
Facts = Mapping[str, Any]


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each schedule."""
    return _nodes(_facts(sandbox))


def edges(sandbox: int) -> list[Edge]:
    """Return an edge from each schedule to its target, and to its dead-letter queue."""
    return _edges(_facts(sandbox))


def contents(
    sandbox: int, arns: Sequence[str] | None = None, limit: int = 32
) -> dict[str, Contents]:
    """Return nothing: no message lies in a schedule."""
    return {}


def resting(sandbox: int) -> Iterator[tuple[str, Held]]:
    """Yield nothing: no message lies in a schedule."""
    return iter(())


class Replay:
    """The schedules of the past, folded from the log event by event."""

    kinds: Final = frozenset(
        {
            "scheduler.ScheduleCreated",
            "scheduler.ScheduleDeleted",
            "scheduler.ScheduleUpdated",
        }
    )
    emptied: Final = frozenset[str]()

    def __init__(self, known: Mapping[str, Facts] | None = None) -> None:
        self._known = dict(known or {})

    @classmethod
    def now(cls, sandbox: int) -> "Replay":
        """Start with the schedules as they are."""
        return cls(_facts(sandbox))

    def copy(self) -> "Replay":
        return Replay(self._known)

    def drop(self, node: str) -> None:
        """Forget a schedule that was not there yet."""
        self._known.pop(node, None)

    def assume(self, node: str) -> None:
        """Take in nothing: of a schedule that is gone the log tells no target."""

    def take(self, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        """Fold one event; return whether nodes or edges may look different now."""
        if kind == "scheduler.ScheduleDeleted":
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
        """Return a schedule's expression and state."""
        facts = self._known.get(node, {})
        return {name: str(value) for name, value in facts.items() if name.startswith("S")}

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Let a copy have the schedules of now that were there by then."""
        Schedule.objects.filter(sandbox=world.id).exclude(arn__in=list(self._known)).delete()
        return Losses()


def _facts(sandbox: int) -> dict[str, Facts]:
    found: dict[str, Facts] = {}
    for schedule in Schedule.objects.filter(sandbox=sandbox).order_by("id"):
        target = schedule.settings["Target"]
        found[schedule.arn] = {
            "ScheduleExpression": schedule.settings["ScheduleExpression"],
            "State": schedule.settings["State"],
            "target": {
                "Arn": target["Arn"],
                "DeadLetter": target.get("DeadLetterConfig", {}).get("Arn", ""),
            },
        }
    return found


def _nodes(known: Mapping[str, Facts]) -> list[Node]:
    return [_node(arn, facts) for arn, facts in known.items()]


def _node(arn: str, facts: Facts) -> Node:
    state = "running" if facts.get("State") == "ENABLED" else "stopped"
    cfg = {"meta": facts.get("ScheduleExpression", ""), "state": state}
    return Node(arn, "schedule", arn.rpartition("/")[2], "sources", cfg)


def _edges(known: Mapping[str, Facts]) -> list[Edge]:
    found = []
    for arn, facts in known.items():
        target = facts["target"]
        found.append(Edge(arn, target["Arn"], "target"))
        if target.get("DeadLetter"):
            found.append(Edge(arn, target["DeadLetter"], "dlq"))
    return found
