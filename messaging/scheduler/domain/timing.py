"""When a schedule fires next (SC1). Pure."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.kernel.schedules.expressions import At, BadSchedule, Rate, Schedule, parse, zone_of
from messaging.scheduler.errors import ValidationException

MINUTE_MS: Final = 60_000


def read(settings: Mapping[str, Any]) -> Schedule:
    """Return the schedule that settings describe; raises ValidationException."""
    zone = settings.get("ScheduleExpressionTimezone") or "UTC"
    expression = settings["ScheduleExpression"]
    try:
        zone_of(zone)
    except BadSchedule:
        raise ValidationException(f"Invalid Schedule Expression Timezone {zone}.") from None
    try:
        return parse(expression, zone=zone, once=True)
    except BadSchedule:
        raise ValidationException(f"Invalid Schedule Expression {expression}.") from None


def check_span(settings: Mapping[str, Any]) -> None:
    """Check that the end comes after the start; raises ValidationException."""
    start, end = settings.get("StartDate"), settings.get("EndDate")
    if start is not None and end is not None and end <= start:
        raise ValidationException("The StartDate you specify must come before the EndDate.")


def check_window(window: Mapping[str, Any]) -> None:
    """Check the flexible window: its length belongs to the mode FLEXIBLE, and to no other."""
    length = window.get("MaximumWindowInMinutes")
    if window.get("Mode") == "FLEXIBLE" and length is None:
        raise ValidationException(
            "A MaximumWindowInMinutes is required for FLEXIBLE flexible time window mode."
        )
    if window.get("Mode") == "OFF" and length is not None:
        raise ValidationException("No MaximumWindowInMinutes is allowed for OFF flexible window.")


def next_time(settings: Mapping[str, Any], after: int, created_at: int) -> int | None:
    """Return the next time behind ``after`` that the expression names, within start and end.

    A rate counts from its start, and fires there first; without one it counts from the moment at
    which the schedule was made. Start and end mean nothing to a one-time schedule.
    """
    schedule = read(settings)
    if isinstance(schedule, At):
        return schedule.next_after(after)
    start, end = settings.get("StartDate"), settings.get("EndDate")
    if start is not None:
        after = max(after, start - 1)
    if isinstance(schedule, Rate) and start is not None and after < start:
        found: int | None = start
    else:
        found = schedule.next_after(after, since_ms=created_at if start is None else start)
    return None if found is None or (end is not None and found >= end) else found


def firing_time(settings: Mapping[str, Any], named: int, share: float) -> int:
    """Return the moment at which it fires: a ``share`` of the flexible window (0–1) behind it."""
    window = settings["FlexibleTimeWindow"]
    if window.get("Mode") != "FLEXIBLE":
        return named
    return named + int(share * window["MaximumWindowInMinutes"] * MINUTE_MS)
