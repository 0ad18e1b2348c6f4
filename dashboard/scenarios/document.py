"""The scenario document: what it says, and how it is written. Pure.

A document names things and never numbers them: ``queue:orders`` is the queue of that name in the
account where the document is built. ``reading.read(write(x)) == x``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dashboard.scenarios import routes, work
from dashboard.scenarios.parts import in_words
from dashboard.scenarios.routes import Bus, Schedule, Topic, filled
from dashboard.scenarios.work import Alarm, Function, Pipe

# 2 has faults and binary message attributes, 3 topics, buses and schedules, 4 functions, pipes,
# alarms and archives; older documents are read as they were written.
VERSION: Final = 4
WITH_FAULTS: Final = 2
WITH_ROUTES: Final = 3
WITH_WORK: Final = 4
OLDEST: Final = 1
HOME_REGION: Final = "eu-central-2"


@dataclass(frozen=True, slots=True)
class Account:
    """An AWS account; without a number (the first one only) it gets a free one."""

    number: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue of an account (by its place in the list), with the attributes that differ."""

    name: str
    region: str
    account: int = 0
    attributes: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actor:
    """A simulated program; its kind checks its settings."""

    kind: str
    name: str
    settings: Mapping[str, Any]
    running: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a queue or an actor; the times count from the start of the sandbox.

    ``target`` is ``actor:worker``, or the mark of a resource, such as ``queue:orders``.
    """

    kind: str
    target: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """A message that lies in a queue at the start; ``queue`` is the queue's handle.

    An attribute has a ``type`` and a ``value``, a binary one ``base64`` in its place.
    """

    queue: str
    body: str
    group: str = ""
    delay: int = 0
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


# What is in an account and a Region and has a name there.
Placed = Queue | Topic | Bus | Schedule | Function | Pipe | Alarm


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything a new sandbox starts with."""

    name: str
    about: str = ""
    seed: int | None = None
    rate: float = 1.0
    paused: bool = False
    accounts: tuple[Account, ...] = (Account("", (HOME_REGION,)),)
    queues: tuple[Queue, ...] = ()
    topics: tuple[Topic, ...] = ()
    buses: tuple[Bus, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    functions: tuple[Function, ...] = ()
    pipes: tuple[Pipe, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    actors: tuple[Actor, ...] = ()
    messages: tuple[Message, ...] = ()
    faults: tuple[Fault, ...] = ()
    pins: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def write(scenario: Scenario) -> str:
    """Return the document as text, in a fixed order and without what is empty."""
    return in_words(
        lambda: json.dumps(as_object(scenario), ensure_ascii=False, indent=2, allow_nan=False)
    ) + "\n"  # fmt: skip


def as_object(scenario: Scenario) -> dict[str, Any]:
    """Return the document as JSON has it."""
    pins = {name: list(place) for name, place in sorted(scenario.pins.items())}
    clock = {"rate": scenario.rate, "paused": scenario.paused}
    whole = {
        "signalbox": VERSION,
        "name": scenario.name,
        "about": scenario.about,
        "seed": scenario.seed,
        "clock": clock if clock != {"rate": 1.0, "paused": False} else None,
        "accounts": [
            filled(number=one.number, regions=list(one.regions)) for one in scenario.accounts
        ],
        **_resources(scenario),
        "actors": [
            filled(kind=one.kind, name=one.name, settings=dict(one.settings))
            | ({} if one.running else {"running": False})
            for one in scenario.actors
        ],
        "messages": [
            filled(queue=one.queue, body=one.body, group=one.group, delay=one.delay,
                    attributes={name: dict(value) for name, value in one.attributes.items()})
            for one in scenario.messages
        ],
        "faults": [
            filled(kind=one.kind, target=one.target, settings=dict(sorted(one.settings.items())))
            for one in scenario.faults
        ],
        "layout": {"pins": pins} if pins else None,
    }  # fmt: skip
    return {name: value for name, value in whole.items() if value not in (None, "", [])}


def _resources(scenario: Scenario) -> dict[str, Any]:
    numbers = [one.number for one in scenario.accounts]

    def placed(one: Placed, **more: Any) -> dict[str, Any]:
        home = scenario.accounts[one.account]
        place = filled(
            region="" if one.region == home.regions[0] else one.region,
            account=home.number if one.account else "",
        )
        return {"name": one.name} | place | filled(**more)

    def described(one: Queue | Topic | Bus, **more: Any) -> dict[str, Any]:
        tags = dict(sorted(one.tags.items()))
        is_bus = isinstance(one, Bus)
        attributes = routes.in_order(one.attributes) if is_bus else dict(one.attributes)
        return placed(one, attributes=attributes, tags=tags, **more)

    return {
        "queues": [described(queue) for queue in scenario.queues],
        "topics": [
            described(topic, subscriptions=[
                routes.subscription_object(one, numbers) for one in topic.subscriptions
            ])
            for topic in scenario.topics
        ],
        "buses": [
            described(
                bus,
                rules=[routes.rule_object(rule) for rule in bus.rules],
                archives=[routes.archive_object(archive) for archive in bus.archives],
            )
            for bus in scenario.buses
        ],
        "schedules": [
            placed(schedule, **routes.schedule_object(schedule)) for schedule in scenario.schedules
        ],
        "functions": [placed(one) | work.function_object(one) for one in scenario.functions],
        "pipes": [placed(one) | work.pipe_object(one) for one in scenario.pipes],
        "alarms": [placed(one) | work.alarm_object(one) for one in scenario.alarms],
    }  # fmt: skip
