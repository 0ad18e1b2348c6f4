"""Schedules for tests, made and looked at through boto3."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.engine import ACCOUNT, REGION, START_MS

ROLE = f"arn:aws:iam::{ACCOUNT}:role/scheduler"
START = datetime.fromtimestamp(START_MS / 1000, UTC)

Make = Callable[..., str]


@pytest.fixture
def api(aws: Callable[..., Any]) -> Any:
    return aws("scheduler")


@pytest.fixture
def sqs(aws: Callable[..., Any]) -> Any:
    return aws("sqs")


@pytest.fixture
def make(api: Any) -> Make:
    """Return a function that makes a schedule to a queue, and returns its ARN."""

    def create(expression: str, queue: str = "work", name: str = "tick", **more: Any) -> str:
        target = {"Arn": arn(queue), "RoleArn": ROLE, "Input": "ring"} | more.pop("Target", {})
        more.setdefault("FlexibleTimeWindow", {"Mode": "OFF"})
        asked = {"Name": name, "ScheduleExpression": expression, "Target": target, **more}
        return str(api.create_schedule(**asked)["ScheduleArn"])

    return create


def arn(queue: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"


def bodies(sqs: Any, url: str) -> list[str]:
    """Receive all that is there, and delete it."""
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found
