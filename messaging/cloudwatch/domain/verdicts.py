"""What an alarm makes of its datapoints: M of N, and missing data (CW1, CW2). Pure."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

OK: Final = "OK"
ALARM: Final = "ALARM"
INSUFFICIENT: Final = "INSUFFICIENT_DATA"
STATES: Final = (OK, ALARM, INSUFFICIENT)
MISSING: Final = ("breaching", "notBreaching", "ignore", "missing")
COMPARED: Final[Mapping[str, tuple[Callable[[float, float], bool], str]]] = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
}
_TREATED: Final = {"breaching": "Breaching", "notBreaching": "NonBreaching"}

# The time at which a period begins, and its value where there is one.
Datapoint = tuple[int, float | None]


class Condition(NamedTuple):
    """When an alarm is to go off: ``needed`` of ``periods`` datapoints beyond the threshold."""

    comparison: str
    threshold: float
    needed: int
    periods: int
    missing: str = "missing"

    def breaches(self, value: float) -> bool:
        """Tell whether a datapoint is beyond the threshold."""
        return COMPARED[self.comparison][0](value, self.threshold)


class Verdict(NamedTuple):
    """The state that follows, why, and the datapoints that decided, newest first."""

    state: str
    reason: str
    used: list[Datapoint]


def judge(condition: Condition, datapoints: Sequence[Datapoint], state: str) -> Verdict:
    """Return the state that follows from the datapoints of the evaluation range, oldest first.

    With as many real datapoints as periods the newest of them decide; else missing ones are treated
    as the alarm says. ``missing`` and ``ignore`` follow the tables of the User Guide: where all
    that is there breaches, ``missing`` goes off early and ``ignore`` keeps the state.
    """
    real = [point for point in datapoints if point[1] is not None]
    used = real[-condition.periods :][::-1]
    lacking = condition.periods - len(used)
    breaching = sum(condition.breaches(value) for _, value in used if value is not None)
    if not used:
        return _of_nothing(condition, state)
    if lacking and condition.missing == "breaching":
        is_alarm = breaching + lacking >= condition.needed
    elif lacking and condition.missing == "missing":
        is_alarm = breaching >= min(condition.needed, len(used))
    elif lacking and condition.missing == "ignore":
        if breaching == len(used) and breaching < condition.needed:
            return Verdict(state, "", used)
        is_alarm = breaching >= condition.needed
    else:
        is_alarm = breaching >= condition.needed
    return Verdict(ALARM if is_alarm else OK, _reason(condition, used, lacking, is_alarm), used)


def _of_nothing(condition: Condition, state: str) -> Verdict:
    count = condition.periods
    if condition.missing == "ignore":
        return Verdict(state, "", [])
    if condition.missing == "missing":
        were = "datapoint was" if count == 1 else "datapoints were"
        return Verdict(INSUFFICIENT, f"Insufficient Data: {count} {were} unknown.", [])
    found = ALARM if condition.missing == "breaching" else OK
    return Verdict(found, "Threshold Crossed: " + _missing(condition, count), [])


def _missing(condition: Condition, lacking: int) -> str:
    periods = f"{lacking} period{'' if lacking == 1 else 's'}"
    were = "datapoint was" if lacking == 1 else "datapoints were"
    return (
        f"no datapoints were received for {periods} and {lacking} missing {were} treated as "
        f"[{_TREATED[condition.missing]}]."
    )


def _reason(
    condition: Condition, used: Sequence[Datapoint], lacking: int, is_alarm: bool
) -> str:  # fmt: skip
    beyond = [point for point in used if point[1] is not None and condition.breaches(point[1])]
    within = [point for point in used if point not in beyond]
    shown = beyond if is_alarm and beyond else within or beyond
    count, word = len(shown), COMPARED[condition.comparison][1]
    were = ("was" if count == 1 else "were") + ("" if shown is beyond else " not")
    points = ", ".join(f"{value} ({_time(at)})" for at, value in shown)
    turn = "OK -> ALARM" if is_alarm else "ALARM -> OK"
    least = condition.needed if is_alarm else condition.periods - condition.needed + 1
    many = condition.periods > 1
    head = f"{count} out of the last {condition.periods} datapoints" if many else "1 datapoint"
    tail = f" (minimum {least} datapoint{'' if least == 1 else 's'} for {turn} transition)"
    text = f"Threshold Crossed: {head} [{points}] {were} {word} the threshold"
    text += f" ({condition.threshold}){tail if many else ''}."
    if lacking and condition.missing in _TREATED:
        text = text[:-1] + "; " + _missing(condition, lacking)
    return text


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000, UTC).strftime("%d/%m/%y %H:%M:%S")
