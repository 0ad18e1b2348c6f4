"""AWS's own metrics are what the log says happened (CW3, L4)."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from messaging.executor import Executor
from messaging.kernel.models import Event, Sandbox
from tests.fixtures.engine import START_MS, Time
from tests.services.cloudwatch.conftest import MINUTE, Ask, arn, now


def test_a_minute_is_told_when_it_is_over(queue: str, sqs: Any, ask: Ask, clock: Time) -> None:
    for body in ("one", "three"):
        sqs.send_message(QueueUrl=queue, MessageBody=body)
    assert ask("NumberOfMessagesSent") == []
    clock.advance(60)
    assert ask("NumberOfMessagesSent") == [2]
    assert ask("SentMessageSize", "Average") == [4]
    assert ask("ApproximateNumberOfMessagesVisible", "Maximum") == [2]


def test_receives_deletes_and_empty_receives(queue: str, sqs: Any, ask: Ask, clock: Time) -> None:
    sqs.send_message(QueueUrl=queue, MessageBody="one")
    [message] = sqs.receive_message(QueueUrl=queue, VisibilityTimeout=90)["Messages"]
    sqs.receive_message(QueueUrl=queue)
    clock.advance(60)
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    clock.advance(60)
    assert ask("NumberOfMessagesReceived") == [1, 0]
    assert ask("NumberOfEmptyReceives") == [1, 0]
    assert ask("NumberOfMessagesDeleted") == [0, 1]
    assert ask("ApproximateNumberOfMessagesNotVisible") == [1, 0]


def test_levels_stay_while_nothing_happens_and_the_oldest_grows_old(
    queue: str, sqs: Any, ask: Ask, clock: Time
) -> None:
    sqs.send_message(QueueUrl=queue, MessageBody="old")
    sent = clock.now
    clock.advance(300)
    assert ask("ApproximateNumberOfMessagesVisible", "Maximum") == [1] * 5
    ends = [(MINUTE.timestamp() + 60 * n) * 1000 for n in range(1, 6)]
    assert ask("ApproximateAgeOfOldestMessage", "Maximum") == [(e - sent) // 1000 for e in ends]


def test_delayed_messages_are_a_level_of_their_own(
    queue: str, sqs: Any, ask: Ask, clock: Time
) -> None:
    sqs.send_message(QueueUrl=queue, MessageBody="later", DelaySeconds=90)
    clock.advance(120)
    assert ask("ApproximateNumberOfMessagesDelayed", "Maximum") == [1, 0]


def test_moves_by_redrive_are_not_sent(sqs: Any, ask: Ask, clock: Time) -> None:
    """L4."""
    sqs.create_queue(QueueName="dead")
    policy = json.dumps({"deadLetterTargetArn": arn("dead"), "maxReceiveCount": 1})
    settings = {"RedrivePolicy": policy, "VisibilityTimeout": "0"}
    url = sqs.create_queue(QueueName="work", Attributes=settings)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(2):
        sqs.receive_message(QueueUrl=url)
    clock.advance(60)
    assert ask("NumberOfMessagesSent", queue="work") == [1]
    assert ask("NumberOfMessagesSent", queue="dead") == [0]
    assert ask("ApproximateNumberOfMessagesVisible", queue="dead") == [1]


def test_a_queue_idle_for_six_hours_stops_emitting(
    queue: str, sqs: Any, ask: Ask, clock: Time
) -> None:
    """CW3."""
    clock.advance(8 * 3600)
    assert len(ask("NumberOfMessagesSent")) == 361
    sqs.send_message(QueueUrl=queue, MessageBody="awake")
    clock.advance(60)
    assert ask("NumberOfMessagesSent")[-1] == 1


def test_it_is_exactly_the_log(
    queue: str, sqs: Any, ask: Ask, clock: Time, sandbox: Sandbox, events: Callable[..., list[Any]]
) -> None:
    """Whenever it is read: in between, or once at the end."""
    for step in range(40):
        sqs.send_message(QueueUrl=queue, MessageBody=f"m{step}", DelaySeconds=step % 3 * 20)
        got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=3, VisibilityTimeout=35)
        for message in got.get("Messages", [])[::2]:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        clock.advance(17)
        if step % 7 == 0:
            ask("NumberOfMessagesSent")
    clock.advance(60)
    kinds = {
        "NumberOfMessagesSent": "sqs.MessageSent",
        "NumberOfMessagesReceived": "sqs.MessageReceived",
        "NumberOfMessagesDeleted": "sqs.MessageDeleted",
        "NumberOfEmptyReceives": "sqs.EmptyReceive",
    }
    minutes = range(int(MINUTE.timestamp()) // 60, int(now(clock).timestamp()) // 60)
    for metric, kind in kinds.items():
        logged = Counter(event["at"] // 60_000 for event in events(kind))
        assert ask(metric) == [logged[minute] for minute in minutes]
    held, oldest = _held(events(), minutes)
    assert ask("ApproximateNumberOfMessagesVisible") == [at["v"] for at in held]
    assert ask("ApproximateNumberOfMessagesNotVisible") == [at["f"] for at in held]
    assert ask("ApproximateNumberOfMessagesDelayed") == [at["d"] for at in held]
    assert ask("ApproximateAgeOfOldestMessage") == oldest


def _held(log: list[Any], minutes: range) -> tuple[list[Counter[str]], list[int]]:
    """Fold the log anew for every minute, in the plainest way."""
    held, oldest = [], []
    for minute in minutes:
        end = (minute + 1) * 60_000
        states: dict[int, str] = {}
        since: dict[int, int] = {}
        for event in log:
            if event["at"] >= end or not event["kind"].startswith("sqs."):
                continue
            if "is" in event:
                states[event["m"]] = event["is"]
                since.setdefault(event["m"], event["at"])
            elif "was" in event:
                del states[event["m"]], since[event["m"]]
        held.append(Counter(states.values()))
        oldest.append((end - min(since.values())) // 1000 if since else 0)
    return held, oldest


def test_cutting_the_log_loses_nothing(
    queue: str, sqs: Any, ask: Ask, clock: Time, sandbox: Sandbox
) -> None:
    Sandbox.objects.filter(pk=sandbox.pk).update(keep_events=10)
    # Who asks once is read for from then on.
    assert ask("NumberOfMessagesSent") == []
    batch = [{"Id": str(n), "MessageBody": "x"} for n in range(10)]
    for _ in range(220):
        sqs.send_message_batch(QueueUrl=queue, Entries=batch)
    assert Event.objects.of_sandbox(sandbox.pk).count() < 2_100
    clock.advance(60)
    assert ask("NumberOfMessagesSent") == [2_200]


def test_a_topic_and_its_filters(aws: Any, api: Any, sqs: Any, clock: Time, queue: str) -> None:
    sns = aws("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn("work"), Attributes={
        "FilterPolicy": '{"kind": ["big"]}',
    })  # fmt: skip
    policy = {"Statement": [{
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage", "Resource": arn("work"),
    }]}  # fmt: skip
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    for kind in ("big", "small", "small"):
        attributes = {"kind": {"DataType": "String", "StringValue": kind}}
        sns.publish(TopicArn=topic, Message="hello", MessageAttributes=attributes)
    clock.advance(60)
    asked = {
        "NumberOfMessagesPublished": 3,
        "NumberOfNotificationsDelivered": 1,
        "NumberOfNotificationsFilteredOut": 2,
        "NumberOfNotificationsFailed": 0,
    }
    for metric, value in asked.items():
        found = api.get_metric_statistics(
            Namespace="AWS/SNS", MetricName=metric, Period=60, Statistics=["Sum"],
            Dimensions=[{"Name": "TopicName", "Value": "news"}],
            StartTime=MINUTE, EndTime=now(clock) + timedelta(minutes=1),
        )["Datapoints"]  # fmt: skip
        assert [point["Sum"] for point in found] == [value], metric


def test_a_rule_and_what_it_invokes(aws: Any, api: Any, clock: Time, queue: str) -> None:
    bus = aws("events")
    bus.put_rule(Name="all", EventPattern='{"source": ["shop"]}')
    bus.put_targets(Rule="all", Targets=[{"Id": "1", "Arn": arn("work")}])
    bus.put_events(Entries=[{"Source": "shop", "DetailType": "sold", "Detail": "{}"}] * 2)
    clock.advance(60)
    # The queue lets nobody in: what is refused for good is a failed invocation.
    for metric in ("MatchedEvents", "TriggeredRules", "Invocations", "FailedInvocations"):
        found = api.get_metric_statistics(
            Namespace="AWS/Events", MetricName=metric, Period=60, Statistics=["Sum"],
            Dimensions=[{"Name": "RuleName", "Value": "all"}],
            StartTime=MINUTE, EndTime=now(clock) + timedelta(minutes=1),
        )["Datapoints"]  # fmt: skip
        assert [point["Sum"] for point in found] == [2], metric


@pytest.mark.parametrize("gone", [True, False])
def test_a_deleted_queue_emits_no_more(
    gone: bool, queue: str, sqs: Any, ask: Ask, clock: Time
) -> None:
    if gone:
        sqs.delete_queue(QueueUrl=queue)
    clock.advance(180)
    assert len(ask("NumberOfMessagesSent")) == (1 if gone else 3)


def test_metrics_go_with_a_copy_of_the_sandbox(
    queue: str, sqs: Any, clock: Time, executor: Executor, sandbox: Sandbox, ask: Ask
) -> None:
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    assert clock.now >= START_MS
    clock.advance(60)
    assert ask("NumberOfMessagesSent") == [1]
