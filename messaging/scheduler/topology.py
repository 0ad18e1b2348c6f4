"""How schedules look on the map: plain data, read without side effects."""

from collections.abc import Mapping

from messaging.kernel.batch import Batch
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.replaying import Facts, Resources, contents, resting
from messaging.kernel.topology import Edge, Node
from messaging.kernel.world import World
from messaging.scheduler.models import Schedule
from messaging.scheduler.rewinding import rewind

__all__ = ("Replay", "contents", "edges", "nodes", "resting")


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each schedule."""
    return _nodes(_facts(sandbox))


def edges(sandbox: int) -> list[Edge]:
    """Return an edge from each schedule to its target, and to its dead-letter queue."""
    return _edges(_facts(sandbox))


class Replay(Resources):
    """The schedules of the past."""

    kinds = frozenset(
        {
            "scheduler.ScheduleCreated",
            "scheduler.ScheduleDeleted",
            "scheduler.ScheduleUpdated",
        }
    )
    gone = "scheduler.ScheduleDeleted"

    @staticmethod
    def read(sandbox: int) -> dict[str, Facts]:
        """Return expression, state and target of each schedule."""
        return _facts(sandbox)

    def nodes(self) -> list[Node]:
        return _nodes(self._known)

    def edges(self) -> list[Edge]:
        return _edges(self._known)

    def settings(self, node: str) -> dict[str, str]:
        """Return a schedule's expression and state."""
        facts = self._known.get(node, {})
        return {name: str(value) for name, value in facts.items() if name.startswith("S")}

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Let a copy have the schedules of now that were there by then, due as they were."""
        for schedule in Schedule.objects.filter(sandbox=world.id):
            if schedule.arn in self._known:
                rewind(schedule, self._known[schedule.arn], moment.at)
            else:
                schedule.delete()
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
