"""What the panel of an alarm of CloudWatch tells."""

from datetime import UTC, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from dashboard.resources.desk import Desk
from dashboard.resources.forms import pretty
from dashboard.resources.telling import Button, Row, Section, document, pairs_of

_STATE: Final = ("StateValue", "StateReason", "StateTransitionedTimestamp")
_ACTIONS: Final = ("AlarmActions", "OKActions", "InsufficientDataActions")
_APART: Final = (
    *_STATE, *_ACTIONS, "AlarmArn", "AlarmConfigurationUpdatedTimestamp", "Dimensions", "Metrics",
    "StateReasonData", "StateUpdatedTimestamp",
)  # fmt: skip
_SHOWN: Final = 20
_TYPES: Final = ["MetricAlarm", "CompositeAlarm"]


def fill(desk: Desk) -> dict[str, Any]:
    """Return what is known of calls that concern an alarm: its name, and all of its settings."""
    found = _alarm(desk)
    settings = {name: value for name, value in found.items() if value not in ("", None, [], {})}
    return {**settings, "AlarmNames": [found["AlarmName"]], "ResourceARN": desk.arn}


def tell(desk: Desk) -> list[Section]:
    """Return the sections of an alarm's panel; raises AwsError."""
    found = _alarm(desk)
    return [
        Section(
            _("State"),
            pairs=[
                (_("State"), found["StateValue"]),
                (_("Since"), _time(found["StateTransitionedTimestamp"])),
                (_("Reason"), found["StateReason"]),
            ],
            buttons=[Button("SetAlarmState", {})],
        ),
        Section(
            _("Goes off when"),
            pairs=[*_dimensions(found), *pairs_of(found, without=_APART)],
            code=_queries(found),
        ),
        Section(
            _("Actions"),
            rows=[Row(to, name) for name in _ACTIONS for to in found.get(name, ())],
            empty=_("It tells nobody but the default event bus."),
        ),
        Section(
            _("History"), rows=_history(desk, found["AlarmName"]), empty=_("Nothing happened yet.")
        ),
    ]


def _alarm(desk: Desk) -> dict[str, Any]:
    """Return the alarm as DescribeAlarms has it; one that is gone has a name and no state."""
    name = desk.resource.partition(":")[2]
    found = desk.look("DescribeAlarms", {"AlarmNames": [name], "AlarmTypes": _TYPES})
    alarms = [*found["MetricAlarms"], *found["CompositeAlarms"]]
    gone = {"AlarmName": name, "StateValue": "", "StateReason": "", "StateTransitionedTimestamp": 0}
    return dict(alarms[0]) if alarms else gone


def _dimensions(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["Name"], one["Value"]) for one in found.get("Dimensions", ())]


def _queries(found: dict[str, Any]) -> str:
    return document(pretty(found["Metrics"])) if found.get("Metrics") else ""


def _history(desk: Desk, name: str) -> list[Row]:
    asked = {"AlarmName": name, "AlarmTypes": _TYPES, "MaxRecords": _SHOWN}
    items = desk.look("DescribeAlarmHistory", asked)["AlarmHistoryItems"]
    return [Row(item["HistorySummary"], _time(item["Timestamp"])) for item in items]


def _time(at: int) -> str:
    """Return a moment of sandbox time in UTC."""
    return f"{datetime.fromtimestamp(at / 1_000, UTC):%Y-%m-%d %H:%M:%S}" if at else ""
