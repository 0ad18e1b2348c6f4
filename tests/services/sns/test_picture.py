"""Topics on the map: live, in the past, in forks and duplicates."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.history import shelf
from dashboard.topology.painter import Painter
from messaging import sandboxes
from messaging.executor import Executor
from messaging.kernel.models import Sandbox
from messaging.sns import topology
from messaging.sns.models import Subscription
from messaging.sns.models import Topic as Row
from tests.fixtures.engine import ACCOUNT, REGION, Door, Time
from tests.live.forked import Album
from tests.live.test_equality import fresh_look
from tests.live.twin import Twin
from tests.services.sns.conftest import Queue, Topic, words

FOLD = Path(__file__).resolve().parents[2] / "js" / "fold.mjs"
Make = Callable[..., Topic]


@pytest.fixture(autouse=True)
def _new_process() -> None:
    shelf.forget()


@pytest.fixture
def story(
    make: Make, queue_of: Callable[..., Queue], clock: Time, api: Any
) -> Callable[[], Iterator[str]]:
    """Return what happens to a few topics, step by step."""

    def play() -> Iterator[str]:
        topic, work, dead = make("orders"), queue_of("work"), queue_of("dead")
        yield "made"
        arn = topic.subscribe(
            work, FilterPolicy={"kind": ["paid"]}, RedrivePolicy={"deadLetterTargetArn": dead.arn}
        )
        topic.subscribe("http://127.0.0.1:9/hook", "http")
        topic.subscribe("+4915112345678", "sms")
        yield "subscribed"
        topic.publish("one", MessageAttributes=words(kind="paid"))
        topic.publish("two", MessageAttributes=words(kind="open"))
        yield "published"
        work.close()
        topic.publish("three", MessageAttributes=words(kind="paid"))
        clock.advance(30)
        yield "failed"
        api.set_subscription_attributes(
            SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue='{"n": [1, 2]}'
        )
        topic.set(DisplayName="Orders")
        yield "configured"
        api.unsubscribe(SubscriptionArn=arn)
        other = make("other.fifo", ContentBasedDeduplication=True)
        other.subscribe(queue_of("line.fifo"))
        other.publish("four", MessageGroupId="g")
        yield "another"
        api.delete_topic(TopicArn=topic.arn)
        yield "deleted"

    return play


def test_a_topic_and_its_subscriptions_are_drawn(
    sandbox: Sandbox, topic: Topic, queue_of: Callable[..., Queue], api: Any
) -> None:
    work, dead = queue_of("work"), queue_of("dead")
    policy = {"color": ["red", "blue"], "price": [{"numeric": [">", 5]}]}
    topic.subscribe(work, FilterPolicy=policy, RedrivePolicy={"deadLetterTargetArn": dead.arn})
    topic.subscribe("http://127.0.0.1:9/hook", "http")
    topic.subscribe("me@example.com", "email")
    topic.subscribe("+4915112345678", "sms")
    nodes = {node.id: node for node in topology.nodes(sandbox.pk)}
    drawn = nodes[topic.arn]
    assert (drawn.kind, drawn.column, drawn.label) == ("topic", "routing", "news")
    assert drawn.cfg["meta"] == "2 subscriptions"
    assert nodes["http://127.0.0.1:9/hook"].label == "127.0.0.1:9/hook"
    assert nodes["inbox:people"].kind == "inbox"
    edges = {(edge.target, edge.kind): edge.label for edge in topology.edges(sandbox.pk)}
    assert edges == {
        (work.arn, "subscription"): "color = red | blue, price > 5",
        (dead.arn, "dlq"): "undelivered",
        ("http://127.0.0.1:9/hook", "subscription"): "pending confirmation",
        ("inbox:people", "subscription"): "2 subscriptions, 1 pending",
    }


def test_snapshot_and_frames_lead_to_what_a_fresh_snapshot_says(
    sandbox: Sandbox, story: Callable[[], Iterator[str]]
) -> None:
    painter, twin = Painter(sandbox.pk), Twin()
    painter.start()
    twin.take(painter.snapshot("e"))
    for step in story():
        batch = painter.advance()
        assert batch is not None
        twin.take(batch.text)
        assert twin.canonical() == fresh_look(sandbox), step


@pytest.mark.needs("node")
def test_the_browser_folds_the_same(sandbox: Sandbox, story: Callable[[], Iterator[str]]) -> None:
    painter = Painter(sandbox.pk)
    painter.start()
    told: dict[str, Any] = {"snapshot": json.loads(painter.snapshot("e")), "frames": []}
    for _ in story():
        batch = painter.advance()
        assert batch is not None
        told["frames"].append(json.loads(batch.text))
    done = subprocess.run(
        ["node", str(FOLD)], input=json.dumps(told), capture_output=True, text=True, check=True,
        timeout=60, env={**os.environ},
    )  # fmt: skip
    assert json.loads(done.stdout) == fresh_look(sandbox)


def test_a_fork_looks_as_a_look_did_then(
    sandbox: Sandbox, story: Callable[[], Iterator[str]], executor: Executor
) -> None:
    album = Album(sandbox, executor)
    for _ in story():
        album.take()
    album.compare()


def test_what_is_forked_works(
    sandbox: Sandbox, topic: Topic, queue: Queue, api: Any, executor: Executor
) -> None:
    topic.subscribe(queue)
    seq = Sandbox.objects.get(pk=sandbox.pk).last_seq
    api.delete_topic(TopicArn=topic.arn)
    copy = Album(sandbox, executor).fork(seq)
    [row] = Row.objects.filter(sandbox=copy.pk)
    [subscription] = Subscription.objects.filter(sandbox=copy.pk)
    assert (row.arn, subscription.topic_id) == (topic.arn, row.pk)


def test_a_duplicate_publishes_to_its_own_queues(
    sandbox: Sandbox, topic: Topic, queue: Queue, executor: Executor
) -> None:
    topic.subscribe(queue, RawMessageDelivery=True)
    copy = executor.run_sync(
        lambda batch: sandboxes.duplicate(batch, sandbox.pk, "copy"), (sandbox.pk,)
    )
    door = Door(executor)
    sns, sqs = (
        door.client(name, sandbox=copy.pk, account=ACCOUNT, region=REGION)
        for name in ("sns", "sqs")
    )
    sns.publish(TopicArn=topic.arn, Message="in the copy")
    topic.publish("in the first")
    assert queue.bodies() == ["in the first"]
    assert Queue(sqs, queue.name, queue.url).bodies() == ["in the copy"]
