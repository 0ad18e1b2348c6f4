"""Dead letters and move tasks: L1, L2, L3, L5, L6."""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.kernel.arns import parse_arn
from messaging.sqs.domain import move_tasks
from messaging.sqs.domain.move_tasks import MoveTask
from messaging.sqs.domain.redrive import (
    RedriveAllowPolicy,
    RedrivePolicy,
    allows_source,
    check_target,
    parse_redrive_allow_policy,
    parse_redrive_policy,
    sent_at_in_dlq,
    should_move,
)
from messaging.sqs.errors import InvalidParameterValue, ResourceNotFoundException

DLQ = "arn:aws:sqs:us-east-1:123456789012:dead"
SOURCE = "arn:aws:sqs:us-east-1:123456789012:orders"
POLICY = RedrivePolicy(DLQ, 3)


def task(**changes: Any) -> MoveTask:
    values = {
        "task_id": "t-1",
        "source_arn": DLQ,
        "destination_arn": None,
        "rate": 10,
        "started_at": 1_000,
        "to_move": 25,
    }
    return MoveTask(**(values | changes))


@pytest.mark.parametrize("count", [1, 1_000, "1", "1000"])
def test_L1_count_as_number_or_text(count: int | str) -> None:
    text = json.dumps({"deadLetterTargetArn": DLQ, "maxReceiveCount": count})
    assert parse_redrive_policy(text) == RedrivePolicy(DLQ, int(count))


@pytest.mark.parametrize("count", [0, 1_001, -1, 1.5, True, None, "", "1e2", [], "9" * 5_000])
def test_L1_count_refused(count: Any) -> None:
    text = json.dumps({"deadLetterTargetArn": DLQ, "maxReceiveCount": count})
    with pytest.raises(InvalidParameterValue, match="valid values are from 1 to 1000"):
        parse_redrive_policy(text)


@given(st.integers(1, 1_000))
def test_L1_round_trip(count: int) -> None:
    assert parse_redrive_policy(RedrivePolicy(DLQ, count).text()) == RedrivePolicy(DLQ, count)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (
            "arn:aws:sqs:us-east-1:123456789012:dead.fifo",
            "Dead-letter queue must be same type of queue as the source..",
        ),
        (
            "arn:aws:sqs:eu-west-1:123456789012:dead",
            "Dead-letter target must be in same region as the source.",
        ),
        (
            "arn:aws:sqs:us-east-1:210987654321:dead",
            "Dead-letter target owner should be same as the source.",
        ),
    ],
)
def test_L1_target_must_fit(target: str, reason: str) -> None:
    check_target(POLICY, parse_arn(SOURCE))
    with pytest.raises(InvalidParameterValue) as caught:
        check_target(RedrivePolicy(target, 3), parse_arn(SOURCE))
    assert caught.value.message.endswith(
        f"for parameter RedrivePolicy is invalid. Reason: {reason}"
    )


def test_L2_consumers_see_it_max_times() -> None:
    assert [should_move(receives, POLICY) for receives in range(5)] == [
        False,
        False,
        False,
        True,
        True,
    ]
    assert not should_move(1_000_000, None)


def test_L3_enqueue_time_in_the_dead_letter_queue() -> None:
    assert sent_at_in_dlq(100, 900, fifo=False) == 100
    assert sent_at_in_dlq(100, 900, fifo=True) == 900


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        (None, True),
        (RedriveAllowPolicy("allowAll"), True),
        (RedriveAllowPolicy("denyAll"), False),
        (RedriveAllowPolicy("byQueue", (SOURCE,)), True),
        (RedriveAllowPolicy("byQueue", (DLQ,)), False),
    ],
)
def test_L5_who_may_use_it(policy: RedriveAllowPolicy | None, allowed: bool) -> None:
    assert allows_source(policy, SOURCE) is allowed
    if policy is not None:
        assert parse_redrive_allow_policy(policy.text()) == policy


def test_L5_ten_sources() -> None:
    def text(count: int) -> str:
        arns = tuple(f"{SOURCE}{n}" for n in range(count))
        return RedriveAllowPolicy("byQueue", arns).text()

    assert len(parse_redrive_allow_policy(text(10)).source_arns) == 10
    with pytest.raises(InvalidParameterValue, match="you can specify is 10"):
        parse_redrive_allow_policy(text(11))


@pytest.mark.parametrize("rate", [0, -1, 501])
def test_L6_rate_refused(rate: int) -> None:
    with pytest.raises(InvalidParameterValue) as caught:
        move_tasks.check_rate(rate)
    assert caught.value.message == (
        "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a "
        "number that's between 1 and 500."
    )


def test_L6_start() -> None:
    move_tasks.check_rate(None)
    move_tasks.check_rate(500)
    move_tasks.check_start(is_dlq=True, source_busy=False, active_in_account=99)
    with pytest.raises(InvalidParameterValue, match="configured as a Dead Letter Queue"):
        move_tasks.check_start(is_dlq=False, source_busy=False, active_in_account=0)
    with pytest.raises(InvalidParameterValue, match="There is already a task running"):
        move_tasks.check_start(is_dlq=True, source_busy=True, active_in_account=1)
    with pytest.raises(InvalidParameterValue, match="Only 100 active"):
        move_tasks.check_start(is_dlq=True, source_busy=False, active_in_account=100)


def test_L6_pace() -> None:
    assert [move_tasks.due_count(task(), 1_000 + ms) for ms in (0, 99, 100, 1_000, 9_000)] == [
        0,
        0,
        1,
        10,
        25,
    ]
    assert move_tasks.due_count(task(moved=8), 2_000) == 2
    assert move_tasks.due_count(task(rate=None, to_move=9_000), 2_000) == 500
    assert move_tasks.due_count(task(status="CANCELLING"), 9_000) == 0


@given(st.integers(1, 500), st.integers(0, 200), st.integers(1, 300))
def test_L6_next_due_is_the_first_moment_at_which_one_is_due(
    rate: int, moved: int, more: int
) -> None:
    running = task(rate=rate, moved=moved, to_move=moved + more)
    due = move_tasks.next_due(running)
    assert due is not None
    assert move_tasks.due_count(running, due) >= 1
    assert move_tasks.due_count(running, due - 1) == 0


def test_L6_states() -> None:
    running = task(to_move=3)
    some = move_tasks.record_moved(running, 2, source_empty=False, now_ms=2_000)
    assert (some.status, some.moved) == ("RUNNING", 2)
    done = move_tasks.record_moved(some, 1, source_empty=False, now_ms=2_000)
    assert (done.status, done.moved) == ("COMPLETED", 3)
    empty = move_tasks.record_moved(some, 0, source_empty=True, now_ms=2_000)
    assert empty.status == "COMPLETED"
    late = move_tasks.record_moved(some, 0, source_empty=False, now_ms=1_000 + 36 * 3_600_000)
    assert late.status == "FAILED"
    gone = move_tasks.fail(some)
    assert (gone.status, gone.failure) == ("FAILED", "AWS.SimpleQueueService.NonExistentQueue")
    assert move_tasks.fail(done) == done
    assert [move_tasks.next_due(each) for each in (done, gone)] == [None, None]
    assert [move_tasks.is_active(each) for each in (some, done, gone)] == [True, False, False]


def test_L6_cancel_does_not_undo() -> None:
    cancelling = move_tasks.cancel(task(moved=2))
    assert cancelling.status == "CANCELLING"
    assert move_tasks.next_due(cancelling) == 1_000
    cancelled = move_tasks.record_moved(cancelling, 0, source_empty=False, now_ms=2_000)
    assert (cancelled.status, cancelled.moved) == ("CANCELLED", 2)
    with pytest.raises(ResourceNotFoundException, match="Task does not exist"):
        move_tasks.cancel(cancelled)


def test_L6_handle_only_while_running() -> None:
    shown = move_tasks.render(task(moved=2))
    assert move_tasks.decode_task_handle(shown["TaskHandle"]) == ("t-1", DLQ)
    assert shown["MaxNumberOfMessagesPerSecond"] == 10
    assert shown["ApproximateNumberOfMessagesMoved"] == 2
    failed = move_tasks.render(move_tasks.fail(task(destination_arn=SOURCE)))
    assert "TaskHandle" not in failed
    assert failed["FailureReason"] == "AWS.SimpleQueueService.NonExistentQueue"
    assert failed["DestinationArn"] == SOURCE


@given(
    st.text()
    | st.sampled_from([b"{}", b"[]", b'{"taskId":1,"sourceArn":2}', b"\xff"]).map(
        lambda raw: b64encode(raw).decode()
    )
)
def test_L6_any_text_is_no_handle(handle: str) -> None:
    with pytest.raises(InvalidParameterValue, match="TaskHandle is invalid"):
        move_tasks.decode_task_handle(handle)
