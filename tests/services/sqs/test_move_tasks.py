"""Message move tasks: L6."""

from collections.abc import Callable
from typing import Any

import pytest

from messaging.sqs import limits
from tests.fixtures.engine import ACCOUNT, REGION, Time
from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Queue

NOT_THERE = "The resource that you specified for the {} parameter doesn't exist."


@pytest.fixture
def pair(make: Callable[..., Queue]) -> tuple[Queue, Queue]:
    """Return a dead-letter queue and the queue whose dead letters it takes."""
    dead = make("dead")
    policy = {"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1}
    return dead, make("work", RedrivePolicy=policy)


def bury(work: Queue, clock: Time, *bodies: str) -> None:
    """Let messages die."""
    work.send_all(*bodies)
    while work.receive():
        continue
    clock.advance(30)
    while work.counts != (0, 0, 0):
        work.receive()


def start(queue: Queue, **more: Any) -> str:
    return str(queue.api.start_message_move_task(SourceArn=queue.arn, **more)["TaskHandle"])


def tasks(queue: Queue, count: int = 1) -> list[dict[str, Any]]:
    answer = queue.api.list_message_move_tasks(SourceArn=queue.arn, MaxResults=count)
    return list(answer["Results"])


def test_L6_messages_go_back_to_their_source(
    pair: tuple[Queue, Queue], clock: Time, events: Callable[..., list[Any]]
) -> None:
    dead, work = pair
    sent = work.send("with", MessageAttributes={"a": {"DataType": "String", "StringValue": "1"}})
    bury(work, clock, "a", "b")
    started = clock.now
    handle = start(dead)
    assert tasks(dead) == [
        {
            "TaskHandle": handle,
            "Status": "RUNNING",
            "SourceArn": dead.arn,
            "ApproximateNumberOfMessagesMoved": 0,
            "ApproximateNumberOfMessagesToMove": 3,
            "StartedTimestamp": started,
        }
    ]
    clock.advance(1)
    assert (dead.counts, work.counts) == ((0, 0, 0), (3, 0, 0))
    [task] = tasks(dead)
    assert task["Status"] == "COMPLETED"
    assert task["ApproximateNumberOfMessagesMoved"] == 3
    assert "TaskHandle" not in task
    found = {m["Body"]: m for m in work.receive(MessageAttributeNames=["All"])}
    assert found["with"]["MessageAttributes"]["a"]["StringValue"] == "1"
    assert found["with"]["MessageId"] != sent["MessageId"], "redriven messages have a new id"
    for move in events("sqs.MessageMoved")[3:]:
        [arrival] = [e for e in events("sqs.MessageSent") if e["cause"] == seq_of(events, move)]
        assert arrival["arn"] == work.arn


def seq_of(events: Callable[..., list[Any]], event: Any) -> int:
    return events().index(event) + 1


def test_L6_redriven_messages_have_a_new_enqueue_time_and_retention(
    make: Callable[..., Queue], clock: Time
) -> None:
    dead = make("dead")
    policy = {"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1}
    work = make("work", RedrivePolicy=policy, MessageRetentionPeriod=100)
    bury(work, clock, "a")
    clock.advance(60)
    start(dead)
    clock.advance(0.5)
    [message] = work.receive(AttributeNames=["All"])
    assert clock.now - int(message["Attributes"]["SentTimestamp"]) < 500
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    assert "DeadLetterQueueSourceArn" not in message["Attributes"]
    clock.advance(99)
    assert work.counts == (1, 0, 0)
    clock.advance(1)
    assert work.counts == (0, 0, 0)


def test_L6_messages_go_to_another_queue_if_asked(
    pair: tuple[Queue, Queue], make: Callable[..., Queue], clock: Time
) -> None:
    dead, work = pair
    other = make("other")
    bury(work, clock, "a")
    dead.send("sent here by hand")
    start(dead, DestinationArn=other.arn)
    clock.advance(1)
    assert sorted(other.bodies()) == ["a", "sent here by hand"]
    assert tasks(dead)[0]["DestinationArn"] == other.arn


def test_L6_the_rate_bounds_it(pair: tuple[Queue, Queue], clock: Time) -> None:
    dead, work = pair
    bury(work, clock, *map(str, range(10)))
    start(dead, MaxNumberOfMessagesPerSecond=2)
    clock.advance(1)
    assert work.counts == (2, 0, 0)
    assert tasks(dead)[0]["MaxNumberOfMessagesPerSecond"] == 2
    clock.advance(2.5)
    assert work.counts == (7, 0, 0)
    clock.advance(2)
    assert tasks(dead)[0]["Status"] == "COMPLETED"


@pytest.mark.parametrize("rate", [0, 501, -1])
def test_L6_the_rate_has_a_range(pair: tuple[Queue, Queue], rate: int) -> None:
    with refused(
        "InvalidParameterValue",
        "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a"
        " number that's between 1 and 500.",
    ):
        start(pair[0], MaxNumberOfMessagesPerSecond=rate)


def test_L6_cancelling_does_not_undo(pair: tuple[Queue, Queue], clock: Time) -> None:
    dead, work = pair
    bury(work, clock, *map(str, range(5)))
    handle = start(dead, MaxNumberOfMessagesPerSecond=1)
    clock.advance(2)
    answer = dead.api.cancel_message_move_task(TaskHandle=handle)
    assert answer["ApproximateNumberOfMessagesMoved"] == 2
    assert tasks(dead)[0]["Status"] == "CANCELLING"
    clock.advance(10)
    assert tasks(dead)[0]["Status"] == "CANCELLED"
    assert (work.counts, dead.counts) == ((2, 0, 0), (3, 0, 0))
    with refused("ResourceNotFoundException", "Task does not exist.", status=404):
        dead.api.cancel_message_move_task(TaskHandle=handle)


def test_L6_one_task_per_queue(pair: tuple[Queue, Queue], clock: Time) -> None:
    dead, work = pair
    bury(work, clock, "a", "b")
    start(dead, MaxNumberOfMessagesPerSecond=1)
    with refused(
        "InvalidParameterValue",
        "There is already a task running. Only one active task is allowed for a source queue arn at"
        " a given time.",
    ):
        start(dead)


def test_L6_a_hundred_tasks_per_account(
    make: Callable[..., Queue], clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.sqs.domain.move_tasks.MOVE_TASKS_PER_ACCOUNT_MAX", 1)
    assert limits.MOVE_TASKS_PER_ACCOUNT_MAX == 100
    one, two = make("one-dead"), make("two-dead")
    for dead in (one, two):
        policy = {"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1}
        bury(make(dead.name.removesuffix("-dead"), RedrivePolicy=policy), clock, "a")
    start(one)
    with refused("InvalidParameterValue"):
        start(two)


def test_L6_the_source_must_be_a_dead_letter_queue(queue: Queue) -> None:
    with refused(
        "InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue."
    ):
        start(queue)


def test_L6_source_and_destination_must_exist(
    pair: tuple[Queue, Queue], make: Callable[..., Queue]
) -> None:
    dead, _ = pair
    nobody = f"arn:aws:sqs:{REGION}:{ACCOUNT}:nobody"
    with refused("ResourceNotFoundException", NOT_THERE.format("SourceArn"), status=404):
        dead.api.start_message_move_task(SourceArn=nobody)
    with refused("ResourceNotFoundException", NOT_THERE.format("DestinationArn"), status=404):
        start(dead, DestinationArn=nobody)
    with refused("InvalidParameterValue"):
        dead.api.start_message_move_task(SourceArn="no-arn")
    with refused("InvalidParameterValue"):
        start(dead, DestinationArn=make("other.fifo").arn)


def test_L6_a_message_without_a_source_fails_the_task(
    pair: tuple[Queue, Queue], clock: Time
) -> None:
    dead, _ = pair
    dead.send("sent here by hand")
    start(dead)
    clock.advance(1)
    [task] = tasks(dead)
    assert task["Status"] == "FAILED"
    assert task["FailureReason"] == "CouldNotDetermineMessageSource"
    assert dead.counts == (1, 0, 0)


def test_L6_a_source_that_is_gone_fails_the_task(pair: tuple[Queue, Queue], clock: Time) -> None:
    dead, work = pair
    bury(work, clock, "a")
    start(dead)
    work.api.delete_queue(QueueUrl=work.url)
    clock.advance(1)
    [task] = tasks(dead)
    assert task["FailureReason"] == "AWS.SimpleQueueService.NonExistentQueue"
    assert dead.counts == (1, 0, 0)


def test_L6_a_task_ends_after_36_hours(
    pair: tuple[Queue, Queue], clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead, work = pair
    bury(work, clock, "a", "b")
    monkeypatch.setattr("messaging.sqs.domain.move_tasks.MOVE_TASK_S_MAX", 1)
    start(dead, MaxNumberOfMessagesPerSecond=1)
    clock.advance(5)
    assert tasks(dead)[0]["Status"] == "FAILED"
    assert (dead.counts, work.counts) == ((1, 0, 0), (1, 0, 0))


def test_L6_groups_of_a_fifo_queue_keep_their_order(
    make: Callable[..., Queue], clock: Time
) -> None:
    dead = make("dead.fifo")
    policy = {"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1}
    work = make("work.fifo", RedrivePolicy=policy)
    work.send_all("g1", "g2", "g3", group="g")
    work.send_all("h1", "h2", group="h")
    work.receive()
    clock.advance(30)
    assert work.receive() == []
    assert dead.counts == (5, 0, 0)
    start(dead, MaxNumberOfMessagesPerSecond=1)
    clock.advance(10)
    found = work.bodies()
    assert [body for body in found if body[0] == "g"] == ["g1", "g2", "g3"]
    assert [body for body in found if body[0] == "h"] == ["h1", "h2"]


def test_L6_tasks_are_listed_newest_first(pair: tuple[Queue, Queue], clock: Time) -> None:
    dead, work = pair
    for body in "abc":
        bury(work, clock, body)
        start(dead)
        clock.advance(1)
        work.delete(*work.receive())
    assert len(tasks(dead)) == 1
    started = [task["StartedTimestamp"] for task in tasks(dead, 10)]
    assert started == sorted(started, reverse=True)
    assert len(started) == 3
    for wrong in (0, 11):
        with refused("InvalidParameterValue"):
            tasks(dead, wrong)


def test_L6_an_unknown_handle_is_refused(pair: tuple[Queue, Queue]) -> None:
    with refused("InvalidParameterValue", "Value for parameter TaskHandle is invalid."):
        pair[0].api.cancel_message_move_task(TaskHandle="nonsense")
