"""Building what hands messages on: topics, buses with rules, schedules."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from dashboard.scenarios.document import Scenario
from dashboard.scenarios.handles import arn_of, rule_arn
from dashboard.scenarios.queue_attributes import plain
from dashboard.scenarios.route_attributes import said
from dashboard.scenarios.routes import (
    DEFAULT_BUS,
    DEFAULT_GROUP,
    Archive,
    Bus,
    Rule,
    Schedule,
    Target,
    Topic,
)
from dashboard.scenarios.site import Site, Step
from messaging.kernel.arns import parse_arn

_PARTNER: Final = "aws.partner/"
# A role is trusted, not modelled: any name will do.
_ROLE: Final = "signalbox-scheduler"
_DEAD: Final = (("DeadLetterConfig", "Arn"), ("RedrivePolicy", "deadLetterTargetArn"))


def add_places(site: Site, scenario: Scenario, numbers: list[str]) -> None:
    """Make topics and buses, so that whatever names them finds them."""
    for place, topic in enumerate(scenario.topics):
        _create_topic(site, f"topics[{place}]", topic, arn_of(topic, numbers))
    for place, bus in enumerate(scenario.buses):
        _create_bus(site, f"buses[{place}]", bus, arn_of(bus, numbers))


def add_ways(site: Site, scenario: Scenario, numbers: list[str]) -> None:
    """Make what leads on from them: subscriptions, rules with targets, archives, schedules."""
    for place, topic in enumerate(scenario.topics):
        _subscribe(site, f"topics[{place}]", topic, arn_of(topic, numbers), numbers)
    for place, bus in enumerate(scenario.buses):
        for number, rule in enumerate(bus.rules):
            path = f"buses[{place}].rules[{number}]"
            _add_rule(site, path, rule, arn_of(bus, numbers))
        for number, archive in enumerate(bus.archives):
            path = f"buses[{place}].archives[{number}]"
            _add_archive(site, path, archive, arn_of(bus, numbers))
    groups: set[str] = set()
    for place, schedule in enumerate(scenario.schedules):
        arn = arn_of(schedule, numbers)
        group = arn.rpartition("/")[0]
        is_new = schedule.group != DEFAULT_GROUP and group not in groups
        groups.add(group)
        _add_schedule(site, f"schedules[{place}]", schedule, arn, with_group=is_new)


def role_of(account: str) -> str:
    """Return the role that a schedule has without one of its own."""
    return f"arn:aws:iam::{account}:role/{_ROLE}"


def _create_topic(site: Site, path: str, topic: Topic, arn: str) -> None:
    attributes: dict[str, Any] = dict(topic.attributes)
    if topic.name.endswith(".fifo"):
        attributes = {"FifoTopic": True} | attributes
    params: dict[str, Any] = {"Name": topic.name, "Attributes": site.plain(attributes)}
    if topic.tags:
        params["Tags"] = _pairs(topic.tags)
    site.call(_step(path, arn, names=attributes), "CreateTopic", params)


def _subscribe(site: Site, path: str, topic: Topic, arn: str, numbers: list[str]) -> None:
    for place, one in enumerate(topic.subscriptions):
        where = f"{path}.subscriptions[{place}]"
        _check_dead(site, f"{where}.attributes", one.attributes)
        step = _step(where, arn, names=one.attributes)
        if one.account is not None:
            step = replace(step, account=numbers[one.account])
        params = {
            "TopicArn": arn,
            "Protocol": one.protocol,
            "Endpoint": site.named(f"{where}.endpoint", one.endpoint),
            "Attributes": site.plain(one.attributes),
        }
        site.call(step, "Subscribe", params)


def _create_bus(site: Site, path: str, bus: Bus, arn: str) -> None:
    step = _step(path, arn, names=bus.attributes)
    settings = {name: site.raw(value) for name, value in bus.attributes.items()}
    _check_dead(site, f"{path}.attributes", bus.attributes)
    policy = settings.pop("Policy", None)
    params: dict[str, Any] = {"Name": bus.name, **settings}
    if bus.name == DEFAULT_BUS:
        site.call(step, "UpdateEventBus", params)
        if bus.tags:
            tagged = {"ResourceARN": arn, "Tags": _pairs(bus.tags)}
            site.call(step, "TagResource", tagged)
    else:
        if bus.name.startswith(_PARTNER):
            offered = {"Name": bus.name, "Account": step.account}
            site.call(step, "CreatePartnerEventSource", offered)
            params["EventSourceName"] = bus.name
        if bus.tags:
            params["Tags"] = _pairs(bus.tags)
        site.call(step, "CreateEventBus", params)
    if policy is not None:
        step = replace(step, path=f"{path}.attributes.Policy", names=None)
        allowed = {"EventBusName": bus.name, "Policy": plain(policy)}
        site.call(step, "PutPermission", allowed)


def _add_rule(site: Site, path: str, rule: Rule, bus: str) -> None:
    arn = rule_arn(bus, rule.name)
    params = {
        "Name": rule.name,
        "EventBusName": bus,
        "EventPattern": "" if rule.pattern is None else plain(site.raw(rule.pattern)),
        "ScheduleExpression": rule.schedule,
        "State": rule.state,
        "Description": rule.description,
        "RoleArn": site.raw(rule.role),
        "Tags": _pairs(rule.tags),
    }
    site.call(_step(path, arn), "PutRule", {key: value for key, value in params.items() if value})
    for place, target in enumerate(rule.targets):
        where = f"{path}.targets[{place}]"
        config = {"Id": target.id, **_target(site, where, target)}
        step = _step(where, arn, names=target.settings, inside="settings")
        put = {"Rule": rule.name, "EventBusName": bus, "Targets": [config]}
        site.call(step, "PutTargets", put)


def _add_archive(site: Site, path: str, archive: Archive, bus: str) -> None:
    params = {
        "ArchiveName": archive.name,
        "EventSourceArn": bus,
        "EventPattern": "" if archive.pattern is None else plain(site.raw(archive.pattern)),
        "RetentionDays": archive.days,
        "Description": archive.description,
        "KmsKeyIdentifier": archive.key,
    }
    given = {name: value for name, value in params.items() if value}
    site.call(_step(path, bus), "CreateArchive", given)


def _add_schedule(site: Site, path: str, schedule: Schedule, arn: str, *, with_group: bool) -> None:
    step = _step(path, arn, names=schedule.settings, inside="settings")
    if with_group:
        site.call(replace(step, path=f"{path}.group"), "CreateScheduleGroup",
                  {"Name": schedule.group})  # fmt: skip
    params = {
        "Name": schedule.name,
        "GroupName": schedule.group,
        "ScheduleExpression": schedule.expression,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "RoleArn": role_of(step.account),
            **_target(site, f"{path}.target", schedule.target),
        },
        **schedule.settings,
    }
    site.call(step, "CreateSchedule", params)


def _target(site: Site, path: str, target: Target) -> dict[str, Any]:
    _check_dead(site, f"{path}.settings", target.settings)
    return {
        "Arn": site.named(f"{path}.to", target.to),
        **({"RoleArn": target.role} if target.role else {}),
        **said(site.raw(target.settings)),
    }


def _check_dead(site: Site, path: str, settings: Mapping[str, Any]) -> None:
    """Raise ScenarioError where a dead-letter queue is named that is not here."""
    for name, inside in _DEAD:
        value = settings.get(name)
        if isinstance(value, Mapping):
            site.named(f"{path}.{name}.{inside}", value.get(inside))


def _step(path: str, arn: str, **more: Any) -> Step:
    parsed = parse_arn(arn)
    return Step(path, parsed.account, parsed.region, parsed.service, **more)


def _pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
