"""Names for ARNs: ``queue:orders`` in a document, the ARN in a sandbox. Pure.

A mark is a kind and a handle: ``queue:orders``, ``topic:orders``, ``bus:shop``,
``rule:shop/big``, ``schedule:nightly``, ``function:price``, ``pipe:tickets``, ``alarm:dead``. A
handle is the name; where several of a kind have it, ``orders@eu-west-1`` or
``orders@402177851930/eu-west-1``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, TypeVar

from dashboard.scenarios.document import Placed, Queue, Scenario
from dashboard.scenarios.routes import DEFAULT_BUS, DEFAULT_GROUP, Bus, Schedule, Topic
from dashboard.scenarios.work import Alarm, Function, Pipe
from messaging.kernel.arns import build_arn

Thing = TypeVar("Thing", Queue, Topic, Bus, Schedule, Function, Pipe, Alarm, Placed)

MARK: Final = "queue:"
_MARKS: Final[Mapping[type, str]] = {
    Queue: MARK,
    Topic: "topic:",
    Bus: "bus:",
    Schedule: "schedule:",
    Function: "function:",
    Pipe: "pipe:",
    Alarm: "alarm:",
}
_RESOURCES: Final[Mapping[type, tuple[str, str]]] = {
    Queue: ("sqs", ""),
    Topic: ("sns", ""),
    Bus: ("events", "event-bus/"),
    Function: ("lambda", "function:"),
    Pipe: ("pipes", "pipe/"),
    Alarm: ("cloudwatch", "alarm:"),
}
_RULE: Final = "rule:"
_ALL: Final = (*_MARKS.values(), _RULE)


def handles_of(things: Sequence[Placed], numbers: Sequence[str]) -> list[str]:
    """Return a handle for each of a kind; ``numbers`` are those of the accounts."""
    names = Counter(_name(one) for one in things)
    places = Counter((_name(one), one.region) for one in things)
    return [
        _name(one)
        if names[_name(one)] == 1
        else f"{_name(one)}@{one.region}"
        if places[_name(one), one.region] == 1
        else f"{_name(one)}@{numbers[one.account]}/{one.region}"
        for one in things
    ]


def arn_of(one: Placed, numbers: Sequence[str]) -> str:
    """Return the ARN that a thing has in its account and Region."""
    service, resource = _resource(one)
    return build_arn(service, region=one.region, account=numbers[one.account], resource=resource)


def rule_arn(bus_arn: str, name: str) -> str:
    """Return the ARN of a bus's rule."""
    head, _, bus = bus_arn.partition("event-bus/")
    return f"{head}rule/{name}" if bus == DEFAULT_BUS else f"{head}rule/{bus}/{name}"


def marks_of(things: Sequence[Thing], numbers: Sequence[str]) -> dict[str, Thing]:
    """Return all of a kind by their marks."""
    handles = handles_of(things, numbers)
    return {_MARKS[type(one)] + handle: one for handle, one in zip(handles, things, strict=True)}


def rule_mark(bus: str, name: str) -> str:
    """Return the mark of a rule of the bus with this mark."""
    return f"{_RULE}{bus.removeprefix(_MARKS[Bus])}/{name}"


def arns_of(scenario: Scenario, numbers: Sequence[str]) -> dict[str, str]:
    """Return the ARN for each mark of a document."""
    found: dict[str, str] = {}
    kinds: tuple[Sequence[Placed], ...] = (
        scenario.queues, scenario.topics, scenario.buses, scenario.schedules, scenario.functions,
        scenario.pipes, scenario.alarms,
    )  # fmt: skip
    for things in kinds:
        for mark, one in marks_of(things, numbers).items():
            arn = found[mark] = arn_of(one, numbers)
            for rule in one.rules if isinstance(one, Bus) else ():
                found[rule_mark(mark, rule.name)] = rule_arn(arn, rule.name)
    return found


def lost(value: object, arns: Mapping[str, str]) -> str:
    """Return the mark that a value is, where nothing in the document has it; else nothing."""
    return value if isinstance(value, str) and value.startswith(_ALL) and value not in arns else ""


def with_arns(value: Any, arns: Mapping[str, str]) -> Any:
    """Return a value with an ARN for each known mark."""
    return _replaced(value, arns)


def in_marks(scenario: Scenario, arns: Mapping[str, str]) -> Scenario:
    """Return a scenario with a mark for each ARN of what is known, wherever it stands."""
    marks = {arn: mark for mark, arn in arns.items()}
    parts = (
        "queues", "topics", "buses", "schedules", "functions", "pipes", "alarms", "actors",
    )  # fmt: skip
    changed: dict[str, Any] = {part: _marked(getattr(scenario, part), marks) for part in parts}
    return replace(scenario, **changed)


def _marked(value: Any, marks: Mapping[str, str]) -> Any:
    """Return a part with marks, those of its parts included."""
    if isinstance(value, tuple):
        return tuple(_marked(each, marks) for each in value)
    if not is_dataclass(value):
        return _replaced(value, marks)
    found = {one.name: _marked(getattr(value, one.name), marks) for one in fields(value)}
    return replace(value, **found)  # type: ignore[type-var]


def _name(one: Placed) -> str:
    is_grouped = isinstance(one, Schedule) and one.group != DEFAULT_GROUP
    return f"{one.group}/{one.name}" if is_grouped else one.name  # type: ignore[union-attr]


def _resource(one: Placed) -> tuple[str, str]:
    if isinstance(one, Schedule):
        return "scheduler", f"schedule/{one.group}/{one.name}"
    service, resource = _RESOURCES[type(one)]
    return service, resource + one.name


def _replaced(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return words.get(value, value)
    if isinstance(value, Mapping):
        return {key: _replaced(each, words) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, words) for each in value]
    return value
