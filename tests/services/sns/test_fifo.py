"""FIFO topics: order, deduplication, sequence numbers, groups that wait: N13."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from messaging import dispatch, registry
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.models import Delivery, Sandbox
from messaging.kernel.packets import Packet
from messaging.sqs.errors import RequestThrottled
from tests.fixtures.engine import Time
from tests.fixtures.refusals import refused
from tests.services.sns.conftest import Queue, Topic


@pytest.fixture
def topic(make: Callable[..., Topic]) -> Topic:
    return make("news.fifo", ContentBasedDeduplication=True)


@pytest.fixture
def queue(queue_of: Callable[..., Queue]) -> Queue:
    return queue_of("work.fifo")


def test_N13_the_envelope_has_a_sequence_number_and_no_signature(
    topic: Topic, queue: Queue
) -> None:
    topic.subscribe(queue)
    sent = topic.publish("Test", MessageGroupId="g")
    [message] = queue.receive()
    found = json.loads(message["Body"])
    assert list(found) == [
        "Type", "MessageId", "SequenceNumber", "TopicArn", "Message", "Timestamp", "UnsubscribeURL",
    ]  # fmt: skip
    assert found["SequenceNumber"] == sent["SequenceNumber"]
    assert len(sent["SequenceNumber"]) == 20
    assert message["Attributes"]["MessageGroupId"] == "g"
    assert message["Attributes"]["MessageDeduplicationId"] == (
        "532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25"
    )


def test_N13_order_is_kept_in_a_group_and_numbers_grow(topic: Topic, queue: Queue) -> None:
    topic.subscribe(queue, RawMessageDelivery=True)
    numbers = [topic.publish(str(n), MessageGroupId="g")["SequenceNumber"] for n in range(15)]
    assert queue.bodies() == [str(n) for n in range(15)]
    assert numbers == sorted(numbers)


def test_N13_a_duplicate_within_five_minutes_is_answered_and_not_sent(
    topic: Topic, queue: Queue, clock: Time, events: Callable[..., list[Any]]
) -> None:
    topic.subscribe(queue, RawMessageDelivery=True)
    first = topic.publish("same", MessageGroupId="g")
    clock.advance(299)
    again = topic.publish("same", MessageGroupId="h")
    assert (again["MessageId"], again["SequenceNumber"]) == (
        first["MessageId"], first["SequenceNumber"],
    )  # fmt: skip
    assert len(events("sns.PublishDeduplicated")) == 1
    clock.advance(1)
    assert topic.publish("same", MessageGroupId="g")["MessageId"] != first["MessageId"]


def test_N13_an_explicit_id_wins_over_the_content(topic: Topic, queue: Queue) -> None:
    topic.subscribe(queue, RawMessageDelivery=True)
    for body, key in (("a", "1"), ("b", "1"), ("a", "2")):
        topic.publish(body, MessageGroupId="g", MessageDeduplicationId=key)
    assert queue.bodies() == ["a", "a"]


def test_N13_the_scope_may_be_the_group(make: Callable[..., Topic], queue: Queue) -> None:
    topic = make("g.fifo", ContentBasedDeduplication=True, FifoThroughputScope="MessageGroup")
    topic.subscribe(queue, RawMessageDelivery=True)
    sent = {topic.publish("x", MessageGroupId=group)["MessageId"] for group in "aab"}
    assert len(sent) == 2
    with refused("InvalidParameter"):
        topic.set(FifoThroughputScope="Topic")


def test_N13_within_one_batch_too(topic: Topic, queue: Queue) -> None:
    topic.subscribe(queue, RawMessageDelivery=True)
    entries = [{"Id": str(n), "Message": "same", "MessageGroupId": "g"} for n in range(3)]
    answer = topic.api.publish_batch(TopicArn=topic.arn, PublishBatchRequestEntries=entries)
    assert len({each["MessageId"] for each in answer["Successful"]}) == 1
    assert queue.bodies() == ["same"]


REFUSALS: list[tuple[str, dict[str, str], str]] = [
    ("a.fifo", {}, "The MessageGroupId parameter is required for FIFO topics"),
    ("a.fifo", {"MessageGroupId": "g"}, "The topic should either have ContentBasedDeduplication"
     " enabled or MessageDeduplicationId provided explicitly"),
    ("a", {"MessageDeduplicationId": "x"}, "MessageDeduplicationId Reason: The request includes"
     " MessageDeduplicationId parameter that is not valid for this topic type"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "params", "text"), REFUSALS)
def test_N13_ids_are_for_fifo_topics_and_needed_there(
    make: Callable[..., Topic], name: str, params: dict[str, str], text: str
) -> None:
    topic = make(name)
    with refused("InvalidParameter", f"Invalid parameter: {text}"):
        topic.publish(**params)
    with refused("InvalidParameter", f"Invalid parameter: {text}"):
        entry = {"Id": "1", "Message": "x", **params}
        topic.api.publish_batch(TopicArn=topic.arn, PublishBatchRequestEntries=[entry])


def test_N13_a_standard_queue_gets_no_group(topic: Topic, queue_of: Callable[..., Queue]) -> None:
    queue = queue_of("plain")
    topic.subscribe(queue)
    topic.publish("Test", MessageGroupId="g")
    [message] = queue.receive()
    assert not {"MessageGroupId", "MessageDeduplicationId"} & set(message["Attributes"])
    assert "SequenceNumber" in json.loads(message["Body"])


def test_a_group_of_a_standard_topic_goes_on_to_standard_queues(
    make: Callable[..., Topic], queue_of: Callable[..., Queue]
) -> None:
    topic, queue = make("plain"), queue_of("plain")
    topic.subscribe(queue)
    topic.publish(MessageGroupId="tenant-1")
    assert queue.receive()[0]["Attributes"]["MessageGroupId"] == "tenant-1"


@pytest.mark.parametrize("protocol", ["lambda", "http", "email", "sms"])
def test_N13_only_queues_subscribe(topic: Topic, protocol: str) -> None:
    endpoint = {
        "lambda": "arn:aws:lambda:eu-central-1:402177851930:function:f",
        "http": "http://127.0.0.1/", "email": "me@example.com", "sms": "+491234",
    }[protocol]  # fmt: skip
    with refused("InvalidParameter"):
        topic.subscribe(endpoint, protocol)


def test_N13_a_message_that_is_tried_again_holds_up_its_group(
    topic: Topic, queue: Queue, executor: Executor, sandbox: Sandbox, clock: Time
) -> None:
    arn = topic.subscribe(queue, RawMessageDelivery=True)
    body = json.dumps(
        {"MessageBody": "first", "MessageGroupId": "g", "MessageDeduplicationId": "0"}
    )
    packet = Packet(queue.arn, body, None, "sns.amazonaws.com", topic.arn, arn, 5, 0, "7 g")

    def job(batch: Batch) -> None:
        ctx = dispatch.engine_context(batch, batch.entered[sandbox.pk])
        service = registry.SERVICES["sns"]
        assert service.settle is not None
        service.settle(ctx, packet, RequestThrottled())

    executor.run_sync(job, (sandbox.pk,))
    for n in (2, 3):
        topic.publish(str(n), MessageGroupId="g")
    topic.publish("other", MessageGroupId="h")
    assert queue.bodies() == ["other"]
    clock.advance(2)
    assert queue.bodies() == ["first", "2", "3"]
    topic.publish("4", MessageGroupId="g")
    assert queue.bodies() == ["4"]
    assert not Delivery.objects.exists()


def test_N13_at_most_a_hundred_subscriptions(topic: Topic, queue_of: Callable[..., Queue]) -> None:
    for n in range(100):
        topic.subscribe(f"arn:aws:sqs:eu-central-1:402177851930:q{n}")
    with refused("SubscriptionLimitExceeded", status=403):
        topic.subscribe("arn:aws:sqs:eu-central-1:402177851930:q100")
