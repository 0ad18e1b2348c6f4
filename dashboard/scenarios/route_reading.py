"""Reading topics, buses with rules, and schedules; what is wrong is said with its path. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.scenarios.document import Account
from dashboard.scenarios.parts import Part, ScenarioError
from dashboard.scenarios.placing import account_of, once, place_of
from dashboard.scenarios.queue_attributes import readable, without_assumed
from dashboard.scenarios.route_attributes import (
    OF_SCHEDULED,
    OF_SCHEDULES,
    OF_SUBSCRIPTIONS,
    OF_TOPICS,
    differing,
)
from dashboard.scenarios.routes import (
    DEFAULT_GROUP,
    ENABLED,
    Archive,
    Bus,
    Rule,
    Schedule,
    Subscription,
    Target,
    Topic,
)
from messaging.kernel.wording import gettext_noop as _

TOPICS_MAX: Final = 200
SUBSCRIPTIONS_MAX: Final = 200
ARCHIVES_MAX: Final = 100
BUSES_MAX: Final = 50
RULES_MAX: Final = 300
TARGETS_MAX: Final = 5
SCHEDULES_MAX: Final = 200
_NAME_CHARS: Final = 256
_ARN_CHARS: Final = 1_600
_TEXT_CHARS: Final = 512
_EXPRESSION_CHARS: Final = 256
_DAYS_MAX: Final = 100_000
_BESIDE: Final = frozenset(("Arn", "Id", "RoleArn"))
_BESIDE_SCHEDULES: Final = frozenset(("GroupName", "Name", "ScheduleExpression", "Target"))


def read_topics(part: Part, accounts: tuple[Account, ...]) -> tuple[Topic, ...]:
    found: dict[Any, Topic] = {}
    for each in part.parts("topics", most=TOPICS_MAX):
        name = each.text("name", most=_NAME_CHARS)
        account, region = place_of(each, accounts)
        topic = Topic(
            name, region, account, _attributes(each, OF_TOPICS), each.texts("tags"),
            tuple(
                _subscription(one, accounts, account)
                for one in each.parts("subscriptions", most=SUBSCRIPTIONS_MAX)
            ),
        )  # fmt: skip
        each.finish()
        where = (each, name, _("a topic named %(name)s is there twice"))
        once(found, (account, region, name), topic, where)
    return tuple(found.values())


def read_buses(
    part: Part, accounts: tuple[Account, ...], *, with_archives: bool = True
) -> tuple[Bus, ...]:
    found: dict[Any, Bus] = {}
    for each in part.parts("buses", most=BUSES_MAX):
        name = each.text("name", most=_NAME_CHARS)
        account, region = place_of(each, accounts)
        attributes = {key: value for key, value in sorted(each.object("attributes").items())
                      if value not in ("", {})}  # fmt: skip
        if not isinstance(attributes.get("Policy", {}), Mapping):
            raise ScenarioError(f"{each.at('attributes')}.Policy", _("must be an object"))
        bus = Bus(
            name, region, account, attributes, each.texts("tags"), _rules(each),
            _archives(each) if with_archives else (),
        )  # fmt: skip
        each.finish()
        where = (each, name, _("a bus named %(name)s is there twice"))
        once(found, (account, region, name), bus, where)
    return tuple(found.values())


def read_schedules(part: Part, accounts: tuple[Account, ...]) -> tuple[Schedule, ...]:
    found: dict[Any, Schedule] = {}
    for each in part.parts("schedules", most=SCHEDULES_MAX):
        name = each.text("name", most=_NAME_CHARS)
        account, region = place_of(each, accounts)
        schedule = Schedule(
            name, region, each.text("expression", most=_EXPRESSION_CHARS),
            _target(Part(each.take("target", {}), each.at("target")), OF_SCHEDULED),
            account, each.text("group", DEFAULT_GROUP, most=_NAME_CHARS),
            _settings(each, OF_SCHEDULES, _BESIDE_SCHEDULES),
        )  # fmt: skip
        each.finish()
        where = (each, name, _("a schedule named %(name)s is there twice"))
        once(found, (account, region, schedule.group, name), schedule, where)
    return tuple(found.values())


def _subscription(part: Part, accounts: tuple[Account, ...], owner: int) -> Subscription:
    account = account_of(part, accounts, accounts[owner].number)
    subscription = Subscription(
        part.text("protocol", most=32),
        part.text("endpoint", most=_ARN_CHARS),
        _attributes(part, OF_SUBSCRIPTIONS),
        None if account == owner else account,
    )
    part.finish()
    return subscription


def _rules(part: Part) -> tuple[Rule, ...]:
    found: dict[Any, Rule] = {}
    for each in part.parts("rules", most=RULES_MAX):
        name, pattern = each.text("name", most=_NAME_CHARS), each.object("pattern")
        rule = Rule(
            name, pattern or None, each.text("schedule", "", most=_EXPRESSION_CHARS),
            each.text("state", ENABLED, most=64),
            each.text("description", "", most=_TEXT_CHARS, plain=False),
            each.text("role", "", most=_ARN_CHARS), each.texts("tags"), _targets(each),
        )  # fmt: skip
        if rule.pattern is None and not rule.schedule:
            raise ScenarioError(each.path, _("needs a pattern or a schedule"))
        each.finish()
        once(found, name, rule, (each, name, _("a rule named %(name)s is there twice")))
    return tuple(found.values())


def _archives(part: Part) -> tuple[Archive, ...]:
    found: dict[str, Archive] = {}
    for each in part.parts("archives", most=ARCHIVES_MAX):
        name, pattern = each.text("name", most=_NAME_CHARS), each.object("pattern")
        archive = Archive(
            name, pattern or None, each.whole("days", 0, low=0, high=_DAYS_MAX) or 0,
            each.text("description", "", most=_TEXT_CHARS, plain=False),
            each.text("key", "", most=_ARN_CHARS),
        )  # fmt: skip
        each.finish()
        once(found, name, archive, (each, name, _("an archive named %(name)s is there twice")))
    return tuple(found.values())


def _targets(part: Part) -> tuple[Target, ...]:
    found: dict[str, Target] = {}
    for place, each in enumerate(part.parts("targets", most=TARGETS_MAX)):
        target = _target(each, {}, str(place + 1))
        if found.setdefault(target.id, target) is not target:
            raise ScenarioError(each.at("id"), _("%(name)s is there twice"), name=target.id)
    return tuple(found.values())


def _target(part: Part, assumed: Mapping[str, object], number: str = "") -> Target:
    target = Target(
        to=part.text("to", most=_ARN_CHARS),
        id=part.text("id", number, most=64) if number else "",
        role=part.text("role", "", most=_ARN_CHARS),
        settings=_settings(part, assumed, _BESIDE),
    )
    part.finish()
    return target


def _settings(part: Part, assumed: Mapping[str, object], beside: frozenset[str]) -> dict[str, Any]:
    found = part.object("settings")
    for name in found.keys() & beside:
        raise ScenarioError(f"{part.at('settings')}.{name}", _("stands beside the settings"))
    return differing(found, assumed)


def _attributes(part: Part, assumed: Mapping[str, object]) -> dict[str, Any]:
    raw, where = part.object("attributes"), part.at("attributes")
    values = {key: readable(key, value, f"{where}.{key}") for key, value in raw.items()}
    return without_assumed(values, assumed)
