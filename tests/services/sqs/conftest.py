"""Queues for tests: made, used and looked at through boto3."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from messaging.kernel.models import Sandbox
from tests.fixtures.engine import ACCOUNT, REGION
from tests.services.sqs import invariants

Message = dict[str, Any]
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True)
class Queue:
    """A queue and the boto3 client that uses it."""

    api: Any
    name: str
    url: str

    @property
    def arn(self) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}"

    def send(self, body: str = "hello", group: str | None = None, **more: Any) -> dict[str, Any]:
        if group is not None:
            more["MessageGroupId"] = group
        return dict(self.api.send_message(QueueUrl=self.url, MessageBody=body, **more))

    def send_all(self, *bodies: str, group: str | None = None) -> None:
        for body in bodies:
            self.send(body, group)

    def receive(self, count: int = 10, **more: Any) -> list[Message]:
        answer = self.api.receive_message(QueueUrl=self.url, MaxNumberOfMessages=count, **more)
        return list(answer.get("Messages", []))

    def bodies(self, count: int = 10, **more: Any) -> list[str]:
        """Receive and return the bodies alone."""
        return [message["Body"] for message in self.receive(count, **more)]

    def take(self, **more: Any) -> Message:
        """Receive exactly one message."""
        [message] = self.receive(1, **more)
        return message

    def delete(self, *messages: Message) -> None:
        for message in messages:
            self.api.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def hide(self, message: Message, seconds: int) -> None:
        self.api.change_message_visibility(
            QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds
        )

    def set(self, **attributes: Any) -> None:
        texts = {name: text(value) for name, value in attributes.items()}
        self.api.set_queue_attributes(QueueUrl=self.url, Attributes=texts)

    def get(self, *names: str) -> dict[str, str]:
        asked = list(names or ("All",))
        answer = self.api.get_queue_attributes(QueueUrl=self.url, AttributeNames=asked)
        return dict(answer.get("Attributes", {}))

    @property
    def counts(self) -> tuple[int, int, int]:
        """Visible, in flight, delayed."""
        found = self.get(*_COUNTS)
        visible, in_flight, delayed = (int(found[name]) for name in _COUNTS)
        return visible, in_flight, delayed


def text(value: Any) -> str:
    """Return an attribute as AWS takes it: JSON for maps, words for booleans."""
    if isinstance(value, dict):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.fixture
def api(aws: Callable[..., Any]) -> Any:
    """Return a boto3 client of SQS."""
    return aws("sqs")


@pytest.fixture
def make(api: Any) -> Callable[..., Queue]:
    """Return a function that creates queues."""

    def create(name: str = "work", **attributes: Any) -> Queue:
        if name.endswith(".fifo"):
            attributes.setdefault("FifoQueue", True)
            attributes.setdefault("ContentBasedDeduplication", True)
        texts = {key: text(value) for key, value in attributes.items()}
        url = api.create_queue(QueueName=name, Attributes=texts)["QueueUrl"]
        return Queue(api, name, url)

    return create


@pytest.fixture
def queue(make: Callable[..., Queue]) -> Queue:
    return make()


@pytest.fixture
def fifo(make: Callable[..., Queue]) -> Queue:
    return make("work.fifo")


@pytest.fixture
def sandbox(sandbox: Sandbox) -> Iterator[Sandbox]:
    """Return the sandbox; behind every test its tables are checked."""
    yield sandbox
    invariants.check(sandbox.pk)
