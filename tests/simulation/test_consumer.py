"""How a consumer polls, works, deletes and fails."""

from typing import Any

import pytest

from messaging import dispatch
from messaging.kernel.errors import ServiceUnavailable
from messaging.simulation.behaviours import consumer
from messaging.simulation.fields import SettingsError
from tests.simulation.conftest import Theatre

ARN = "arn:aws:sqs:eu-central-1:402177851930:work"


def test_a_long_poll_takes_a_message_in_the_moment_it_arrives(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.consumer("clerk", work, work="fixed", seconds=2)
    theatre.producer("shop", work, rate=0.2, pace="even")
    theatre.to(7_000)
    story = [(e["at"], e["kind"]) for e in theatre.events() if e["kind"].startswith("sqs.Message")]
    assert story == [
        (5_000, "sqs.MessageSent"),
        (5_000, "sqs.MessageReceived"),
        (7_000, "sqs.MessageDeleted"),
    ]


def test_a_client_outside_wakes_it_too(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.consumer("clerk", work, work="fixed", seconds=1)
    theatre.play()
    theatre.beat(5_000)
    theatre.beat(6_000, lambda batch, world: send(theatre, batch, world, work))
    assert theatre.executor.worlds[theatre.sandbox].next_due is not None
    theatre.beat(6_003)
    [received] = theatre.events("sqs.MessageReceived")
    assert received["at"] == 6_000


def test_in_a_paused_world_it_waits_until_time_moves(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.consumer("clerk", work)
    theatre.to(100)
    theatre.send(work, "x")
    theatre.send(work, "y")
    assert not theatre.events("sqs.MessageReceived")
    theatre.to(5_000)
    assert theatre.events("sqs.MessageReceived")[0]["at"] == 101


def test_a_message_whose_delay_ends_wakes_it(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.send(work, "x", DelaySeconds=3)
    theatre.consumer("clerk", work)
    theatre.to(4_000)
    assert [e["at"] for e in theatre.events("sqs.MessageReceived")] == [3_000]


def test_a_freed_group_wakes_it(theatre: Theatre) -> None:
    """Two workers, one group: who waits gets the next message when the first is deleted."""
    ledger = theatre.queue("ledger.fifo")
    for name in ("first", "second"):
        theatre.consumer(name, ledger, work="fixed", seconds=2)
    theatre.to(10)
    for body in ("a", "b"):
        theatre.send(ledger, body, MessageGroupId="g", MessageDeduplicationId=body)
    theatre.to(5_000)
    got = [(e["at"], e["by"]) for e in theatre.events("sqs.MessageReceived")]
    assert [at for at, _ in got] == [11, 2_011]


def test_who_waits_longest_is_served_first(theatre: Theatre) -> None:
    work = theatre.queue("work")
    for name in ("one", "two", "three"):
        theatre.consumer(name, work, work="fixed", seconds=0.1)
    theatre.producer("shop", work, rate=1, pace="even")
    theatre.to(7_000)
    by = [event["by"].removeprefix("actor:") for event in theatre.events("sqs.MessageReceived")]
    assert by[:6] == ["one", "two", "three"] * 2


def test_slots_bound_what_is_in_its_hands(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=50)
    theatre.consumer("clerk", work, slots=3, batch=10, work="uniform", seconds=0.5, seconds_most=1)
    held, most = 0, 0
    theatre.to(20_000)
    for event in theatre.events("sqs.MessageReceived", "sqs.MessageDeleted"):
        held += 1 if event["kind"] == "sqs.MessageReceived" else -1
        most = max(most, held)
    assert most == 3
    assert len(theatre.actor("clerk").memory["jobs"]) == 3


def test_a_busy_consumer_catches_up_with_a_backlog_in_batches(theatre: Theatre) -> None:
    work = theatre.queue("work")
    for number in range(25):
        theatre.send(work, str(number))
    theatre.consumer("clerk", work, slots=10, batch=10, work="fixed", seconds=1)
    theatre.to(10_000)
    received = [event["at"] for event in theatre.events("sqs.MessageReceived")]
    assert received == [1] * 10 + [1_001] * 10 + [2_001] * 5
    assert len(theatre.events("sqs.MessageDeleted")) == 25


def test_short_polls_pause_when_nothing_comes(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.consumer("clerk", work, wait=0, pause=0.5)
    theatre.to(2_100)
    assert [e["at"] for e in theatre.events("sqs.EmptyReceive")] == [1, 501, 1_001, 1_501, 2_001]


def test_an_idle_long_poll_is_asked_again_every_20_seconds(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.consumer("clerk", work)
    theatre.to(65_000)
    assert [e["at"] for e in theatre.events("sqs.EmptyReceive")] == [20_001, 40_001, 60_001]


def test_poison_ends_in_the_dead_letter_queue_after_exactly_three_receives(
    theatre: Theatre,
) -> None:
    dead = theatre.queue("dead")
    redrive = {"deadLetterTargetArn": dead, "maxReceiveCount": 3}
    work = theatre.queue("work", VisibilityTimeout="10", RedrivePolicy=redrive)
    theatre.consumer("clerk", work, slots=2, poison="NaN", work="fixed", seconds=1)
    theatre.send(work, '{"total":NaN}')
    theatre.send(work, '{"total":5}')
    theatre.to(60_000)
    received = [(e["at"], e["n"]) for e in theatre.events("sqs.MessageReceived") if e["m"] == 1]
    poison = theatre.events("sqs.MessageMoved")[0]["m"]
    tries = [(e["at"], e["n"]) for e in theatre.events("sqs.MessageReceived") if e["m"] == poison]
    assert tries == [(1, 1), (10_001, 2), (20_001, 3)], received
    failed = theatre.events("actor.Failed")
    assert [(e["at"], e["why"]) for e in failed] == [
        (1_001, "poison"), (11_001, "poison"), (21_001, "poison"),
    ]  # fmt: skip
    [moved] = theatre.events("sqs.MessageMoved")
    assert (moved["at"], moved["to"]) == (30_001, dead)
    assert [e["m"] for e in theatre.events("sqs.MessageDeleted")] != [poison]
    assert len(theatre.events("sqs.MessageDeleted")) == 1


def test_a_share_of_attempts_fails_and_comes_back(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="2")
    theatre.producer("shop", work, rate=20)
    theatre.consumer("clerk", work, slots=40, batch=10, failure_rate=0.25, seconds=0.2)
    theatre.to(60_000)
    memory = theatre.actor("clerk").memory
    assert 0.2 < memory["failed"] / memory["received"] < 0.3
    assert len(theatre.events("sqs.MessageVisible")) >= memory["failed"] - 40


def test_work_that_outlasts_the_visibility_timeout_on_fifo_is_refused(theatre: Theatre) -> None:
    ledger = theatre.queue("ledger.fifo", VisibilityTimeout="1")
    theatre.consumer("clerk", ledger, work="fixed", seconds=1.5)
    theatre.send(ledger, "a", MessageGroupId="g", MessageDeduplicationId="a")
    theatre.to(1_600)
    [failed] = theatre.events("actor.Failed")
    assert (failed["at"], failed["why"]) == (1_501, "InvalidParameterValue")
    assert theatre.actor("clerk").memory["errors"][0][1] == "DeleteMessage"


def test_an_outage_while_deleting_is_tried_again(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = theatre.queue("work")
    theatre.consumer("clerk", work, work="fixed", seconds=1)
    theatre.send(work, "a")
    with monkeypatch.context() as patched:
        patched.setattr("messaging.sqs.operations.receipts._delete", refuse)
        theatre.to(1_100)
        assert theatre.actor("clerk").memory["jobs"][0]["tries"] == 1
    theatre.to(3_000)
    assert len(theatre.events("sqs.MessageDeleted")) == 1
    assert not theatre.events("actor.Failed")


def test_a_queue_that_is_gone_is_polled_ever_less_often(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.consumer("clerk", work)
    theatre.to(10)
    theatre.aws("DeleteQueue", QueueUrl=theatre.urls[work])
    theatre.to(1_000_000)
    failed = theatre.events("api.Failed")
    assert {event["code"] for event in failed} == {"QueueDoesNotExist"}
    assert len(failed) < 40


def refuse(*args: object) -> None:
    raise ServiceUnavailable


def send(theatre: Theatre, batch: Any, world: Any, arn: str) -> None:
    params = {"QueueUrl": theatre.urls[arn], "MessageBody": "x"}
    dispatch.run(batch, world, dispatch.prepare(theatre.caller, "sqs", "SendMessage", params))


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({}, "source"),
        ({"source": "work"}, "source"),
        ({"source": ARN, "slots": 0}, "slots"),
        ({"source": ARN, "batch": 11}, "batch"),
        ({"source": ARN, "wait": 21}, "wait"),
        ({"source": ARN, "work": "hard"}, "work"),
        ({"source": ARN, "seconds": 0}, "seconds"),
        ({"source": ARN, "seconds": 5, "seconds_most": 2}, "seconds_most"),
        ({"source": ARN, "failure_rate": -0.1}, "failure_rate"),
        ({"source": ARN, "visibility": 43_201}, "visibility"),
        ({"source": ARN, "poison": 7}, "poison"),
        ({"source": ARN, "rate": 7}, "rate"),
    ],
)
def test_settings_that_cannot_be_used_are_named(raw: dict[str, Any], field: str) -> None:
    with pytest.raises(SettingsError) as caught:
        consumer.read(raw)
    assert caught.value.field == field
