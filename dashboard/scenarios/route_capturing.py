"""Reading back what hands messages on: topics, buses with rules, schedules; ARNs stay ARNs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from dashboard.scenarios.looking import Look, tags_of
from dashboard.scenarios.route_attributes import (
    OF_SCHEDULED,
    OF_SCHEDULES,
    OF_SUBSCRIPTIONS,
    OF_TOPICS,
    differing,
    settable,
)
from dashboard.scenarios.route_building import role_of
from dashboard.scenarios.routes import (
    ENABLED,
    Archive,
    Bus,
    Rule,
    Schedule,
    Subscription,
    Target,
    Topic,
)
from messaging import registry
from messaging.kernel.arns import parse_arn

_OF_BUSES: Final = ("DeadLetterConfig", "Description", "KmsKeyIdentifier", "LogConfig")
_BESIDE: Final = ("Arn", "Id", "RoleArn")
_OF_TIMES: Final = (
    "ActionAfterCompletion", "Description", "EndDate", "FlexibleTimeWindow", "KmsKeyArn",
    "ScheduleExpressionTimezone", "StartDate", "State",
)  # fmt: skip


def topics(look: Look, numbers: Sequence[str]) -> tuple[Topic, ...]:
    """Return the topics with their subscriptions."""
    found = []
    for node in look.nodes("sns", "topic"):
        arn = parse_arn(node.id)
        shown = look.at(node.id, "GetTopicAttributes", TopicArn=node.id)["Attributes"]
        tags = tags_of(look.at(node.id, "ListTagsForResource", ResourceArn=node.id))
        subscriptions = tuple(
            _subscription(look, each, numbers) for each in _subscriptions(look, node.id)
        )
        found.append(Topic(
            arn.resource, arn.region, numbers.index(arn.account), settable(shown, OF_TOPICS), tags,
            subscriptions,
        ))  # fmt: skip
    return tuple(found)


def buses(look: Look, numbers: Sequence[str]) -> tuple[Bus, ...]:
    """Return the buses that are used, with their rules and archives."""
    rules: dict[str, list[Rule]] = {}
    for node in look.nodes("events", "rule"):
        rules.setdefault(node.cfg["bus"], []).append(_rule(look, node.id, node.cfg["bus"]))
    found = []
    for node in look.nodes("events", "bus"):
        arn = parse_arn(node.id)
        shown = look.at(node.id, "DescribeEventBus", Name=node.id)
        attributes = {name: shown[name] for name in _OF_BUSES if shown.get(name)}
        if shown.get("Policy"):
            attributes["Policy"] = json.loads(shown["Policy"])
        tags = tags_of(look.at(node.id, "ListTagsForResource", ResourceARN=node.id))
        found.append(Bus(
            arn.resource.partition("/")[2], arn.region, numbers.index(arn.account),
            dict(sorted(attributes.items())), tags, tuple(rules.get(node.id, ())),
            tuple(_archives(look, node.id)),
        ))  # fmt: skip
    return tuple(found)


def schedules(look: Look, numbers: Sequence[str]) -> tuple[Schedule, ...]:
    """Return the schedules."""
    found = []
    for node in look.nodes("scheduler"):
        arn = parse_arn(node.id)
        _, group, name = arn.resource.split("/")
        shown = look.at(node.id, "GetSchedule", GroupName=group, Name=name)
        settings = {key: shown[key] for key in _OF_TIMES if shown.get(key) is not None}
        config = dict(shown["Target"])
        if config["RoleArn"] == role_of(arn.account):
            del config["RoleArn"]
        found.append(Schedule(
            name, arn.region, shown["ScheduleExpression"], _target(config, OF_SCHEDULED),
            numbers.index(arn.account), group, differing(settings, OF_SCHEDULES),
        ))  # fmt: skip
    return tuple(found)


def _subscriptions(look: Look, topic: str) -> list[str]:
    """Return the ARNs of a topic's subscriptions, those that wait for consent among them.

    AWS's own lists hide the ARNs of the latter.
    """
    topology = registry.SERVICES["sns"].topology
    found: list[str] = topology.subscriptions(look.world.id, topic) if topology else []
    return found


def _subscription(look: Look, arn: str, numbers: Sequence[str]) -> Subscription:
    shown = look.at(arn, "GetSubscriptionAttributes", SubscriptionArn=arn)["Attributes"]
    owner = shown["Owner"]
    account = None if owner == parse_arn(arn).account else numbers.index(owner)
    attributes = settable(shown, OF_SUBSCRIPTIONS)
    return Subscription(shown["Protocol"], shown["Endpoint"], attributes, account)


def _rule(look: Look, arn: str, bus: str) -> Rule:
    name = arn.rpartition("/")[2]
    shown = look.at(arn, "DescribeRule", Name=name, EventBusName=bus)
    listed = look.at(arn, "ListTargetsByRule", Rule=name, EventBusName=bus)["Targets"]
    pattern = shown.get("EventPattern")
    return Rule(
        name, json.loads(pattern) if pattern else None, shown.get("ScheduleExpression", ""),
        shown.get("State", ENABLED), shown.get("Description", ""), shown.get("RoleArn", ""),
        tags_of(look.at(arn, "ListTagsForResource", ResourceARN=arn)),
        tuple(_target(config, {}) for config in listed),
    )  # fmt: skip


def _archives(look: Look, bus: str) -> Iterator[Archive]:
    """Yield a bus's archives by name."""
    token: dict[str, str] = {}
    while True:
        listed = look.at(bus, "ListArchives", EventSourceArn=bus, **token)
        for one in listed["Archives"]:
            shown = look.at(bus, "DescribeArchive", ArchiveName=one["ArchiveName"])
            pattern = shown.get("EventPattern")
            yield Archive(
                shown["ArchiveName"], json.loads(pattern) if pattern else None,
                shown["RetentionDays"], shown.get("Description", ""),
                shown.get("KmsKeyIdentifier", ""),
            )  # fmt: skip
        if not listed.get("NextToken"):
            return
        token = {"NextToken": listed["NextToken"]}


def _target(config: Mapping[str, Any], assumed: Mapping[str, object]) -> Target:
    settings = {name: value for name, value in config.items() if name not in _BESIDE}
    return Target(
        config["Arn"], config.get("Id", ""), config.get("RoleArn", ""),
        differing(settings, assumed),
    )  # fmt: skip
