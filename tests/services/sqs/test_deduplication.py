"""Deduplication of sends to FIFO queues: D1–D7."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from tests.fixtures.engine import Time
from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Queue


@pytest.fixture
def explicit(make: Callable[..., Queue]) -> Queue:
    return make("explicit.fifo", ContentBasedDeduplication=False)


def test_D1_an_id_is_needed_somehow(explicit: Queue) -> None:
    with refused(
        "InvalidParameterValue",
        "The queue should either have ContentBasedDeduplication enabled or"
        " MessageDeduplicationId provided explicitly",
    ):
        explicit.send("a", "g")
    explicit.send("a", "g", MessageDeduplicationId="1")


def test_D1_content_is_hashed_without_attributes(fifo: Queue) -> None:
    attribute = {"a": {"DataType": "String", "StringValue": "1"}}
    fifo.send("hello", "g")
    fifo.send("hello", "g", MessageAttributes=attribute)
    [message] = fifo.receive(AttributeNames=["All"])
    found = message["Attributes"]["MessageDeduplicationId"]
    assert found == sha256(b"hello").hexdigest()


def test_D1_an_explicit_id_wins_over_the_content(fifo: Queue) -> None:
    fifo.send("same", "g", MessageDeduplicationId="1")
    fifo.send("same", "g", MessageDeduplicationId="2")
    fifo.send("other", "g", MessageDeduplicationId="2")
    assert fifo.bodies() == ["same", "same"]


def test_D2_a_duplicate_succeeds_and_is_not_delivered(
    fifo: Queue, events: Callable[..., list[Any]]
) -> None:
    one = fifo.send("a", "g")
    two = fifo.send("a", "g")
    assert two["MessageId"] == one["MessageId"]
    assert two["SequenceNumber"] == one["SequenceNumber"]
    assert fifo.counts == (1, 0, 0)
    assert len(events("sqs.SendDeduplicated")) == 1


def test_D2_the_window_is_five_minutes_and_outlives_the_message(fifo: Queue, clock: Time) -> None:
    fifo.send("a", "g")
    fifo.delete(fifo.take())
    clock.advance(299.999)
    fifo.send("a", "g")
    assert fifo.counts == (0, 0, 0)
    clock.advance(0.001)
    fifo.send("a", "g")
    assert fifo.counts == (1, 0, 0)


def test_D2_a_duplicate_does_not_prolong_the_window(fifo: Queue, clock: Time) -> None:
    fifo.send("a", "g")
    clock.advance(200)
    fifo.send("a", "g")
    clock.advance(100)
    fifo.send("a", "g")
    assert fifo.counts == (2, 0, 0)


def test_D2_within_one_batch_too(fifo: Queue) -> None:
    entries = [{"Id": str(n), "MessageBody": "same", "MessageGroupId": "g"} for n in range(3)]
    answer = fifo.api.send_message_batch(QueueUrl=fifo.url, Entries=entries)
    assert len({entry["MessageId"] for entry in answer["Successful"]}) == 1
    assert fifo.counts == (1, 0, 0)


def test_D3_by_default_another_group_does_not_matter(fifo: Queue) -> None:
    fifo.send("a", "g")
    fifo.send("a", "h")
    assert fifo.counts == (1, 0, 0)


def test_D3_with_message_group_scope_it_does(make: Callable[..., Queue]) -> None:
    queue = make("work.fifo", DeduplicationScope="messageGroup")
    queue.send("a", "g")
    queue.send("a", "h")
    queue.send("a", "g")
    assert queue.counts == (2, 0, 0)


def test_D3_an_explicit_id_can_meet_an_earlier_hash(fifo: Queue) -> None:
    fifo.send("hello", "g")
    fifo.send("other", "g", MessageDeduplicationId=sha256(b"hello").hexdigest())
    assert fifo.bodies() == ["hello"]


def test_D4_a_purge_clears_the_memory(fifo: Queue) -> None:
    fifo.send("a", "g")
    fifo.api.purge_queue(QueueUrl=fifo.url)
    fifo.send("a", "g")
    assert fifo.counts == (1, 0, 0)


def test_D5_in_the_dead_letter_queue_the_message_id_takes_the_place(
    make: Callable[..., Queue], clock: Time
) -> None:
    dead = make("dead.fifo")
    work = make("work.fifo", RedrivePolicy={"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1})
    sent = work.send("a", "g")
    work.take()
    clock.advance(30)
    assert work.receive() == []
    [moved] = dead.receive(AttributeNames=["All"])
    assert moved["Attributes"]["MessageDeduplicationId"] == sent["MessageId"]


def test_D6_the_limit_per_group_is_only_legal_with_the_scope_per_group(
    make: Callable[..., Queue],
) -> None:
    text = (
        "The perMessageGroupId value is allowed only when the value for DeduplicationScope is"
        " messageGroup"
    )
    with refused("InvalidAttributeValue", text):
        make("a.fifo", FifoThroughputLimit="perMessageGroupId")
    fast = make(
        "b.fifo", FifoThroughputLimit="perMessageGroupId", DeduplicationScope="messageGroup"
    )
    with refused("InvalidAttributeValue", text):
        fast.set(DeduplicationScope="queue")
    assert fast.get("FifoThroughputLimit") == {"FifoThroughputLimit": "perMessageGroupId"}


@pytest.mark.parametrize("parameter", ["MessageGroupId", "MessageDeduplicationId"])
@pytest.mark.parametrize("value", ["", "a b", "ä", "x" * 129])
def test_D7_ids_have_a_form(fifo: Queue, parameter: str, value: str) -> None:
    ids = {"MessageGroupId": "g", "MessageDeduplicationId": "d", parameter: value}
    with refused(
        "InvalidParameterValue",
        f"Value {value} for parameter {parameter} is invalid. Reason: {parameter} can only include"
        " alphanumeric and punctuation characters. 1 to 128 in length.",
    ):
        fifo.send("a", **ids)


def test_D7_all_punctuation_is_legal(fifo: Queue) -> None:
    sign = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
    fifo.send("a", sign, MessageDeduplicationId=sign)
    found = fifo.take(AttributeNames=["All"])["Attributes"]
    assert (found["MessageGroupId"], found["MessageDeduplicationId"]) == (sign, sign)


def test_D7_a_standard_queue_has_no_deduplication_id(queue: Queue) -> None:
    with refused(
        "InvalidParameterValue",
        "Value d for parameter MessageDeduplicationId is invalid. Reason: The request include"
        " parameter that is not valid for this queue type.",
    ):
        queue.send("a", MessageDeduplicationId="d")
