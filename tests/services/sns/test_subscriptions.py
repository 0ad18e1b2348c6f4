"""Subscriptions: subscribe, confirm, list, configure, end: N1, N9."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.engine import ACCOUNT, REGION
from tests.fixtures.refusals import refused
from tests.services.sns.conftest import Queue, Topic

ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}"


def attributes(topic: Topic, arn: str) -> dict[str, str]:
    return dict(topic.api.get_subscription_attributes(SubscriptionArn=arn)["Attributes"])


def change(topic: Topic, arn: str, name: str, value: str) -> None:
    topic.api.set_subscription_attributes(
        SubscriptionArn=arn, AttributeName=name, AttributeValue=value
    )


def test_N1_ones_own_queue_is_confirmed_at_once(topic: Topic, queue: Queue) -> None:
    arn = topic.subscribe(queue)
    assert arn.startswith(f"{topic.arn}:")
    assert attributes(topic, arn) == {
        "ConfirmationWasAuthenticated": "true",
        "Endpoint": queue.arn,
        "Owner": ACCOUNT,
        "PendingConfirmation": "false",
        "Protocol": "sqs",
        "RawMessageDelivery": "false",
        "SubscriptionArn": arn,
        "SubscriptionPrincipal": f"arn:aws:iam::{ACCOUNT}:root",
        "TopicArn": topic.arn,
    }
    assert topic.get()["SubscriptionsConfirmed"] == "1"


def test_N1_the_queue_of_another_account_must_agree(
    aws: Callable[..., Any], topic: Topic, second_account: str
) -> None:
    theirs = aws("sqs", account=second_account)
    url = theirs.create_queue(QueueName="theirs")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{second_account}:theirs"
    queue = Queue(theirs, "theirs", url)
    statement = {
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage", "Resource": arn,
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    theirs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    answer = topic.api.subscribe(TopicArn=topic.arn, Protocol="sqs", Endpoint=arn)
    assert answer["SubscriptionArn"] == "pending confirmation"
    topic.publish("not yet")
    [body] = queue.bodies()
    asked = json.loads(body)
    assert asked["Type"] == "SubscriptionConfirmation"
    topic.api.confirm_subscription(TopicArn=topic.arn, Token=asked["Token"])
    topic.publish("now")
    assert queue.texts() == ["now"]


ENDPOINTS = [
    ("test-protocol", "x", "Invalid parameter: Amazon SNS does not support this protocol string:"
                           " test-protocol"),
    ("sqs", "http://127.0.0.1:8000/1/q", "Invalid parameter: SQS endpoint ARN"),
    ("lambda", "f", "Invalid parameter: Lambda endpoint ARN"),
    ("firehose", "f", "Invalid parameter: Firehose endpoint ARN"),
    ("sms", "NAA+15551234567", "Invalid SMS endpoint: NAA+15551234567"),
    ("http", "https://example.com",
     "Invalid parameter: Endpoint must match the specified protocol"),
    ("email", "nobody", "Invalid parameter: Email address"),
    ("sqs", f"arn:aws:sqs:{REGION}:{ACCOUNT}:q.fifo", "Invalid parameter: Invalid parameter:"
     " Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"),
]  # fmt: skip


@pytest.mark.parametrize(("protocol", "endpoint", "text"), ENDPOINTS)
def test_N1_endpoints_fit_their_protocol(
    topic: Topic, protocol: str, endpoint: str, text: str
) -> None:
    with refused("InvalidParameter", text):
        topic.subscribe(endpoint, protocol)


def test_subscribing_again_returns_the_subscription(topic: Topic, queue: Queue) -> None:
    arn = topic.subscribe(queue, RawMessageDelivery=True)
    assert topic.subscribe(queue, RawMessageDelivery=True) == arn
    assert topic.subscribe(queue, RawMessageDelivery="True") == arn
    assert topic.subscribe(queue) == arn
    with refused(
        "InvalidParameter",
        "Invalid parameter: Attributes Reason: Subscription already exists with different"
        " attributes",
    ):
        topic.subscribe(queue, RawMessageDelivery=False)


def test_subscribing_needs_a_topic(api: Any, queue: Queue) -> None:
    with refused("NotFound", "Topic does not exist"):
        api.subscribe(TopicArn=f"{ARN}:nothing", Protocol="sqs", Endpoint=queue.arn)
    with refused(
        "InvalidParameter",
        "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
    ):
        api.subscribe(TopicArn="nothing", Protocol="sqs", Endpoint=queue.arn)


def test_lists_have_pages(api: Any, topic: Topic) -> None:
    made = [topic.subscribe(f"+49{n:06d}", "sms") for n in range(101)]
    first = api.list_subscriptions_by_topic(TopicArn=topic.arn)
    token = first["NextToken"]
    rest = api.list_subscriptions_by_topic(TopicArn=topic.arn, NextToken=token)
    listed = first["Subscriptions"] + rest["Subscriptions"]
    assert [each["SubscriptionArn"] for each in listed] == made
    assert listed[0] == {
        "SubscriptionArn": made[0], "Owner": ACCOUNT, "Protocol": "sms", "Endpoint": "+49000000",
        "TopicArn": topic.arn,
    }  # fmt: skip
    assert len(api.list_subscriptions()["Subscriptions"]) == 100
    with refused("InvalidParameter"):
        api.list_subscriptions(NextToken=token)


def test_unsubscribing_may_be_repeated(topic: Topic, queue: Queue) -> None:
    arn = topic.subscribe(queue)
    for _ in range(2):
        topic.api.unsubscribe(SubscriptionArn=arn)
    topic.publish()
    assert queue.bodies() == []
    assert topic.get()["SubscriptionsDeleted"] == "1"
    with refused("NotFound", "Subscription does not exist", status=404):
        attributes(topic, arn)
    with refused("NotFound", "Subscription does not exist"):
        change(topic, arn, "RawMessageDelivery", "true")


@pytest.mark.parametrize(
    ("arn", "text"),
    [
        ("randomstring", "SubscriptionArn Reason: An ARN must have at least 6 elements, not 1"),
        ("arn:aws:sns:us-east-1:random", "SubscriptionArn Reason: An ARN must have at least 6"
                                         " elements, not 5"),
        ("arn:aws:sns:us-east-1:111111111111:random", "SubscriptionId"),
    ],
)  # fmt: skip
def test_arns_of_subscriptions_have_a_form(api: Any, arn: str, text: str) -> None:
    with refused("InvalidParameter", f"Invalid parameter: {text}"):
        api.unsubscribe(SubscriptionArn=arn)


ATTRIBUTES = [
    ("Fake", "x", "AttributeName"),
    ("RawMessageDelivery", "test-ValUe",
     "RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false."),
    ("RawMessageDelivery", "", "RawMessageDelivery: Invalid value []. Must be true or false."),
    ("RedrivePolicy", '{"deadLetterTargetArn": "fake-arn"}',
     "RedrivePolicy: deadLetterTargetArn is an invalid arn"),
    ("FilterPolicyScope", "RandomValue", "FilterPolicyScope: Invalid value [RandomValue]. Please"
                                         " use either MessageBody or MessageAttributes"),
    ("FilterPolicy", "{invalidjson}",
     "FilterPolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting"
     ' double-quote to start field name\n at [Source: (String)"{invalidjson}"; line: 1, column: 3]'
     ),
    ("FilterPolicy", '{"key_a":"value_one"}',
     'FilterPolicy: "key_a" must be an object or an array\n at [Source: (String)'
     '"{"key_a":"value_one"}"; line: 1, column: 11]'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "text"), ATTRIBUTES)
def test_attributes_are_checked(
    topic: Topic, queue: Queue, name: str, value: str, text: str
) -> None:
    arn = topic.subscribe(queue)
    before = attributes(topic, arn)
    with refused("InvalidParameter", f"Invalid parameter: {text}"):
        change(topic, arn, name, value)
    assert attributes(topic, arn) == before


def test_subscribe_words_it_otherwise(topic: Topic, queue: Queue) -> None:
    with refused(
        "InvalidParameter",
        "Invalid parameter: Attributes Reason: RawMessageDelivery: Invalid value [wrongvalue]. Must"
        " be true or false.",
    ):
        topic.subscribe(queue, RawMessageDelivery="wrongvalue")


def test_N9_a_fifo_subscription_needs_a_fifo_dead_letter_queue(
    make: Callable[..., Topic], queue_of: Callable[..., Queue]
) -> None:
    topic, queue, dead = make("a.fifo"), queue_of("a.fifo"), queue_of("dead")
    with refused(
        "InvalidParameter",
        "Invalid parameter: Attributes Reason: RedrivePolicy: must use a FIFO queue as DLQ for a"
        " FIFO Subscription to a FIFO Topic.",
    ):
        topic.subscribe(queue, RedrivePolicy={"deadLetterTargetArn": dead.arn})


def test_the_scope_is_shown_with_a_policy_only(topic: Topic, queue: Queue) -> None:
    arn = topic.subscribe(queue)
    change(topic, arn, "FilterPolicyScope", "MessageBody")
    assert "FilterPolicyScope" not in attributes(topic, arn)
    change(topic, arn, "FilterPolicy", '{"attr":["match-this"]}')
    found = attributes(topic, arn)
    assert (found["FilterPolicyScope"], json.loads(found["FilterPolicy"])) == (
        "MessageBody", {"attr": ["match-this"]},
    )  # fmt: skip
    change(topic, arn, "FilterPolicy", "{}")
    assert "FilterPolicy" not in attributes(topic, arn)


def test_tokens_are_checked(api: Any, topic: Topic) -> None:
    known = "51b2ff3edb475b7d91550e0ab6edf0c1de2a34e6ebaf6c2262a001bcb7e051c43aa00022ceecce70bd2a"
    for arn, token, text in (
        (f"{topic.arn}-not", known, "Invalid parameter: Token"),
        (topic.arn, "randomtoken", "Invalid token"),
        (topic.arn, known, "Invalid parameter: Token"),
        ("made-up", known, "Invalid parameter: Topic"),
        (f"arn:aws:sns:eu-west-3:{ACCOUNT}:news", known, "Invalid parameter: Topic"),
    ):
        with refused("InvalidParameter", text):
            api.confirm_subscription(TopicArn=arn, Token=token)


def test_a_subscription_belongs_to_its_owner_and_to_the_topics(
    aws: Callable[..., Any], topic: Topic, queue: Queue, second_account: str
) -> None:
    arn = topic.subscribe(queue)
    stranger = aws("sns", account=second_account)
    with refused("AuthorizationError", status=403):
        stranger.get_subscription_attributes(SubscriptionArn=arn)
    with refused("AuthorizationError", status=403):
        stranger.unsubscribe(SubscriptionArn=arn)
