"""Pipes for tests, made and looked at through boto3."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.engine import ACCOUNT, REGION

ROLE = f"arn:aws:iam::{ACCOUNT}:role/pipe"

Make = Callable[..., str]


def arn(resource: str, service: str = "sqs") -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


@pytest.fixture
def api(aws: Callable[..., Any]) -> Any:
    return aws("pipes")


@pytest.fixture
def sqs(aws: Callable[..., Any]) -> Any:
    return aws("sqs")


@pytest.fixture
def make(api: Any) -> Make:
    """Return a function that makes a pipe from ``in`` to ``out``, and returns its ARN."""

    def create(name: str = "flow", **asked: Any) -> str:
        asked = {"Source": arn("in"), "Target": arn("out"), "RoleArn": ROLE, **asked}
        return str(api.create_pipe(Name=name, **asked)["Arn"])

    return create


@pytest.fixture
def queues(sqs: Any) -> Callable[..., list[str]]:
    """Return a function that makes queues and returns their URLs."""

    def create(*names: str, **attributes: str) -> list[str]:
        fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        return [
            sqs.create_queue(
                QueueName=name,
                Attributes={**(fifo if name.endswith(".fifo") else {}), **attributes},
            )["QueueUrl"]
            for name in names
        ]

    return create


def bodies(sqs: Any, url: str) -> list[str]:
    """Receive all that is there, and delete it."""
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def counts(sqs: Any, url: str) -> tuple[int, int]:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    visible, hidden = (int(found[name]) for name in names)
    return visible, hidden
