"""Topics and queues for tests: made, used and looked at through boto3."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from messaging import sandboxes
from messaging.engine import Engine
from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox
from messaging.wire.detect import detect
from messaging.wire.identify import identify
from messaging.wire.protocols import PROTOCOLS
from messaging.wire.request import Request
from tests.fixtures.engine import ACCOUNT, REGION


@dataclass(frozen=True)
class Queue:
    """A queue that lets topics in, and the boto3 client that uses it."""

    api: Any
    name: str
    url: str

    @property
    def arn(self) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}"

    def receive(self, **more: Any) -> list[dict[str, Any]]:
        asked = {"MessageAttributeNames": ["All"], "AttributeNames": ["All"], **more}
        answer = self.api.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, **asked)
        return list(answer.get("Messages", []))

    def bodies(self) -> list[str]:
        """Receive, delete and return the bodies of all that is there."""
        found: list[str] = []
        while messages := self.receive():
            found += [message["Body"] for message in messages]
            for message in messages:
                self.api.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def texts(self) -> list[str]:
        """Do the same, of envelopes the messages in them."""
        return [json.loads(body)["Message"] for body in self.bodies()]

    def close(self) -> None:
        """Let nobody in any more."""
        self.api.set_queue_attributes(QueueUrl=self.url, Attributes={"Policy": ""})

    def open(self) -> None:
        """Let every topic in."""
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": self.arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.api.set_queue_attributes(QueueUrl=self.url, Attributes={"Policy": policy})


@dataclass(frozen=True)
class Topic:
    """A topic and the boto3 client that uses it."""

    api: Any
    arn: str

    def publish(self, message: str = "hello", **more: Any) -> dict[str, Any]:
        return dict(self.api.publish(TopicArn=self.arn, Message=message, **more))

    def subscribe(self, to: Queue | str, protocol: str = "sqs", **attributes: Any) -> str:
        """Subscribe an endpoint and return the subscription's ARN."""
        answer = self.api.subscribe(
            TopicArn=self.arn,
            Protocol=protocol,
            Endpoint=to if isinstance(to, str) else to.arn,
            Attributes={name: text(value) for name, value in attributes.items()},
            ReturnSubscriptionArn=True,
        )
        return str(answer["SubscriptionArn"])

    def set(self, **attributes: Any) -> None:
        for name, value in attributes.items():
            self.api.set_topic_attributes(
                TopicArn=self.arn, AttributeName=name, AttributeValue=text(value)
            )

    def get(self) -> dict[str, str]:
        return dict(self.api.get_topic_attributes(TopicArn=self.arn)["Attributes"])


def text(value: Any) -> str:
    """Return an attribute as AWS takes it: JSON for maps, words for booleans."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def words(**attributes: Any) -> dict[str, Any]:
    """Return message attributes: numbers as Number, lists as String.Array, the rest as String."""
    made = {}
    for name, value in attributes.items():
        kind = "String"
        if isinstance(value, list):
            kind = "String.Array"
        elif isinstance(value, int | float):
            kind = "Number"
        made[name] = {"DataType": kind, "StringValue": text(value)}
    return made


@pytest.fixture
def api(aws: Callable[..., Any]) -> Any:
    """Return a boto3 client of SNS."""
    return aws("sns")


@pytest.fixture
def make(api: Any) -> Callable[..., Topic]:
    """Return a function that creates topics."""

    def create(name: str = "news", **attributes: Any) -> Topic:
        if name.endswith(".fifo"):
            attributes.setdefault("FifoTopic", True)
        texts = {key: text(value) for key, value in attributes.items()}
        return Topic(api, api.create_topic(Name=name, Attributes=texts)["TopicArn"])

    return create


@pytest.fixture
def topic(make: Callable[..., Topic]) -> Topic:
    return make()


@pytest.fixture
def queue_of(aws: Callable[..., Any]) -> Callable[..., Queue]:
    """Return a function that creates queues which let topics in."""
    sqs = aws("sqs")

    def create(name: str = "work") -> Queue:
        attributes = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        made = Queue(sqs, name, url)
        made.open()
        return made

    return create


@pytest.fixture
def queue(queue_of: Callable[..., Queue]) -> Queue:
    return queue_of()


@pytest.fixture
def follow(executor: Executor) -> Callable[[str], int]:
    """Return a function that opens an address as a browser does, and returns the status."""

    class Closed(Engine):
        """The engine of a class room, where only issued keys are let in."""

        @property
        def single_user(self) -> bool:
            return False

    engine = Closed(executor)

    def open_url(url: str) -> int:
        parts = urlsplit(url)
        asked = Request("GET", parts.path, parts.query, {"host": parts.netloc}, host=parts.netloc)
        call = detect(asked)
        assert call is not None
        assert call.operation is not None
        wire = PROTOCOLS[call.protocol]
        try:
            found = identify(asked, b"", engine, service=call.service)
            caller = Caller(
                found.key.sandbox, found.key.account, found.region, found.key.principal,
                "client:browser", knows_region=found.knows_region,
            )  # fmt: skip
            params = wire.parse(asked, call.operation)
            executor.call_sync(caller, call.service, call.operation.name, params)
        except AwsError as error:
            return error.status
        return 200

    return open_url


@pytest.fixture
def second_account(sandbox: Sandbox) -> str:
    """Return the number of another account of the sandbox."""
    number = "111122223333"
    sandboxes.add_account(sandbox, number, regions=(REGION,))
    return number
