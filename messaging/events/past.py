"""Buses and rules of the past, folded from the log, and put back in a copy of their sandbox."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.db.models import Count, Sum

from messaging.events.domain.names import last_name
from messaging.events.domain.rules import DISABLED, read_schedule
from messaging.events.models import (
    ApiDestination,
    Archive,
    ArchivedEvent,
    Connection,
    EventBus,
    LogLine,
    PartnerSource,
    Rule,
    Target,
)
from messaging.events.models import Replay as ReplayRow
from messaging.events.picture import BusState, RuleState, State, edges_of, nodes_of
from messaging.kernel.batch import Batch
from messaging.kernel.ids import compose
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.schedules.expressions import Rate
from messaging.kernel.topology import Edge, Node
from messaging.kernel.world import World


def state_of(sandbox: int) -> State:
    """Return the buses and rules as they are."""
    state = State()
    for bus in EventBus.objects.filter(sandbox=sandbox).order_by("id"):
        state.buses[bus.arn] = BusState(bus.created_at, bus.settings, bus.policy, bus.tags)
    targets: dict[int, list[Mapping[str, Any]]] = {}
    for target in Target.objects.filter(sandbox=sandbox).order_by("id"):
        targets.setdefault(target.rule_id, []).append(target.config)
    for rule in Rule.objects.filter(sandbox=sandbox).order_by("id"):
        state.rules[rule.arn] = RuleState(
            rule.bus_arn, rule.created_at, rule.created_by, _phase(rule), rule.pattern,
            rule.schedule, rule.state, rule.description, rule.role, rule.tags,
            tuple(targets.get(rule.pk, ())),
        )  # fmt: skip
    return state


class Replay:
    """Folds what the log tells of buses and rules."""

    kinds: Final = frozenset({
        "events.BusChanged", "events.BusCreated", "events.BusDeleted", "events.PolicySet",
        "events.RuleChanged", "events.RuleCreated", "events.RuleDeleted", "events.RuleStateSet",
        "events.TagsSet", "events.TargetsSet",
    })  # fmt: skip
    emptied: Final[frozenset[str]] = frozenset()

    def __init__(self, state: State | None = None) -> None:
        self._state = state or State()

    @classmethod
    def now(cls, sandbox: int) -> "Replay":
        """Start with what there is."""
        return cls(state_of(sandbox))

    def copy(self) -> "Replay":
        """Return what goes on by itself from here; states are never changed in place."""
        return Replay(self._state.copy())

    def drop(self, node: str) -> None:
        """Forget what was not there yet."""
        self._state.buses.pop(node, None)
        self._state.rules.pop(node, None)

    def assume(self, node: str) -> None:
        """Nothing is known of what has only its ARN left."""

    def take(self, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        """Fold one event; return whether nodes or edges may look different now."""
        if kind == "events.RuleCreated":
            self._state.rules[arn] = RuleState(
                data["bus"], at, arn.split(":")[4], tags=data.get("tags", {})
            ).told(at, data)
        elif kind == "events.BusCreated":
            tags = data.get("tags", {})
            self._state.buses[arn] = BusState(at, data["settings"], tags=tags)
        elif kind in ("events.RuleDeleted", "events.BusDeleted"):
            self.drop(arn)
        elif arn in self._state.rules:
            return self._change_rule(at, kind, arn, data)
        elif arn in self._state.buses:
            return self._change_bus(kind, arn, data)
        else:
            return False
        return True

    def nodes(self) -> list[Node]:
        return nodes_of(self._state)

    def edges(self) -> list[Edge]:
        return edges_of(self._state)

    def settings(self, node: str) -> dict[str, Any]:
        """Return how a rule or a bus is set."""
        rule, bus = self._state.rules.get(node), self._state.buses.get(node)
        if rule is not None:
            shown = {"EventPattern": rule.pattern, "ScheduleExpression": rule.schedule}
            return {name: text for name, text in shown.items() if text} | {"State": rule.state}
        if bus is None:
            return {}
        return {**bus.settings, **({"Policy": bus.policy} if bus.policy else {})}

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Put the rows of a copy back; of archives what they have kept since is taken out."""
        for table in (Target, Rule, EventBus):
            table._default_manager.filter(sandbox=world.id).delete()
        for arn, bus in self._state.buses.items():
            _put_bus(world, arn, bus)
        for arn, rule in self._state.rules.items():
            _put_rule(world, arn, rule, moment.at)
        _take_out(world.id, moment.at)
        return Losses()

    def _change_rule(self, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        rule = self._state.rules[arn]
        if kind == "events.RuleChanged":
            rule = rule.told(at, data)
        elif kind == "events.RuleStateSet":
            rule = replace(rule, state=data["state"], since=at)
        elif kind == "events.TargetsSet":
            rule = replace(rule, targets=tuple(data["targets"]))
        elif kind == "events.TagsSet":
            rule = replace(rule, tags=data["tags"])
        else:
            return False
        self._state.rules[arn] = rule
        return True

    def _change_bus(self, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        fields = {"events.BusChanged": "settings", "events.PolicySet": "policy"}
        field = {**fields, "events.TagsSet": "tags"}.get(kind)
        if field is None:
            return False
        self._state.buses[arn] = replace(self._state.buses[arn], **{field: data[field]})
        return True


def _phase(rule: Rule) -> int:
    """Return a moment from which the rate of a rule counts."""
    schedule = read_schedule(rule.schedule) if rule.schedule else None
    if isinstance(schedule, Rate) and rule.next_at is not None:
        return rule.next_at % schedule.every_ms
    return rule.created_at


def _put_bus(world: World, arn: str, bus: BusState) -> None:
    _, _, _, region, account, resource = arn.split(":", 5)
    EventBus.objects.create(
        id=_new_id(world), sandbox=world.id, account=account, region=region,
        name=resource.partition("/")[2], arn=arn, settings=dict(bus.settings), policy=bus.policy,
        tags=dict(bus.tags), created_at=bus.created_at, modified_at=bus.created_at,
    )  # fmt: skip


def _put_rule(world: World, arn: str, rule: RuleState, now: int) -> None:
    next_at = None
    if rule.schedule and rule.state != DISABLED:
        next_at = read_schedule(rule.schedule).next_after(now, since_ms=rule.since)
    row = Rule.objects.create(
        id=_new_id(world), sandbox=world.id, bus_arn=rule.bus, name=last_name(arn), arn=arn,
        pattern=rule.pattern, schedule=rule.schedule, state=rule.state,
        description=rule.description, role=rule.role, tags=dict(rule.tags),
        created_by=rule.created_by, created_at=rule.created_at, next_at=next_at,
    )  # fmt: skip
    for config in rule.targets:
        Target.objects.create(
            id=_new_id(world), sandbox=world.id, rule_id=row.pk, name=config["Id"],
            arn=config["Arn"], config=dict(config),
        )  # fmt: skip


def _take_out(sandbox: int, at: int) -> None:
    """Forget what was made or kept after a moment."""
    for table in (ApiDestination, Archive, Connection, PartnerSource):
        table._default_manager.filter(sandbox=sandbox, created_at__gt=at).delete()
    ReplayRow.objects.filter(sandbox=sandbox, started_at__gt=at).delete()
    LogLine.objects.filter(sandbox=sandbox, at__gt=at).delete()
    ArchivedEvent.objects.filter(sandbox=sandbox, kept_at__gt=at).delete()
    kept = ArchivedEvent.objects.filter(sandbox=sandbox).values("archive_id").order_by()
    sums = {row["archive_id"]: row for row in kept.annotate(n=Count("id"), size_sum=Sum("size"))}
    for archive in Archive.objects.filter(sandbox=sandbox):
        row = sums.get(archive.pk, {"n": 0, "size_sum": 0})
        archive.event_count, archive.size_bytes = row["n"], row["size_sum"]
        archive.save(update_fields=["event_count", "size_bytes"])


def _new_id(world: World) -> int:
    world.last_id += 1
    return compose(world.id, world.last_id)
