"""Alarms on the map, in the past, and in copies of a sandbox."""

from collections.abc import Callable
from typing import Any

import pytest

from messaging import sandboxes
from messaging.cloudwatch import topology
from messaging.cloudwatch.models import Alarm, Minute
from messaging.executor import Executor
from messaging.kernel.models import Sandbox
from messaging.kernel.moment import Moment
from messaging.kernel.topology import Edge
from tests.fixtures.engine import ACCOUNT, REGION, Time
from tests.services.cloudwatch.conftest import Ask, arn

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:ops"


def alarm_arn(name: str) -> str:
    return f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"


@pytest.fixture
def deep(api: Any, queue: str, aws: Callable[..., Any]) -> str:
    """Return an alarm on the depth of the queue, which tells a topic."""
    aws("sns").create_topic(Name="ops")
    api.put_metric_alarm(
        AlarmName="deep", Namespace="AWS/SQS", MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": "work"}], Statistic="Maximum", Period=60,
        EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[TOPIC],
    )  # fmt: skip
    return alarm_arn("deep")


def test_the_picture(deep: str, api: Any, sandbox: Sandbox) -> None:
    api.put_composite_alarm(AlarmName="any", AlarmRule="ALARM(deep)")
    found = {node.id: node for node in topology.nodes(sandbox.pk)}
    node = found[deep]
    assert (node.kind, node.label, node.column) == ("alarm", "deep", "consumers")
    assert node.cfg["meta"] == "INSUFFICIENT_DATA"
    assert set(topology.edges(sandbox.pk)) == {
        Edge(arn("work"), deep, "watch"),
        Edge(deep, TOPIC, "target"),
        Edge(deep, alarm_arn("any"), "watch"),
    }


def test_the_past_is_folded_from_the_log(  # noqa: PLR0917
    deep: str, api: Any, sqs: Any, queue: str, clock: Time, sandbox: Sandbox, events: Any
) -> None:
    clock.advance(60)
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    clock.advance(60)
    api.disable_alarm_actions(AlarmNames=["deep"])
    replay, seen = topology.Replay(), []
    for event in events():
        if replay.take(event["at"], event["kind"], event["arn"], event):
            seen.append(replay.settings(deep)["StateValue"])
    assert seen == ["INSUFFICIENT_DATA", "OK", "ALARM", "ALARM"]
    assert replay.nodes() == topology.nodes(sandbox.pk)
    assert replay.edges() == topology.edges(sandbox.pk)
    api.delete_alarms(AlarmNames=["deep"])
    [gone] = events("cloudwatch.AlarmDeleted")
    assert replay.take(gone["at"], gone["kind"], gone["arn"], gone)
    assert replay.nodes() == []


def test_a_fork_has_the_alarms_and_the_metrics_of_its_moment(  # noqa: PLR0917
    deep: str, api: Any, sqs: Any, queue: str, clock: Time, sandbox: Sandbox, executor: Executor,
    ask: Ask, aws: Callable[..., Any],
) -> None:  # fmt: skip
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    clock.advance(60)
    at, seq = clock.now, Sandbox.objects.get(pk=sandbox.pk).last_seq
    sqs.purge_queue(QueueUrl=queue)
    clock.advance(120)
    api.put_composite_alarm(AlarmName="later", AlarmRule="ALARM(deep)")
    assert ask("ApproximateNumberOfMessagesVisible") == [1, 0, 0]

    replay = topology.Replay({deep: {"state": "ALARM", "settings": {}}})
    moment = Moment(Sandbox.objects.get(pk=sandbox.pk).epoch, seq, at)
    made = executor.run_sync(
        lambda batch: sandboxes.fork(batch, sandbox.pk, "fork", moment, [replay]), (sandbox.pk,)
    )
    copy = made[0]
    assert [(one.name, one.state) for one in Alarm.objects.filter(sandbox=copy.pk)] == [
        ("deep", "ALARM")
    ]
    Time(executor, copy.pk).advance(120)
    rows = Minute.objects.filter(sandbox=copy.pk).order_by("at")
    visible = [row.data["="][0] for row in rows if "NumberOfMessagesSent" in row.data]
    assert visible == [1]
