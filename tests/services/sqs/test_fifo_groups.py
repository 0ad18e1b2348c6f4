"""FIFO groups: F1–F7. Orders that were recorded from AWS are named so."""

from collections.abc import Callable

import pytest

from messaging.sqs import limits
from tests.fixtures.engine import Time
from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Message, Queue


@pytest.fixture
def scene(fifo: Queue, clock: Time) -> Callable[..., None]:
    """Return a function that sends ``g1-m1``, ``g2-m1`` … in the order given."""

    def send(*bodies: str) -> None:
        for body in bodies:
            fifo.send(body, body.partition("-")[0])
            clock.advance(0.001)

    return send


def bodies(messages: list[Message]) -> list[str]:
    return [message["Body"] for message in messages]


def test_F1_a_group_is_locked_while_something_of_it_is_in_flight(
    fifo: Queue, scene: Callable[..., None]
) -> None:
    scene("g1-m1", "g1-m2", "g1-m3", "g2-m1", "g3-m1")
    assert fifo.bodies(2) == ["g1-m1", "g1-m2"]
    assert fifo.bodies(10) == ["g2-m1", "g3-m1"]
    assert fifo.bodies(10) == []


def test_F1_deleting_one_of_two_leaves_the_group_locked(
    fifo: Queue, scene: Callable[..., None]
) -> None:
    scene("g1-m1", "g2-m1", "g1-m2", "g2-m2", "g1-m3", "g1-m4", "g3-m1")
    one, _ = fifo.receive(2)
    fifo.delete(one)
    assert fifo.bodies() == ["g2-m1", "g2-m2", "g3-m1"], "recorded"


def test_F1_deleting_both_frees_the_group(fifo: Queue, scene: Callable[..., None]) -> None:
    scene("g1-m1", "g2-m1", "g1-m2", "g2-m2", "g1-m3", "g1-m4", "g3-m1")
    fifo.delete(*fifo.receive(2))
    assert fifo.bodies() == ["g2-m1", "g2-m2", "g1-m3", "g1-m4", "g3-m1"], "recorded"


def test_F1_terminating_one_gives_that_one_only(
    fifo: Queue, scene: Callable[..., None], clock: Time
) -> None:
    scene("g1-m1", "g1-m2", "g2-m1")
    one, _ = fifo.receive(2)
    fifo.hide(one, 0)
    assert fifo.bodies(3) == ["g2-m1", "g1-m1"], "recorded"


def test_F1_a_shorter_timeout_of_one_gives_that_one_only(
    fifo: Queue, scene: Callable[..., None], clock: Time
) -> None:
    scene("g1-m1", "g1-m2", "g2-m1")
    one, _ = fifo.receive(2)
    fifo.hide(one, 1)
    clock.advance(2)
    assert fifo.bodies(3) == ["g2-m1", "g1-m1"], "recorded"
    clock.advance(28)
    assert fifo.bodies(3) == ["g1-m2"]


def test_F1_new_messages_wait_although_one_came_back(
    fifo: Queue, scene: Callable[..., None]
) -> None:
    scene("g1-m1", "g1-m2", "g1-m3")
    one, two = fifo.receive(2)
    fifo.hide(one, 0)
    assert fifo.bodies() == ["g1-m1"], "m3 may not overtake m2"
    fifo.hide(two, 0)
    assert fifo.bodies() == ["g1-m2"]


def test_F1_extending_one_keeps_the_other_that_came_back_receivable(
    fifo: Queue, scene: Callable[..., None]
) -> None:
    scene("g1-m1", "g1-m2")
    one, two = fifo.receive(2)
    fifo.hide(one, 0)
    fifo.hide(two, 600)
    assert fifo.bodies() == ["g1-m1"]


def test_F1_deleting_one_keeps_another_that_came_back_receivable(
    fifo: Queue, scene: Callable[..., None]
) -> None:
    scene("g1-m1", "g1-m2", "g1-m3")
    one, two, _ = fifo.receive(3)
    fifo.hide(one, 0)
    fifo.delete(two)
    assert fifo.bodies() == ["g1-m1"]


def test_F1_two_that_came_back_can_be_received_one_by_one(
    fifo: Queue, scene: Callable[..., None]
) -> None:
    scene("g1-m1", "g1-m2", "g1-m3")
    one, two, _ = fifo.receive(3)
    fifo.hide(one, 0)
    fifo.hide(two, 0)
    assert fifo.bodies(1) == ["g1-m1"]
    assert fifo.bodies(1) == ["g1-m2"]
    assert fifo.bodies(1) == []


def test_F1_expiry_of_what_is_in_flight_frees_the_group(
    make: Callable[..., Queue], clock: Time
) -> None:
    queue = make("work.fifo", MessageRetentionPeriod=60, VisibilityTimeout=600)
    queue.send("a", "g")
    queue.take()
    clock.advance(30)
    queue.send("b", "g")
    assert queue.bodies() == []
    clock.advance(30)
    assert queue.bodies() == ["b"]


def test_F2_as_many_of_one_group_as_possible_then_the_next(
    fifo: Queue, scene: Callable[..., None]
) -> None:
    scene("g1-m1", "g2-m1", "g1-m2", "g1-m3")
    assert fifo.bodies() == ["g1-m1", "g1-m2", "g1-m3", "g2-m1"], "recorded"


def test_F2_a_group_that_had_its_turn_goes_behind_those_that_wait(
    fifo: Queue, scene: Callable[..., None], clock: Time
) -> None:
    scene("g1-m1", "g2-m1", "g2-m2", "g3-m1", "g1-m2")
    assert fifo.bodies(3, VisibilityTimeout=0) == ["g1-m1", "g1-m2", "g2-m1"], "recorded"
    clock.advance(0.001)
    again = fifo.bodies(10, VisibilityTimeout=0)
    assert again == ["g3-m1", "g1-m1", "g1-m2", "g2-m1", "g2-m2"], "recorded"


def test_F2_after_a_timeout_groups_come_back_behind_the_others(
    fifo: Queue, scene: Callable[..., None], clock: Time
) -> None:
    scene("g1-m1", "g1-m2", "g1-m3", "g1-m4", "g2-m1", "g3-m1")
    assert fifo.bodies(2) == ["g1-m1", "g1-m2"]
    clock.advance(0.001)
    assert fifo.bodies(1) == ["g2-m1"]
    clock.advance(31)
    assert fifo.bodies() == ["g3-m1", "g1-m1", "g1-m2", "g1-m3", "g1-m4", "g2-m1"], "recorded"


def test_F2_a_group_that_came_back_is_not_starved_by_new_ones(fifo: Queue, clock: Time) -> None:
    fifo.send("back", "old")
    fifo.take(VisibilityTimeout=1)
    clock.advance(2)
    for number in range(20):
        fifo.send("new", f"g{number}", MessageDeduplicationId=str(number))
    assert "back" in fifo.bodies(10)


def test_F3_a_batch_enqueues_in_the_order_of_its_list(fifo: Queue) -> None:
    entries = [
        {"Id": str(n), "MessageBody": f"m{n}", "MessageGroupId": "g"} for n in range(9, -1, -1)
    ]
    answer = fifo.api.send_message_batch(QueueUrl=fifo.url, Entries=entries)
    numbers = [int(entry["SequenceNumber"]) for entry in answer["Successful"]]
    assert numbers == sorted(numbers)
    assert fifo.bodies() == [f"m{n}" for n in range(9, -1, -1)]


def test_F3_sequence_numbers_grow_in_a_group_and_are_not_consecutive(fifo: Queue) -> None:
    numbers = [int(fifo.send(body, "g")["SequenceNumber"]) for body in "abc"]
    assert numbers == sorted(set(numbers))
    assert all(len(str(number)) == 20 for number in numbers)
    assert numbers[1] - numbers[0] > 1


def test_F4_the_same_attempt_returns_the_same_messages_and_resets_the_timeout(
    fifo: Queue, scene: Callable[..., None], clock: Time
) -> None:
    scene("g2-m1", "g1-m1", "g2-m2")
    one = fifo.receive(ReceiveRequestAttemptId="try")
    clock.advance(20)
    two = fifo.receive(ReceiveRequestAttemptId="try")
    assert two == one
    clock.advance(29)
    assert fifo.counts == (0, 3, 0)
    fifo.delete(*one)
    assert fifo.counts == (0, 0, 0)


def test_F4_another_attempt_gets_what_is_left(fifo: Queue, scene: Callable[..., None]) -> None:
    scene("g1-m1", "g2-m1")
    assert bodies(fifo.receive(1, ReceiveRequestAttemptId="a")) == ["g1-m1"]
    assert bodies(fifo.receive(1, ReceiveRequestAttemptId="b")) == ["g2-m1"]


@pytest.mark.parametrize("change", ["delete", "show", "extend"])
def test_F4_after_a_change_the_attempt_is_a_new_receive(
    fifo: Queue, scene: Callable[..., None], clock: Time, change: str
) -> None:
    scene("g1-m1", "g1-m2")
    one, two = fifo.receive(ReceiveRequestAttemptId="try")
    if change == "delete":
        fifo.delete(one)
        assert fifo.receive(ReceiveRequestAttemptId="try") == []
    elif change == "show":
        fifo.hide(one, 0)
        [again] = fifo.receive(ReceiveRequestAttemptId="try")
        assert again["ReceiptHandle"] != one["ReceiptHandle"]
    else:
        fifo.hide(two, 100)
        assert fifo.receive(ReceiveRequestAttemptId="try") == [one, two], "both are still held"


def test_F4_an_attempt_is_remembered_for_five_minutes(
    fifo: Queue, scene: Callable[..., None], clock: Time
) -> None:
    scene("g1-m1")
    fifo.receive(ReceiveRequestAttemptId="try", VisibilityTimeout=3_600)
    clock.advance(299.9)
    assert len(fifo.receive(ReceiveRequestAttemptId="try", VisibilityTimeout=3_600)) == 1
    clock.advance(0.2)
    assert fifo.receive(ReceiveRequestAttemptId="try") == []


def test_F4_attempt_ids_are_for_fifo_queues_and_have_a_form(queue: Queue, fifo: Queue) -> None:
    with refused("InvalidParameterValue"):
        queue.receive(ReceiveRequestAttemptId="a")
    with refused(
        "InvalidParameterValue",
        "Value a b for parameter ReceiveRequestAttemptId is invalid. Reason:"
        " ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to"
        " 128 in length.",
    ):
        fifo.receive(ReceiveRequestAttemptId="a b")


def test_F5_groups_behind_the_first_messages_of_a_deep_queue_wait(
    fifo: Queue, scene: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FIFO_LOOK_AHEAD", 4)
    scene("g1-m1", "g1-m2", "g1-m3", "g1-m4", "g1-m5", "g2-m1")
    held = fifo.receive(1)
    assert fifo.bodies() == [], "the first four are of one blocked group"
    fifo.delete(*held)
    assert fifo.bodies(2) == ["g1-m2", "g1-m3"]
    assert fifo.bodies() == [], "five are left and g2 is the fifth"
    fifo.send("g3-m1", "g3")
    assert fifo.bodies() == []


def test_F5_as_the_queue_drains_groups_come_within_reach(
    fifo: Queue, scene: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FIFO_LOOK_AHEAD", 3)
    scene(*(f"g{n}-m1" for n in range(8)))
    seen: list[str] = []
    for _ in range(8):
        found = fifo.receive(1)
        seen += bodies(found)
        fifo.delete(*found)
    assert seen == [f"g{n}-m1" for n in range(8)]


def test_F6_a_timeout_of_zero_leaves_one_millisecond_to_delete(fifo: Queue, clock: Time) -> None:
    fifo.send("a", "g")
    fifo.delete(fifo.take(VisibilityTimeout=0))
    assert fifo.counts == (0, 0, 0)
    fifo.send("b", "g")
    late = fifo.take(VisibilityTimeout=0)
    clock.advance(0.001)
    with refused("InvalidParameterValue"):
        fifo.delete(late)
    assert fifo.bodies() == ["b"]


def test_F7_a_dead_letter_leaves_its_group_and_successors_proceed(
    make: Callable[..., Queue], clock: Time
) -> None:
    dead = make("dead.fifo")
    work = make("work.fifo", RedrivePolicy={"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1})
    work.send_all("poison", "next", group="g")
    work.take()
    clock.advance(30)
    assert work.bodies() == ["next"]
    assert dead.bodies() == ["poison"]
