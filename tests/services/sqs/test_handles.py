"""Receipt handles and deletion: H1–H4."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from tests.fixtures.engine import Time
from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Queue


def expired(handle: str) -> str:
    return (
        f"Value {handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has"
        " expired."
    )


def test_H1_handles_and_message_ids_are_short_enough(queue: Queue) -> None:
    sent = queue.send()
    message = queue.take()
    assert len(message["ReceiptHandle"]) <= 1024
    assert len(message["MessageId"]) <= 100
    assert str(UUID(message["MessageId"])) == message["MessageId"] == sent["MessageId"]


def test_H2_a_lapsed_handle_that_is_the_latest_deletes(queue: Queue, clock: Time) -> None:
    queue.send()
    message = queue.take()
    clock.advance(31)
    assert queue.counts == (1, 0, 0)
    queue.delete(message)
    assert queue.counts == (0, 0, 0)


def test_H2_an_older_handle_succeeds_and_deletes_nothing(
    queue: Queue, clock: Time, events: Callable[..., list[Any]]
) -> None:
    queue.send()
    old = queue.take()
    clock.advance(31)
    new = queue.take()
    queue.delete(old)
    assert queue.counts == (0, 1, 0)
    assert len(events("sqs.DeleteIgnored")) == 1
    queue.delete(new)
    assert queue.counts == (0, 0, 0)


def test_H2_deleting_twice_succeeds(queue: Queue) -> None:
    queue.send()
    message = queue.take()
    queue.delete(message, message)
    assert queue.counts == (0, 0, 0)


def test_H2_a_batch_with_an_old_and_the_latest_handle_deletes(queue: Queue, clock: Time) -> None:
    for order in (1, -1):
        queue.send()
        old = queue.take()
        queue.hide(old, 0)
        pair = [old, queue.take()][::order]
        answer = queue.api.delete_message_batch(
            QueueUrl=queue.url,
            Entries=[
                {"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(pair)
            ],
        )
        assert [entry["Id"] for entry in answer["Successful"]] == ["0", "1"]
        assert queue.counts == (0, 0, 0)


def test_H3_a_fifo_handle_expires_with_its_timeout(fifo: Queue, clock: Time) -> None:
    fifo.send("a", "g")
    message = fifo.take()
    clock.advance(30.001)
    with refused("InvalidParameterValue", expired(message["ReceiptHandle"])):
        fifo.delete(message)
    with refused("InvalidParameterValue", expired(message["ReceiptHandle"])):
        fifo.hide(message, 10)
    assert fifo.counts == (1, 0, 0)


def test_H3_extending_first_makes_it_work(fifo: Queue, clock: Time) -> None:
    fifo.send("a", "g")
    message = fifo.take()
    clock.advance(20)
    fifo.hide(message, 60)
    clock.advance(40)
    fifo.delete(message)
    assert fifo.counts == (0, 0, 0)


def test_H3_a_fifo_handle_expires_when_the_message_is_received_again(
    fifo: Queue, clock: Time
) -> None:
    fifo.send("a", "g")
    old = fifo.take()
    fifo.hide(old, 0)
    new = fifo.take()
    with refused("InvalidParameterValue", expired(old["ReceiptHandle"])):
        fifo.delete(old)
    fifo.delete(new, new)
    assert fifo.counts == (0, 0, 0)


def test_H3_in_a_batch_the_expired_one_fails_alone(fifo: Queue, clock: Time) -> None:
    fifo.send("a", "g")
    fifo.send("b", "h")
    one, two = fifo.receive()
    fifo.hide(two, 100)
    clock.advance(31)
    answer = fifo.api.delete_message_batch(
        QueueUrl=fifo.url,
        Entries=[
            {"Id": "late", "ReceiptHandle": one["ReceiptHandle"]},
            {"Id": "good", "ReceiptHandle": two["ReceiptHandle"]},
        ],
    )
    assert [entry["Id"] for entry in answer["Successful"]] == ["good"]
    [failed] = answer["Failed"]
    assert failed == {
        "Id": "late",
        "SenderFault": True,
        "Code": "InvalidParameterValue",
        "Message": expired(one["ReceiptHandle"]),
    }
    assert fifo.counts == (1, 0, 0)


@pytest.mark.parametrize("handle", ["x", "AQEB" * 9, "ä", "a" * 1024])
def test_H4_what_is_no_handle_is_refused(queue: Queue, handle: str) -> None:
    text = f'The input receipt handle "{handle}" is not a valid receipt handle.'
    with refused("ReceiptHandleIsInvalid", text, status=404):
        queue.api.delete_message(QueueUrl=queue.url, ReceiptHandle=handle)
    with refused("ReceiptHandleIsInvalid", text):
        queue.api.change_message_visibility(
            QueueUrl=queue.url, ReceiptHandle=handle, VisibilityTimeout=1
        )


def test_H4_a_changed_handle_is_refused(queue: Queue) -> None:
    queue.send()
    handle = queue.take()["ReceiptHandle"]
    other = "B" if handle[-1] == "A" else "A"
    with refused("ReceiptHandleIsInvalid"):
        queue.api.delete_message(QueueUrl=queue.url, ReceiptHandle=handle[:-1] + other)
    assert queue.counts == (0, 1, 0)


def test_H4_whoever_has_the_handle_may_delete(queue: Queue, aws: Callable[..., Any]) -> None:
    queue.send()
    message = queue.take()
    aws("sqs").delete_message(QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"])
    assert queue.counts == (0, 0, 0)


def test_H4_a_handle_is_good_in_its_own_queue_only(make: Callable[..., Queue]) -> None:
    one, two = make("one"), make("two")
    one.send()
    message = one.take()
    two.delete(message)
    assert one.counts == (0, 1, 0)
    with refused("InvalidParameterValue"):
        two.hide(message, 10)
