"""Report metrics, ask for their datapoints, list them."""

from collections.abc import Iterator, Mapping
from typing import Any

from messaging.cloudwatch import asking, folding, reporting, series, store
from messaging.cloudwatch.checking import (
    check_dimensions,
    check_period,
    check_span,
    check_statistic,
)
from messaging.cloudwatch.domain import catalogue
from messaging.cloudwatch.domain.projection import Subject
from messaging.cloudwatch.domain.statistics import Summary, statistic
from messaging.cloudwatch.errors import (
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
    ValidationError,
)
from messaging.cloudwatch.limits import (
    ACTIVE_MS,
    DATA_POINTS_MAX,
    LISTED_MS,
    METRICS_PAGE,
    MINUTE_MS,
    QUERIES_MAX,
    RECENTLY_MS,
    STATISTICS_POINTS_MAX,
)
from messaging.cloudwatch.models import Measured
from messaging.kernel.context import Context
from messaging.kernel.paging import BadToken, page


def put_metric_data(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take datapoints that a program reports."""
    reporting.report(ctx, req)
    datums = req["MetricData"]
    names = sorted({datum["MetricName"] for datum in datums})
    ctx.emit("cloudwatch.DataPut", "", {
        "by": ctx.caller.actor, "namespace": req["Namespace"], "metrics": names[:10],
        "count": len(datums),
    })  # fmt: skip
    return {}


def get_metric_statistics(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return statistics of one metric, period by period."""
    check_period(req["Period"])
    check_span(req)
    check_dimensions(req.get("Dimensions") or ())
    simple, extended = req.get("Statistics") or (), req.get("ExtendedStatistics") or ()
    if not simple and not extended:
        raise MissingParameter("Must specify either Statistics or ExtendedStatistics.")
    for name in (*simple, *extended):
        check_statistic(name)
    period = req["Period"] * 1_000
    start = req["StartTime"] // min(period, MINUTE_MS) * min(period, MINUTE_MS)
    asked_for = (req["EndTime"] - start) // period
    if asked_for > STATISTICS_POINTS_MAX:
        raise InvalidParameterCombination(
            f"You have requested up to {asked_for:,} datapoints, which exceeds the limit of "
            f"{STATISTICS_POINTS_MAX:,}. You may reduce the datapoints requested by increasing "
            "Period, or decreasing the time range."
        )
    folding.fold(ctx.batch, ctx.world)
    subject = Subject(
        ctx.account, ctx.region, req["Namespace"], store.as_pairs(req.get("Dimensions"))
    )
    found = series.read(
        ctx.sandbox, subject, req["MetricName"], start, req["EndTime"], unit=req.get("Unit")
    )
    buckets = found.buckets(start, req["EndTime"], period, now=ctx.now)
    points = [
        _datapoint(at, summary, found.unit_known, simple, extended)
        for at, summary in sorted(buckets.items())
    ]
    return {"Label": req["MetricName"], "Datapoints": points}


def get_metric_data(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of metrics and of metric math over them."""
    queries = req["MetricDataQueries"]
    if len(queries) > QUERIES_MAX:
        raise ValidationError(
            f"The collection MetricDataQueries must not have a size greater than {QUERIES_MAX}."
        )
    if req["StartTime"] >= req["EndTime"]:
        raise ValidationError("The parameter StartTime must be less than the parameter EndTime.")
    asking.check_queries(queries)
    folding.fold(ctx.batch, ctx.world)
    span = (req["StartTime"], req["EndTime"])
    inquiry = asking.Inquiry(ctx.sandbox, (ctx.account, ctx.region), queries, span=span)
    found = inquiry.results(*span, now=ctx.now)
    shown = [query["Id"] for query in queries if query.get("ReturnData", True)]
    results = [
        _result(inquiry, key, number, points, req)
        for key in shown
        for number, points in enumerate(found[key])
    ]
    return {"MetricDataResults": results, "Messages": []}


def list_metrics(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metrics that have had datapoints in the past two weeks, or three hours."""
    folding.fold(ctx.batch, ctx.world)
    rows = Measured.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    if req.get("Namespace"):
        rows = rows.filter(namespace=req["Namespace"])
    recently = RECENTLY_MS if req.get("RecentlyActive") else LISTED_MS
    found = sorted(
        (
            (row.namespace, name, row)
            for row in rows
            if _has_dimensions(row, req.get("Dimensions") or ())
            for name in _names(row, ctx.now - recently)
            if req.get("MetricName") in (None, name)
        ),
        key=lambda one: (one[0], one[1], one[2].dimensions),
    )
    scope = "metrics" + "|".join(str(req.get(name)) for name in ("Namespace", "MetricName"))
    try:
        chosen, token = page(found, req.get("NextToken"), METRICS_PAGE, key=_place, scope=scope)
    except BadToken as error:
        raise InvalidParameterValue(f"Invalid NextToken: {error}.") from None
    metrics = [
        {"Namespace": namespace, "MetricName": name, "Dimensions": _shown_dimensions(row)}
        for namespace, name, row in chosen
    ]
    return {"Metrics": metrics, "NextToken": token}


def _place(one: tuple[str, str, Measured]) -> str:
    return f"{one[0]}\0{one[1]}\0{one[2].dimensions}"


def _names(row: Measured, since: int) -> Iterator[str]:
    known = catalogue.known_metrics(row.namespace, row.dimensions) if row.projected else {}
    last = max(row.names.values(), default=0)
    is_resting = any((row.levels or [0, 0, 0])[:3])
    if is_resting or last + (ACTIVE_MS if known else 0) >= since:
        yield from known
    names = {key.partition("\t")[0] for key, at in row.names.items() if at >= since}
    yield from names - {*known, catalogue.LEVELS}


def _has_dimensions(row: Measured, wanted: Any) -> bool:
    known = dict(row.dimensions)
    return all(
        one["Name"] in known and one.get("Value") in (None, known[one["Name"]]) for one in wanted
    )


def _shown_dimensions(row: Measured) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in row.dimensions]


def _datapoint(
    at: int, summary: Summary, unit: str, simple: Any, extended: Any
) -> dict[str, Any]:  # fmt: skip
    point: dict[str, Any] = {"Timestamp": at, "Unit": unit}
    point |= {name: statistic(summary, name) for name in simple}
    if extended:
        values = {name: statistic(summary, name) for name in extended}
        point["ExtendedStatistics"] = {k: v for k, v in values.items() if v is not None}
    return point


def _result(
    inquiry: asking.Inquiry, key: str, number: int, points: asking.Points, req: Mapping[str, Any]
) -> dict[str, Any]:
    first = req["StartTime"] // inquiry.period_of(key) * inquiry.period_of(key)
    times = sorted(at for at in points if first <= at < req["EndTime"])
    if req.get("ScanBy") != "TimestampAscending":
        times.reverse()
    times = times[: min(req.get("MaxDatapoints") or DATA_POINTS_MAX, DATA_POINTS_MAX)]
    return {
        "Id": key,
        "Label": inquiry.label(key) if number == 0 else f"{inquiry.label(key)} {number + 1}",
        "Timestamps": times,
        "Values": [points[at] for at in times],
        "StatusCode": "Complete",
    }
