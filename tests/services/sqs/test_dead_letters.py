"""Dead-letter queues: L1–L5."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from messaging.sqs import delivering
from tests.fixtures.engine import ACCOUNT, REGION, Time
from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Queue

DAY = 86_400


def policy(target: Queue | str, count: Any = 3) -> dict[str, Any]:
    arn = target if isinstance(target, str) else target.arn
    return {"deadLetterTargetArn": arn, "maxReceiveCount": count}


@pytest.fixture
def dead(make: Callable[..., Queue]) -> Queue:
    return make("dead")


def receive_and_let_lapse(queue: Queue, clock: Time, times: int) -> list[str]:
    bodies = []
    for _ in range(times):
        bodies += queue.bodies()
        clock.advance(30)
    return bodies


@pytest.mark.parametrize("count", [1, 1000, "7"])
def test_L1_max_receive_count_as_number_or_text(
    make: Callable[..., Queue], dead: Queue, count: Any
) -> None:
    queue = make(RedrivePolicy=policy(dead, count))
    stored = json.loads(queue.get("RedrivePolicy")["RedrivePolicy"])
    assert stored == {"deadLetterTargetArn": dead.arn, "maxReceiveCount": int(count)}


@pytest.mark.parametrize("count", [0, 1001, -1, "x", True, None, 1.5])
def test_L1_max_receive_count_has_a_range(
    make: Callable[..., Queue], dead: Queue, count: Any
) -> None:
    given = json.dumps(policy(dead, count))
    with refused(
        "InvalidParameterValue",
        f"Value {given} for parameter RedrivePolicy is invalid. Reason: Invalid value for"
        f" maxReceiveCount: {count}, valid values are from 1 to 1000 both inclusive.",
    ):
        make(RedrivePolicy=given)


def test_L1_the_target_must_exist_and_fit(make: Callable[..., Queue], dead: Queue) -> None:
    cases = {
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:nobody": "Dead letter target does not exist.",
        f"arn:aws:sqs:us-west-1:{ACCOUNT}:dead": (
            "Dead-letter target must be in same region as the source."
        ),
        f"arn:aws:sqs:{REGION}:111122223333:dead": (
            "Dead-letter target owner should be same as the source."
        ),
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead.fifo": (
            "Dead-letter queue must be same type of queue as the source.."
        ),
    }
    for arn, reason in cases.items():
        shown = json.dumps(policy(arn), separators=(",", ":"))
        with refused(
            "InvalidParameterValue",
            f"Value {shown} for parameter RedrivePolicy is invalid. Reason: {reason}",
        ):
            make(RedrivePolicy=policy(arn))


def test_L1_an_empty_policy_removes_it(make: Callable[..., Queue], dead: Queue) -> None:
    queue = make(RedrivePolicy=policy(dead))
    queue.set(RedrivePolicy="")
    assert queue.get("RedrivePolicy") == {}


def test_L1_other_attributes_can_change_when_the_target_is_gone(
    make: Callable[..., Queue], dead: Queue
) -> None:
    queue = make(RedrivePolicy=policy(dead))
    dead.api.delete_queue(QueueUrl=dead.url)
    queue.set(VisibilityTimeout=5)
    assert queue.get("VisibilityTimeout") == {"VisibilityTimeout": "5"}


def test_L2_consumers_see_a_message_exactly_as_often_as_it_says(
    make: Callable[..., Queue], dead: Queue, clock: Time, events: Callable[..., list[Any]]
) -> None:
    queue = make(RedrivePolicy=policy(dead, 3))
    queue.send("poison")
    assert receive_and_let_lapse(queue, clock, 3) == ["poison"] * 3
    assert queue.counts == (1, 0, 0), "nothing moves at the third receive"
    assert queue.bodies() == []
    assert queue.counts == (0, 0, 0)
    assert dead.counts == (1, 0, 0)
    [moved], [arrived] = events("sqs.MessageMoved"), events("sqs.MessageArrived")
    assert (moved["arn"], moved["to"], moved["n"]) == (queue.arn, dead.arn, 3)
    assert (arrived["arn"], arrived["from"], arrived["m"]) == (dead.arn, queue.arn, moved["m"])
    assert events()[arrived["cause"] - 1]["kind"] == "sqs.MessageMoved"


def test_L2_that_receive_returns_others_instead(
    make: Callable[..., Queue], dead: Queue, clock: Time
) -> None:
    queue = make(RedrivePolicy=policy(dead, 1))
    queue.send_all("a", "b")
    queue.receive()
    clock.advance(30)
    queue.send("c")
    assert queue.bodies(1) == ["c"]
    assert dead.counts == (2, 0, 0)


def test_L2_a_moved_message_keeps_its_id_and_body_and_names_its_source(
    make: Callable[..., Queue], dead: Queue, clock: Time
) -> None:
    queue = make(RedrivePolicy=policy(dead, 1))
    attributes = {"a": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}}
    sent_at = clock.now
    sent = queue.send("poison", MessageAttributes=attributes)
    old = queue.take()
    clock.advance(30)
    queue.receive()
    [message] = dead.receive(AttributeNames=["All"], MessageAttributeNames=["All"])
    assert message["MessageId"] == sent["MessageId"]
    assert message["MessageAttributes"] == attributes
    assert message["Attributes"]["DeadLetterQueueSourceArn"] == queue.arn
    assert message["Attributes"]["SentTimestamp"] == str(sent_at)
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    queue.delete(old)
    assert dead.counts == (0, 1, 0), "handles of the source mean nothing here"


def test_L2_where_the_target_is_gone_the_message_stays(
    make: Callable[..., Queue], dead: Queue, clock: Time
) -> None:
    queue = make(RedrivePolicy=policy(dead, 1))
    dead.api.delete_queue(QueueUrl=dead.url)
    queue.send("poison")
    assert receive_and_let_lapse(queue, clock, 3) == ["poison"] * 3


def test_L2_one_receive_moves_a_bounded_number(
    make: Callable[..., Queue], dead: Queue, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "MOVES_MAX", 20)
    queue = make(RedrivePolicy=policy(dead, 1))
    for _ in range(5):
        queue.send_all(*"abcdefghij")
    while queue.receive():
        continue
    clock.advance(30)
    assert queue.receive() == []
    assert dead.counts == (20, 0, 0)
    while queue.counts[0]:
        queue.receive()
    assert dead.counts == (50, 0, 0)


def test_L3_a_standard_dead_letter_queue_goes_on_counting_retention(
    make: Callable[..., Queue], clock: Time
) -> None:
    dead = make("dead", MessageRetentionPeriod=4 * DAY)
    queue = make(RedrivePolicy=policy(dead, 1))
    queue.send("poison")
    queue.receive()
    clock.advance(DAY)
    queue.receive()
    assert dead.counts == (1, 0, 0)
    clock.advance(3 * DAY - 0.001)
    assert dead.counts == (1, 0, 0)
    clock.advance(0.001)
    assert dead.counts == (0, 0, 0)


def test_L3_its_own_retention_counts_even_where_it_is_the_shorter(
    make: Callable[..., Queue], clock: Time
) -> None:
    dead = make("dead", MessageRetentionPeriod=60)
    queue = make(RedrivePolicy=policy(dead, 1))
    queue.send("poison")
    queue.receive()
    clock.advance(30)
    queue.receive()
    assert dead.counts == (1, 0, 0)
    clock.advance(30)
    assert dead.counts == (0, 0, 0)


def test_L3_what_is_too_old_for_the_dead_letter_queue_ends_on_arrival(
    make: Callable[..., Queue], clock: Time, events: Callable[..., list[Any]]
) -> None:
    dead = make("dead", MessageRetentionPeriod=60)
    queue = make(RedrivePolicy=policy(dead, 1))
    queue.send("poison")
    queue.receive()
    clock.advance(100)
    assert queue.receive() == []
    assert (queue.counts, dead.counts) == ((0, 0, 0), (0, 0, 0))
    assert len(events("sqs.MessageExpired")) == 1


def test_L3_a_fifo_dead_letter_queue_counts_anew(make: Callable[..., Queue], clock: Time) -> None:
    dead = make("dead.fifo", MessageRetentionPeriod=4 * DAY)
    queue = make("work.fifo", RedrivePolicy=policy(dead, 1))
    queue.send("poison", "g")
    queue.receive()
    clock.advance(DAY)
    queue.receive()
    clock.advance(4 * DAY - 0.001)
    assert dead.counts == (1, 0, 0)
    clock.advance(0.001)
    assert dead.counts == (0, 0, 0)


def test_L4_a_moved_message_is_no_send(
    make: Callable[..., Queue], dead: Queue, clock: Time, events: Callable[..., list[Any]]
) -> None:
    queue = make(RedrivePolicy=policy(dead, 1))
    queue.send("poison")
    receive_and_let_lapse(queue, clock, 2)
    assert [event["arn"] for event in events("sqs.MessageSent")] == [queue.arn]


def test_L5_who_may_use_a_dead_letter_queue(make: Callable[..., Queue], dead: Queue) -> None:
    allowed = make("allowed")
    other = make("other")
    dead.set(RedriveAllowPolicy={"redrivePermission": "denyAll"})
    with refused("InvalidParameterValue"):
        allowed.set(RedrivePolicy=policy(dead))
    dead.set(RedriveAllowPolicy={"redrivePermission": "byQueue", "sourceQueueArns": [allowed.arn]})
    allowed.set(RedrivePolicy=policy(dead))
    with refused("InvalidParameterValue"):
        other.set(RedrivePolicy=policy(dead))
    dead.set(RedriveAllowPolicy={"redrivePermission": "allowAll"})
    other.set(RedrivePolicy=policy(dead))


def test_L5_forms_that_are_refused(dead: Queue) -> None:
    arns = [f"arn:aws:sqs:{REGION}:{ACCOUNT}:q{n}" for n in range(11)]
    for wrong in (
        {"redrivePermission": "byQueue"},
        {"redrivePermission": "byQueue", "sourceQueueArns": arns},
        {"redrivePermission": "allowAll", "sourceQueueArns": arns[:1]},
    ):
        with refused("InvalidParameterValue"):
            dead.set(RedriveAllowPolicy=wrong)
    with refused("InvalidAttributeValue"):
        dead.set(RedriveAllowPolicy={"redrivePermission": "some"})


def test_L5_sources_are_listed_by_pages(make: Callable[..., Queue], dead: Queue) -> None:
    sources = [make(f"s{n}", RedrivePolicy=policy(dead)).url for n in range(5)]
    first = dead.api.list_dead_letter_source_queues(QueueUrl=dead.url, MaxResults=3)
    assert first["queueUrls"] == sources[:3]
    rest = dead.api.list_dead_letter_source_queues(
        QueueUrl=dead.url, MaxResults=3, NextToken=first["NextToken"]
    )
    assert rest["queueUrls"] == sources[3:]
    assert "NextToken" not in rest


def test_L2_dead_letter_queues_can_be_chained(make: Callable[..., Queue], clock: Time) -> None:
    last = make("last")
    middle = make("middle", RedrivePolicy=policy(last, 1))
    first = make("first", RedrivePolicy=policy(middle, 1))
    first.send("poison")
    for queue in (first, first, middle, middle, last):
        queue.receive()
        clock.advance(30)
    assert last.counts == (1, 0, 0)
