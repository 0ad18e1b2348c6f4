"""The parts of a document that work by themselves: functions, pipes, alarms. Pure.

What a function does is its ``behaviour``; queues feed it by ``mappings``. Patterns of filters are
objects, or texts where an object would not be written the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dashboard.scenarios.routes import filled, in_order

RULE: Final = "AlarmRule"
ACTIONS: Final = ("AlarmActions", "InsufficientDataActions", "OKActions")


@dataclass(frozen=True, slots=True)
class Source:
    """A queue that feeds a function."""

    queue: str
    filters: tuple[Any, ...] = ()
    enabled: bool = True
    settings: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of Lambda, with the settings that differ, and who may invoke it."""

    name: str
    region: str
    account: int = 0
    behaviour: str = ""
    role: str = ""
    reserved: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    asynchronous: Mapping[str, Any] = field(default_factory=dict)
    permissions: tuple[Mapping[str, Any], ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    mappings: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipe:
    """A pipe from a queue, by its filters and a function that enriches, to its target."""

    name: str
    region: str
    source: str
    target: str
    account: int = 0
    filters: tuple[Any, ...] = ()
    enrichment: str = ""
    role: str = ""
    running: bool = True
    settings: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm of CloudWatch: a composite one where its settings have a rule, else on a metric."""

    name: str
    region: str
    account: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


def function_object(one: Function) -> dict[str, Any]:
    found = filled(
        behaviour=one.behaviour,
        role=one.role,
        settings=in_order(one.settings),
        asynchronous=in_order(one.asynchronous),
        permissions=[in_order(each) for each in one.permissions],
        tags=dict(sorted(one.tags.items())),
        mappings=[_source_object(source) for source in one.mappings],
    )
    return found if one.reserved is None else {"reserved": one.reserved} | found


def pipe_object(one: Pipe) -> dict[str, Any]:
    ends = {"from": one.source}
    found = filled(
        filters=list(one.filters),
        enrichment=one.enrichment,
        to=one.target,
        role=one.role,
        settings=in_order(one.settings),
        tags=dict(sorted(one.tags.items())),
    )
    return ends | found | ({} if one.running else {"running": False})


def alarm_object(one: Alarm) -> dict[str, Any]:
    return filled(settings=in_order(one.settings), tags=dict(sorted(one.tags.items())))


def by_need(alarms: Sequence[Alarm]) -> list[Alarm]:
    """Return alarms so that each follows those that its rule names; those that circle come last."""
    found = [one for one in alarms if RULE not in one.settings]
    left = [one for one in alarms if RULE in one.settings]
    while left:
        ready = [one for one in left if not any(_needs(one, other) for other in left)] or left
        found += ready
        left = [one for one in left if one not in ready]
    return found


def _needs(one: Alarm, other: Alarm) -> bool:
    is_near = (one.account, one.region) == (other.account, other.region)
    named = rf"(?<![\w-]){re.escape(other.name)}(?![\w-])"
    return is_near and one is not other and bool(re.search(named, str(one.settings[RULE])))


def _source_object(one: Source) -> dict[str, Any]:
    found = filled(
        filters=list(one.filters),
        settings=in_order(one.settings),
        tags=dict(sorted(one.tags.items())),
    )
    return {"from": one.queue} | found | ({} if one.enabled else {"enabled": False})
