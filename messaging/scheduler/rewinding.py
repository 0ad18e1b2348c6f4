"""Schedules put back to a moment of the past, in a copy of their sandbox."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.scheduler.domain import timing
from messaging.scheduler.models import Schedule

_TOLD: Final = ("ScheduleExpression", "ScheduleExpressionTimezone", "State")


def rewind(schedule: Schedule, facts: Mapping[str, Any], at: int) -> None:
    """Let a schedule be due as it was at ``at``; where in its window is not known any more."""
    told = {name: facts[name] for name in _TOLD if name in facts}
    schedule.settings = {**schedule.settings, **told}
    named = None
    if schedule.settings["State"] == "ENABLED":
        named = timing.next_time(schedule.settings, at, schedule.created_at)
    schedule.next_at = schedule.due_at = named
    schedule.save(update_fields=("settings", "next_at", "due_at"))
