"""Rules: the pattern and the schedule that one may have (E1–E6, P8)."""

import json
from typing import Any, Final

from messaging.events.errors import InvalidEventPatternException, ValidationException
from messaging.events.limits import PATTERN_CHARS_MAX
from messaging.kernel.schedules.expressions import BadSchedule, Schedule, parse
from messaging.patterns import parsing
from messaging.patterns.jackson import explain
from messaging.patterns.nodes import Malformed
from messaging.patterns.parsing import InvalidPattern
from messaging.patterns.tree import Pattern

ENABLED: Final = "ENABLED"
DISABLED: Final = "DISABLED"


def read_pattern(text: str) -> Pattern:
    """Return an event pattern; raises InvalidEventPatternException with EventBridge's words."""
    try:
        return parsing.parse(text)
    except InvalidPattern as error:
        if isinstance(error.__cause__, Malformed):
            reason, place = explain(text, error.__cause__.place)
            error = InvalidPattern(reason, text, place)
        raise InvalidEventPatternException.because(error.told) from None


def check_pattern_size(text: str, *, rule: str) -> None:
    """Check the quota for the length of a pattern, which counts without spaces (E6)."""
    if len(json.dumps(json.loads(text), separators=(",", ":"))) > PATTERN_CHARS_MAX:
        raise ValidationException(
            f"Parameter EventPattern for rule {rule} exceeds limit of {PATTERN_CHARS_MAX}."
        )


def has_wildcard(pattern: Any) -> bool:
    """Tell whether a pattern, as JSON, uses the operator ``wildcard``."""
    if isinstance(pattern, dict):
        return "wildcard" in pattern or any(map(has_wildcard, pattern.values()))
    return isinstance(pattern, list) and any(map(has_wildcard, pattern))


def read_schedule(text: str) -> Schedule:
    """Return a rule's schedule; raises ValidationException."""
    try:
        return parse(text)
    except BadSchedule:
        raise ValidationException.of("ScheduleExpression") from None


def first_firing(schedule: str, state: str, now_ms: int) -> int | None:
    """Return when a schedule that begins now fires; None where it never does."""
    if not schedule or state == DISABLED:
        return None
    return read_schedule(schedule).next_after(now_ms, since_ms=now_ms)
