"""Queries of GetMetricData and of alarms: metrics, and metric math over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from messaging.cloudwatch import series, store
from messaging.cloudwatch.checking import check_dimensions, check_period, check_statistic, required
from messaging.cloudwatch.domain.expressions import Flaw, functions_in, names_in, parse
from messaging.cloudwatch.domain.functions import FUNCTIONS, Reckoning
from messaging.cloudwatch.domain.projection import Subject
from messaging.cloudwatch.domain.statistics import statistic
from messaging.cloudwatch.errors import ValidationError, not_modelled
from messaging.cloudwatch.series import Series

Points = dict[int, float]
Query = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of a metric: its rows, its period in milliseconds, its statistic."""

    series: Series
    period: int
    stat: str

    def points(self, origin: int, end: int, *, now: int) -> Points:
        """Return the statistic of each period that begins at or after ``origin``."""
        found = {}
        for at, summary in self.series.buckets(origin, end, self.period, now=now).items():
            value = statistic(summary, self.stat)
            if value is not None:
                found[at] = float(value)
        return found


def check_queries(queries: Sequence[Query]) -> None:
    """Refuse queries that cannot be answered, or that are not modelled; raises AwsError."""
    ids = [query["Id"] for query in queries]
    if len(set(ids)) < len(ids):
        raise ValidationError("The values for parameter Id in MetricDataQueries are not unique.")
    for query in queries:
        if query.get("MetricStat"):
            _check_metric(query["MetricStat"])
        elif query.get("Expression"):
            _check_expression(query, ids)
        else:
            raise ValidationError(
                "Either MetricStat or Expression must be specified in each MetricDataQuery."
            )


def _check_metric(asked: Query) -> None:
    required(asked["Metric"], "Namespace", "MetricName")
    check_dimensions(asked["Metric"].get("Dimensions") or ())
    check_period(asked["Period"])
    check_statistic(asked["Stat"])


def _check_expression(query: Query, ids: Sequence[str]) -> None:
    text = query["Expression"].strip()
    if text.upper().startswith("SELECT"):
        raise not_modelled("Metrics Insights queries")
    try:
        tree = parse(text)
    except Flaw as flaw:
        raise _refusal(query["Id"], flaw) from None
    for name in functions_in(tree):
        if name.upper() not in FUNCTIONS:
            raise not_modelled(f"the metric math function {name}")
    for name in names_in(tree):
        if name not in ids and name not in ("REPEAT", "LINEAR"):
            raise _refusal(query["Id"], Flaw(f"Unrecognized id '{name}'"))


def _refusal(key: str, flaw: Flaw) -> ValidationError:
    return ValidationError(f"Error in expression '{key}': {flaw}.")


class Inquiry:
    """The queries of one request, with everything that is read for them."""

    def __init__(
        self,
        sandbox: int,
        place: tuple[str, str],
        queries: Sequence[Query],
        *,
        span: tuple[int, int],
    ) -> None:
        self._queries = {query["Id"]: query for query in queries}
        self._metrics = [query["Id"] for query in queries if query.get("MetricStat")]
        self._trees = {
            query["Id"]: parse(query["Expression"]) for query in queries if query.get("Expression")
        }
        self._asked = {
            key: read(sandbox, place, self._queries[key]["MetricStat"], span)
            for key in self._metrics
        }
        periods = [asked.period for asked in self._asked.values()]
        self.period = max(periods, default=60_000)

    def period_of(self, key: str) -> int:
        """Return the period of a query in milliseconds."""
        asked = self._asked.get(key)
        given = self._queries[key].get("Period")
        return asked.period if asked is not None else given * 1_000 if given else self.period

    def label(self, key: str) -> str:
        """Return what a query's result is called."""
        query = self._queries[key]
        if query.get("Label"):
            return str(query["Label"])
        return query["MetricStat"]["Metric"]["MetricName"] if key in self._asked else key

    def results(
        self, start: int, end: int, *, now: int, origin: int | None = None
    ) -> dict[str, list[Points]]:
        """Return the points of every query; ``origin`` is where periods begin to be counted."""
        known: dict[str, Any] = {}
        for key, asked in self._asked.items():
            first = start // asked.period * asked.period if origin is None else origin
            known[key] = asked.points(first, end, now=now)
        found = {key: [points] for key, points in known.items()}
        for key in self._trees:
            found[key] = self._reckon(key, known, start, end, origin, ())
        return found

    def _reckon(
        self, key: str, known: dict[str, Any], start: int, end: int, origin: int | None,
        within: tuple[str, ...],
    ) -> list[Points]:  # fmt: skip
        """Evaluate an expression, and before it those that it refers to."""
        tree = self._trees[key]
        if key in within:
            raise ValidationError(f"Error in expression '{key}': it refers to itself.")
        for name in names_in(tree):
            if name in self._trees and name not in known:
                many = self._reckon(name, known, start, end, origin, (*within, key))
                known[name] = many[0] if len(many) == 1 else many
        period = self.period_of(key)
        first = start // period * period if origin is None else origin
        grid = range(first, end, period)
        try:
            found = Reckoning(known, self._metrics, grid, period).series(tree)
        except Flaw as flaw:
            raise _refusal(key, flaw) from None
        known.setdefault(key, found[0] if len(found) == 1 else found)
        return [dict(points) for points in found]


def read(sandbox: int, place: tuple[str, str], asked: Query, span: tuple[int, int]) -> Asked:
    """Read what a MetricStat asks for; ``place`` is account and region."""
    metric, period = asked["Metric"], asked["Period"] * 1_000
    subject = Subject(*place, metric["Namespace"], store.as_pairs(metric.get("Dimensions")))
    start = span[0] // period * period
    found = series.read(
        sandbox, subject, metric["MetricName"], start, span[1], unit=asked.get("Unit")
    )
    return Asked(found, period, asked["Stat"])
