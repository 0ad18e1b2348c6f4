"""Clients from before 2023: forms and query strings in, XML out."""

from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest

from tests.fixtures.server import RunningServer
from tests.live.clients.connect import client, counters, snapshot
from tests.live.clients.raw import Answer, ask, presigned, signed

VERSION = "2012-11-05"
SPACE = "{http://queue.amazonaws.com/doc/2012-11-05/}"
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def form(url: str, action: str, *, agent: str = "", **fields: str) -> Answer:
    """Post a form."""
    body = urlencode({"Action": action, "Version": VERSION, **fields})
    return ask(url, method="POST", body=body, headers={**FORM, "User-Agent": agent})


def value(answer: Answer, name: str) -> str:
    """Return the text of the first element of a name."""
    found = ElementTree.fromstring(answer.body).find(f".//{{*}}{name}")
    assert found is not None, answer.text
    return found.text or ""


@pytest.fixture
def queue(live_server_process: RunningServer, request: pytest.FixtureRequest) -> str:
    """Return the URL of a fresh queue, made by a form."""
    name = request.node.name.split("[")[0][:80]
    return value(form(live_server_process.url, "CreateQueue", QueueName=name), "QueueUrl")


def test_an_unsigned_form_to_the_root_names_its_queue(
    live_server_process: RunningServer, queue: str
) -> None:
    sent = form(
        live_server_process.url, "SendMessage", QueueUrl=queue, MessageBody="<ä&b>",
        **{
            "MessageAttribute.1.Name": "size",
            "MessageAttribute.1.Value.DataType": "Number",
            "MessageAttribute.1.Value.StringValue": "3",
        },
    )  # fmt: skip
    assert sent.status == 200
    assert sent.headers["content-type"].startswith("text/xml")
    received = form(
        live_server_process.url, "ReceiveMessage", QueueUrl=queue,
        **{"AttributeName.1": "All", "MessageAttributeName.1": "All"},
    )  # fmt: skip
    assert value(received, "MessageId") == value(sent, "MessageId")
    assert value(received, "MD5OfBody") == value(sent, "MD5OfMessageBody")
    assert value(received, "Body") == "<ä&b>"
    assert value(received, "StringValue") == "3"


def test_a_form_to_the_queues_own_address(queue: str) -> None:
    sent = form(queue, "SendMessageBatch", **{
        "SendMessageBatchRequestEntry.1.Id": "a",
        "SendMessageBatchRequestEntry.1.MessageBody": "one",
        "SendMessageBatchRequestEntry.2.Id": "b",
        "SendMessageBatchRequestEntry.2.MessageBody": "two",
        "SendMessageBatchRequestEntry.2.DelaySeconds": "900",
    })  # fmt: skip
    tree = ElementTree.fromstring(sent.body)
    assert [found.text for found in tree.iter(f"{SPACE}Id")] == ["a", "b"]
    received = form(queue, "ReceiveMessage")
    gone = form(queue, "DeleteMessage", ReceiptHandle=value(received, "ReceiptHandle"))
    assert gone.status == 200
    told = form(queue, "GetQueueAttributes", **{"AttributeName.1": "All"})
    attributes = {
        pair.findtext(f"{SPACE}Name"): pair.findtext(f"{SPACE}Value")
        for pair in ElementTree.fromstring(told.body).iter(f"{SPACE}Attribute")
    }
    assert attributes["ApproximateNumberOfMessagesDelayed"] == "1"
    assert attributes["ApproximateNumberOfMessages"] == "0"


def test_a_query_string_is_enough(live_server_process: RunningServer, queue: str) -> None:
    asked = urlencode({"Action": "SendMessage", "Version": VERSION, "MessageBody": "by GET +%"})
    assert value(ask(f"{queue}?{asked}"), "MessageId")
    asked = urlencode({"Action": "ListQueues", "Version": VERSION, "QueueNamePrefix": "test_a_q"})
    assert value(ask(f"{live_server_process.url}/?{asked}"), "QueueUrl") == queue
    assert value(ask(f"{queue}?Action=ReceiveMessage"), "Body") == "by GET +%"


def test_a_signed_form(live_server_process: RunningServer) -> None:
    printed = live_server_process.aws
    key, secret = printed["AWS_ACCESS_KEY_ID"], printed["AWS_SECRET_ACCESS_KEY"]
    body = urlencode({"Action": "ListQueues", "Version": VERSION}).encode()
    url, region = live_server_process.url, printed["AWS_DEFAULT_REGION"]
    right = signed(url, key=key, secret=secret, body=body, headers=FORM, region=region)
    answer = ask(url, method="POST", body=body, headers=right)
    assert "/orders</QueueUrl>" in answer.text
    other = body.replace(b"ListQueues", b"ListQueuez")
    changed = ask(url, method="POST", body=other, headers=right)
    assert changed.status in (400, 403)
    wrong = signed(url, key=key, secret="no", body=body, headers=FORM, region=region)
    refused = ask(url, method="POST", body=body, headers=wrong)
    assert (refused.status, value(refused, "Code")) == (403, "SignatureDoesNotMatch")


def test_an_address_that_carries_its_signature(live_server_process: RunningServer) -> None:
    printed = live_server_process.aws
    pair: dict[str, Any] = {
        "key": printed["AWS_ACCESS_KEY_ID"],
        "secret": printed["AWS_SECRET_ACCESS_KEY"],
    }
    asked = urlencode({"Action": "CreateQueue", "Version": VERSION, "QueueName": "presigned"})
    address = presigned(f"{live_server_process.url}/?{asked}", **pair)
    assert value(ask(address), "QueueUrl").endswith("/presigned")
    spoilt = ask(address.replace("presigned", "presigneD"))
    assert (spoilt.status, value(spoilt, "Code")) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"Action": "Nonsense"}, 400, "InvalidAction"),
        ({"Action": "ListQueues", "Version": "1999-01-01"}, 400, "NoSuchVersion"),
        ({"Action": "SendMessage", "QueueUrl": "{queue}"}, 400, "MissingParameter"),
        (
            {"Action": "GetQueueUrl", "QueueName": "nobody"},
            400,
            "AWS.SimpleQueueService.NonExistentQueue",
        ),
        (
            {"Action": "ReceiveMessage", "QueueUrl": "{queue}", "WaitTimeSeconds": "soon"},
            400,
            "InvalidParameterValue",
        ),
    ],
)
def test_errors_are_xml_with_the_older_codes(
    live_server_process: RunningServer, queue: str, fields: dict[str, str], status: int, code: str
) -> None:
    filled = {name: text.format(queue=queue) for name, text in fields.items()}
    body = urlencode({"Version": VERSION, **filled})
    answer = ask(live_server_process.url, method="POST", body=body, headers=FORM)
    assert (answer.status, value(answer, "Code")) == (status, code)
    assert value(answer, "Type") == "Sender"
    assert value(answer, "Message")
    assert value(answer, "RequestId")


def test_old_and_new_clients_see_one_world(live_server_process: RunningServer, queue: str) -> None:
    form(queue, "SendMessage", agent="aws-sdk-php/3.1", MessageBody="shared")
    with client(live_server_process.url) as sqs:
        assert counters(sqs, queue) == (1, 0, 0)
    labels = {node[3] for node in snapshot(live_server_process)["nodes"]}
    assert "aws-sdk-php" in labels
