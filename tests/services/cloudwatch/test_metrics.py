"""Metrics that programs report, and how they are asked for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from messaging.executor import Executor
from messaging.wire.detect import detect
from messaging.wire.protocols import PROTOCOLS
from messaging.wire.request import Request
from tests.fixtures.engine import Time
from tests.services.cloudwatch.conftest import MINUTE, START, now

HOUR = timedelta(hours=1)


def put(api: Any, *datums: dict[str, Any], namespace: str = "Shop") -> None:
    api.put_metric_data(Namespace=namespace, MetricData=list(datums))


def statistics(api: Any, metric: str = "Latency", **more: Any) -> list[Any]:
    asked: dict[str, Any] = {
        "Namespace": "Shop", "StartTime": MINUTE, "EndTime": START + HOUR, "Period": 60,
        **more,
    }  # fmt: skip
    if "ExtendedStatistics" not in more:
        asked["Statistics"] = ["SampleCount", "Sum", "Average", "Minimum", "Maximum"]
    found = api.get_metric_statistics(MetricName=metric, **asked)["Datapoints"]
    return sorted(found, key=lambda point: point["Timestamp"])


def data(api: Any, *queries: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = api.get_metric_data(
        MetricDataQueries=list(queries), StartTime=MINUTE, EndTime=START + HOUR,
        ScanBy="TimestampAscending", **more,
    )  # fmt: skip
    return {result["Id"]: result["Values"] for result in found["MetricDataResults"]}


def stat(key: str, metric: str, name: str = "Sum", **more: Any) -> dict[str, Any]:
    asked = {"Namespace": "Shop", "MetricName": metric, "Dimensions": []}
    return {"Id": key, "MetricStat": {"Metric": asked, "Period": 60, "Stat": name}, **more}


def refused(code: str) -> Any:
    return pytest.raises(ClientError, match=code)


def test_values_sets_and_counts_are_one_metric(api: Any) -> None:
    put(
        api,
        {"MetricName": "Latency", "Value": 10},
        {"MetricName": "Latency", "Values": [20, 30], "Counts": [1, 2]},
        {"MetricName": "Latency", "StatisticValues": {
            "SampleCount": 2, "Sum": 110, "Minimum": 50, "Maximum": 60,
        }},
    )  # fmt: skip
    [point] = statistics(api)
    assert point["Timestamp"] == MINUTE
    assert (point["SampleCount"], point["Sum"]) == (6, 200)
    assert (point["Minimum"], point["Maximum"]) == (10, 60)
    assert point["Average"] == pytest.approx(200 / 6)


def test_percentiles(api: Any) -> None:
    put(api, {"MetricName": "Latency", "Values": [float(n) for n in range(1, 101)]})
    [point] = statistics(api, ExtendedStatistics=["p50", "p99", "p99.9"])
    assert point["ExtendedStatistics"] == {"p50": 50, "p99": 99, "p99.9": 100}


def test_dimensions_and_units_are_series_of_their_own(api: Any) -> None:
    eu = [{"Name": "Region", "Value": "eu"}]
    put(
        api,
        {"MetricName": "Latency", "Value": 1, "Dimensions": eu, "Unit": "Seconds"},
        {"MetricName": "Latency", "Value": 5, "Dimensions": eu, "Unit": "Milliseconds"},
        {"MetricName": "Latency", "Value": 7},
    )
    assert [point["Sum"] for point in statistics(api)] == [7]
    assert [point["Sum"] for point in statistics(api, Dimensions=eu, Unit="Seconds")] == [1]
    assert [point["Sum"] for point in statistics(api, Dimensions=eu)] == [6]


def test_high_resolution(api: Any, clock: Time) -> None:
    for value in (1, 2, 3):
        put(api, {"MetricName": "Latency", "Value": value, "StorageResolution": 1})
        clock.advance(10)
    assert [point["Sum"] for point in statistics(api, Period=10)] == [1, 2, 3]
    assert [point["Sum"] for point in statistics(api)] == [6]


def test_metric_math(api: Any, clock: Time) -> None:
    for errors, calls in ((1, 10), (0, 0), (6, 12)):
        put(api, {"MetricName": "Errors", "Value": errors}, {"MetricName": "Calls", "Value": calls})
        clock.advance(60)
    found = data(
        api,
        stat("e", "Errors", ReturnData=False),
        stat("c", "Calls"),
        {"Id": "share", "Expression": "100 * e / c"},
        {"Id": "both", "Expression": "SUM(METRICS())"},
        {"Id": "most", "Expression": "c - c + MAX(c)"},
        {"Id": "least", "Expression": "MIN([e, c])"},
        {"Id": "mean", "Expression": "e * 0 + AVG(c)"},
        {"Id": "slope", "Expression": "RATE(c)"},
        {"Id": "nested", "Expression": "-(share + 1) ^ 2"},
    )
    assert "e" not in found
    assert found["c"] == [10, 0, 12]
    assert found["share"] == [10, 50]
    assert found["both"] == [11, 0, 18]
    assert found["most"] == [12, 12, 12]
    assert found["least"] == [1, 0, 6]
    assert found["mean"] == [pytest.approx(22 / 3)] * 3
    assert found["slope"] == [pytest.approx(-10 / 60), pytest.approx(12 / 60)]
    assert found["nested"] == [-121, -2601]


def test_gaps_are_filled(api: Any, clock: Time) -> None:
    put(api, {"MetricName": "Errors", "Value": 4})
    clock.advance(120)
    put(api, {"MetricName": "Errors", "Value": 8})
    fills = {"zero": "FILL(e, 0)", "again": "FILL(e, REPEAT)", "line": "FILL(e, LINEAR)"}
    found = api.get_metric_data(
        StartTime=MINUTE, EndTime=MINUTE + timedelta(minutes=4), ScanBy="TimestampAscending",
        MetricDataQueries=[
            stat("e", "Errors"),
            *({"Id": key, "Expression": text} for key, text in fills.items()),
        ],
    )["MetricDataResults"]  # fmt: skip
    values = {result["Id"]: result["Values"] for result in found}
    assert values == {
        "e": [4, 8], "zero": [4, 0, 8, 0], "again": [4, 4, 8, 8], "line": [4, 6, 8],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("ANOMALY_DETECTION_BAND(e, 2)", "does not model the metric math function"),
        ("SELECT AVG(Errors) FROM Shop", "does not model Metrics Insights"),
        ("e +", "Error in expression"),
        ("nobody * 2", "Unrecognized id"),
        ("(" * 99, "nested too deeply"),
        ("self + 1", "refers to itself"),
        ("-" * 99 + "e", "nested too deeply"),
    ],
)
def test_expressions_that_are_refused(api: Any, expression: str, code: str) -> None:
    with refused(code):
        data(api, stat("e", "Errors"), {"Id": "self", "Expression": expression})


def test_metrics_are_listed(api: Any, sqs: Any, queue: str, clock: Time) -> None:
    dimensions = [{"Name": "Shop", "Value": "north"}]
    put(api, {"MetricName": "Sold", "Value": 1, "Dimensions": dimensions})
    put(api, {"MetricName": "Sold", "Value": 1})
    [found] = api.list_metrics(MetricName="Sold", Dimensions=[{"Name": "Shop"}])["Metrics"]
    assert found == {"Namespace": "Shop", "MetricName": "Sold", "Dimensions": dimensions}
    names = {one["MetricName"] for one in api.list_metrics(Namespace="AWS/SQS")["Metrics"]}
    assert len(names) == 9
    assert "ApproximateAgeOfOldestMessage" in names
    clock.advance(4 * 3600)
    recent = api.list_metrics(RecentlyActive="PT3H")["Metrics"]
    assert {one["Namespace"] for one in recent} == {"AWS/SQS"}


def test_a_long_list_comes_in_pages(api: Any) -> None:
    for start in range(0, 620, 62):
        put(api, *({"MetricName": f"m{n:04d}", "Value": 1} for n in range(start, start + 62)))
    pages = list(api.get_paginator("list_metrics").paginate(Namespace="Shop"))
    assert [len(page["Metrics"]) for page in pages] == [500, 120]
    with refused("Invalid NextToken"):
        api.list_metrics(NextToken="bm90aGluZw==")


@pytest.mark.parametrize(
    ("datum", "code"),
    [
        ({"MetricName": "x"}, "MissingParameter"),
        ({"MetricName": "x", "Value": 1, "Values": [1]}, "InvalidParameterCombination"),
        ({"MetricName": "x", "Values": [1, 2], "Counts": [1]}, "InvalidParameterValue"),
        ({"MetricName": "x", "Value": float("nan")}, "InvalidParameterValue"),
        ({"MetricName": "x", "Value": 1, "StorageResolution": 7}, "InvalidParameterValue"),
        ({"MetricName": "x", "Value": 1, "Timestamp": START - timedelta(days=15)}, "two weeks"),
    ],
)
def test_datapoints_that_are_refused(api: Any, datum: dict[str, Any], code: str) -> None:
    with refused(code):
        put(api, datum)
    assert api.list_metrics(Namespace="Shop")["Metrics"] == []


def test_requests_that_are_refused(api: Any) -> None:
    with refused("reserved for AWS"):
        put(api, {"MetricName": "x", "Value": 1}, namespace="AWS/SQS")
    with refused("exceeds the limit of 1,440"):
        statistics(api, StartTime=START - timedelta(days=2))
    with refused("multiple of 60"):
        statistics(api, Period=61)
    with refused("must be less than"):
        statistics(api, StartTime=START + 2 * HOUR)
    with refused("does not model cloudwatch:PutDashboard"):
        api.put_dashboard(DashboardName="d", DashboardBody="{}")
    with refused("does not model the statistic TM"):
        statistics(api, ExtendedStatistics=["TM(10%:90%)"])


def test_the_query_protocol(api: Any, executor: Executor, caller: Any, clock: Time) -> None:
    """boto3 speaks CBOR; older programs post forms, and read XML."""
    put(api, {"MetricName": "Latency", "Value": 7, "Unit": "Seconds"})
    body = (
        "Action=GetMetricStatistics&Version=2010-08-01&Namespace=Shop&MetricName=Latency"
        f"&StartTime={MINUTE:%Y-%m-%dT%H:%M:%SZ}&EndTime={now(clock) + HOUR:%Y-%m-%dT%H:%M:%SZ}"
        "&Period=60&Statistics.member.1=Sum"
    )
    headers = {
        "host": "monitoring.eu-central-1.amazonaws.com",
        "content-type": "application/x-www-form-urlencoded",
    }
    asked = Request("POST", "/", "", headers, body.encode(), host=headers["host"])
    call = detect(asked)
    assert call is not None
    assert call.operation is not None
    assert (call.service, call.protocol) == ("cloudwatch", "query")
    wire = PROTOCOLS[call.protocol]
    params = wire.parse(asked, call.operation)
    result = executor.call_sync(caller, "cloudwatch", call.operation.name, params)
    answer = wire.serialise(result, call.operation, "a-request").body
    assert isinstance(answer, bytes)
    assert b"<Sum>7" in answer
    assert b"<Unit>Seconds</Unit>" in answer


def test_accounts_are_apart(api: Any, aws: Callable[..., Any]) -> None:
    put(api, {"MetricName": "Latency", "Value": 1})
    assert aws("cloudwatch", region="us-east-1").list_metrics()["Metrics"] == []
