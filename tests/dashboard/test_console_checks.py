"""What a form says while somebody types: the words of AWS, beside the field they are about."""

import html
import json
import re
from typing import Any

import pytest

from dashboard.console.policy_lines import line_of, statement_starts
from messaging.kernel.errors import AwsError
from tests.dashboard.conftest import Desk

SLOT = re.compile(r'<div class="says" id="(\w+)-(\w+)_error"[^>]*>(.*?)</div>', re.DOTALL)
KEY = "alias/mine"


def says(desk: Desk, key: str, arn: str, **fields: Any) -> dict[str, str]:
    """Return what stands beside each field."""
    before = desk.last_seq()
    response = desk.post(f"sqs/op/{key}/check/", arn=arn, **fields)
    assert response.status_code == 200
    assert desk.last_seq() == before
    page = response.content.decode()
    found = {name: " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
             for _, name, text in SLOT.findall(page)}  # fmt: skip
    return {name: text for name, text in found.items() if text}


BAD: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("SendMessage", "DelaySeconds", {"MessageBody": "x", "DelaySeconds": "901"},
     {"MessageBody": "x", "DelaySeconds": 901}),
    ("SendMessage", "MessageBody", {"MessageBody": "\x01"}, {"MessageBody": "\x01"}),
    ("SendMessage", "MessageGroupId", {"MessageBody": "x", "MessageGroupId": "a b"},
     {"MessageBody": "x", "MessageGroupId": "a b"}),
    ("SendMessage", "MessageAttributes",
     {"MessageBody": "x", "MessageAttributes": '{"n": {"DataType": "Number", "StringValue": "x"}}'},
     {"MessageBody": "x",
      "MessageAttributes": {"n": {"DataType": "Number", "StringValue": "x"}}}),
    ("SendMessageBatch", "Entries", {"Entries": "[]"}, {"Entries": []}),
    ("SendMessageBatch", "Entries", {"Entries": '[{"Id": "a b", "MessageBody": "x"}]'},
     {"Entries": [{"Id": "a b", "MessageBody": "x"}]}),
    ("ReceiveMessage", "MaxNumberOfMessages", {"MaxNumberOfMessages": "11"},
     {"MaxNumberOfMessages": 11}),
    ("ReceiveMessage", "VisibilityTimeout", {"VisibilityTimeout": "43201"},
     {"VisibilityTimeout": 43201}),
    ("CreateQueue", "QueueName", {"QueueName": "no spaces"}, {"QueueName": "no spaces"}),
    ("CreateQueue", "DelaySeconds", {"QueueName": "q", "DelaySeconds": "901"},
     {"QueueName": "q", "Attributes": {"DelaySeconds": "901"}}),
    ("CreateQueue", "DeduplicationScope",
     {"QueueName": "q.fifo", "FifoThroughputLimit": "perMessageGroupId",
      "DeduplicationScope": "queue"},
     {"QueueName": "q.fifo",
      "Attributes": {"FifoQueue": "true", "FifoThroughputLimit": "perMessageGroupId"}}),
    ("SetQueueAttributes", "MaximumMessageSize", {"MaximumMessageSize": "1"},
     {"Attributes": {"MaximumMessageSize": "1"}}),
    ("SetQueueAttributes", "KmsMasterKeyId",
     {"KmsMasterKeyId": "a key"}, {"Attributes": {"KmsMasterKeyId": "a key"}}),
    ("TagQueue", "Tags", {"Tags": "aws:x=1"}, {"Tags": {"aws:x": "1"}}),
    ("AddPermission", "Label",
     {"Label": "a b", "AWSAccountIds": "111122223333", "Actions": "SendMessage"},
     {"Label": "a b", "AWSAccountIds": ["111122223333"], "Actions": ["SendMessage"]}),
    ("AddPermission", "AWSAccountIds",
     {"Label": "a", "AWSAccountIds": "12", "Actions": "SendMessage"},
     {"Label": "a", "AWSAccountIds": ["12"], "Actions": ["SendMessage"]}),
    ("ListQueues", "MaxResults", {"MaxResults": "1001"}, {"MaxResults": 1001}),
    ("StartMessageMoveTask", "MaxNumberOfMessagesPerSecond",
     {"MaxNumberOfMessagesPerSecond": "501"}, {"MaxNumberOfMessagesPerSecond": 501}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "field", "fields", "params"), BAD, ids=lambda part: str(part)[:30]
)
def test_a_check_says_what_the_call_would_say(
    desk: Desk, operation: str, field: str, fields: dict[str, Any], params: dict[str, Any]
) -> None:
    arn = desk.create()
    if operation == "StartMessageMoveTask":
        policy = {"deadLetterTargetArn": arn, "maxReceiveCount": 1}
        desk.create("source", RedrivePolicy=json.dumps(policy))
        params = params | {"SourceArn": arn}
    elif operation not in ("CreateQueue", "ListQueues"):
        params = params | {"QueueUrl": desk.url("orders")}
    told = says(desk, operation, "" if operation == "CreateQueue" else arn, **fields)
    with pytest.raises(AwsError) as refused:
        desk.call(operation, **params)
    assert told == {field: " ".join(str(refused.value).split())}


def test_each_wrong_field_has_its_own_answer(desk: Desk) -> None:
    told = says(
        desk, "SetQueueAttributes", desk.create(), VisibilityTimeout="43201", DelaySeconds="901"
    )
    assert set(told) == {"VisibilityTimeout", "DelaySeconds"}


def test_a_field_that_nobody_has_come_to_says_nothing(desk: Desk) -> None:
    arn = desk.create()
    assert says(desk, "SendMessage", arn) == {}
    told = says(desk, "SendMessage", arn, touched="MessageBody")
    assert told == {
        "MessageBody": "MissingParameter: The request must contain the parameter MessageBody."
    }


def test_a_check_shows_the_call_as_it_is_by_now(desk: Desk) -> None:
    arn = desk.create()
    response = desk.post("sqs/op/SendMessage/check/", arn=arn, MessageBody="by now")
    page = html.unescape(response.content.decode())
    assert "--message-body 'by now'" in page
    assert "MessageBody='by now'" in page
    assert 'MessageBody: "by now"' in page


def test_json_tells_its_line(desk: Desk) -> None:
    told = says(desk, "SendMessageBatch", desk.create(), Entries='[\n{"Id": }\n]')
    assert told["Entries"].startswith("Line 2, column 8: ")


POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": "sqs:*"},
    {"Sid": "b",
     "Effect": "Maybe", "Principal": "*", "Action": "sqs:*"}
  ]
}"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("", "", "Line 6: statement 1: Effect must be Allow or Deny."),
        ('"Maybe", "Principal": "*", ', '"Deny", ', "Line 5: statement 1 has no Principal."),
        ('"Maybe"', '"Deny", "Colour": 1', "Line 6: statement 1 has the unknown element Colour."),
        ("2012-10-17", "2013", "Line 2: Version must be one of 2008-10-17, 2012-10-17."),
        ('"Sid": "b"', '"Sid": "a"', "Line 6: statement 1: Effect must be Allow or Deny."),
    ],
)
def test_a_policy_tells_its_line(desk: Desk, old: str, new: str, line: str) -> None:
    text = POLICY.replace(old, new, 1) if old else POLICY
    assert says(desk, "Policy", desk.create(), Policy=text) == {"Policy": line}


def test_lines_of_statements() -> None:
    assert statement_starts("{}") == []
    assert len(statement_starts(POLICY)) == 2
    assert statement_starts('{"Statement": {"Effect": "x"}}') == [14]
    assert line_of("{}", "statement 3 has no Action") is None


def verdict(desk: Desk, policy: str, **fields: str) -> str:
    asked = {"principal": "*", "action": "SendMessage", "secure": "true"} | fields
    page = desk.post("sqs/policy/", arn=desk.arn("orders"), Policy=policy, **asked).content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_policy_is_tried_with_its_templates(desk: Desk) -> None:
    arn = desk.create()
    page = desk.get("sqs/op/Policy/", arn=arn).content.decode()
    texts = [html.unescape(text) for text in re.findall(r'data-text="([^"]+)"', page)]
    own, topic, secure = texts
    mine = {"principal": f"arn:aws:iam::{arn.split(':')[4]}:root"}
    other = {"principal": "arn:aws:iam::111122223333:root"}
    sns = {"principal": "sns.amazonaws.com"}
    source = json.loads(topic)["Statement"][0]["Condition"]["ArnEquals"]["aws:SourceArn"]
    assert verdict(desk, own, **mine).startswith("Implicit deny. No statement allows this.")
    assert "own account needs no allow" in verdict(desk, own, **mine)
    assert "(OnlyThisAccount)" in verdict(desk, own, **other)
    assert verdict(desk, topic, **sns).startswith("Implicit deny.")
    allowed = verdict(desk, topic, **sns, source_arn=source)
    assert allowed == "Allow. Allowed by statement 0 (TopicMaySend). Line 4."
    assert verdict(desk, secure, **mine, secure="false").startswith(
        "Explicit deny. Denied by statement 0 (DenyInsecure). It wins over every allow."
    )
    assert verdict(desk, "", **mine).startswith("Implicit deny. There is no policy")
    assert verdict(desk, "{", **mine).startswith("Not evaluated. The policy cannot be read")
    for text in texts:
        assert desk.post("sqs/op/Policy/", arn=arn, Policy=text).status_code == 200
    told = desk.call("GetQueueAttributes", QueueUrl=desk.url("orders"), AttributeNames=["Policy"])
    assert json.loads(told["Attributes"]["Policy"]) == json.loads(secure)
