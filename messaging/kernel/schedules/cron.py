"""The fields of AWS's cron expressions. Pure.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

# Tells whether a day is one of those that the two fields for days mean.
Days = Callable[[date], bool]

_NONE: Final[Mapping[str, int]] = {}
WEEKDAYS: Final = {
    name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)
}
MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), 1
    )
}
YEARS: Final = (1970, 2199)
_FIELDS: Final = 6
_NEAREST: Final = re.compile(r"(\d{1,2})W")
_LAST_OF: Final = re.compile(r"([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)L", re.IGNORECASE)
_NTH_OF: Final = re.compile(r"([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#([1-5])", re.IGNORECASE)
_WEEK: Final = 7
_FRIDAY: Final = 4
_SATURDAY: Final = 5


class BadCron(ValueError):
    """The text is no cron expression of AWS's."""


@dataclass(frozen=True, slots=True)
class CronFields:
    """The minutes of local time that six fields name."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: frozenset[int]
    years: frozenset[int]
    days: Days

    def next_after(self, local: datetime) -> datetime | None:
        """Return the first of them behind ``local``; None where no further one comes."""
        for day in self._days_from(local.date()):
            for hour in self.hours:
                for minute in self.minutes:
                    found = datetime.combine(day, time(hour, minute))
                    if found > local:
                        return found
        return None

    def _days_from(self, day: date) -> Iterator[date]:
        """Yield the days that match, from ``day`` on."""
        last = max(self.years)
        while day.year <= last:
            if day.year not in self.years:
                day = date(day.year + 1, 1, 1)
            elif day.month not in self.months:
                day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            else:
                if self.days(day):
                    yield day
                day += timedelta(days=1)


def read_fields(text: str) -> CronFields:
    """Read what stands between the brackets of ``cron(…)``; raises BadCron."""
    fields = text.split()
    if len(fields) != _FIELDS:
        raise BadCron(f"{text!r} has not {_FIELDS} fields")
    minutes, hours, monthdays, months, weekdays, years = fields
    try:
        return CronFields(
            tuple(sorted(read_set(minutes, 0, 59))),
            tuple(sorted(read_set(hours, 0, 23))),
            frozenset(read_set(months, 1, 12, names=MONTHS)),
            frozenset(read_set(years, *YEARS)),
            read_days(monthdays, weekdays),
        )
    except ValueError as error:
        raise BadCron(str(error)) from None


def read_set(text: str, low: int, high: int, *, names: Mapping[str, int] = _NONE) -> set[int]:
    """Return the numbers that a field means, such as ``2-6`` or ``0/15``; raises ValueError."""
    found: set[int] = set()
    for part in text.split(","):
        found |= _read_part(part, low, high, names)
    return found


def read_days(monthdays: str, weekdays: str) -> Days:
    """Return which days are meant; one of the fields has to be ``?``. Raises ValueError."""
    if (monthdays == "?") == (weekdays == "?"):
        raise ValueError("one of the fields for days must be ?")
    return _read_monthdays(monthdays) if weekdays == "?" else _read_weekdays(weekdays)


def _read_part(part: str, low: int, high: int, names: Mapping[str, int]) -> set[int]:
    span, slash, step = part.partition("/")
    if slash and not (step.isdecimal() and int(step)):
        raise ValueError(part)
    if span == "*":
        first, last = low, high
    elif "-" in span:
        first, last = (_number(end, names) for end in span.split("-", 1))
    else:
        first = _number(span, names)
        last = high if slash else first
    if not (low <= first <= high and low <= last <= high):
        raise ValueError(part)
    stride = int(step) if slash else 1
    if first > last:
        # FRI-MON goes over the end of the week.
        return {*range(first, high + 1, stride), *range(low, last + 1, stride)}
    return set(range(first, last + 1, stride))


def _number(text: str, names: Mapping[str, int]) -> int:
    known = names.get(text.upper())
    if known is not None:
        return known
    if not text.isdecimal() or not text.isascii():
        raise ValueError(text)
    return int(text)


def _read_monthdays(text: str) -> Days:
    if text == "L":
        return lambda day: day.day == _length(day)
    if text == "LW":
        return lambda day: day == _nearest_workday(day.replace(day=_length(day)))
    nearest = _NEAREST.fullmatch(text)
    if nearest is not None:
        wanted = int(nearest[1])
        if not 1 <= wanted <= 31:  # noqa: PLR2004 - days of a month
            raise ValueError(text)
        return lambda day: (
            wanted <= _length(day) and day == _nearest_workday(day.replace(day=wanted))
        )
    days = read_set(text, 1, 31)
    return lambda day: day.day in days


def _read_weekdays(text: str) -> Days:
    last, nth = _LAST_OF.fullmatch(text), _NTH_OF.fullmatch(text)
    if text == "L":
        return lambda day: _weekday(day) == _WEEK
    if last is not None:
        wanted = _number(last[1], WEEKDAYS)
        return lambda day: _weekday(day) == wanted and day.day > _length(day) - _WEEK
    if nth is not None:
        wanted, number = _number(nth[1], WEEKDAYS), int(nth[2])
        return lambda day: _weekday(day) == wanted and (day.day - 1) // _WEEK + 1 == number
    days = read_set(text, 1, _WEEK, names=WEEKDAYS)
    return lambda day: _weekday(day) in days


def _weekday(day: date) -> int:
    """Return 1 for Sunday to 7 for Saturday."""
    return day.isoweekday() % _WEEK + 1


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _nearest_workday(day: date) -> date:
    """Return the nearest day from Monday to Friday in the same month."""
    over = day.weekday() - _FRIDAY
    if over <= 0:
        return day
    step = timedelta(days=-1) if day.weekday() == _SATURDAY else timedelta(days=1)
    found = day + step
    if found.month == day.month:
        return found
    return day - 2 * step if step.days > 0 else day + timedelta(days=2)
