"""What each kind of resource is to the console; a new kind is one entry here."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dashboard.resources import alarms, buses, functions, pipes, schedules, topics
from dashboard.resources.desk import Desk
from dashboard.resources.telling import Section
from dashboard.wording import later as _
from messaging import registry
from messaging.kernel.arns import parse_arn


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource: how its ARN ends, its words, the call that one makes first.

    ``fill`` returns parameters that are known of any call that concerns it; ``remove`` is the call
    that deletes it.
    """

    service: str
    resource: re.Pattern[str]
    word: str
    glyph: str
    main: str
    main_word: str
    tell: Callable[[Desk], list[Section]]
    fill: Callable[[Desk], dict[str, Any]]
    remove: str
    hides: frozenset[str] = field(default_factory=frozenset)


KINDS: Final = (
    Kind(
        "sns", re.compile(r"[^:/]+"), _("SNS topic"), "topic",
        "Publish", _("Publish"), topics.tell, topics.fill, "DeleteTopic",
    ),
    Kind(
        "cloudwatch", re.compile(r"alarm:.+"), _("CloudWatch alarm"), "alarm",
        "SetAlarmState", _("Set state"), alarms.tell, alarms.fill, "DeleteAlarms",
    ),
    Kind(
        "events", re.compile(r"event-bus/.+"), _("event bus"), "bus",
        "PutEvents", _("Put events"), buses.tell, buses.fill, "DeleteEventBus",
    ),
    Kind(
        "events", re.compile(r"rule/.+"), _("rule of an event bus"), "rule",
        "PutTargets", _("Targets"), buses.tell_rule, buses.fill_rule, "DeleteRule",
    ),
    Kind(
        "scheduler", re.compile(r"schedule/.+"), _("schedule"), "schedule",
        "UpdateSchedule", _("Change"), schedules.tell, schedules.fill, "DeleteSchedule",
    ),
    Kind(
        "pipes", re.compile(r"pipe/.+"), _("pipe"), "pipe",
        "UpdatePipe", _("Change"), pipes.tell, pipes.fill, "DeletePipe",
    ),
    Kind(
        "lambda", re.compile(r"function:[^:]+"), _("Lambda function"), "function",
        "Invoke", _("Invoke"), functions.tell, functions.fill, "DeleteFunction",
    ),
)  # fmt: skip


def kind_of(arn: str) -> Kind | None:
    """Return the kind of a resource; None where there is no panel for it."""
    parsed = parse_arn(arn)
    for kind in KINDS:
        if kind.service == parsed.service and kind.resource.fullmatch(parsed.resource):
            return kind
    return None


def operations(service: str) -> list[str]:
    """Return the operations of a service that the engine models, by name."""
    found = registry.service_named(service)
    return sorted(found.operations) if found is not None else []


def grouped(service: str) -> Mapping[str, list[str]]:
    """Return the operations by what they do: make and change, look, send, delete."""
    groups: dict[str, list[str]] = {}
    for name in operations(service):
        groups.setdefault(_group(name), []).append(name)
    order = [str(title) for title, _ in _GROUPS] + [str(_OTHERS)]
    return {title: groups[title] for title in order if title in groups}


_OTHERS: Final = _("Other calls")
_GROUPS: Final = (
    (_("Send"), re.compile(r"Publish|PutEvents|Invoke|PutRecord|Start|Test")),
    (_("Make and change"), re.compile(r"Create|Put|Set|Update|Subscribe|Confirm|Add|Enable|Tag")),
    (_("Look"), re.compile(r"Get|List|Describe|Check|Search")),
    (_("Take away"), re.compile(r"Delete|Remove|Unsubscribe|Disable|Untag|Cancel|Stop")),
)


def _group(name: str) -> str:
    return next((str(title) for title, verb in _GROUPS if verb.match(name)), str(_OTHERS))
