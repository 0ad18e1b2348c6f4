"""What a target refuses: tried again, put into the dead-letter queue, or dropped (SC1)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from messaging.scheduler.domain.retries import judge
from tests.fixtures.engine import Time
from tests.services.scheduler.conftest import START, Make, arn

SOON = f"at({START + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S})"


def test_what_is_refused_for_good_goes_to_the_dead_letter_queue(
    make: Make, sqs: Any, clock: Time
) -> None:
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    made = make(SOON, queue="nowhere", Target={"DeadLetterConfig": {"Arn": arn("dead")}})
    clock.advance(60)
    [letter] = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    told = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert json.loads(letter["Body"]) == {"MessageBody": "ring"}
    assert told["SCHEDULE_ARN"] == made
    assert told["TARGET_ARN"] == arn("nowhere")
    assert "QueueDoesNotExist" in told["ERROR_CODE"]
    assert told["RETRY_ATTEMPTS"] == "0"


def test_without_a_dead_letter_queue_it_is_dropped_and_said(
    make: Make, clock: Time, events: Callable[..., list[Any]]
) -> None:
    make(SOON, queue="nowhere")
    clock.advance(60)
    [failed], [dropped] = events("scheduler.DeliveryFailed"), events("scheduler.Dropped")
    assert failed["to"] == arn("nowhere")
    assert dropped["cause"] == failed["cause"]


def test_the_queue_policy_can_refuse_the_role(
    make: Make, sqs: Any, clock: Time, events: Callable[..., list[Any]]
) -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.create_queue(QueueName="work", Attributes={"Policy": policy})
    make(SOON)
    clock.advance(60)
    assert [failed["code"] for failed in events("scheduler.DeliveryFailed")] == ["AccessDenied"]


def test_what_passes_is_tried_again_with_growing_pauses() -> None:
    policy = {"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 86_400}
    pauses = [
        judge(policy, attempts=attempts, age_ms=0, code="ServiceUnavailable", status=503).after_ms
        for attempts in range(1, 13)
    ]
    assert pauses[:4] == [1_000, 2_000, 4_000, 8_000]
    assert pauses[-1] == 600_000


@pytest.mark.parametrize(
    ("attempts", "age_ms", "reason"),
    [(3, 0, "MaximumRetryAttempts"), (1, 59_500, "MaximumEventAgeInSeconds")],
)
def test_tries_and_age_have_an_end(attempts: int, age_ms: int, reason: str) -> None:
    policy = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60}
    verdict = judge(policy, attempts=attempts, age_ms=age_ms, code="Throttling", status=400)
    assert (verdict.after_ms, verdict.exhausted) == (None, reason)
