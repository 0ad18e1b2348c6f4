"""The parts of a document that hand messages on: topics, buses with rules, schedules. Pure.

What they lead to is named as everything else: ``queue:orders``, ``topic:orders``, ``bus:shop``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

DEFAULT_BUS: Final = "default"
DEFAULT_GROUP: Final = "default"
ENABLED: Final = "ENABLED"
INPUT: Final = "Input"
_TEXTS: Final = (INPUT, "Policy")


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a topic hands its messages to; ``account`` is who subscribed, where it is another."""

    protocol: str
    endpoint: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of an account (by its place in the list), with the attributes that differ."""

    name: str
    region: str
    account: int = 0
    attributes: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    subscriptions: tuple[Subscription, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a rule or a schedule leads; ``settings`` is all else that AWS has of a target."""

    to: str
    id: str = ""
    role: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with a pattern, a schedule, or both."""

    name: str
    pattern: Mapping[str, Any] | None = None
    schedule: str = ""
    state: str = ENABLED
    description: str = ""
    role: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Archive:
    """What keeps a bus's events, for some days or (0) for ever."""

    name: str
    pattern: Mapping[str, Any] | None = None
    days: int = 0
    description: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Bus:
    """An event bus with rules and archives; ``default`` is there without being made."""

    name: str
    region: str
    account: int = 0
    attributes: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    archives: tuple[Archive, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule of EventBridge Scheduler; its group is made with it."""

    name: str
    region: str
    expression: str
    target: Target
    account: int = 0
    group: str = DEFAULT_GROUP
    settings: Mapping[str, Any] = field(default_factory=dict)


def subscription_object(one: Subscription, numbers: list[str]) -> dict[str, Any]:
    return filled(
        protocol=one.protocol,
        endpoint=one.endpoint,
        account="" if one.account is None else numbers[one.account],
        attributes=dict(one.attributes),
    )


def rule_object(rule: Rule) -> dict[str, Any]:
    return filled(
        name=rule.name,
        pattern={} if rule.pattern is None else dict(rule.pattern),
        schedule=rule.schedule,
        state="" if rule.state == ENABLED else rule.state,
        description=rule.description,
        role=rule.role,
        tags=dict(sorted(rule.tags.items())),
        targets=[target_object(target) for target in rule.targets],
    )


def archive_object(archive: Archive) -> dict[str, Any]:
    return filled(
        name=archive.name,
        pattern={} if archive.pattern is None else dict(archive.pattern),
        days=archive.days,
        description=archive.description,
        key=archive.key,
    )


def target_object(target: Target) -> dict[str, Any]:
    return filled(id=target.id, to=target.to, role=target.role, settings=in_order(target.settings))


def schedule_object(schedule: Schedule) -> dict[str, Any]:
    return filled(
        expression=schedule.expression,
        group="" if schedule.group == DEFAULT_GROUP else schedule.group,
        target=target_object(schedule.target),
        settings=in_order(schedule.settings),
    )


def in_order(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings by name, as deep as they go: one database keeps no order of its own.

    An input and a policy are texts that are shown as objects; their order is their text's.
    """
    return {
        name: value if name in _TEXTS else _sorted(value)
        for name, value in sorted(settings.items())
    }


def filled(**values: Any) -> dict[str, Any]:
    """Return what is not empty."""
    return {name: value for name, value in values.items() if value not in ("", 0, {}, [])}


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value
