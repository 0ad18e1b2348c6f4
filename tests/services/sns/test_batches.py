"""PublishBatch, and what other services publish: N3."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from messaging import dispatch
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.models import Sandbox
from messaging.kernel.packets import Packet
from messaging.sns.errors import AuthorizationError, NotFound
from tests.fixtures.engine import ACCOUNT, REGION
from tests.fixtures.refusals import refused
from tests.services.sns.conftest import Queue, Topic, text, words


def batch(topic: Topic, *entries: dict[str, Any]) -> dict[str, Any]:
    named = [{"Id": str(n), **entry} for n, entry in enumerate(entries)]
    return dict(topic.api.publish_batch(TopicArn=topic.arn, PublishBatchRequestEntries=named))


def test_N3_each_entry_is_a_message_of_its_own(topic: Topic, queue: Queue) -> None:
    topic.subscribe(queue, RawMessageDelivery=True)
    answer = batch(topic, {"Message": "a", "MessageAttributes": words(n=1)}, {"Message": "b"})
    assert answer["Failed"] == []
    assert [each["Id"] for each in answer["Successful"]] == ["0", "1"]
    assert len({each["MessageId"] for each in answer["Successful"]}) == 2
    assert queue.bodies() == ["a", "b"]


def test_N3_a_batch_is_refused_as_a_whole(topic: Topic, queue: Queue) -> None:
    topic.subscribe(queue, RawMessageDelivery=True)
    message = {"Message": "x"}
    with refused("EmptyBatchRequest"):
        batch(topic)
    with refused(
        "TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible."
    ):
        batch(topic, *[message] * 11)
    with refused(
        "BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id."
    ):
        batch(topic, {"Id": "a", **message}, {"Id": "a", **message})
    for name in ("a b", "x" * 81, ""):
        with refused("InvalidBatchEntryId"):
            batch(topic, {**message, "Id": name})
    with refused(
        "BatchRequestTooLong", "The length of all the messages put together is more than the limit."
    ):
        batch(topic, {"Message": "x" * 200_000}, {"Message": "x" * 62_145})
    with refused("ParameterValueInvalid"):
        batch(topic, message, {**message, "MessageAttributes": {"a": {"DataType": "Integer"}}})
    with refused(
        "InvalidParameter",
        "Invalid parameter: Message Structure - No default entry in JSON message body",
    ):
        batch(topic, message, {"Message": '{"sqs": "x"}', "MessageStructure": "json"})
    assert queue.bodies() == []


def test_N3_the_topic_must_be_there(api: Any) -> None:
    with refused("NotFound", "Topic does not exist", status=404):
        api.publish_batch(
            TopicArn=f"arn:aws:sns:{REGION}:{ACCOUNT}:nothing",
            PublishBatchRequestEntries=[{"Id": "1", "Message": "x"}],
        )


@pytest.fixture
def deliver(executor: Executor, sandbox: Sandbox) -> Callable[..., None]:
    """Return a function that publishes as EventBridge does."""

    def send(target: str, message: str, rule: str = "arn:aws:events:eu-central-1:1:rule/r") -> None:
        body = json.dumps({"Message": message})

        def job(batch: Batch) -> None:
            ctx = dispatch.engine_context(batch, batch.entered[sandbox.pk])
            ctx.deliver(Packet(target, body, None, "events.amazonaws.com", rule))

        executor.run_sync(job, (sandbox.pk,))

    return send


def test_another_service_needs_the_topics_policy(
    topic: Topic, queue: Queue, deliver: Callable[..., None]
) -> None:
    topic.subscribe(queue)
    with pytest.raises(AuthorizationError):
        deliver(topic.arn, "refused")
    allow = {
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish", "Resource": topic.arn,
    }  # fmt: skip
    topic.set(Policy=text({"Version": "2012-10-17", "Statement": [allow]}))
    deliver(topic.arn, "let in")
    assert queue.texts() == ["let in"]
    with pytest.raises(NotFound):
        deliver(f"{topic.arn}-not", "x")
