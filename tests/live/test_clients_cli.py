"""The AWS CLI, version 1 as PyPI has it.

In the older Regions version 1 sends SQS commands to AWS whatever AWS_ENDPOINT_URL says
(https://github.com/aws/aws-cli/issues/8737): there it needs --endpoint-url.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.server import RunningServer
from tests.live.clients.connect import environment, eventually, flows

NEWER_REGION = "eu-central-2"

pytestmark = pytest.mark.needs("aws-cli")

Aws = Callable[..., Any]


@pytest.fixture
def aws(live_server_process: RunningServer) -> Aws:
    """Return a function that runs ``aws …`` and returns what it printed, as JSON if it is."""

    def run(*arguments: str, **variables: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "awscli", *arguments],
            env={**os.environ, **environment(live_server_process), **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        if done.returncode:
            raise AssertionError(f"exit code {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    return run


def test_a_queue_from_the_command_line(aws: Aws, live_server_process: RunningServer) -> None:
    option = ("--endpoint-url", live_server_process.url)
    made = aws(*option, "sqs", "create-queue", "--queue-name", "from-cli")
    address = (*option, "sqs"), ("--queue-url", made["QueueUrl"])
    body = '{"order": 7, "note": "<b>ä</b>"}'
    sent = _on(
        aws, *address, "send-message", "--message-body", body,
        "--message-attributes", '{"size":{"DataType":"Number","StringValue":"3"}}',
    )  # fmt: skip
    asked = ("--wait-time-seconds", "1", "--message-attribute-names", "All")
    (message,) = _on(aws, *address, "receive-message", *asked)["Messages"]
    assert (message["MessageId"], message["Body"]) == (sent["MessageId"], body)
    assert message["MessageAttributes"]["size"]["StringValue"] == "3"
    told = _on(aws, *address, "get-queue-attributes", "--attribute-names", "All")["Attributes"]
    assert told["ApproximateNumberOfMessagesNotVisible"] == "1"
    _on(aws, *address, "delete-message", "--receipt-handle", message["ReceiptHandle"])
    _on(aws, *address, "purge-queue")
    flow = {("aws-cli", "send", "from-cli"), ("from-cli", "receive", "aws-cli")}
    assert eventually(lambda: flow <= flows(live_server_process))


def test_events_find_their_way_by_content(aws: Aws, live_server_process: RunningServer) -> None:
    events = ("--endpoint-url", live_server_process.url, "events")
    sqs = ("--endpoint-url", live_server_process.url, "sqs")
    url = aws(*sqs, "create-queue", "--queue-name", "paid")["QueueUrl"]
    told = aws(*sqs, "get-queue-attributes", "--queue-url", url, "--attribute-names", "QueueArn")
    arn = told["Attributes"]["QueueArn"]
    allow = {
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage", "Resource": arn,
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    attributes = json.dumps({"Policy": policy})
    aws(*sqs, "set-queue-attributes", "--queue-url", url, "--attributes", attributes)
    pattern = '{"detail":{"state":["paid"],"total":[{"numeric":[">",100]}]}}'
    aws(*events, "put-rule", "--name", "paid", "--event-pattern", pattern)
    done = aws(*events, "put-targets", "--rule", "paid", "--targets", f"Id=q,Arn={arn}")
    assert done["FailedEntryCount"] == 0
    orders = [{"state": "paid", "total": 120}, {"state": "paid", "total": 9}, {"state": "open"}]
    entries = [
        {"Source": "shop", "DetailType": "Order", "Detail": json.dumps(order)} for order in orders
    ]
    sent = aws(*events, "put-events", "--entries", json.dumps(entries))
    asked = ("--queue-url", url, "--max-number-of-messages", "10", "--wait-time-seconds", "1")
    (message,) = aws(*sqs, "receive-message", *asked)["Messages"]
    event = json.loads(message["Body"])
    assert (event["id"], event["detail"]) == (sent["Entries"][0]["EventId"], orders[0])


def test_events_teach_their_schema(aws: Aws, live_server_process: RunningServer) -> None:
    option = ("--endpoint-url", live_server_process.url)
    told = aws(*option, "events", "describe-event-bus")
    made = aws(*option, "schemas", "create-discoverer", "--source-arn", told["Arn"])
    assert made["State"] == "STARTED"
    entry = {"Source": "shop.live", "DetailType": "Order Paid", "Detail": '{"total": 5}'}
    aws(*option, "events", "put-events", "--entries", json.dumps([entry]))
    named = ("--registry-name", "discovered-schemas", "--schema-name", "shop.live@OrderPaid")
    found = aws(*option, "schemas", "describe-schema", *named)
    schema = json.loads(found["Content"])["components"]["schemas"]["OrderPaid"]
    assert schema["properties"] == {"total": {"type": "integer"}}
    aws(*option, "schemas", "delete-discoverer", "--discoverer-id", made["DiscovererId"])
    aws(*option, "schemas", "delete-schema", *named)


def test_the_printed_lines_are_enough(aws: Aws, live_server_process: RunningServer) -> None:
    told = aws("sts", "get-caller-identity", **live_server_process.aws)
    assert told["Arn"] == f"arn:aws:iam::{told['Account']}:root"
    urls = aws("sqs", "list-queues", **live_server_process.aws)["QueueUrls"]
    assert {url.rpartition("/")[2] for url in urls} >= {"orders", "orders-dlq"}


def test_errors_are_printed_as_those_of_aws(aws: Aws) -> None:
    with pytest.raises(AssertionError, match=r"NonExistentQueue.* calling the GetQueueUrl"):
        aws("sqs", "get-queue-url", "--queue-name", "nobody", AWS_DEFAULT_REGION=NEWER_REGION)
    with pytest.raises(AssertionError, match="does not model events:ListEndpoints"):
        aws("events", "list-endpoints", AWS_MAX_ATTEMPTS="1")


def _on(aws: Aws, head: tuple[str, ...], queue: tuple[str, ...], operation: str, *more: str) -> Any:
    return aws(*head, operation, *queue, *more)
