"""What other services deliver to a queue: at once, or by the outbox when its time comes."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from messaging import dispatch
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.errors import AccessDenied, NotModelled
from messaging.kernel.models import Delivery, Sandbox
from messaging.kernel.packets import Packet
from messaging.sqs.errors import MissingParameter, QueueDoesNotExist
from tests.fixtures.engine import Time
from tests.services.sqs.conftest import Queue

Deliver = Callable[..., None]


@pytest.fixture
def deliver(executor: Executor, sandbox: Sandbox) -> Deliver:
    """Return a function that delivers as a service does."""

    def send(
        target: str,
        body: str = "hello",
        *,
        after_s: float = 0,
        by: tuple[str, str] = ("", ""),
        **more: Any,
    ) -> None:
        body_json = json.dumps({"MessageBody": body, **more})

        def job(batch: Batch) -> None:
            ctx = dispatch.engine_context(batch, batch.entered[sandbox.pk])
            cause = ctx.emit("test.Cause", target, {})
            packet = Packet(target, body_json, cause, principal=by[0], via=by[1])
            ctx.deliver(packet, after_ms=round(after_s * 1000))

        executor.run_sync(job, (sandbox.pk,))

    return send


def test_a_packet_that_is_due_arrives_at_once(
    queue: Queue, deliver: Deliver, events: Callable[..., list[Any]]
) -> None:
    deliver(queue.arn, MessageAttributes={"a": {"DataType": "String", "StringValue": "1"}})
    [message] = queue.receive(MessageAttributeNames=["All"])
    assert message["Body"] == "hello"
    assert message["MessageAttributes"]["a"]["StringValue"] == "1"
    [sent] = events("sqs.MessageSent")
    assert events()[sent["cause"] - 1]["kind"] == "test.Cause"


def test_a_packet_on_its_way_arrives_when_its_time_comes(
    queue: Queue, deliver: Deliver, clock: Time, events: Callable[..., list[Any]]
) -> None:
    deliver(queue.arn, after_s=5)
    assert (queue.counts, Delivery.objects.count()) == ((0, 0, 0), 1)
    clock.advance(4.999)
    assert queue.counts == (0, 0, 0)
    clock.advance(0.001)
    assert (queue.counts, Delivery.objects.count()) == ((1, 0, 0), 0)
    assert events("sqs.MessageSent")[0]["at"] == clock.now


def test_a_fifo_queue_deduplicates_deliveries_too(fifo: Queue, deliver: Deliver) -> None:
    for _ in range(2):
        deliver(fifo.arn, MessageGroupId="g")
    assert fifo.counts == (1, 0, 0)


def test_what_the_target_refuses_is_refused_to_the_sender(
    queue: Queue, fifo: Queue, deliver: Deliver
) -> None:
    with pytest.raises(QueueDoesNotExist):
        deliver(queue.arn + "-not")
    with pytest.raises(MissingParameter):
        deliver(fifo.arn)
    with pytest.raises(NotModelled):
        deliver("arn:aws:nothing:eu-central-1:123456789012:x")


def test_a_late_packet_that_is_refused_is_gone_and_time_goes_on(
    queue: Queue, deliver: Deliver, clock: Time, events: Callable[..., list[Any]]
) -> None:
    deliver(queue.arn + "-not", after_s=1)
    deliver(queue.arn, after_s=1)
    clock.advance(2)
    [failed] = events("delivery.Failed")
    assert (failed["arn"], failed["code"]) == (queue.arn + "-not", "QueueDoesNotExist")
    assert queue.counts == (1, 0, 0)
    assert not Delivery.objects.exists()


def test_an_aws_service_needs_a_policy_that_lets_it_in(
    queue: Queue, deliver: Deliver, events: Callable[..., list[Any]]
) -> None:
    topics = [f"arn:aws:sns:eu-central-1:123456789012:{name}" for name in ("mine", "other")]
    mine, other = (("sns.amazonaws.com", topic) for topic in topics)
    with pytest.raises(AccessDenied):
        deliver(queue.arn, by=mine)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue.arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topics[0]}},
    }
    queue.set(Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    deliver(queue.arn, by=mine)
    for stranger in (other, ("events.amazonaws.com", topics[0])):
        with pytest.raises(AccessDenied):
            deliver(queue.arn, by=stranger)
    assert queue.counts == (1, 0, 0)
    assert [sent["by"] for sent in events("sqs.MessageSent")] == [topics[0]]
