"""The realism setting of a queue, our model of what AWS does not publish: R3, R5."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from messaging import sandboxes
from messaging.executor import Executor
from messaging.kernel.context import Caller
from tests.fixtures.engine import START_MS, Api, Time
from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Queue


def live(queue: Queue, text: str) -> Queue:
    queue.api.tag_queue(QueueUrl=queue.url, Tags={"signalbox:realism": text})
    return queue


def fill(queue: Queue, count: int) -> list[str]:
    bodies = [f"{n:03}" for n in range(count)]
    for start in range(0, count, 10):
        queue.api.send_message_batch(
            QueueUrl=queue.url,
            Entries=[{"Id": body, "MessageBody": body} for body in bodies[start : start + 10]],
        )
    return bodies


def test_R3_it_is_off_by_default_and_for_other_tags(queue: Queue) -> None:
    queue.api.tag_queue(QueueUrl=queue.url, Tags={"team": "a"})
    for _ in range(20):
        queue.send("a")
        queue.delete(queue.take())


def test_R3_a_short_poll_may_miss_what_is_there(queue: Queue) -> None:
    live(queue, "partitions=8 sampled=2")
    queue.send("a")
    misses = 0
    while not (found := queue.bodies(1, VisibilityTimeout=0)):
        misses += 1
        assert misses < 200
    assert found == ["a"]
    results = [bool(queue.bodies(1, VisibilityTimeout=0)) for _ in range(60)]
    assert True in results
    assert False in results


def test_R3_repeating_returns_everything(queue: Queue) -> None:
    live(queue, "partitions=8 sampled=3")
    sent = fill(queue, 40)
    seen: list[str] = []
    for _ in range(200):
        seen += queue.bodies()
    assert sorted(seen) == sent


def test_R4_a_long_poll_asks_everywhere(queue: Queue) -> None:
    live(queue, "partitions=8 sampled=1")
    for _ in range(20):
        queue.send("a")
        [message] = queue.receive(1, WaitTimeSeconds=5)
        queue.delete(message)


def test_R5_order_is_disturbed_a_little(queue: Queue) -> None:
    live(queue, "disorder=0.5")
    sent = fill(queue, 10)
    found = queue.bodies()
    assert found != sent
    assert sorted(found) == sent


def test_R5_duplicates_are_handed_out_and_labelled_as_our_model(
    queue: Queue, clock: Time, events: Callable[..., list[Any]]
) -> None:
    live(queue, "duplicates=0.5")
    fill(queue, 20)
    seen: list[str] = []
    for _ in range(3):
        clock.advance(0.001)
        seen += queue.bodies()
    assert len(seen) > len(set(seen))
    labelled = events("sqs.MessageDuplicated")
    assert labelled
    assert all(event["model"] for event in labelled)


def test_R5_the_same_seed_gives_the_same(executor: Executor, caller: Caller) -> None:
    seen = []
    for seed in (7, 7, 8):
        home = sandboxes.create("s", seed=seed, starts_at=START_MS, paused=True)
        sqs = Api(executor, replace(caller, sandbox=home.pk))
        url = sqs.create_queue(QueueName="q", tags={"signalbox:realism": "lifelike"})["QueueUrl"]
        for number in range(30):
            sqs.send_message(QueueUrl=url, MessageBody=str(number))
        answers = [sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=5) for _ in range(8)]
        seen.append([[m["Body"] for m in answer.get("Messages", ())] for answer in answers])
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


@pytest.mark.parametrize("text", ["yes", "partitions=0", "sampled=9", "duplicates=2", "color=red"])
def test_R3_a_setting_that_makes_no_sense_is_refused(queue: Queue, text: str, api: Any) -> None:
    with refused("InvalidParameterValue"):
        live(queue, text)
    with refused("InvalidParameterValue"):
        api.create_queue(QueueName="other", tags={"signalbox:realism": text})


def test_R3_fifo_queues_are_exact_whatever_the_tag_says(fifo: Queue) -> None:
    live(fifo, "partitions=8 sampled=1 duplicates=1 disorder=1")
    fifo.send_all("a", "b", "c", group="g")
    assert fifo.bodies() == ["a", "b", "c"]
    assert fifo.bodies() == []
