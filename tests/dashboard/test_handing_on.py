"""Lines on the map from topics and rules: a subscription or a target, and the permission."""

import json
from typing import Any

import pytest

from dashboard.console import door
from messaging.kernel.access import root_arn
from messaging.kernel.context import Caller
from tests.dashboard.conftest import ACCOUNT, HOST, REGION, Desk
from tests.dashboard.test_commands import attributes, do, undo
from tests.live.test_equality import fresh_look

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/shop/gold"


def act(desk: Desk, service: str, operation: str, **params: Any) -> Any:
    root = root_arn(ACCOUNT)
    caller = Caller(desk.sandbox.pk, ACCOUNT, REGION, root, "client:test", HOST, label="test")
    return door.act(caller, operation, params, service=service)


@pytest.fixture
def topic(desk: Desk) -> str:
    act(desk, "sns", "CreateTopic", Name="orders")
    return TOPIC


@pytest.fixture
def rule(desk: Desk) -> str:
    act(desk, "events", "CreateEventBus", Name="shop")
    pattern = '{"source": ["shop"]}'
    act(desk, "events", "PutRule", Name="gold", EventBusName="shop", EventPattern=pattern)
    return RULE


def waiting(desk: Desk, name: str) -> int:
    return int(attributes(desk, name)["ApproximateNumberOfMessages"])


def test_a_topic_is_joined_to_a_queue_that_lets_it_in(desk: Desk, topic: str) -> None:
    queue = desk.create("vip")
    done = do(desk, "connect", source=topic, target=queue)
    assert done["text"] == "orders leads to vip, whose policy lets it in."
    act(desk, "sns", "Publish", TopicArn=topic, Message="hello")
    assert waiting(desk, "vip") == 1
    redo = undo(desk, done)
    assert redo["text"] == "orders no longer leads to vip."
    assert "Policy" not in attributes(desk, "vip")
    act(desk, "sns", "Publish", TopicArn=topic, Message="unheard")
    assert waiting(desk, "vip") == 1
    undo(desk, redo)
    act(desk, "sns", "Publish", TopicArn=topic, Message="heard")
    assert waiting(desk, "vip") == 2


def test_a_rule_is_joined_to_a_queue_that_lets_it_in(desk: Desk, rule: str) -> None:
    queue = desk.create("vip")
    done = do(desk, "connect", source=rule, target=queue)
    entry = {"Source": "shop", "DetailType": "x", "Detail": "{}", "EventBusName": "shop"}
    act(desk, "events", "PutEvents", Entries=[entry])
    assert waiting(desk, "vip") == 1
    undo(desk, done)
    assert (
        act(desk, "events", "ListTargetsByRule", Rule="gold", EventBusName="shop")["Targets"] == []
    )


def test_a_policy_that_is_there_stays(desk: Desk, topic: str) -> None:
    statement = {"Sid": "mine", "Effect": "Allow", "Principal": "*", "Action": "sqs:*"}
    policy = {"Version": "2012-10-17", "Statement": statement | {"Resource": desk.arn("vip")}}
    queue = desk.create("vip", Policy=json.dumps(policy))
    done = do(desk, "connect", source=topic, target=queue)
    statements = json.loads(attributes(desk, "vip")["Policy"])["Statement"]
    assert [each.get("Sid") for each in statements] == ["mine", None]
    undo(desk, done)
    assert json.loads(attributes(desk, "vip")["Policy"]) == policy


def test_what_cannot_be_joined_is_said(desk: Desk, topic: str, rule: str) -> None:
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/shop"
    broker = f"arn:aws:mq:{REGION}:{ACCOUNT}:broker:b"
    for source, target in ((topic, bus), (rule, topic), (broker, desk.create("a"))):
        answer = do(desk, "connect", status=422, source=source, target=target)
        assert answer["text"] == "A topic or a rule leads to a queue."
    assert do(desk, "duplicate", status=422, id=topic)["text"] == (
        "Do that in its panel: it is no queue."
    )
    answer = do(desk, "delete", status=422, id=broker)
    assert answer["text"] == "Nothing is known here that deletes it."


def test_a_topic_is_deleted_where_it_is_seen(desk: Desk, topic: str) -> None:
    done = do(desk, "delete", id=topic)
    assert done["text"] == "orders deleted. That cannot be undone."
    assert done["undo"] is None
    assert act(desk, "sns", "ListTopics")["Topics"] == []


def test_a_rule_with_targets_stays_and_aws_says_why(desk: Desk, rule: str) -> None:
    joined = do(desk, "connect", source=rule, target=desk.create("vip"))
    answer = do(desk, "delete", status=422, id=rule)
    assert "Rule can't be deleted since it has targets." in answer["text"]
    undo(desk, joined)
    assert do(desk, "delete", id=rule)["text"] == "gold deleted. That cannot be undone."
    bus = rule.replace("rule/shop/gold", "event-bus/shop")
    assert do(desk, "delete", id=bus)["text"] == "shop deleted. That cannot be undone."
    names = [each["Name"] for each in act(desk, "events", "ListEventBuses")["EventBuses"]]
    assert names == ["default"]


def test_an_alarm_and_a_schedule_are_deleted_where_they_are_seen(desk: Desk) -> None:
    metric = {"Namespace": "Shop", "MetricName": "Late", "Statistic": "Sum", "Period": 60}
    bound = {"Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}
    named = {"AlarmName": "late", "EvaluationPeriods": 1}
    act(desk, "cloudwatch", "PutMetricAlarm", **named, **metric, **bound)
    alarm = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:late"
    assert do(desk, "delete", id=alarm)["text"] == "late deleted. That cannot be undone."
    assert act(desk, "cloudwatch", "DescribeAlarms")["MetricAlarms"] == []
    target = {"Arn": desk.create("vip"), "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/sends"}
    act(
        desk, "scheduler", "CreateSchedule", Name="nightly", ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"}, Target=target,
    )  # fmt: skip
    schedule = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/nightly"
    assert do(desk, "delete", id=schedule)["text"] == "nightly deleted. That cannot be undone."
    assert act(desk, "scheduler", "ListSchedules")["Schedules"] == []


def test_a_queue_is_of_dead_letters_where_a_subscription_says_so(desk: Desk, topic: str) -> None:
    letters, queue = desk.create("late"), desk.create("vip")

    def shown() -> dict[str, tuple[bool, str]]:
        nodes = fresh_look(desk.sandbox)["nodes"]
        return {node["label"]: (node["cfg"].get("dlq"), node["cfg"]["meta"]) for node in nodes}

    assert shown()["late"] == (False, "visibility 30 s")
    policy = json.dumps({"deadLetterTargetArn": letters})
    made = act(
        desk, "sns", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=queue,
        Attributes={"RedrivePolicy": policy}, ReturnSubscriptionArn=True,
    )  # fmt: skip
    assert shown()["late"] == (True, "4 d retention")
    assert shown()["vip"] == (False, "visibility 30 s")
    act(desk, "sns", "Unsubscribe", SubscriptionArn=made["SubscriptionArn"])
    assert shown()["late"] == (False, "visibility 30 s")
