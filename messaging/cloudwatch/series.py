"""Rows of minutes → datapoints, with what silence means filled in."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from messaging.cloudwatch import store
from messaging.cloudwatch.domain import catalogue
from messaging.cloudwatch.domain.catalogue import LEVELS, Known
from messaging.cloudwatch.domain.projection import Subject
from messaging.cloudwatch.domain.statistics import Summary
from messaging.cloudwatch.limits import ACTIVE_MS, MINUTE_MS
from messaging.cloudwatch.models import Measured, Minute

Bucket = tuple[int, Summary]


@dataclass(frozen=True, slots=True)
class Series:
    """One metric: its rows from before ``start`` on, oldest first, and how silence reads."""

    row: Measured | None
    name: str
    unit: str | None
    times: list[int]
    rows: list[Mapping[str, Any]]

    def summaries(self, start: int, end: int, *, now: int) -> Iterator[Bucket]:
        """Yield what there is of each minute (or second) from ``start`` to before ``end``."""
        if self.row is None:
            return
        if not self.row.projected:
            yield from self._reported(start, end)
            return
        known = catalogue.metric(self.row.namespace, self.row.dimensions, self.name)
        if self.unit is not None and self.unit != known.unit:
            return
        # AWS pushes a minute when it is over.
        last = min(end, now - MINUTE_MS + 1)
        first = -(-start // MINUTE_MS) * MINUTE_MS
        for minute in range(first, last, MINUTE_MS):
            found = self._of_minute(minute, known)
            if found is not None:
                yield minute, found

    def buckets(self, origin: int, end: int, period: int, *, now: int) -> dict[int, Summary]:
        """Return what there is of each period (milliseconds) that begins at or after ``origin``."""
        found: dict[int, Summary] = {}
        for at, summary in self.summaries(origin, end, now=now):
            start = origin + (at - origin) // period * period
            found.setdefault(start, Summary()).join(summary)
        return found

    @property
    def unit_known(self) -> str:
        """Return the unit; reported metrics may have several, which are none."""
        if self.row is None or not self.row.projected:
            keys = (key.partition("\t") for data in self.rows for key in data)
            units = {unit for name, _, unit in keys if name == self.name}
            return self.unit or (units.pop() if len(units) == 1 else "None")
        return catalogue.metric(self.row.namespace, self.row.dimensions, self.name).unit

    def _reported(self, start: int, end: int) -> Iterator[Bucket]:
        for at, data in zip(self.times, self.rows, strict=True):
            if start <= at < end:
                for key, kept in data.items():
                    name, _, unit = key.partition("\t")
                    if name == self.name and self.unit in (None, unit):
                        yield at, Summary.read(kept)

    def _of_minute(self, minute: int, known: Known) -> Summary | None:
        place = bisect_right(self.times, minute) - 1
        if place < 0:
            return None
        at, data = self.times[place], self.rows[place]
        if at == minute and self.name in data:
            return Summary.read(data[self.name])
        if known.way in (catalogue.SPARSE, catalogue.SAMPLES):
            return None
        if not self._is_active(minute, at, data):
            return None
        levels = data.get(LEVELS)
        if known.way == catalogue.COUNT or levels is None:
            return Summary.of(0)
        value = levels[known.slot]
        if known.way == catalogue.AGE:
            value = max(0, minute + MINUTE_MS - value) // 1_000 if value else 0
        return Summary.of(value)

    def _is_active(self, minute: int, at: int, data: Mapping[str, Any]) -> bool:
        """Tell whether a queue or topic emits: something happened lately, or messages are there."""
        assert self.row is not None
        deleted = self.row.deleted_at
        if deleted is not None and minute > deleted:
            return False
        return minute - at <= ACTIVE_MS or any((data.get(LEVELS) or [0, 0, 0])[:3])


def read(
    sandbox: int, subject: Subject, name: str, start: int, end: int, *, unit: str | None = None
) -> Series:
    """Return a metric of the time from ``start`` to ``end``."""
    row = store.find(sandbox, subject)
    if row is None:
        return Series(None, name, unit, [], [])
    kept = Minute.objects.filter(sandbox=sandbox, scope=row.scope)
    before = kept.filter(at__lt=start).order_by("-at").values_list("at", "data").first()
    within = kept.filter(at__gte=start, at__lt=end).order_by("at").values_list("at", "data")
    rows = [*([before] if before is not None and row.projected else []), *within]
    return Series(row, name, unit, [at for at, _ in rows], [data for _, data in rows])
