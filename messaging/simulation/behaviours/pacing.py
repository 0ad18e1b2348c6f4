"""When a producer makes its calls: steadily, in bursts, on a ramp, at times of the day, by a curve.

Times inside are exact, in milliseconds of sandbox time with fractions, so that no rounding adds up.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import floor, inf, sqrt
from typing import Any, Final

from messaging.kernel.wording import gettext_noop as _
from messaging.simulation.fields import Fields, SettingsError
from messaging.simulation.stage import Stage

DAY_MS: Final = 86_400_000
RATE_MAX: Final = 10_000.0
BURST_MAX: Final = 1_000
PATTERNS: Final = ("steady", "burst", "ramp", "times", "daily")
ENTRIES_MAX: Final = 100
_TIME: Final = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
_SPAN_MAX: Final = 30 * 86_400

# From when to when, and the rates (messages a second) that a straight line joins.
Stretch = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Pace:
    """``rate`` is messages a second: always, at the start of the ramp, or none of it.

    ``times`` are milliseconds: of the day, or (``once``) after the producer was started. ``curve``
    is (time of the day, rate), the first and the last joined over midnight.
    """

    pattern: str
    rate: float
    pace: str
    batch: int
    burst_size: int
    burst_ms: float
    rate_to: float
    ramp_ms: float
    ramp_repeats: bool
    daily: tuple[float, ...]
    once: tuple[float, ...]
    curve: tuple[tuple[float, float], ...]

    @property
    def gap_ms(self) -> float:
        """Return the mean time between two calls."""
        return 1000 * self.batch / self.rate


def read_pace(fields: Fields, *, batch: int) -> Pace:
    """Take the settings about time; raises SettingsError."""
    pattern = fields.choice("pattern", "steady", of=PATTERNS)
    daily, once = _read_times(fields.text("times"))
    curve = _read_curve(fields.text("curve"))
    if pattern == "times" and not daily and not once:
        raise SettingsError("times", _("needs a time, such as 09:30 or +60"))
    if pattern == "daily" and not any(rate for _at, rate in curve):
        raise SettingsError("curve", _("needs a time with a rate above 0, such as 09:00 5"))
    return Pace(
        pattern=pattern,
        rate=fields.number("rate", 1.0, low=0.001, high=RATE_MAX),
        pace=fields.choice("pace", "poisson", of=("even", "poisson")),
        batch=batch,
        burst_size=fields.whole("burst_size", 10, low=1, high=BURST_MAX),
        burst_ms=1000 * fields.number("burst_every", 10.0, low=0.1, high=_SPAN_MAX),
        rate_to=fields.number("rate_to", 10.0, low=0.001, high=RATE_MAX),
        ramp_ms=1000 * fields.number("ramp_seconds", 60.0, low=0.1, high=_SPAN_MAX),
        ramp_repeats=fields.choice("ramp_then", "hold", of=("hold", "repeat")) == "repeat",
        daily=daily,
        once=once,
        curve=curve,
    )


def first(stage: Stage, pace: Pace) -> float | None:
    """Return when the first call is made by a producer that has just been started."""
    stage.memory["began"] = stage.now
    stage.memory.pop("left", None)
    if pace.pattern == "burst":
        return float(stage.now)
    return following(stage, pace, float(stage.now))


def following(stage: Stage, pace: Pace, after: float) -> float | None:
    """Return when the next call is made, or None when there is none to come."""
    return _FOLLOWING[pace.pattern](stage, pace, after)


def size(stage: Stage, pace: Pace) -> int:
    """Return how many messages the call that is due takes."""
    if pace.pattern not in ("burst", "times"):
        return pace.batch
    left: int = stage.memory.get("left", 0) or pace.burst_size
    taken = min(pace.batch, left)
    stage.memory["left"] = left - taken
    return taken


def _steady(stage: Stage, pace: Pace, after: float) -> float:
    if pace.pace == "even":
        return after + pace.gap_ms
    return after + stage.dice.expovariate(1 / pace.gap_ms)


def _burst(stage: Stage, pace: Pace, after: float) -> float:
    if stage.memory.get("left"):
        return after
    began = _began(stage)
    return float(began + (floor((after - began) / pace.burst_ms + 1e-9) + 1) * pace.burst_ms)


def _times(stage: Stage, pace: Pace, after: float) -> float | None:
    if stage.memory.get("left"):
        return after
    midnight = floor(after / DAY_MS) * DAY_MS
    coming = [_began(stage) + at for at in pace.once]
    coming += [midnight + day + at for at in pace.daily for day in (0, DAY_MS)]
    return min((float(at) for at in coming if at > after), default=None)


def _ramp(stage: Stage, pace: Pace, after: float) -> float:
    return _spend(_need(stage, pace), after, _ramp_stretches(_began(stage), pace, after))


def _daily(stage: Stage, pace: Pace, after: float) -> float:
    return _spend(_need(stage, pace), after, _day_stretches(pace, after))


_FOLLOWING: Final[Mapping[str, Callable[[Stage, Pace, float], float | None]]] = {
    "burst": _burst,
    "daily": _daily,
    "ramp": _ramp,
    "steady": _steady,
    "times": _times,
}


def _began(stage: Stage) -> int:
    began: int = stage.memory.setdefault("began", stage.now)
    return began


def _need(stage: Stage, pace: Pace) -> float:
    """Return how many messages' worth of time passes before the next call."""
    return pace.batch * (1.0 if pace.pace == "even" else stage.dice.expovariate(1.0))


def _spend(need: float, after: float, stretches: Iterator[Stretch]) -> float:
    """Return the time at which the area under the rates, from ``after`` on, is ``need``."""
    for begin, end, low, high in stretches:
        start = max(begin, after)
        slope = 0.0 if end == inf else (high - low) / 1000 / (end - begin)
        rate = low / 1000 + slope * (start - begin)
        area = inf if end == inf else (rate + high / 1000) / 2 * (end - start)
        if area > 0 and need <= area:
            return start + 2 * need / (rate + sqrt(max(0.0, rate * rate + 2 * slope * need)))
        need -= area
    return after


def _ramp_stretches(began: float, pace: Pace, after: float) -> Iterator[Stretch]:
    if not pace.ramp_repeats:
        if after < began + pace.ramp_ms:
            yield began, began + pace.ramp_ms, pace.rate, pace.rate_to
        yield began + pace.ramp_ms, inf, pace.rate_to, pace.rate_to
        return
    begin = began + floor((after - began) / pace.ramp_ms) * pace.ramp_ms
    while True:
        yield begin, begin + pace.ramp_ms, pace.rate, pace.rate_to
        begin += pace.ramp_ms


def _day_stretches(pace: Pace, after: float) -> Iterator[Stretch]:
    curve = pace.curve
    midnight = float(floor(after / DAY_MS) * DAY_MS)
    points = [(curve[-1][0] - DAY_MS, curve[-1][1]), *curve]
    while True:
        points.append((curve[0][0] + DAY_MS, curve[0][1]))
        for (begin, low), (end, high) in pairwise(points):
            if midnight + end > after and end > begin:
                yield midnight + begin, midnight + end, low, high
        midnight += DAY_MS
        points = list(curve)


def _read_times(text: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the times of the day, and those after the start (``+90``), in milliseconds."""
    daily: set[float] = set()
    once: set[float] = set()
    for entry in _entries(text, "times"):
        if entry.startswith("+"):
            once.add(1000 * _number(entry[1:], "times", most=_SPAN_MAX))
        else:
            daily.add(_time_of_day(entry, "times"))
    return tuple(sorted(daily)), tuple(sorted(once))


def _read_curve(text: str) -> tuple[tuple[float, float], ...]:
    points: dict[float, float] = {}
    for entry in _entries(text, "curve"):
        time, _space, rate = entry.partition(" ")
        points[_time_of_day(time, "curve")] = _number(rate.strip(), "curve", most=RATE_MAX)
    return tuple(sorted(points.items()))


def _entries(text: str, field: str) -> list[str]:
    entries = [entry.strip() for entry in re.split(r"[,\n]", text) if entry.strip()]
    if len(entries) > ENTRIES_MAX:
        raise SettingsError(field, _("must be at most %(most)s entries"), most=ENTRIES_MAX)
    return entries


def _time_of_day(text: str, field: str) -> float:
    match = _TIME.fullmatch(text)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (99, 0, 0)
    if hours > 23 or minutes > 59 or seconds > 59:  # noqa: PLR2004 - a clock's numbers
        raise SettingsError(
            field, _("has %(text)s; a time of the day looks like 09:30"), text=repr(text)
        )
    return 1000.0 * (hours * 3600 + minutes * 60 + seconds)


def _number(text: str, field: str, *, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        said = _("has %(text)s; it must be a number from 0 to %(most)s")
        raise SettingsError(field, said, text=repr(text), most=f"{most:g}")
    return value


def spoken(pace: Pace) -> str:
    """Say the pace in a few words, for the node."""
    words: dict[str, Any] = {
        "burst": f"{pace.burst_size} every {pace.burst_ms / 1000:g} s",
        "daily": "by the time of day",
        "ramp": f"{pace.rate:g} to {pace.rate_to:g} messages/s",
        "steady": f"{pace.rate:g} {'message' if pace.rate == 1 else 'messages'}/s",
        "times": f"{pace.burst_size} at set times",
    }
    return str(words[pace.pattern])
