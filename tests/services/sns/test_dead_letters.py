"""What cannot be delivered: retries on the virtual clock, dead-letter queues: N7, N8, N9."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from messaging import dispatch, registry
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.errors import Throttling
from messaging.kernel.models import Delivery, Sandbox
from messaging.kernel.packets import Packet
from messaging.sns.domain.retries import AWS_ENDPOINTS, HTTP, PEOPLE, next_step
from messaging.sqs.errors import RequestThrottled
from tests.fixtures.engine import ACCOUNT, REGION, Time
from tests.services.sns.conftest import Queue, Topic, words

Events = Callable[..., list[Any]]
DAY_MS = 86_400_000


@pytest.fixture
def dead(queue_of: Callable[..., Queue]) -> Queue:
    return queue_of("dead")


def redrive(dead: Queue) -> dict[str, str]:
    return {"deadLetterTargetArn": dead.arn}


def delete(queue: Queue) -> None:
    queue.api.delete_queue(QueueUrl=queue.url)


def test_N9_a_queue_that_is_gone_leaves_the_message_to_the_dead_letter_queue(
    topic: Topic, queue: Queue, dead: Queue, events: Events
) -> None:
    arn = topic.subscribe(queue, RedrivePolicy=redrive(dead))
    delete(queue)
    topic.publish("lost", MessageAttributes=words(n=111))
    [body] = dead.bodies()
    found = json.loads(body)
    assert (found["Message"], found["MessageAttributes"]["n"]["Value"]) == ("lost", "111")
    [failed] = events("sns.DeliveryFailed")
    assert failed["code"] == "QueueDoesNotExist"
    assert (failed["attempt"], failed["next"]) == (1, None)
    [letter] = events("sns.DeadLettered")
    assert (letter["sub"], letter["to"]) == (arn, dead.arn)


def test_N9_a_raw_message_is_a_raw_dead_letter(topic: Topic, queue: Queue, dead: Queue) -> None:
    topic.subscribe(queue, RedrivePolicy=redrive(dead), RawMessageDelivery=True)
    delete(queue)
    binary = {"DataType": "Binary", "BinaryValue": b"\x02\x03\x04"}
    topic.publish("lost", MessageAttributes={**words(n=111), "bits": binary})
    [message] = dead.receive()
    assert message["Body"] == "lost"
    assert message["MessageAttributes"]["bits"]["BinaryValue"] == b"\x02\x03\x04"


def test_N8_a_queue_that_lets_nobody_in_is_the_endpoints_fault(
    topic: Topic, queue: Queue, dead: Queue, events: Events
) -> None:
    topic.subscribe(queue, RedrivePolicy=redrive(dead))
    queue.close()
    topic.publish("refused")
    assert dead.texts() == ["refused"]
    assert events("sns.DeliveryFailed")[0]["code"] == "AccessDenied"


def test_N9_without_a_dead_letter_queue_the_message_is_dropped(
    topic: Topic, queue: Queue, events: Events
) -> None:
    topic.subscribe(queue)
    queue.close()
    topic.publish("gone")
    queue.open()
    assert queue.bodies() == []
    assert len(events("sns.Dropped")) == 1


def test_N9_a_dead_letter_queue_that_lets_nobody_in_loses_messages(
    topic: Topic, queue: Queue, dead: Queue, events: Events
) -> None:
    topic.subscribe(queue, RedrivePolicy=redrive(dead))
    queue.close()
    dead.close()
    topic.publish("gone for good")
    dead.open()
    assert dead.bodies() == []
    [dropped] = events("sns.Dropped")
    assert (dropped["code"], dropped["dlq"]) == ("AccessDenied", dead.arn)


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("lambda", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:nobody"),
        ("firehose", f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/nobody"),
    ],
)
def test_N9_what_is_not_there_fails_for_good(
    topic: Topic, dead: Queue, protocol: str, endpoint: str
) -> None:
    role = {"SubscriptionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}
    more = role if protocol == "firehose" else {}
    topic.subscribe(endpoint, protocol, RedrivePolicy=redrive(dead), **more)
    topic.publish("lost", Subject="s", MessageAttributes=words(n=1))
    [body] = dead.bodies()
    found = json.loads(body)
    assert (found["Message"], found["Subject"]) == ("lost", "s")
    assert "SigningCertURL" in found


def steps(policy: Any) -> list[tuple[int, int]]:
    found, failed = [], 1
    while (step := next_step(policy, failed)) is not None:
        found.append(step)
        failed += step.tries
    return [(step.after_ms, step.tries) for step in found]


def test_N7_queues_and_functions_are_tried_100015_times_over_23_days() -> None:
    found = steps(AWS_ENDPOINTS)
    assert sum(tries for _, tries in found) == 100_015
    assert [after for after, _ in found[:5]] == [1, 1, 1, 1000, 1000]
    growing = [after for after, _ in found[5:15]]
    assert (growing[0], growing[-1]) == (1000, 20_000)
    assert growing == sorted(growing)
    assert all(after == tries * 20_000 for after, tries in found[15:])
    assert 23 <= sum(after for after, _ in found) / DAY_MS < 23.2


def test_N7_people_are_tried_50_times_over_six_hours() -> None:
    found = steps(PEOPLE)
    assert sum(tries for _, tries in found) == 50
    assert 6 <= sum(after for after, _ in found) / 3_600_000 < 7.3


def test_N7_http_is_tried_three_times_20_seconds_apart() -> None:
    assert steps(HTTP) == [(20_000, 1)] * 3


@pytest.fixture
def fail(executor: Executor, sandbox: Sandbox) -> Callable[..., None]:
    """Return a function that lets a delivery fail on the server's side, as SQS may."""

    def settle(topic: Topic, arn: str, queue: Queue, *, attempts: int = 0) -> None:
        body = json.dumps({"MessageBody": "late"})
        packet = Packet(
            queue.arn, body, None, "sns.amazonaws.com", topic.arn, arn, attempts, 0, "7 "
        )

        def job(batch: Batch) -> None:
            ctx = dispatch.engine_context(batch, batch.entered[sandbox.pk])
            service = registry.SERVICES["sns"]
            assert service.settle is not None
            service.settle(ctx, packet, RequestThrottled())

        executor.run_sync(job, (sandbox.pk,))

    return settle


def test_N7_a_failure_of_the_server_is_tried_again(
    topic: Topic, queue: Queue, fail: Callable[..., None], clock: Time, events: Events
) -> None:
    arn = topic.subscribe(queue)
    fail(topic, arn, queue)
    [failed] = events("sns.DeliveryFailed")
    assert (failed["code"], failed["attempt"]) == ("RequestThrottled", 1)
    assert failed["next"] == clock.now + 1
    assert queue.bodies() == []
    clock.advance(1)
    assert queue.bodies() == ["late"]
    assert len(events("sns.Delivered")) == 1
    assert not Delivery.objects.exists()


def test_N7_the_last_failure_is_a_dead_letter(
    topic: Topic, queue: Queue, dead: Queue, fail: Callable[..., None], events: Events
) -> None:
    arn = topic.subscribe(queue, RedrivePolicy=redrive(dead))
    fail(topic, arn, queue, attempts=100_014)
    assert events("sns.DeliveryFailed")[0]["next"] is not None
    assert dead.bodies() == []
    fail(topic, arn, queue, attempts=100_015)
    assert events("sns.DeliveryFailed")[-1]["next"] is None
    assert dead.bodies() == ["late"]


def test_N7_a_day_of_failing_is_put_forward_in_a_moment(
    topic: Topic, queue: Queue, dead: Queue, clock: Time, events: Events,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    topic.subscribe(queue, RedrivePolicy=redrive(dead))
    sqs = registry.SERVICES["sqs"]

    def refuse(*_: Any) -> None:
        raise Throttling

    with monkeypatch.context() as patched:
        patched.setitem(registry.SERVICES, "sqs", Broken(sqs, refuse))
        topic.publish("patient")
        clock.advance(23 * 86_400)
    failed = events("sns.DeliveryFailed")
    assert failed[-1]["attempt"] > 98_000
    assert len(failed) < 400
    clock.advance(6 * 3_600)
    assert queue.texts() == ["patient"]


class Broken:
    """A service of which nothing but deliveries is out of order."""

    def __init__(self, service: Any, accept: Callable[..., None]) -> None:
        self._service = service
        self.accept = accept

    def __getattr__(self, name: str) -> Any:
        return getattr(self._service, name)


def test_retries_end_with_the_subscription(
    topic: Topic, queue: Queue, fail: Callable[..., None], clock: Time
) -> None:
    arn = topic.subscribe(queue)
    fail(topic, arn, queue)
    topic.api.unsubscribe(SubscriptionArn=arn)
    clock.advance(60)
    assert queue.bodies() == []


def test_delivery_status_is_logged_where_the_topic_asks_for_it(
    topic: Topic, queue: Queue, events: Events
) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/SNSSuccessFeedback"
    topic.set(SQSSuccessFeedbackRoleArn=role, SQSFailureFeedbackRoleArn=role)
    topic.subscribe(queue)
    topic.publish()
    queue.close()
    topic.publish()
    good, bad = events("sns.StatusLogged")
    assert (good["status"], good["destination"], good["statusCode"]) == ("SUCCESS", queue.arn, 200)
    assert (bad["status"], bad["statusCode"]) == ("FAILURE", 403)
