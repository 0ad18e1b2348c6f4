"""Buses and rules as nodes and edges of the map."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from messaging.events.domain.names import bus_name, last_name
from messaging.events.domain.rules import DISABLED, ENABLED
from messaging.events.domain.summaries import summary
from messaging.kernel.topology import Edge, Node

_TOLD: Final = ("pattern", "schedule", "state", "description", "role")


@dataclass(frozen=True, slots=True)
class BusState:
    """What is known of a bus."""

    created_at: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    policy: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleState:
    """What is known of a rule; ``since`` is from when its rate counts."""

    bus: str
    created_at: int
    created_by: str = ""
    since: int = 0
    pattern: str = ""
    schedule: str = ""
    state: str = ENABLED
    description: str = ""
    role: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[Mapping[str, Any], ...] = ()

    def told(self, at: int, data: Mapping[str, Any]) -> "RuleState":
        """Return the rule after PutRule."""
        return replace(self, since=at, **{name: data[name] for name in _TOLD})


@dataclass(slots=True)
class State:
    """Every bus and every rule, by ARN."""

    buses: dict[str, BusState] = field(default_factory=dict)
    rules: dict[str, RuleState] = field(default_factory=dict)

    def copy(self) -> "State":
        return State(dict(self.buses), dict(self.rules))


def nodes_of(state: State) -> list[Node]:
    """Return the buses, then the rules."""
    count: dict[str, int] = {}
    for rule in state.rules.values():
        count[rule.bus] = count.get(rule.bus, 0) + 1
    buses = [_bus(arn, count.get(arn, 0)) for arn in state.buses]
    return buses + [_rule(arn, rule) for arn, rule in state.rules.items()]


def edges_of(state: State) -> list[Edge]:
    """Return what leads from buses to rules, and from rules to targets and dead-letter queues."""
    return [edge for arn, rule in state.rules.items() for edge in _edges(arn, rule)]


def _bus(arn: str, rules: int) -> Node:
    _, _, _, region, account, _ = arn.split(":", 5)
    meta = "1 rule" if rules == 1 else f"{rules} rules"
    cfg = {"region": region, "account": account, "meta": meta}
    return Node(arn, "bus", bus_name(arn), "routing", cfg)


def _rule(arn: str, rule: RuleState) -> Node:
    _, _, _, region, account, _ = arn.split(":", 5)
    is_off = rule.state == DISABLED
    cfg = {
        "region": region,
        "account": account,
        "bus": rule.bus,
        "off": is_off,
        "schedule": rule.schedule,
        "meta": "disabled" if is_off else rule.schedule or summary(rule.pattern),
    }
    return Node(arn, "rule", last_name(arn), "filters", cfg)


def _edges(arn: str, rule: RuleState) -> Iterator[Edge]:
    if rule.pattern:
        yield Edge(rule.bus, arn, "rule")
    seen = set()
    for target in rule.targets:
        dlq = (target.get("DeadLetterConfig") or {}).get("Arn")
        for other, kind in ((target["Arn"], "target"), (dlq, "dlq")):
            if other and (other, kind) not in seen:
                seen.add((other, kind))
                yield Edge(arn, other, kind, "failed" if kind == "dlq" else "")
