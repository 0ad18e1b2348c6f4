"""The text of a schedule, and when it is due."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from messaging.kernel.schedules.cron import BadCron, CronFields, read_fields

MINUTE_MS: Final = 60_000
_UNITS: Final = {"minute": MINUTE_MS, "hour": 60 * MINUTE_MS, "day": 24 * 60 * MINUTE_MS}
_RATE: Final = re.compile(r"rate\(([1-9]\d{0,8}) (minute|hour|day)(s?)\)")
_CRON: Final = re.compile(r"cron\((.+)\)")
_AT: Final = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)\)")


class BadSchedule(ValueError):
    """The text is no schedule."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Every so many milliseconds from the moment at which it began."""

    every_ms: int

    def next_after(self, now_ms: int, *, since_ms: int) -> int:
        """Return the first moment after ``now_ms`` of those that are counted from ``since_ms``."""
        passed = max(0, now_ms - since_ms) // self.every_ms
        return since_ms + (passed + 1) * self.every_ms


@dataclass(frozen=True, slots=True)
class Cron:
    """At the minutes that six fields name, in a time zone."""

    fields: CronFields
    zone: tzinfo = UTC

    def next_after(self, now_ms: int, *, since_ms: int = 0) -> int | None:
        """Return the first moment after ``now_ms``; None where no further one comes."""
        local = datetime.fromtimestamp(now_ms / 1000, self.zone).replace(tzinfo=None, fold=0)
        while True:
            found = self.fields.next_after(local)
            if found is None:
                return None
            moment = instant(found, self.zone)
            if moment is not None and moment > now_ms:
                return moment
            local = found


@dataclass(frozen=True, slots=True)
class At:
    """Once, at a local time."""

    local: datetime
    zone: tzinfo = UTC

    def next_after(self, now_ms: int, *, since_ms: int = 0) -> int | None:
        """Return the moment, if it is still to come."""
        moment = instant(self.local, self.zone)
        return moment if moment is not None and moment > now_ms else None


Schedule = Rate | Cron | At


def parse(text: str, *, zone: str = "UTC", once: bool = False) -> Schedule:
    """Return the schedule; ``once`` allows ``at(…)``. Raises BadSchedule."""
    return _rate(text) or _cron(text, zone) or (_at(text, zone) if once else None) or _refuse(text)


def instant(local: datetime, zone: tzinfo) -> int | None:
    """Return the milliseconds of a local time, the first one of two; None where it is left out."""
    moment = local.replace(tzinfo=zone, fold=0)
    milliseconds = round(moment.timestamp() * 1000)
    back = datetime.fromtimestamp(milliseconds / 1000, zone).replace(tzinfo=None, fold=0)
    return milliseconds if back == local else None


def zone_of(name: str) -> tzinfo:
    """Return a time zone by its name in the IANA database; raises BadSchedule."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise BadSchedule(f"{name} is no time zone") from None


def _rate(text: str) -> Rate | None:
    found = _RATE.fullmatch(text)
    if found is None or (found[1] == "1") is bool(found[3]):
        return None
    return Rate(int(found[1]) * _UNITS[found[2]])


def _cron(text: str, zone: str) -> Cron | None:
    found = _CRON.fullmatch(text)
    if found is None:
        return None
    try:
        return Cron(read_fields(found[1]), zone_of(zone))
    except BadCron as error:
        raise BadSchedule(str(error)) from None


def _at(text: str, zone: str) -> At | None:
    found = _AT.fullmatch(text)
    if found is None:
        return None
    try:
        return At(datetime.fromisoformat(found[1]), zone_of(zone))
    except ValueError:
        return None


def _refuse(text: str) -> Schedule:
    raise BadSchedule(f"{text!r} is no schedule")
