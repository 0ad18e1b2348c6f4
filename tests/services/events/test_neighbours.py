"""EventBridge between other services: to a topic, from a schedule (P5, P9)."""

import json
from collections.abc import Callable
from typing import Any

from tests.fixtures.engine import ACCOUNT, Time
from tests.services.awslambda.conftest import archive
from tests.services.events.conftest import DEFAULT, Queue, entry

Events = Callable[..., list[Any]]


def test_P9_a_topic_gets_events_when_its_policy_lets_them_in(
    api: Any, aws: Callable[..., Any], queue_named: Callable[..., Queue],
    wire: Callable[..., str], events: Events,
) -> None:  # fmt: skip
    sns, dead = aws("sns"), queue_named("dead")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    queue = queue_named("orders", closed=True)
    open_to = {
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage", "Resource": queue.arn,
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [open_to]})
    queue.api.set_queue_attributes(QueueUrl=queue.url, Attributes={"Policy": policy})
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=queue.arn,
        Attributes={"RawMessageDelivery": "true"},
    )  # fmt: skip
    config = {"Id": "t", "Arn": topic, "DeadLetterConfig": {"Arn": dead.arn}}
    rule = wire({**config, "InputPath": "$.detail"})
    api.put_events(Entries=[entry({"n": 1})])
    [letter] = dead.take()
    assert letter["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"
    allow = {
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish", "Resource": topic,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }  # fmt: skip
    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy",
        AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [allow]}),
    )  # fmt: skip
    api.put_events(Entries=[entry({"n": 2})])
    assert queue.bodies() == ['{"n":2}']
    [published] = events("sns.Published")
    assert published["by"] == rule
    assert events()[published["cause"] - 1]["kind"] == "events.Matched"


def test_P9_a_schedule_of_scheduler_puts_an_event(
    aws: Callable[..., Any], queue: Queue, wire: Callable[..., str], clock: Time
) -> None:
    wire(queue)
    aws("scheduler").create_schedule(
        Name="beat", ScheduleExpression="rate(1 minute)", FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": DEFAULT, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r", "Input": '{"n": 1}',
            "EventBridgeParameters": {"DetailType": "Beat", "Source": "shop"},
        },
    )  # fmt: skip
    clock.advance(60)
    found = queue.events()
    assert found
    assert {(event["detail-type"], event["detail"]["n"]) for event in found} == {("Beat", 1)}


def test_P9_a_function_is_invoked_when_its_policy_lets_events_in(
    api: Any, aws: Callable[..., Any], queue: Queue, wire: Callable[..., str], clock: Time,
    events: Events,
) -> None:  # fmt: skip
    functions = aws("lambda")
    arn = functions.create_function(
        FunctionName="worker", Role=f"arn:aws:iam::{ACCOUNT}:role/worker", Runtime="python3.13",
        Handler="app.handler", Code={"ZipFile": archive()},
    )["FunctionArn"]  # fmt: skip
    rule = wire({"Id": "f", "Arn": arn, "DeadLetterConfig": {"Arn": queue.arn}})
    api.put_events(Entries=[entry({"n": 1})])
    [letter] = queue.take()
    assert letter["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"
    functions.add_permission(
        FunctionName="worker", StatementId="events", Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com", SourceArn=rule,
    )  # fmt: skip
    api.put_events(Entries=[entry({"n": 2})])
    clock.advance(60)
    assert queue.take() == []
    [delivered] = events("events.Delivered")
    assert delivered["to"] == arn
    assert [invoked["arn"] for invoked in events("lambda.Invoked")] == [arn]
