"""What a receive may ask for and what it gets: R1–R7, L7."""

from collections.abc import Callable
from typing import Any

import pytest

from messaging.sqs import limits
from tests.fixtures.engine import ACCOUNT, Api, Time
from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Queue

TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793"
ATTRIBUTES = {
    "bar.a": {"DataType": "String", "StringValue": "1"},
    "bar.b": {"DataType": "String", "StringValue": "2"},
    "foo": {"DataType": "Number", "StringValue": "3"},
}


def test_R1_one_message_unless_asked(queue: Queue) -> None:
    queue.send_all("a", "b")
    answer = queue.api.receive_message(QueueUrl=queue.url)
    assert len(answer["Messages"]) == 1


def test_R1_never_more_than_asked_and_never_more_than_ten(queue: Queue) -> None:
    queue.send_all(*map(str, range(15)))
    assert len(queue.receive(3)) == 3
    assert len(queue.receive(10)) == 10
    assert len(queue.receive(10)) == 2
    assert queue.receive(10) == []


@pytest.mark.parametrize("count", [-1, 0, 11])
def test_R1_a_count_out_of_range_is_refused(queue: Queue, count: int) -> None:
    with refused(
        "InvalidParameterValue",
        f"Value {count} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and"
        " 10, if provided.",
    ):
        queue.receive(count)


@pytest.mark.parametrize("seconds", [-1, 21])
def test_R2_a_wait_out_of_range_is_refused(queue: Queue, seconds: int) -> None:
    with refused(
        "InvalidParameterValue",
        f"Value {seconds} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20,"
        " if provided.",
    ):
        queue.receive(WaitTimeSeconds=seconds)


def test_R4_a_long_poll_answers_at_once_when_there_is_something(queue: Queue) -> None:
    queue.send()
    assert queue.bodies(10, WaitTimeSeconds=20) == ["hello"], "it does not wait to fill the batch"


def test_R4_a_long_poll_that_nobody_can_wake_ends_empty(
    queue: Queue, events: Callable[..., list[Any]]
) -> None:
    assert queue.bodies(WaitTimeSeconds=20) == []
    assert len(events("sqs.EmptyReceive")) == 1


def test_R5_standard_queues_go_from_old_to_young_where_nothing_disturbs(
    queue: Queue, clock: Time
) -> None:
    for body in "abc":
        queue.send(body)
        clock.advance(0.001)
    assert queue.bodies() == ["a", "b", "c"]


def test_R6_nothing_unless_asked(queue: Queue) -> None:
    queue.send(MessageAttributes=ATTRIBUTES)
    message = queue.take()
    assert message.keys() == {"MessageId", "ReceiptHandle", "MD5OfBody", "Body"}


@pytest.mark.parametrize(
    ("asked", "returned"),
    [
        (["All"], {"bar.a", "bar.b", "foo"}),
        ([".*"], {"bar.a", "bar.b", "foo"}),
        (["bar.*"], {"bar.a", "bar.b"}),
        (["foo", "bar.b"], {"foo", "bar.b"}),
        (["FOO"], set()),
    ],
)
def test_R6_message_attributes_by_name_and_prefix(
    queue: Queue, asked: list[str], returned: set[str]
) -> None:
    queue.send(MessageAttributes=ATTRIBUTES)
    message = queue.take(MessageAttributeNames=asked)
    assert message.get("MessageAttributes", {}).keys() == returned
    assert ("MD5OfMessageAttributes" in message) == bool(returned)


@pytest.mark.parametrize("parameter", ["AttributeNames", "MessageSystemAttributeNames"])
def test_R6_system_attributes_under_both_names(queue: Queue, clock: Time, parameter: str) -> None:
    queue.send(
        MessageSystemAttributes={"AWSTraceHeader": {"DataType": "String", "StringValue": TRACE}}
    )
    message = queue.take(**{parameter: ["All"]})
    assert message["Attributes"] == {
        "SenderId": ACCOUNT,
        "SentTimestamp": str(clock.now),
        "ApproximateReceiveCount": "1",
        "ApproximateFirstReceiveTimestamp": str(clock.now),
        "AWSTraceHeader": TRACE,
    }


def test_R6_system_attributes_of_a_fifo_message(fifo: Queue) -> None:
    sent = fifo.send("a", "g", MessageDeduplicationId="d")
    found = fifo.take(AttributeNames=["All"])["Attributes"]
    assert found["MessageGroupId"] == "g"
    assert found["MessageDeduplicationId"] == "d"
    assert found["SequenceNumber"] == sent["SequenceNumber"]


def test_R6_an_unknown_system_attribute_is_refused(queue: Queue) -> None:
    with refused("InvalidAttributeName", "Unknown Attribute senderid."):
        queue.receive(MessageSystemAttributeNames=["senderid"])


def test_R7_a_full_standard_queue_refuses_short_polls_only(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "IN_FLIGHT_MAX", 2)
    queue.send_all("a", "b", "c")
    held = queue.receive(2)
    with refused("OverLimit"):
        queue.receive()
    assert queue.bodies(WaitTimeSeconds=1) == []
    queue.delete(held[0])
    assert queue.bodies() == ["c"]


def test_R7_a_full_fifo_queue_gives_nothing_and_no_error(
    fifo: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "IN_FLIGHT_MAX", 1)
    fifo.send("a", "g")
    fifo.send("b", "h")
    fifo.receive(1)
    assert fifo.receive() == []


def test_L7_what_was_received_often_goes_to_the_back(queue: Queue, clock: Time) -> None:
    queue.send("often")
    for _ in range(4):
        queue.hide(queue.take(), 0)
        clock.advance(1)
    queue.send("waits")
    clock.advance(1)
    queue.hide(queue.take(), 0)
    clock.advance(1)
    queue.send("new")
    assert queue.bodies() == ["waits", "often", "new"]


def test_a_missing_queue_is_named_as_AWS_names_it(api: Any, queue: Queue) -> None:
    with refused(
        "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.", status=400
    ):
        api.receive_message(QueueUrl=queue.url + "-not")


def test_what_lapsed_but_was_not_announced_is_deliverable(sqs: Api, queue: Queue) -> None:
    """In a paused sandbox nothing is announced: the query alone decides."""
    sqs.send_message(QueueUrl=queue.url, MessageBody="a")
    sqs.receive_message(QueueUrl=queue.url, VisibilityTimeout=0)
    [again] = sqs.receive_message(QueueUrl=queue.url, AttributeNames=["All"])["Messages"]
    assert again["Attributes"]["ApproximateReceiveCount"] == "2"
    assert queue.counts == (0, 1, 0)
