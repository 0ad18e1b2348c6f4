"""An alarm as DescribeAlarms returns it."""

from typing import Any, Final

from messaging.cloudwatch.models import Alarm

_LISTS: Final = ("OKActions", "AlarmActions", "InsufficientDataActions")


def shown(alarm: Alarm) -> dict[str, Any]:
    """Return an alarm, metric or composite."""
    found: dict[str, Any] = {
        **{name: [] for name in _LISTS},
        **alarm.settings,
        "AlarmName": alarm.name,
        "AlarmArn": alarm.arn,
        "AlarmConfigurationUpdatedTimestamp": alarm.configured_at,
        "StateValue": alarm.state,
        "StateReason": alarm.reason,
        "StateUpdatedTimestamp": alarm.updated_at,
        "StateTransitionedTimestamp": alarm.turned_at,
    }
    if alarm.reason_data:
        found["StateReasonData"] = alarm.reason_data
    if not alarm.composite and not alarm.settings.get("Metrics"):
        found.setdefault("Dimensions", [])
    return found
