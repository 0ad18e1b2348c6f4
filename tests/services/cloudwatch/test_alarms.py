"""Metric alarms on the virtual clock: M of N, missing data, actions (CW1, CW2)."""

import json
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest

from messaging.cloudwatch.domain.verdicts import Condition, judge
from tests.fixtures.engine import ACCOUNT, REGION, Time
from tests.services.cloudwatch.conftest import MINUTE, arn

Put = Callable[..., None]
ALARM_ARN = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:deep"


@pytest.fixture
def put(api: Any) -> Put:
    """Return a function that makes an alarm on the depth of a queue."""

    def make(name: str = "deep", **more: Any) -> None:
        asked: dict[str, Any] = {
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Dimensions": [{"Name": "QueueName", "Value": "work"}],
            "Statistic": "Maximum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 2,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            **more,
        }
        api.put_metric_alarm(AlarmName=name, **asked)

    return make


def state(api: Any, name: str = "deep") -> str:
    found = api.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    [alarm] = [*found["MetricAlarms"], *found["CompositeAlarms"]]
    return str(alarm["StateValue"])


def history(api: Any, name: str, kind: str) -> list[Any]:
    """Return what happened to an alarm, newest first."""
    found = api.describe_alarm_history(AlarmName=name, HistoryItemType=kind)
    return list(found["AlarmHistoryItems"])


def send(sqs: Any, queue: str, count: int = 1) -> None:
    for _ in range(count):
        sqs.send_message(QueueUrl=queue, MessageBody="x")


def test_it_goes_off_when_a_minute_is_over_and_comes_back(
    put: Put, api: Any, sqs: Any, queue: str, clock: Time
) -> None:
    put()
    assert state(api) == "INSUFFICIENT_DATA"
    clock.advance(60)
    assert state(api) == "OK"
    send(sqs, queue, 3)
    assert state(api) == "OK"
    clock.advance(60)
    [alarm] = api.describe_alarms(AlarmNames=["deep"])["MetricAlarms"]
    assert alarm["StateValue"] == "ALARM"
    assert alarm["StateUpdatedTimestamp"] == MINUTE + timedelta(minutes=2)
    assert alarm["StateReason"] == (
        "Threshold Crossed: 1 datapoint [3.0 (21/09/26 14:14:00)] was greater than or equal to the "
        "threshold (2.0)."
    )
    assert json.loads(alarm["StateReasonData"])["recentDatapoints"] == [3.0]
    sqs.purge_queue(QueueUrl=queue)
    clock.advance(60)
    assert state(api) == "OK"


def test_m_of_n(put: Put, api: Any, sqs: Any, queue: str, clock: Time) -> None:
    """CW1: two of three."""
    put(
        MetricName="NumberOfMessagesSent", Statistic="Sum", EvaluationPeriods=3, DatapointsToAlarm=2
    )
    seen = []
    for count in (0, 2, 0, 2, 0, 0):
        send(sqs, queue, count)
        clock.advance(60)
        seen.append(state(api))
    assert seen == ["OK", "OK", "OK", "ALARM", "OK", "OK"]


X, O, N = 3.0, 1.0, None  # noqa: E741 (as in the tables of the User Guide)


@pytest.mark.parametrize(
    ("points", "needed", "missing", "expected"),
    [
        ((O, N, X, N, X), 3, "missing", "OK"),
        ((O, N, N, N, N), 3, "missing", "OK"),
        ((O, N, N, N, N), 3, "ignore", "OK"),
        ((O, N, N, N, N), 3, "breaching", "OK"),
        ((N, N, N, N, N), 3, "missing", "INSUFFICIENT_DATA"),
        ((N, N, N, N, N), 3, "ignore", "kept"),
        ((N, N, N, N, N), 3, "breaching", "ALARM"),
        ((N, N, N, N, N), 3, "notBreaching", "OK"),
        ((O, X, X, N, X), 3, "missing", "ALARM"),
        ((N, N, X, N, N), 3, "missing", "ALARM"),
        ((N, N, X, N, N), 3, "ignore", "kept"),
        ((N, N, X, N, N), 3, "breaching", "ALARM"),
        ((N, N, X, N, N), 3, "notBreaching", "OK"),
        ((O, N, X, N, X), 2, "ignore", "ALARM"),
        ((O, O, X, O, X), 2, "notBreaching", "ALARM"),
        ((O, N, X, N, N), 2, "missing", "OK"),
        ((O, N, X, N, N), 2, "breaching", "ALARM"),
        ((N, N, N, N, O), 2, "breaching", "ALARM"),
        ((N, N, N, N, O), 2, "ignore", "OK"),
        ((N, N, N, X, N), 2, "ignore", "kept"),
        ((N, N, N, X, N), 2, "missing", "ALARM"),
    ],
)  # fmt: skip
def test_missing_data(
    points: tuple[float | None, ...], needed: int, missing: str, expected: str
) -> None:
    """CW2, by the tables of the User Guide."""
    condition = Condition("GreaterThanThreshold", 2.0, needed, 3, missing)
    datapoints = [(place * 60_000, value) for place, value in enumerate(points)]
    assert judge(condition, datapoints, "kept").state == expected


@pytest.mark.parametrize(
    ("missing", "expected"),
    [("missing", "INSUFFICIENT_DATA"), ("notBreaching", "OK"), ("ignore", "ALARM")],
)
def test_a_metric_that_falls_silent(
    missing: str, expected: str, put: Put, api: Any, clock: Time
) -> None:
    """CW2."""
    where = {"Namespace": "Shop", "MetricName": "Errors", "Dimensions": []}
    put(**where, Statistic="Sum", TreatMissingData=missing)
    api.put_metric_data(Namespace="Shop", MetricData=[{"MetricName": "Errors", "Value": 5}])
    clock.advance(60)
    assert state(api) == "ALARM"
    clock.advance(600)
    assert state(api) == expected


def test_a_queue_that_falls_asleep(put: Put, api: Any, queue: str, clock: Time) -> None:
    """CW3: six hours after the last action the metrics stop."""
    put()
    clock.advance(6 * 3600)
    assert state(api) == "OK"
    clock.advance(600)
    assert state(api) == "INSUFFICIENT_DATA"
    item = history(api, "deep", "StateUpdate")[0]
    assert item["HistorySummary"] == "Alarm updated from OK to INSUFFICIENT_DATA"


def test_idle_days_pass_in_a_moment(put: Put, api: Any, sqs: Any, queue: str, clock: Time) -> None:
    put()
    put("old", MetricName="ApproximateAgeOfOldestMessage", Threshold=40 * 3600)
    send(sqs, queue)
    began = perf_counter()
    clock.advance(2 * 24 * 3600)
    assert perf_counter() - began < 10
    # Nothing happened, and yet time itself made the alarm go off, in the right minute.
    assert state(api, "old") == "ALARM"
    item = history(api, "old", "StateUpdate")[0]
    assert item["Timestamp"] - MINUTE == timedelta(hours=40, minutes=1)


def test_what_happens_after_a_long_silence_is_seen(
    put: Put, api: Any, sqs: Any, queue: str, clock: Time
) -> None:
    put()
    clock.advance(3 * 3600)
    send(sqs, queue, 2)
    clock.advance(60)
    assert state(api) == "ALARM"


def test_it_tells_a_topic(
    put: Put, aws: Any, sqs: Any, queue: str, clock: Time, events: Any
) -> None:
    topic = _topic(aws, sqs)
    put(AlarmActions=[topic], AlarmDescription="too deep")
    send(sqs, queue, 2)
    clock.advance(60)
    inbox = sqs.get_queue_url(QueueName="inbox")["QueueUrl"]
    [message] = sqs.receive_message(QueueUrl=inbox)["Messages"]
    notification = json.loads(message["Body"])
    assert notification["Subject"] == 'ALARM: "deep" in EU (Frankfurt)'
    told = json.loads(notification["Message"])
    assert told["AlarmName"] == "deep"
    assert told["AlarmDescription"] == "too deep"
    assert told["AlarmArn"] == ALARM_ARN
    assert (told["OldStateValue"], told["NewStateValue"]) == ("INSUFFICIENT_DATA", "ALARM")
    assert told["Trigger"]["Dimensions"] == [{"value": "work", "name": "QueueName"}]
    assert told["Trigger"]["Statistic"] == "MAXIMUM"
    [done] = events("cloudwatch.ActionDone")
    assert (done["arn"], done["to"]) == (ALARM_ARN, topic)


def _topic(aws: Any, sqs: Any) -> str:
    """Return a topic that puts what it gets into the queue ``inbox``."""
    policy = {"Statement": [{
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage", "Resource": arn("inbox"),
    }]}  # fmt: skip
    sqs.create_queue(QueueName="inbox", Attributes={"Policy": json.dumps(policy)})
    sns = aws("sns")
    topic = str(sns.create_topic(Name="ops")["TopicArn"])
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn("inbox"))
    return topic


def test_an_action_that_fails_is_in_the_history(
    put: Put, api: Any, sqs: Any, queue: str, clock: Time
) -> None:
    put(AlarmActions=[f"arn:aws:sns:{REGION}:{ACCOUNT}:nowhere"])
    send(sqs, queue, 2)
    clock.advance(60)
    assert state(api) == "ALARM"
    item = history(api, "deep", "Action")[0]
    assert item["HistorySummary"].startswith("Failed to execute action arn:aws:sns:")


def test_actions_that_are_switched_off(
    put: Put, aws: Any, sqs: Any, queue: str, clock: Time, events: Any
) -> None:
    api = aws("cloudwatch")
    put(AlarmActions=[_topic(aws, sqs)])
    api.disable_alarm_actions(AlarmNames=["deep"])
    send(sqs, queue, 2)
    clock.advance(60)
    assert state(api) == "ALARM"
    assert events("cloudwatch.ActionDone") == []
    api.enable_alarm_actions(AlarmNames=["deep"])
    api.set_alarm_state(AlarmName="deep", StateValue="OK", StateReason="by hand")
    clock.advance(60)
    assert len(events("cloudwatch.ActionDone")) == 1


def test_every_change_is_an_event_on_the_default_bus(
    put: Put, api: Any, aws: Any, sqs: Any, queue: str, clock: Time
) -> None:
    bus = aws("events")
    bus.put_rule(Name="alarms", EventPattern=json.dumps({
        "source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"],
        "detail": {"state": {"value": ["ALARM"]}},
    }))  # fmt: skip
    policy = {"Statement": [{
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage", "Resource": arn("inbox"),
    }]}  # fmt: skip
    inbox = sqs.create_queue(QueueName="inbox", Attributes={"Policy": json.dumps(policy)})[
        "QueueUrl"
    ]
    bus.put_targets(Rule="alarms", Targets=[{"Id": "1", "Arn": arn("inbox")}])
    put()
    clock.advance(60)
    send(sqs, queue, 2)
    clock.advance(60)
    [message] = sqs.receive_message(QueueUrl=inbox, MaxNumberOfMessages=10)["Messages"]
    event = json.loads(message["Body"])
    assert event["resources"] == [ALARM_ARN]
    assert event["detail"]["previousState"]["value"] == "OK"
    [metric] = event["detail"]["configuration"]["metrics"]
    assert metric["metricStat"]["metric"]["dimensions"] == {"QueueName": "work"}


def test_an_alarm_on_metric_math(put: Put, api: Any, sqs: Any, queue: str, clock: Time) -> None:
    dimensions = [{"Name": "QueueName", "Value": "work"}]

    def stat(key: str, metric: str) -> dict[str, Any]:
        named = {"Namespace": "AWS/SQS", "MetricName": metric, "Dimensions": dimensions}
        return {"Id": key, "ReturnData": False,
                "MetricStat": {"Metric": named, "Period": 60, "Stat": "Sum"}}  # fmt: skip

    api.put_metric_alarm(
        AlarmName="deep", EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Metrics=[
            stat("sent", "NumberOfMessagesSent"), stat("got", "NumberOfMessagesReceived"),
            {"Id": "lag", "Expression": "sent - got", "ReturnData": True},
        ],
    )  # fmt: skip
    send(sqs, queue, 2)
    sqs.receive_message(QueueUrl=queue)
    clock.advance(60)
    assert state(api) == "OK"
    send(sqs, queue, 2)
    clock.advance(60)
    assert state(api) == "ALARM"


def test_a_dead_letter_alarm_from_end_to_end(
    put: Put, api: Any, aws: Any, sqs: Any, clock: Time
) -> None:
    """L4: not the messages sent to a dead-letter queue are to be watched, but what lies there."""
    sqs.create_queue(QueueName="dead")
    policy = json.dumps({"deadLetterTargetArn": arn("dead"), "maxReceiveCount": 1})
    settings = {"RedrivePolicy": policy, "VisibilityTimeout": "0"}
    url = sqs.create_queue(QueueName="work", Attributes=settings)["QueueUrl"]
    dead = {"Dimensions": [{"Name": "QueueName", "Value": "dead"}], "Threshold": 1}
    put(**dead, AlarmActions=[_topic(aws, sqs)], TreatMissingData="notBreaching")
    put("sent", **dead, MetricName="NumberOfMessagesSent", Statistic="Sum")
    send(sqs, url)
    for _ in range(2):
        sqs.receive_message(QueueUrl=url)
    clock.advance(60)
    assert (state(api), state(api, "sent")) == ("ALARM", "OK")
    inbox = sqs.get_queue_url(QueueName="inbox")["QueueUrl"]
    assert len(sqs.receive_message(QueueUrl=inbox)["Messages"]) == 1
