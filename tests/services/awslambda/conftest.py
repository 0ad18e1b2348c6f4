"""Functions and queues for tests, made and looked at through boto3."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.engine import ACCOUNT, REGION

ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
BEHAVIOUR = "signalbox:behaviour"

Make = Callable[..., str]
Map = Callable[..., str]


def archive(text: str = "def handler(event, context): ...") -> bytes:
    """Return a zip file as it is uploaded."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr(zipfile.ZipInfo("app.py"), text)
    return file.getvalue()


@pytest.fixture
def api(aws: Callable[..., Any]) -> Any:
    return aws("lambda")


@pytest.fixture
def queues(aws: Callable[..., Any]) -> Any:
    return aws("sqs")


@pytest.fixture
def make(api: Any) -> Make:
    """Return a function that makes a Lambda function with a behaviour, and returns its ARN."""

    def create(behaviour: str = "", name: str = "worker", **more: Any) -> str:
        asked = {
            "FunctionName": name, "Role": ROLE, "Runtime": "python3.13", "Handler": "app.handler",
            "Code": {"ZipFile": archive()}, "Tags": {BEHAVIOUR: behaviour} if behaviour else {},
        }  # fmt: skip
        return str(api.create_function(**{**asked, **more})["FunctionArn"])

    return create


@pytest.fixture
def queue(queues: Any) -> Make:
    """Return a function that makes a queue and returns its URL."""

    def create(name: str = "jobs", **attributes: Any) -> str:
        texts = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in attributes.items()
        }
        return str(queues.create_queue(QueueName=name, Attributes=texts)["QueueUrl"])

    return create


@pytest.fixture
def connect(api: Any, clock: Any) -> Map:
    """Return a function that maps a queue to a Lambda function, and returns the UUID."""

    def create(queue: str = "jobs", function: str = "worker", **more: Any) -> str:
        asked = {"EventSourceArn": queue_arn(queue), "FunctionName": function, **more}
        made = api.create_event_source_mapping(**asked)
        clock.advance(1)
        return str(made["UUID"])

    return create


def queue_arn(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def function_arn(name: str = "worker") -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def counts(queues: Any, url: str) -> tuple[int, int]:
    """Return how many messages are visible, and how many are in flight."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = queues.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return int(found[names[0]]), int(found[names[1]])
