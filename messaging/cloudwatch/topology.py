"""How alarms look on the map: plain data, read without side effects."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.cloudwatch import restoring
from messaging.cloudwatch.domain import notices, rules
from messaging.cloudwatch.models import Alarm
from messaging.kernel.arns import build_arn, parse_arn
from messaging.kernel.batch import Batch
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.replaying import Facts, Resources, contents, resting
from messaging.kernel.topology import Edge, Node
from messaging.kernel.world import World

__all__ = ("Replay", "contents", "edges", "nodes", "resting")

_ACTIONS: Final = ("AlarmActions", "OKActions", "InsufficientDataActions")
# What an alarm's metric is about, as an ARN: by the namespace and its one dimension.
_WATCHED: Final = {("AWS/SNS", "TopicName"): "sns", ("AWS/SQS", "QueueName"): "sqs"}


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each alarm."""
    return _nodes(_facts(sandbox))


def edges(sandbox: int) -> list[Edge]:
    """Return an edge from what an alarm looks at to it, and from it to whom it tells."""
    return _edges(_facts(sandbox))


class Replay(Resources):
    """The alarms of the past."""

    kinds = frozenset(
        {
            "cloudwatch.AlarmCreated",
            "cloudwatch.AlarmDeleted",
            "cloudwatch.AlarmStateChanged",
            "cloudwatch.AlarmUpdated",
        }
    )
    gone = "cloudwatch.AlarmDeleted"

    @staticmethod
    def read(sandbox: int) -> dict[str, Facts]:
        """Return state and settings of each alarm."""
        return _facts(sandbox)

    def change(self, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        """Take over an alarm's state, and its settings where an event has them."""
        before = self._known.get(arn)
        if kind == "cloudwatch.AlarmStateChanged":
            if before is not None:
                self._known[arn] = {**before, "state": data["to"]}
            return before is not None
        settings = data.get("settings") or (before or {}).get("settings")
        if settings is not None:
            self._known[arn] = {"state": data["state"], "settings": settings}
        return True

    def nodes(self) -> list[Node]:
        return _nodes(self._known)

    def edges(self) -> list[Edge]:
        return _edges(self._known)

    def settings(self, node: str) -> dict[str, str]:
        """Return an alarm's state and when it goes off."""
        facts = self._known.get(node)
        if facts is None:
            return {}
        named = ("AlarmRule", "MetricName", "ComparisonOperator", "Threshold", "Period")
        found = {name: str(facts["settings"][name]) for name in named if name in facts["settings"]}
        return {"StateValue": str(facts["state"]), **found}

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Let a copy have the alarms of now that were there by then, in the state of then."""
        restoring.restore(world, moment, {arn: one["state"] for arn, one in self._known.items()})
        return Losses()


def _facts(sandbox: int) -> dict[str, Facts]:
    return {
        alarm.arn: {"state": alarm.state, "settings": alarm.settings}
        for alarm in Alarm.objects.filter(sandbox=sandbox).order_by("id")
    }


def _nodes(known: Mapping[str, Facts]) -> list[Node]:
    return [_node(arn, facts) for arn, facts in known.items()]


def _node(arn: str, facts: Facts) -> Node:
    cfg = {"meta": facts["state"], "alarm": facts["state"]}
    return Node(arn, "alarm", arn.partition(":alarm:")[2], "consumers", cfg)


def _edges(known: Mapping[str, Facts]) -> list[Edge]:
    found = []
    for arn, facts in known.items():
        settings = facts["settings"]
        found += [Edge(source, arn, "watch") for source in _sources(arn, settings)]
        actions = {to: None for kind in _ACTIONS for to in settings.get(kind, ())}
        found += [Edge(arn, to, "target") for to in actions]
    return found


def _sources(arn: str, settings: Mapping[str, Any]) -> list[str]:
    """Return what an alarm looks at: queues and topics, or other alarms."""
    place = parse_arn(arn)
    if "AlarmRule" in settings:
        names = rules.alarms_in(rules.parse(settings["AlarmRule"]))
        named = [name.rpartition(":alarm:")[2] for name in names]
        return [arn.partition(":alarm:")[0] + f":alarm:{name}" for name in dict.fromkeys(named)]
    found: dict[str, None] = {}
    for query in notices.queries_of(settings):
        metric = (query.get("MetricStat") or {}).get("Metric") or {}
        for dimension in metric.get("Dimensions") or ():
            service = _WATCHED.get((metric["Namespace"], dimension["Name"]))
            if service is not None:
                found[build_arn(
                    service, region=place.region, account=place.account, resource=dimension["Value"]
                )] = None  # fmt: skip
    return list(found)
