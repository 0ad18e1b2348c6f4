"""A series → the points of one chart, the same for drawing, table and summary. Pure."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from dashboard.charts.series import (
    AT,
    DELAYED,
    DELETED,
    FLIGHT,
    MOVED,
    OLDEST,
    RECEIVED,
    SENT,
    VISIBLE,
    Row,
)

POINTS: Final = 120
SPANS: Final = {"5m": 300, "1h": 3_600}
RATES: Final = {"sent": SENT, "received": RECEIVED, "deleted": DELETED, "moved": MOVED}
DEPTHS: Final = {"visible": VISIBLE, "flight": FLIGHT, "delayed": DELAYED}
_STEPS: Final = (1, 3, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200)


def drawn(rows: Sequence[Row], *, now: int, begins: int, span: str) -> dict[str, Any]:
    """Return the points of the last ``span`` (5m, 1h or all) before ``now``.

    Times are seconds; each point ends a step, and a rate is per second of sandbox time. The last
    step is not over yet: its rate is that of its part which is.
    """
    start = now - SPANS[span] if span in SPANS else begins
    step = _step(max(1, now - start))
    end = (now // step + 1) * step
    first = max(start // step * step, end - step * POINTS * 2)
    times = list(range(first + step, end + 1, step))
    columns: dict[str, list[Any]] = {name: [] for name in (*DEPTHS, "age", *RATES)}
    seconds = [row[AT] for row in rows]
    since = at = bisect_left(seconds, first)
    for time in times:
        until = bisect_left(seconds, time, lo=at)
        _add_depth(columns, rows[until - 1] if until else None, min(time, now))
        _add_rates(columns, rows[at:until], max(1, min(time, now + 1) - time + step))
        at = until
    counts = {name: sum(row[slot] for row in rows[since:]) for name, slot in RATES.items()}
    return {"now": now, "step": step, "t": times, **columns, "summary": _summary(columns, counts)}


def _add_depth(columns: dict[str, list[Any]], held: Row | None, time: int) -> None:
    for name, slot in DEPTHS.items():
        columns[name].append(max(0, held[slot]) if held else 0)
    oldest = held[OLDEST] if held else 0
    columns["age"].append(max(0, time - oldest // 1_000) if oldest else 0)


def _add_rates(columns: dict[str, list[Any]], rows: Sequence[Row], length: int) -> None:
    for name, slot in RATES.items():
        columns[name].append(round(sum(row[slot] for row in rows) / length, 3))


def _step(length: int) -> int:
    """Return the shortest step that needs no more than about POINTS points."""
    return next((step for step in _STEPS if length / step <= POINTS), 86_400)


def _summary(columns: dict[str, list[Any]], counts: Mapping[str, int]) -> str:
    """Say in words what the chart shows."""
    last = {name: values[-1] for name, values in columns.items()}
    depth = [sum(values) for values in zip(*(columns[name] for name in DEPTHS), strict=True)]
    oldest = (
        _("The oldest is %(age)s s old.") % {"age": format(last["age"], ",")}
        if depth[-1]
        else _("It is empty.")
    )
    return _(
        "Now %(visible)s visible, %(flight)s in flight, %(delayed)s delayed. "
        "%(oldest)s Deepest: %(max)s. In this time %(sent)s sent, %(received)s "
        "received, %(deleted)s deleted, %(moved)s moved."
    ) % {
        "visible": format(last["visible"], ","),
        "flight": format(last["flight"], ","),
        "delayed": format(last["delayed"], ","),
        "oldest": oldest,
        "max": format(max(depth), ","),
        "sent": format(counts["sent"], ","),
        "received": format(counts["received"], ","),
        "deleted": format(counts["deleted"], ","),
        "moved": format(counts["moved"], ","),
    }
