"""Buses, rules and queues for tests: made, used and looked at through boto3."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fixtures.engine import ACCOUNT, REGION

DEFAULT = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"


def entry(detail: Any = None, **more: Any) -> dict[str, Any]:
    """Return an entry of PutEvents."""
    body = detail if isinstance(detail, str) else json.dumps({} if detail is None else detail)
    return {"Source": "shop", "DetailType": "OrderPlaced", "Detail": body, **more}


def said(call: Callable[..., Any], **params: Any) -> tuple[str, str]:
    """Call an operation that must fail; return code and message."""
    with pytest.raises(ClientError) as refused:
        call(**params)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


@dataclass(frozen=True)
class Queue:
    """A queue that lets events in, and what lies in it."""

    api: Any
    url: str
    arn: str

    def take(self) -> list[dict[str, Any]]:
        """Receive and delete everything."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self.api.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
            )
            messages = answer.get("Messages", [])
            if not messages:
                return found
            for message in messages:
                self.api.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
            found += messages

    def bodies(self) -> list[str]:
        return [message["Body"] for message in self.take()]

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies()]

    def open_to(self, *sources: str) -> None:
        """Let EventBridge send, for the given rules alone if any are given."""
        statement: dict[str, Any] = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": self.arn,
        }
        if sources:
            statement["Condition"] = {"ArnEquals": {"aws:SourceArn": list(sources)}}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.api.set_queue_attributes(QueueUrl=self.url, Attributes={"Policy": policy})


@pytest.fixture
def api(aws: Callable[..., Any]) -> Any:
    """Return a boto3 client of EventBridge."""
    return aws("events")


@pytest.fixture
def queue_named(aws: Callable[..., Any]) -> Callable[..., Queue]:
    """Return a function that makes a queue which lets events in."""

    def make(name: str = "orders", *, closed: bool = False, **where: str) -> Queue:
        sqs = aws("sqs", **where)
        attributes = {}
        if name.endswith(".fifo"):
            attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        queue = Queue(sqs, url, asked["Attributes"]["QueueArn"])
        if not closed:
            queue.open_to()
        return queue

    return make


@pytest.fixture
def queue(queue_named: Callable[..., Queue]) -> Queue:
    return queue_named()


@pytest.fixture
def wire(api: Any) -> Callable[..., str]:
    """Return a function that makes a rule with targets, and returns its ARN."""

    def make(
        *targets: Any,
        name: str = "orders",
        bus: str = "default",
        pattern: Any = None,
        client: Any = None,
        **more: Any,
    ) -> str:
        events = client or api
        wanted = json.dumps({"source": ["shop"]} if pattern is None else pattern)
        arn = events.put_rule(Name=name, EventBusName=bus, EventPattern=wanted, **more)["RuleArn"]
        configs = [
            target if isinstance(target, dict) else {"Id": f"t{place}", "Arn": target.arn}
            for place, target in enumerate(targets)
        ]
        if configs:
            events.put_targets(Rule=name, EventBusName=bus, Targets=configs)
        return str(arn)

    return make
