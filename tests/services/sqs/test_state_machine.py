"""The states of a message and the time they last: S1–S7."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.engine import Time
from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Queue

HOURS_12 = 43_200


def test_S1_delay_of_the_message_wins_over_that_of_the_queue(
    make: Callable[..., Queue], clock: Time
) -> None:
    queue = make(DelaySeconds=10)
    queue.send("at once", DelaySeconds=0)
    queue.send("after 5", DelaySeconds=5)
    queue.send("after 10")
    assert queue.counts == (1, 0, 2)
    assert queue.bodies() == ["at once"]
    clock.advance(4.999)
    assert queue.bodies() == []
    clock.advance(0.001)
    assert queue.bodies() == ["after 5"]
    clock.advance(5)
    assert queue.bodies() == ["after 10"]


@pytest.mark.parametrize("seconds", [-1, 901])
def test_S1_delay_is_at_most_15_minutes(queue: Queue, seconds: int) -> None:
    with refused(
        "InvalidParameterValue",
        f"Value {seconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be"
        " >= 0 and <= 900.",
    ):
        queue.send(DelaySeconds=seconds)
    queue.send(DelaySeconds=900)


def test_S1_fifo_refuses_a_delay_per_message_but_zero(
    make: Callable[..., Queue], clock: Time
) -> None:
    queue = make("work.fifo", DelaySeconds=2)
    with refused(
        "InvalidParameterValue",
        "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that"
        " is not valid for this queue type.",
    ):
        queue.send("a", "g", DelaySeconds=2)
    queue.send("b", "g", DelaySeconds=0)
    assert queue.bodies() == [], "the queue's delay still applies"
    clock.advance(2)
    assert queue.bodies() == ["b"]


def test_S2_a_new_delay_is_not_retroactive_on_standard_queues(
    make: Callable[..., Queue], clock: Time
) -> None:
    queue = make(DelaySeconds=60)
    queue.send("sent before")
    queue.set(DelaySeconds=0)
    queue.send("sent after")
    queue.delete(queue.take())
    assert queue.counts == (0, 0, 1)
    clock.advance(60)
    assert queue.bodies() == ["sent before"]


def test_S2_a_shorter_delay_is_retroactive_on_fifo_queues(
    make: Callable[..., Queue], clock: Time
) -> None:
    queue = make("work.fifo", DelaySeconds=60)
    queue.send_all("a", "b", group="g")
    clock.advance(10)
    queue.send("c", "g")
    queue.set(DelaySeconds=5)
    assert queue.counts == (2, 0, 1)
    assert queue.bodies() == ["a", "b"]
    clock.advance(5)
    assert queue.counts == (1, 2, 0)


def test_S2_a_longer_delay_is_retroactive_on_fifo_queues(fifo: Queue, clock: Time) -> None:
    fifo.send("old", "g")
    clock.advance(100)
    fifo.send("received", "h")
    held = fifo.receive(2)
    fifo.hide(held[1], 0)
    fifo.hide(held[0], 0)
    fifo.send("young", "i")
    fifo.set(DelaySeconds=30)
    assert fifo.counts == (2, 0, 1)
    assert set(fifo.bodies()) == {"old", "received"}, "what was received is past its delay"
    clock.advance(30)
    assert fifo.counts == (3, 0, 0)


def test_S3_receive_hides_counts_and_gives_a_new_handle(queue: Queue, clock: Time) -> None:
    names = ["ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp"]
    queue.send()
    clock.advance(1)
    first_at = str(clock.now)
    one = queue.take(MessageSystemAttributeNames=names)
    assert queue.counts == (0, 1, 0)
    assert queue.bodies() == []
    clock.advance(30)
    two = queue.take(MessageSystemAttributeNames=names)
    assert one["ReceiptHandle"] != two["ReceiptHandle"]
    assert one["MessageId"] == two["MessageId"]
    assert one["Attributes"] == dict(zip(names, ("1", first_at), strict=True))
    assert two["Attributes"] == dict(zip(names, ("2", first_at), strict=True))


def test_S3_timeout_of_the_request_wins_over_that_of_the_queue(
    make: Callable[..., Queue], clock: Time
) -> None:
    queue = make(VisibilityTimeout=100)
    queue.send()
    queue.take(VisibilityTimeout=5)
    clock.advance(5)
    queue.take()
    clock.advance(99)
    assert queue.bodies() == []
    clock.advance(1)
    queue.take(VisibilityTimeout=0)
    assert queue.bodies() == ["hello"], "a timeout of 0 hides nothing"


@pytest.mark.parametrize("seconds", [-1, HOURS_12 + 1])
def test_S3_timeout_of_a_receive_has_a_range(queue: Queue, seconds: int) -> None:
    with refused(
        "InvalidParameterValue",
        f"Value {seconds} for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <="
        " 43200, if provided.",
    ):
        queue.receive(VisibilityTimeout=seconds)


def test_S4_a_message_whose_timeout_lapses_is_visible_again(
    queue: Queue, clock: Time, events: Callable[..., list[Any]]
) -> None:
    queue.send()
    queue.take()
    clock.advance(29.999)
    assert queue.counts == (0, 1, 0)
    clock.advance(0.001)
    assert queue.counts == (1, 0, 0)
    [lapse] = events("sqs.MessageVisible")
    assert (lapse["was"], lapse["is"], lapse["n"]) == ("f", "v", 1)


def test_S4_changing_to_zero_shows_at_once(queue: Queue) -> None:
    queue.send()
    queue.hide(queue.take(), 0)
    assert queue.counts == (1, 0, 0)
    assert queue.bodies() == ["hello"]


def test_S4_a_new_timeout_counts_from_the_call_and_is_not_remembered(
    queue: Queue, clock: Time
) -> None:
    queue.send()
    message = queue.take()
    clock.advance(20)
    queue.hide(message, 60)
    clock.advance(59)
    assert queue.bodies() == []
    clock.advance(1)
    queue.take()
    clock.advance(30)
    assert queue.bodies() == ["hello"], "the next receive has the queue's timeout again"


def test_S5_total_visibility_is_capped_at_12_hours(queue: Queue, clock: Time) -> None:
    queue.send()
    message = queue.take()
    clock.advance(1)
    with refused(
        "InvalidParameterValue",
        "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout"
        " for the message is beyond the limit [43200 seconds]",
    ):
        queue.hide(message, HOURS_12)
    assert queue.counts == (0, 1, 0)
    queue.hide(message, HOURS_12 - 1)
    clock.advance(HOURS_12 - 1)
    assert queue.counts == (1, 0, 0)


def test_S5_repeated_extensions_end_at_12_hours_too(queue: Queue, clock: Time) -> None:
    queue.send()
    message = queue.take()
    for _ in range(11):
        queue.hide(message, 3_600)
        clock.advance(3_599)
    left = HOURS_12 - 11 * 3_599
    with refused("InvalidParameterValue"):
        queue.hide(message, left + 1)
    queue.hide(message, left)


@pytest.mark.parametrize("seconds", [-1, HOURS_12 + 1])
def test_S5_a_change_has_a_range(queue: Queue, seconds: int) -> None:
    queue.send()
    message = queue.take()
    with refused(
        "InvalidParameterValue",
        f"Value {seconds} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout"
        " must be an integer between 0 and 43200.",
    ):
        queue.hide(message, seconds)


def test_S6_a_lapsed_standard_message_can_be_hidden_again(queue: Queue, clock: Time) -> None:
    queue.send()
    message = queue.take()
    clock.advance(31)
    queue.hide(message, 60)
    assert queue.counts == (0, 1, 0)
    clock.advance(60)
    assert queue.counts == (1, 0, 0)


def test_S6_a_deleted_message_cannot_be_hidden(queue: Queue) -> None:
    queue.send()
    message = queue.take()
    queue.delete(message)
    with refused(
        "InvalidParameterValue",
        f"Value {message['ReceiptHandle']} for parameter ReceiptHandle is invalid. Reason: Message"
        " does not exist or is not available for visibility timeout change.",
    ):
        queue.hide(message, 10)


def test_S6_a_change_without_a_timeout_is_incomplete(queue: Queue) -> None:
    queue.send()
    handle = queue.take()["ReceiptHandle"]
    answer = queue.api.change_message_visibility_batch(
        QueueUrl=queue.url, Entries=[{"Id": "a", "ReceiptHandle": handle}]
    )
    [failed] = answer["Failed"]
    assert failed["Code"] == "MissingParameter"


def test_S7_counters_are_those_of_the_three_states(queue: Queue) -> None:
    queue.send_all("a", "b", "c")
    queue.send("d", DelaySeconds=9)
    queue.receive(2)
    assert queue.counts == (1, 2, 1)


def test_S7_retention_ends_a_message_in_any_state(
    make: Callable[..., Queue], clock: Time, events: Callable[..., list[Any]]
) -> None:
    queue = make(MessageRetentionPeriod=60)
    queue.send("visible")
    queue.send("delayed", DelaySeconds=600)
    queue.send("held")
    held = {message["Body"]: message for message in queue.receive()}
    queue.hide(held["visible"], 0)
    queue.hide(held["held"], 3_600)
    clock.advance(59.999)
    assert queue.counts == (1, 1, 1)
    clock.advance(0.001)
    assert queue.counts == (0, 0, 0)
    assert {event["was"] for event in events("sqs.MessageExpired")} == {"v", "f", "d"}
    queue.delete(held["held"])


def test_S7_a_shorter_retention_applies_to_existing_messages(queue: Queue, clock: Time) -> None:
    queue.send("old")
    clock.advance(100)
    queue.send("young")
    clock.advance(1)
    queue.set(MessageRetentionPeriod=60)
    assert queue.counts == (1, 0, 0)
    assert queue.bodies() == ["young"]
    clock.advance(59)
    assert queue.counts == (0, 0, 0)


def test_S7_a_longer_retention_keeps_existing_messages(
    make: Callable[..., Queue], clock: Time
) -> None:
    queue = make(MessageRetentionPeriod=60)
    queue.send()
    queue.set(MessageRetentionPeriod=120)
    clock.advance(119)
    assert queue.counts == (1, 0, 0)
    clock.advance(1)
    assert queue.counts == (0, 0, 0)


def test_S7_attribute_changes_are_seen_with_their_time(queue: Queue, clock: Time) -> None:
    created = str(clock.now // 1000)
    clock.advance(5)
    queue.set(VisibilityTimeout=7)
    found = queue.get("VisibilityTimeout", "CreatedTimestamp", "LastModifiedTimestamp")
    assert found == {
        "VisibilityTimeout": "7",
        "CreatedTimestamp": created,
        "LastModifiedTimestamp": str(int(created) + 5),
    }
