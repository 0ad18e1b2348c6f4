"""What the panels of an event bus and of a rule tell."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from dashboard.resources.desk import Desk
from dashboard.resources.forms import pretty
from dashboard.resources.telling import Button, Row, Section, document, pairs_of

DEFAULT: Final = "default"
_SHOWN: Final = 50
_PATTERN: Final = {"source": ["shop.orders"]}


def bus_of(desk: Desk) -> str:
    """Return the name of a bus, or of the bus that a rule belongs to."""
    kind, _, rest = desk.resource.partition("/")
    if kind == "event-bus":
        return rest
    bus, slash, _ = rest.rpartition("/")
    return bus if slash else DEFAULT


def rule_of(desk: Desk) -> str:
    """Return the name of a rule."""
    return desk.resource.rpartition("/")[2]


def fill(desk: Desk) -> dict[str, Any]:
    """Return what is known of calls that concern a bus."""
    bus = bus_of(desk)
    entry = {
        "Source": "shop.orders",
        "DetailType": "OrderPlaced",
        "Detail": '{"order": 1, "total": 40}',
        "EventBusName": bus,
    }
    return {
        "EventBusName": bus,
        "ResourceARN": desk.arn,
        "Entries": [entry],
        "EventPattern": pretty(_PATTERN),
        "EventSourceArn": desk.arn,
    } | ({} if bus == DEFAULT else {"Name": ""})


def fill_rule(desk: Desk) -> dict[str, Any]:
    """Return what is known of calls that concern a rule."""
    known = fill(desk) | {"Name": rule_of(desk), "Rule": rule_of(desk)}
    return known | {"Targets": [{"Id": "1", "Arn": ""}]}


def tell(desk: Desk) -> list[Section]:
    """Return the sections of a bus's panel; raises AwsError."""
    name = bus_of(desk)
    found = desk.look("DescribeEventBus", {"Name": name})
    rules = desk.look("ListRules", {"EventBusName": name})["Rules"]
    sections = [
        Section(
            _("Rules"),
            rows=[_rule(name, rule) for rule in rules[:_SHOWN]],
            empty=_("No rule: what comes in goes nowhere."),
            buttons=[Button("PutRule", {"EventBusName": name})],
        ),
        Section(_("Attributes"), pairs=pairs_of(found, without=("Policy", "ResponseMetadata"))),
    ]
    if found.get("Policy"):
        sections.append(Section("Policy", code=document(found["Policy"])))
    return sections


def tell_rule(desk: Desk) -> list[Section]:
    """Return the sections of a rule's panel; raises AwsError."""
    named = {"EventBusName": bus_of(desk)}
    found = desk.look("DescribeRule", {"Name": rule_of(desk), **named})
    targets = desk.look("ListTargetsByRule", {"Rule": rule_of(desk), **named})["Targets"]
    sections = []
    if found.get("EventPattern"):
        text = document(found["EventPattern"])
        sections.append(Section(_("Event pattern"), code=text, tries=desk.arn))
    return [
        *sections,
        Section(
            _("Targets"),
            rows=[_target(desk, target) for target in targets],
            empty=_("No target: what matches goes nowhere."),
            buttons=[Button("PutTargets", {})],
        ),
        Section(_("Attributes"), pairs=pairs_of(found, without=("EventPattern",))),
    ]


def _rule(bus: str, rule: Mapping[str, Any]) -> Row:
    named = {"Name": rule["Name"], "EventBusName": bus}
    switch = "EnableRule" if rule["State"] == "DISABLED" else "DisableRule"
    pattern = rule.get("EventPattern", "")
    edited = {"EventPattern": pattern, "ScheduleExpression": rule.get("ScheduleExpression", "")}
    return Row(
        rule["Name"],
        rule["State"],
        [(name, value) for name, value in edited.items() if value and name != "EventPattern"],
        document(pattern) if pattern else "",
        [
            Button("PutRule", named | {name: value for name, value in edited.items() if value}),
            Button(switch, named),
            Button("DeleteRule", named),
        ],
    )


def _target(desk: Desk, target: Mapping[str, Any]) -> Row:
    facts = {name: value for name, value in target.items() if name not in ("Id", "Arn")}
    documents = {name: value for name, value in facts.items() if not isinstance(value, str)}
    return Row(
        target["Arn"],
        target["Id"],
        [(name, value) for name, value in facts.items() if isinstance(value, str)],
        document(pretty(documents)) if documents else "",
        buttons=[
            Button("PutTargets", {"Targets": pretty([dict(target)])}),
            Button("RemoveTargets", {"Ids": pretty([target["Id"]])}),
        ],
    )
