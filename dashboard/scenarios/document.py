"""The scenario document: what it says, and how it is written. Pure.

A document names things and never numbers them: ``queue:orders`` is the queue of that name in the
account where the document is built. ``reading.read(write(x)) == x``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dashboard.scenarios.parts import in_words

# 2 has faults and binary message attributes; a document of version 1 is read as it was written.
VERSION: Final = 2
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

    ``target`` is ``queue:orders`` or ``actor:worker``.
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
            _filled(number=one.number, regions=list(one.regions)) for one in scenario.accounts
        ],
        "queues": [_queue_object(queue, scenario.accounts) for queue in scenario.queues],
        "actors": [
            _filled(kind=one.kind, name=one.name, settings=dict(one.settings))
            | ({} if one.running else {"running": False})
            for one in scenario.actors
        ],
        "messages": [
            _filled(queue=one.queue, body=one.body, group=one.group, delay=one.delay,
                    attributes={name: dict(value) for name, value in one.attributes.items()})
            for one in scenario.messages
        ],
        "faults": [
            _filled(kind=one.kind, target=one.target, settings=dict(sorted(one.settings.items())))
            for one in scenario.faults
        ],
        "layout": {"pins": pins} if pins else None,
    }  # fmt: skip
    return {name: value for name, value in whole.items() if value not in (None, "", [])}


def _queue_object(queue: Queue, accounts: tuple[Account, ...]) -> dict[str, Any]:
    home = accounts[queue.account]
    return _filled(
        name=queue.name,
        region="" if queue.region == home.regions[0] else queue.region,
        account=home.number if queue.account else "",
        attributes=dict(queue.attributes),
        tags=dict(sorted(queue.tags.items())),
    )


def _filled(**values: Any) -> dict[str, Any]:
    """Return what is not empty."""
    return {name: value for name, value in values.items() if value not in ("", 0, {}, [])}
