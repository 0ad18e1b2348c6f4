"""The rules of a bus with their targets, and its archives, in memory: read once per configuration.

Whether an event matches is asked of all enabled rules at once (``PatternIndex``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from messaging.events.domain.entries import Event
from messaging.events.domain.names import bus_of_rule
from messaging.events.domain.retries import Policy
from messaging.events.domain.targets import renderer
from messaging.events.limits import EVENT_AGE_S_MAX, RETRIES_MAX
from messaging.events.store.buses import read_json
from messaging.kernel.context import Context
from messaging.kernel.listening import Listener, listeners
from messaging.patterns.index import PatternIndex
from messaging.patterns.parsing import parse

DISABLED: Final = "DISABLED"
_RULES: Final = (
    "SELECT id, arn, name, pattern, state FROM events_rule"
    " WHERE sandbox=%s AND bus_arn=%s ORDER BY id"
)
_TARGETS: Final = "SELECT name, arn, config FROM events_target WHERE rule_id=%s ORDER BY id"
_ARCHIVES: Final = (
    "SELECT id, arn, pattern, retention_days FROM events_archive"
    " WHERE sandbox=%s AND bus_arn=%s ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """A target: what it gets of an event, how long it is tried, and where what fails goes."""

    name: str
    arn: str
    service: str
    config: dict[str, Any]
    render: Callable[[Event], str]
    policy: Policy
    dlq: str


@dataclass(frozen=True, slots=True)
class RuleRecord:
    id: int
    arn: str
    name: str
    bus_arn: str
    targets: tuple[TargetRecord, ...]

    def target(self, name: str) -> TargetRecord | None:
        return next((each for each in self.targets if each.name == name), None)


@dataclass(frozen=True, slots=True)
class ArchiveRecord:
    id: int
    arn: str
    retention_days: int


@dataclass(frozen=True, slots=True)
class Routes:
    """Where the events of a bus go. ``everything`` are archives without a pattern.

    ``listeners`` are other services that hear all of them.
    """

    rules: dict[str, RuleRecord]
    index: PatternIndex[str]
    archives: dict[str, ArchiveRecord]
    archived: PatternIndex[str]
    everything: list[str] = field(default_factory=list)
    listeners: tuple[Listener, ...] = ()


def of_bus(ctx: Context, bus_arn: str) -> Routes:
    """Return the routes of a bus."""
    cache: dict[str, Routes] = ctx.world.caches.setdefault("events.routes", {})
    found = cache.get(bus_arn)
    if found is None:
        found = cache[bus_arn] = _load(ctx, bus_arn)
    return found


def rule(ctx: Context, arn: str) -> RuleRecord | None:
    """Return a rule by its ARN, enabled or not."""
    bus_arn = bus_of_rule(arn)
    return of_bus(ctx, bus_arn).rules.get(arn) if bus_arn else None


def _load(ctx: Context, bus_arn: str) -> Routes:
    ctx.write()
    rules: dict[str, RuleRecord] = {}
    index: PatternIndex[str] = PatternIndex()
    for rule_id, arn, name, pattern, state in ctx.db.read(_RULES, (ctx.sandbox, bus_arn)):
        rows = ctx.db.read(_TARGETS, (rule_id,))
        targets = tuple(_target(*row, rule=arn, rule_name=name) for row in rows)
        rules[arn] = RuleRecord(rule_id, arn, name, bus_arn, targets)
        if pattern and state != DISABLED:
            index.put(arn, parse(pattern))
    routes = Routes(rules, index, {}, PatternIndex(), listeners=listeners(ctx, bus_arn))
    for archive_id, arn, pattern, days in ctx.db.read(_ARCHIVES, (ctx.sandbox, bus_arn)):
        routes.archives[arn] = ArchiveRecord(archive_id, arn, days)
        if pattern:
            routes.archived.put(arn, parse(pattern))
        else:
            routes.everything.append(arn)
    return routes


def _target(name: str, arn: str, stored: Any, *, rule: str, rule_name: str) -> TargetRecord:
    config: dict[str, Any] = read_json(stored)
    policy = config.get("RetryPolicy") or {}
    retries, age_s = policy.get("MaximumRetryAttempts"), policy.get("MaximumEventAgeInSeconds")
    return TargetRecord(
        name, arn, arn.split(":", 3)[2], config, renderer(config, rule=rule, name=rule_name),
        Policy(RETRIES_MAX if retries is None else retries, age_s or EVENT_AGE_S_MAX),
        (config.get("DeadLetterConfig") or {}).get("Arn") or "",
    )  # fmt: skip
