"""One line of the result, and how the lines of several runs become one."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from statistics import median_low
from typing import Any, Final

PER_SECOND: Final = "messages/s"


@dataclass(frozen=True, slots=True)
class Row:
    """What one measurement says.

    ``value`` is its headline in ``unit``; ``count`` is how many messages, operations or frames
    that rests on. ``faults`` count broken promises (missing, twice, out_of_order): they must be 0.
    """

    scenario: str
    label: str
    value: float
    unit: str
    count: int
    seconds: float
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    errors: int = 0
    first_error: str = ""
    faults: dict[str, int] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Return the row as plain data."""
        return asdict(self)


def percentiles(seconds: Sequence[float]) -> dict[str, Any]:
    """Return p50, p95 and p99 in milliseconds of latencies in seconds, by nearest rank."""
    ordered = sorted(seconds)
    return {f"p{rank}_ms": _at(ordered, rank) for rank in (50, 95, 99)}


def medians(runs: Iterable[Sequence[Row]]) -> list[Row]:
    """Return for each measurement the run with the median value, with errors and faults of all."""
    same: dict[tuple[str, str], list[Row]] = {}
    for run in runs:
        for row in run:
            same.setdefault((row.scenario, row.label), []).append(row)
    return [_median(rows) for rows in same.values()]


def _median(rows: list[Row]) -> Row:
    values = [row.value for row in rows]
    chosen = rows[values.index(median_low(values))]
    return replace(
        chosen,
        errors=sum(row.errors for row in rows),
        first_error=next((row.first_error for row in rows if row.first_error), ""),
        faults={name: sum(row.faults[name] for row in rows) for name in chosen.faults},
        details=chosen.details | ({"values": values} if len(values) > 1 else {}),
    )


def _at(ordered: Sequence[float], rank: int) -> float | None:
    if not ordered:
        return None
    place = -(-len(ordered) * rank // 100) - 1
    return round(ordered[place] * 1000, 3)
