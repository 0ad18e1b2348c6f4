"""Composite alarms, and how alarms are kept: described, tagged, deleted."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from messaging.cloudwatch.domain.rules import Flaw, holds, parse
from tests.fixtures.engine import ACCOUNT, REGION, Time

Put = Callable[..., None]
BOTH = ["MetricAlarm", "CompositeAlarm"]


@pytest.fixture
def put(api: Any) -> Put:
    def make(name: str, **more: Any) -> None:
        asked: dict[str, Any] = {
            "Namespace": "Shop", "MetricName": name, "Statistic": "Sum", "Period": 60,
            "EvaluationPeriods": 1, "Threshold": 1, "TreatMissingData": "ignore",
            "ComparisonOperator": "GreaterThanThreshold", **more,
        }  # fmt: skip
        api.put_metric_alarm(AlarmName=name, **asked)

    return make


def turn(api: Any, name: str, state: str = "ALARM") -> None:
    api.set_alarm_state(AlarmName=name, StateValue=state, StateReason="by hand")


def state(api: Any, name: str) -> str:
    found = api.describe_alarms(AlarmNames=[name], AlarmTypes=BOTH)
    return str([*found["MetricAlarms"], *found["CompositeAlarms"]][0]["StateValue"])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("ALARM(a)", True),
        ('OK("b") AND NOT ALARM(b)', True),
        ("ALARM(b) OR ALARM(a) AND FALSE", False),
        ("(ALARM(b) OR ALARM(a)) AND TRUE", True),
        ("NOT (ALARM(a) OR OK(a))", False),
        ("INSUFFICIENT_DATA(c)", True),
    ],
)
def test_rules(rule: str, expected: bool) -> None:
    states = {"a": "ALARM", "b": "OK", "c": "INSUFFICIENT_DATA"}
    assert holds(parse(rule), lambda name: states[name]) is expected


@pytest.mark.parametrize("rule", ["", "ALARM a", "ALARM(a) AND", "(OK(a)", "MAYBE(a)", "NOT " * 99])
def test_rules_that_are_none(rule: str) -> None:
    with pytest.raises(Flaw):
        parse(rule)


def test_it_follows_its_children(api: Any, put: Put, clock: Time) -> None:
    put("queue")
    put("errors")
    api.put_composite_alarm(AlarmName="both", AlarmRule="ALARM(queue) AND ALARM(errors)")
    assert state(api, "both") == "OK"
    turn(api, "queue")
    assert state(api, "both") == "OK"
    turn(api, "errors")
    assert state(api, "both") == "ALARM"
    turn(api, "queue", "OK")
    assert state(api, "both") == "OK"
    [alarm] = api.describe_alarms(AlarmNames=["both"], AlarmTypes=BOTH)["CompositeAlarms"]
    child = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:queue"
    assert alarm["StateReason"].startswith(f"{child} transitioned to OK at ")


def test_composites_of_composites_and_who_looks_at_whom(api: Any, put: Put) -> None:
    put("queue")
    api.put_composite_alarm(AlarmName="inner", AlarmRule="ALARM(queue)")
    api.put_composite_alarm(AlarmName="outer", AlarmRule="ALARM(inner) OR OK(queue)")
    turn(api, "queue")
    assert state(api, "outer") == "ALARM"
    parents = api.describe_alarms(ParentsOfAlarmName="queue", AlarmTypes=BOTH)["CompositeAlarms"]
    assert [alarm["AlarmName"] for alarm in parents] == ["inner", "outer"]
    with pytest.raises(ClientError, match="form a cycle"):
        api.put_composite_alarm(AlarmName="inner", AlarmRule="ALARM(outer)")
    with pytest.raises(ClientError, match="depending on it"):
        api.delete_alarms(AlarmNames=["queue"])
    with pytest.raises(ClientError, match="does not exist"):
        api.put_composite_alarm(AlarmName="lost", AlarmRule="ALARM(nobody)")
    api.delete_alarms(AlarmNames=["outer"])
    api.delete_alarms(AlarmNames=["inner", "queue"])
    assert api.describe_alarms(AlarmTypes=BOTH)["MetricAlarms"] == []


def test_wrong_names_do_not_keep_alarms_from_being_deleted(api: Any, put: Put) -> None:
    put("queue")
    for name in ("one", "two"):
        api.put_composite_alarm(AlarmName=name, AlarmRule="FALSE")
    with pytest.raises(ClientError, match="one composite alarm"):
        api.delete_alarms(AlarmNames=["one", "two", "queue"])
    api.delete_alarms(AlarmNames=["queue", "one", "nobody"])
    left = api.describe_alarms(AlarmTypes=BOTH)
    assert left["MetricAlarms"] == []
    assert [alarm["AlarmName"] for alarm in left["CompositeAlarms"]] == ["two"]


def test_described_by_name_state_and_metric(api: Any, put: Put) -> None:
    for name in ("a1", "a2", "b1"):
        put(name)
    turn(api, "a2")
    names = [one["AlarmName"] for one in api.describe_alarms(AlarmNamePrefix="a")["MetricAlarms"]]
    assert names == ["a1", "a2"]
    [found] = api.describe_alarms(StateValue="ALARM")["MetricAlarms"]
    assert found["AlarmName"] == "a2"
    [found] = api.describe_alarms_for_metric(Namespace="Shop", MetricName="b1")["MetricAlarms"]
    assert found["AlarmName"] == "b1"
    pages = list(api.get_paginator("describe_alarms").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page["MetricAlarms"]) for page in pages] == [2, 1]


def test_replacing_settings_keeps_the_state_and_the_tags(api: Any, put: Put) -> None:
    put("a", Tags=[{"Key": "team", "Value": "shop"}])
    turn(api, "a")
    put("a", Threshold=9, Tags=[{"Key": "team", "Value": "other"}])
    [found] = api.describe_alarms()["MetricAlarms"]
    assert (found["StateValue"], found["Threshold"]) == ("ALARM", 9)
    tags = api.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "shop"}]
    api.tag_resource(ResourceARN=found["AlarmArn"], Tags=[{"Key": "stage", "Value": "test"}])
    api.untag_resource(ResourceARN=found["AlarmArn"], TagKeys=["team"])
    tags = api.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]
    assert tags == [{"Key": "stage", "Value": "test"}]


def test_the_history_tells_everything_also_of_a_deleted_alarm(
    api: Any, put: Put, clock: Time
) -> None:
    put("a")
    turn(api, "a")
    put("a", Threshold=3)
    api.delete_alarms(AlarmNames=["a"])
    found = api.describe_alarm_history(AlarmName="a", ScanBy="TimestampAscending")
    assert [item["HistorySummary"] for item in found["AlarmHistoryItems"]] == [
        'Alarm "a" created',
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        'Alarm "a" updated',
        'Alarm "a" deleted',
    ]
    first = api.describe_alarm_history(AlarmName="a", MaxRecords=3)
    rest = api.describe_alarm_history(AlarmName="a", NextToken=first["NextToken"])
    assert rest["AlarmHistoryItems"][0]["HistorySummary"] == 'Alarm "a" created'


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"AlarmActions": ["arn:aws:autoscaling:eu-central-1:1:x"]}, "autoscaling"),
        ({"ThresholdMetricId": "ad1"}, "anomaly detection"),
        ({"WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 5}}, "WarmUpConfiguration"),
        ({"Period": 45}, "multiple of 60"),
        ({"DatapointsToAlarm": 2}, "at most EvaluationPeriods"),
        ({"TreatMissingData": "sometimes"}, "TreatMissingData"),
        ({"Period": 86_400, "EvaluationPeriods": 8}, "seven days"),
        ({"ExtendedStatistic": "p99"}, "Exactly one"),
        ({"AlarmActions": ["somebody"]}, "Invalid arn syntax"),
    ],
)
def test_alarms_that_are_refused(api: Any, put: Put, change: dict[str, Any], text: str) -> None:
    with pytest.raises(ClientError, match=text):
        put("a", **change)
    assert api.describe_alarms()["MetricAlarms"] == []


def test_alarms_that_are_not_there(api: Any) -> None:
    for call in (
        lambda: turn(api, "nobody"),
        lambda: api.delete_alarms(AlarmNames=["nobody"]),
    ):
        with pytest.raises(api.exceptions.ResourceNotFound):
            call()
    with pytest.raises(ClientError, match="does not model AT_LEAST"):
        api.put_composite_alarm(AlarmName="x", AlarmRule="AT_LEAST(1, ALARM, (a))")
