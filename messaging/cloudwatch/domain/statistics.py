"""Samples, joined; and the statistics that are asked of them. Pure."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_PERCENTILE: Final = re.compile(r"p(\d{1,2}(\.\d{1,10})?|100)")
SIMPLE: Final = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")


@dataclass(slots=True)
class Summary:
    """What samples add up to; ``values`` counts each value where that is known."""

    count: float = 0
    total: float = 0
    least: float = math.inf
    most: float = -math.inf
    values: dict[float, float] | None = field(default_factory=dict)

    def add(self, value: float, count: float = 1) -> None:
        """Take in samples of one value."""
        self.count += count
        self.total += value * count
        self.least, self.most = min(self.least, value), max(self.most, value)
        if self.values is not None:
            self.values[value] = self.values.get(value, 0) + count

    def join(self, other: "Summary") -> None:
        """Take in what another one has."""
        self.count += other.count
        self.total += other.total
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)
        if self.values is None or other.values is None:
            self.values = None
            return
        for value, count in other.values.items():
            self.values[value] = self.values.get(value, 0) + count

    def stored(self) -> list[Any]:
        """Return it as it is kept in a row."""
        pairs = None if self.values is None else [[v, n] for v, n in self.values.items()]
        return [self.count, self.total, self.least, self.most, pairs]

    @classmethod
    def read(cls, kept: Any) -> "Summary":
        """Return what ``stored`` gave; a bare number is one sample."""
        if not isinstance(kept, list):
            return cls.of(kept)
        count, total, least, most, pairs = kept
        values = None if pairs is None else dict(pairs)
        return cls(count, total, least, most, values)

    @classmethod
    def of(cls, value: float) -> "Summary":
        """Return one sample."""
        return cls(1, value, value, value, {value: 1})


def joined(summaries: Iterable[Summary]) -> Summary:
    """Return one summary of several."""
    whole = Summary()
    for summary in summaries:
        whole.join(summary)
    return whole


def statistic(summary: Summary, name: str) -> float | None:
    """Return a statistic; None where the samples do not tell it."""
    simple: Mapping[str, float] = {
        "SampleCount": summary.count,
        "Sum": summary.total,
        "Minimum": summary.least,
        "Maximum": summary.most,
    }
    if name in simple:
        return float(simple[name])
    if name == "Average":
        return summary.total / summary.count if summary.count else None
    return _percentile(summary, float(name[1:]))


def is_statistic(name: str) -> bool:
    """Tell whether a statistic is modelled."""
    return name in SIMPLE or is_percentile(name)


def is_percentile(name: str) -> bool:
    """Tell whether it is a percentile, ``p50`` or ``p99.9``."""
    return _PERCENTILE.fullmatch(name) is not None


def _percentile(summary: Summary, percent: float) -> float | None:
    """Return the smallest value that ``percent`` of the samples do not exceed (nearest rank).

    Of samples that came as a set of sums the values are not known, unless all are the same.
    """
    if summary.values is None:
        return summary.least if summary.least == summary.most else None
    wanted = max(1.0, math.ceil(summary.count * percent / 100))
    seen = 0.0
    for value, count in sorted(summary.values.items()):
        seen += count
        if seen >= wanted:
            return value
    return summary.most
