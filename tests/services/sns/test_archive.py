"""Archives of FIFO topics and their replay: N13."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.engine import Time
from tests.fixtures.refusals import refused
from tests.services.sns.conftest import Queue, Topic, words

DAY = 86_400


@pytest.fixture
def topic(make: Callable[..., Topic]) -> Topic:
    return make(
        "news.fifo", ContentBasedDeduplication=True, ArchivePolicy={"MessageRetentionPeriod": 7}
    )


@pytest.fixture
def queue(queue_of: Callable[..., Queue]) -> Queue:
    return queue_of("late.fifo")


def moment(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat()


def policy(start: int, end: int | None = None) -> dict[str, str]:
    found = {"PointType": "Timestamp", "StartingPoint": moment(start)}
    return found if end is None else {**found, "EndingPoint": moment(end)}


def status(topic: Topic, arn: str) -> str:
    found = topic.api.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    return str(found["ReplayStatus"])


def publish(topic: Topic, clock: Time, *texts: str) -> None:
    for text in texts:
        topic.publish(text, MessageGroupId="g")
        clock.advance(60)


def test_N13_a_late_subscriber_replays_and_goes_on(topic: Topic, queue: Queue, clock: Time) -> None:
    begun = clock.now
    publish(topic, clock, "1", "2", "3")
    arn = topic.subscribe(queue, ReplayPolicy=policy(begun + 60_000))
    assert status(topic, arn) == "Pending"
    topic.publish("4", MessageGroupId="g")
    assert queue.bodies() == []
    clock.advance(1)
    bodies = [json.loads(body) for body in queue.bodies()]
    assert [body["Message"] for body in bodies] == ["2", "3", "4"]
    assert bodies[0]["Timestamp"] == f"{moment(begun + 60_000)[:19]}.000Z"
    assert bodies[0]["Replayed"] == "true"
    assert status(topic, arn) == "Completed"
    topic.publish("5", MessageGroupId="g")
    assert queue.texts() == ["5"]


def test_N13_with_an_end_nothing_new_comes_afterwards(
    topic: Topic, queue: Queue, clock: Time
) -> None:
    begun = clock.now
    publish(topic, clock, "1", "2", "3")
    arn = topic.subscribe(queue, ReplayPolicy=policy(begun, begun + 90_000))
    clock.advance(2)
    assert queue.texts() == ["1", "2"]
    assert status(topic, arn) == "Completed"
    topic.publish("new", MessageGroupId="g")
    assert queue.texts() == []


def test_N13_a_replay_goes_through_the_filter(topic: Topic, queue: Queue, clock: Time) -> None:
    begun = clock.now
    for color in ("red", "blue"):
        topic.publish(color, MessageGroupId="g", MessageAttributes=words(color=color))
    topic.subscribe(queue, ReplayPolicy=policy(begun), FilterPolicy={"color": ["blue"]})
    clock.advance(2)
    assert queue.texts() == ["blue"]


def test_N13_long_archives_are_replayed_in_order(topic: Topic, queue: Queue, clock: Time) -> None:
    begun = clock.now
    texts = [str(n) for n in range(120)]
    for text in texts:
        topic.publish(text, MessageGroupId="g")
    arn = topic.subscribe(queue, ReplayPolicy=policy(begun), RawMessageDelivery=True)
    clock.advance(1)
    assert status(topic, arn) == "In progress"
    clock.advance(1)
    assert queue.bodies() == texts


def test_N13_an_archive_has_a_beginning(topic: Topic, clock: Time, queue: Queue) -> None:
    begun = clock.now
    publish(topic, clock, "old")
    assert topic.get()["BeginningArchiveTime"] == f"{moment(begun)[:19]}.000Z"
    clock.advance(8 * DAY)
    publish(topic, clock, "young")
    topic.subscribe(queue, ReplayPolicy=policy(begun))
    clock.advance(2)
    assert queue.texts() == ["young"]


def test_N13_a_replay_whose_archive_is_given_up_fails(
    topic: Topic, queue: Queue, clock: Time
) -> None:
    begun = clock.now
    publish(topic, clock, "1")
    arn = topic.subscribe(queue, ReplayPolicy=policy(begun))
    topic.set(ArchivePolicy="{}")
    clock.advance(2)
    assert status(topic, arn) == "Failed"


@pytest.mark.parametrize(
    "replay",
    [
        {"PointType": "Sequence", "StartingPoint": "2026-01-01T00:00:00Z"},
        {"PointType": "Timestamp", "StartingPoint": "yesterday"},
        {"PointType": "Timestamp"},
        {"PointType": "Timestamp", "StartingPoint": "2036-01-01T00:00:00Z"},
        {"PointType": "Timestamp", "StartingPoint": "2026-01-02T00:00:00Z",
         "EndingPoint": "2026-01-01T00:00:00Z"},
    ],
)  # fmt: skip
def test_N13_a_replay_has_a_form(topic: Topic, queue: Queue, replay: dict[str, Any]) -> None:
    with refused("InvalidParameter"):
        topic.subscribe(queue, ReplayPolicy=replay)


def test_N13_without_an_archive_there_is_no_replay(
    make: Callable[..., Topic], queue: Queue, clock: Time
) -> None:
    topic = make("plain.fifo", ContentBasedDeduplication=True)
    with refused("InvalidParameter"):
        topic.subscribe(queue, ReplayPolicy=policy(clock.now))
    assert topic.api.list_subscriptions()["Subscriptions"] == []
