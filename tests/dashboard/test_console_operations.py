"""Each of SQS's 23 operations can be done in the console; what it did is seen from outside."""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.http import HttpResponse

from dashboard.console.operations.catalogue import FORMS, GROUPS, POLICY
from dashboard.console.operations.permissions import GRANTABLE
from messaging import registry
from messaging.sqs.domain import permissions
from tests.dashboard.conftest import Desk, text_of

Fields = dict[str, Any]


class Case(NamedTuple):
    """An operation: what is there before, what is filled in, and what must be true afterwards."""

    operation: str
    fields: Callable[[Desk], Fields]
    seen: Callable[[Desk, str], bool]
    before: Callable[[Desk], object] = lambda desk: None


def attribute(desk: Desk, name: str, queue: str = "orders") -> str:
    told = desk.call("GetQueueAttributes", QueueUrl=desk.url(queue), AttributeNames=["All"])
    return str(told["Attributes"].get(name, ""))


def waiting(desk: Desk, queue: str = "orders") -> tuple[int, int]:
    shown = attribute(desk, "ApproximateNumberOfMessages", queue)
    hidden = attribute(desk, "ApproximateNumberOfMessagesNotVisible", queue)
    return int(shown), int(hidden)


def receive(desk: Desk) -> object:
    desk.send("a")
    desk.send("b")
    return desk.post("sqs/op/ReceiveMessage/", arn=desk.arn("orders"), MaxNumberOfMessages="10")


def handles(desk: Desk) -> list[str]:
    page = desk.get("sqs/op/DeleteMessageBatch/", arn=desk.arn("orders")).content.decode()
    return re.findall(r'name="Entries" value="([^"]+)"', page)


def dead(desk: Desk) -> object:
    desk.create("source", RedrivePolicy=json.dumps(
        {"deadLetterTargetArn": desk.arn("orders"), "maxReceiveCount": 1}))  # fmt: skip
    return desk.send("x")


def moving(desk: Desk) -> object:
    dead(desk)
    return desk.call("StartMessageMoveTask", SourceArn=desk.arn("orders"))


def task(desk: Desk) -> dict[str, Any]:
    told = desk.call("ListMessageMoveTasks", SourceArn=desk.arn("orders"))["Results"]
    return dict(told[0]) if told else {}


def tags(desk: Desk) -> dict[str, str]:
    return dict(desk.call("ListQueueTags", QueueUrl=desk.url("orders")).get("Tags", {}))


def tag(desk: Desk) -> object:
    return desk.call("TagQueue", QueueUrl=desk.url("orders"), Tags={"a": "1", "b": "2"})


def permit(desk: Desk) -> object:
    return desk.call("AddPermission", QueueUrl=desk.url("orders"), Label="mine",
                     AWSAccountIds=["111122223333"], Actions=["SendMessage"])  # fmt: skip


def batch(*bodies: str) -> Fields:
    return {"Entries": json.dumps([{"Id": body, "MessageBody": body} for body in bodies])}


CASES = [
    Case(
        "AddPermission",
        lambda desk: {"Label": "mine", "AWSAccountIds": "111122223333", "Actions": ["SendMessage"]},
        lambda desk, page: '"Sid":"mine"' in attribute(desk, "Policy"),
    ),
    Case(
        "CancelMessageMoveTask",
        lambda desk: {"TaskHandle": task(desk)["TaskHandle"]},
        lambda desk, page: task(desk)["Status"] == "CANCELLING",
        moving,
    ),
    Case(
        "ChangeMessageVisibility",
        lambda desk: {"ReceiptHandle": handles(desk)[0], "VisibilityTimeout": "0"},
        lambda desk, page: waiting(desk) == (1, 1),
        receive,
    ),
    Case(
        "ChangeMessageVisibilityBatch",
        lambda desk: {"Entries": handles(desk), "VisibilityTimeout": "0"},
        lambda desk, page: waiting(desk) == (2, 0) and "2 changed." in page,
        receive,
    ),
    Case(
        "CreateQueue",
        lambda desk: {"QueueName": "fresh", "VisibilityTimeout": "7", "tags": "team=pay"},
        lambda desk, page: attribute(desk, "VisibilityTimeout", "fresh") == "7",
    ),
    Case(
        "DeleteMessage",
        lambda desk: {"ReceiptHandle": handles(desk)[0]},
        lambda desk, page: waiting(desk) == (0, 1) and len(handles(desk)) == 1,
        receive,
    ),
    Case(
        "DeleteMessageBatch",
        lambda desk: {"Entries": handles(desk)},
        lambda desk, page: waiting(desk) == (0, 0) and handles(desk) == [],
        receive,
    ),
    Case(
        "DeleteQueue",
        lambda desk: {},
        lambda desk, page: "QueueUrls" not in desk.call("ListQueues"),
    ),
    Case(
        "GetQueueAttributes",
        lambda desk: {"AttributeNames": "DelaySeconds"},
        lambda desk, page: '"DelaySeconds": "0"' in page,
    ),
    Case(
        "GetQueueUrl",
        lambda desk: {"QueueName": "orders"},
        lambda desk, page: f'"QueueUrl": "{desk.url("orders")}"' in page,
    ),
    Case(
        "ListDeadLetterSourceQueues",
        lambda desk: {},
        lambda desk, page: desk.url("source") in page,
        dead,
    ),
    Case(
        "ListMessageMoveTasks",
        lambda desk: {"MaxResults": "10"},
        lambda desk, page: '"Status": "RUNNING"' in page,
        moving,
    ),
    Case("ListQueueTags", lambda desk: {}, lambda desk, page: '"b": "2"' in page, tag),
    Case(
        "ListQueues",
        lambda desk: {"QueueNamePrefix": "ord"},
        lambda desk, page: desk.url("orders") in page,
    ),
    Case("PurgeQueue", lambda desk: {}, lambda desk, page: waiting(desk) == (0, 0), receive),
    Case(
        "ReceiveMessage",
        lambda desk: {"MaxNumberOfMessages": "2", "MessageSystemAttributeNames": "All"},
        lambda desk, page: waiting(desk) == (0, 1) and '"ApproximateReceiveCount": "1"' in page,
        lambda desk: desk.send("a"),
    ),
    Case(
        "RemovePermission",
        lambda desk: {"Label": "mine"},
        lambda desk, page: attribute(desk, "Policy") == "",
        permit,
    ),
    Case(
        "SendMessage",
        lambda desk: {
            "MessageBody": "x",
            "MessageAttributes": '{"raw": {"DataType": "Binary", "BinaryValue": "AAE="}}',
        },
        lambda desk, page: (
            desk.call("ReceiveMessage", QueueUrl=desk.url("orders"), MessageAttributeNames=["All"])[
                "Messages"
            ][0]["MessageAttributes"]["raw"]["BinaryValue"]
            == b"\0\1"
        ),
    ),
    Case(
        "SendMessageBatch",
        lambda desk: batch("a", "b"),
        lambda desk, page: waiting(desk) == (2, 0) and "2 sent." in page,
    ),
    Case(
        "SetQueueAttributes",
        lambda desk: {
            "VisibilityTimeout": "45",
            "MaximumMessageSize": "2048",
            "redrive_permission": "byQueue",
            "source_queues": [desk.arn("other")],
            "SqsManagedSseEnabled": "false",
        },
        lambda desk, page: (
            (
                attribute(desk, "VisibilityTimeout"),
                attribute(desk, "MaximumMessageSize"),
                attribute(desk, "SqsManagedSseEnabled"),
                json.loads(attribute(desk, "RedriveAllowPolicy")),
            )
            == (
                "45",
                "2048",
                "false",
                {"redrivePermission": "byQueue", "sourceQueueArns": [desk.arn("other")]},
            )
        ),
        lambda desk: desk.create("other"),
    ),
    Case(
        "StartMessageMoveTask",
        lambda desk: {"MaxNumberOfMessagesPerSecond": "5"},
        lambda desk, page: task(desk)["MaxNumberOfMessagesPerSecond"] == 5,
        dead,
    ),
    Case(
        "TagQueue",
        lambda desk: {"Tags": "team=pay\ncost centre=7"},
        lambda desk, page: tags(desk) == {"team": "pay", "cost centre": "7"},
    ),
    Case(
        "UntagQueue",
        lambda desk: {"TagKeys": ["a"]},
        lambda desk, page: tags(desk) == {"b": "2"},
        tag,
    ),
]


def post(desk: Desk, operation: str, **fields: Any) -> HttpResponse:
    return desk.post(f"sqs/op/{operation}/", arn=desk.arn("orders"), **fields)


def test_every_operation_of_sqs_has_a_form() -> None:
    operations = set(registry.SERVICES["sqs"].operations)
    assert len(operations) == 23
    assert {form.operation for form in FORMS.values()} == operations
    assert set(FORMS) == operations | {POLICY}
    assert sorted(key for group in GROUPS for key in group.keys) == sorted(FORMS)
    assert {case.operation for case in CASES} == operations


def test_permissions_are_those_that_sqs_grants() -> None:
    assert set(GRANTABLE) == permissions.GRANTABLE


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation)
def test_an_operation_is_done(desk: Desk, case: Case) -> None:
    desk.create()
    case.before(desk)
    response = post(desk, case.operation, **case.fields(desk))
    assert response.status_code == 200, text_of(response)
    page = text_of(response)
    if case.operation != "DeleteQueue":
        assert f"X-Amz-Target: AmazonSQS.{case.operation}" in page
        assert "HTTP/1.1 200" in page
        assert f"new {case.operation}Command(" in page
    assert case.seen(desk, page)


@pytest.mark.parametrize("key", FORMS)
@pytest.mark.parametrize("name", ["orders", "orders.fifo"])
def test_every_form_opens_with_its_call(desk: Desk, key: str, name: str) -> None:
    desk.create(name, **({"FifoQueue": "true"} if name.endswith("fifo") else {}))
    before = desk.last_seq()
    response = desk.get(f"sqs/op/{key}/", arn=desk.arn(name))
    assert response.status_code == 200
    assert f"{FORMS[key].operation}Command" in text_of(response)
    assert desk.last_seq() == before


def test_a_refused_call_shows_the_answer_of_the_wire(desk: Desk) -> None:
    desk.create()
    response = post(desk, "StartMessageMoveTask")
    assert response.status_code == 422
    page = text_of(response)
    assert "HTTP/1.1 400" in page
    assert '"message": "Source queue must be configured as a Dead Letter Queue."' in page
    assert "X-Amzn-Query-Error: InvalidParameterValue;Sender" in page


def test_a_batch_tells_each_entry_s_fate(desk: Desk) -> None:
    desk.create()
    entries = [
        {"Id": "good", "MessageBody": "x"},
        {"Id": "late", "MessageBody": "x", "DelaySeconds": 901},
    ]
    page = text_of(post(desk, "SendMessageBatch", Entries=json.dumps(entries)))
    assert "1 sent. 1 failed alone" in page
    assert "late InvalidParameterValue: Value 901 for parameter DelaySeconds is invalid" in page
    assert waiting(desk) == (1, 0)


def test_handles_of_another_queue_are_not_offered(desk: Desk) -> None:
    desk.create()
    desk.create("other")
    receive(desk)
    assert len(handles(desk)) == 2
    other = desk.get("sqs/op/DeleteMessageBatch/", arn=desk.arn("other"))
    assert "This browser holds no receipt handle of this queue." in text_of(other)


def test_a_second_purge_says_how_long_to_wait(desk: Desk) -> None:
    desk.create()
    first = text_of(post(desk, "PurgeQueue"))
    assert "orders purged." in first
    assert "The next purge is allowed in 60 s" in first
    again = post(desk, "PurgeQueue")
    assert again.status_code == 422
    assert "PurgeQueueInProgress" in text_of(again)


def test_a_redrive_is_followed_while_it_runs(desk: Desk) -> None:
    desk.create()
    moving(desk)
    page = desk.get("sqs/moves/", arn=desk.arn("orders")).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "0 of 1 moved" in page
    assert '<progress max="1" value="0"' in page
    desk.call("CancelMessageMoveTask", TaskHandle=task(desk)["TaskHandle"])
    assert desk.get("sqs/moves/", arn="arn:aws:sqs:x:1:gone").status_code == 286


def test_an_unknown_form_is_not_there(desk: Desk) -> None:
    desk.create()
    assert desk.get("sqs/op/DropQueue/", arn=desk.arn("orders")).status_code == 404
    gone = desk.get("sqs/op/PurgeQueue/", arn=desk.arn("never"))
    assert gone.headers["HX-Retarget"] == "#panel"
