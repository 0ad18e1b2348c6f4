"""The command palette: lines of the AWS CLI, run as the console, with the CLI's own words."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.palette import shorthand
from dashboard.palette.line import LONGEST, order_of
from dashboard.palette.words import Usage, described
from tests.dashboard.conftest import Desk
from tests.fixtures.engine import ACCOUNT

URL = "http://h/1/q"


def params(line: str) -> dict[str, Any]:
    return dict(order_of(line).params)


def refusal(line: str) -> str:
    with pytest.raises(Usage) as caught:
        order_of(line)
    return str(caught.value)


def say(desk: Desk, line: str) -> dict[str, Any]:
    response = desk.post("palette/", line=line)
    assert response.status_code == 200
    return dict(json.loads(response.content))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("aws sqs list-queues", {}),
        ("aws sqs list-queues --queue-name-prefix=or", {"QueueNamePrefix": "or"}),
        (
            "aws sqs receive-message --queue-url q --max-number-of-messages 3",
            {"QueueUrl": "q", "MaxNumberOfMessages": 3},
        ),
        (
            "aws sqs receive-message --queue-url q --message-attribute-names a b",
            {"QueueUrl": "q", "MessageAttributeNames": ["a", "b"]},
        ),
        (
            "aws --region eu-west-1 sqs send-message --queue-url q --message-body 'a b'"
            " --endpoint-url http://x --no-cli-pager --output json",
            {"QueueUrl": "q", "MessageBody": "a b"},
        ),
        (
            "aws sqs send-message --queue-url q --message-body x \\\n  --delay-seconds 5",
            {"QueueUrl": "q", "MessageBody": "x", "DelaySeconds": 5},
        ),
        (
            "aws sqs create-queue --queue-name q --attributes DelaySeconds=5,FifoQueue=true",
            {"QueueName": "q", "Attributes": {"DelaySeconds": "5", "FifoQueue": "true"}},
        ),
        (
            """aws sqs create-queue --queue-name q --attributes '{"DelaySeconds": "5"}'""",
            {"QueueName": "q", "Attributes": {"DelaySeconds": "5"}},
        ),
        (
            "aws sqs send-message-batch --queue-url q --entries"
            " Id=1,MessageBody=a,DelaySeconds=2 Id=2,MessageBody='b=c'",
            {
                "QueueUrl": "q",
                "Entries": [
                    {"Id": "1", "MessageBody": "a", "DelaySeconds": 2},
                    {"Id": "2", "MessageBody": "b=c"},
                ],
            },
        ),
        (
            "aws sqs send-message --queue-url q --message-body x --message-attributes"
            " 'c={DataType=Binary,BinaryValue=aGk=}'",
            {
                "QueueUrl": "q",
                "MessageBody": "x",
                "MessageAttributes": {"c": {"DataType": "Binary", "BinaryValue": b"hi"}},
            },
        ),
        (
            """aws sqs send-message --cli-input-json '{"QueueUrl": "q", "MessageBody": "-x"}'""",
            {"QueueUrl": "q", "MessageBody": "-x"},
        ),
    ],
)
def test_lines_become_parameters(line: str, expected: dict[str, Any]) -> None:
    assert params(line) == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ls -l", "A line begins with aws"),
        ("aws", "the following arguments are required: command"),
        ("aws s3 ls", "argument command: Invalid choice, valid choices are:"),
        ("aws sqs recieve-message", "maybe you meant:\n\n  * receive-message"),
        ("aws sqs receive-message", "the following arguments are required: --queue-url"),
        ("aws sqs list-queues --colour red", "Unknown options: --colour, red"),
        ("aws sqs list-queues --max-results", "argument --max-results: expected one argument"),
        (
            "aws sqs list-queues --max-results ten",
            "invalid literal for int() with base 10: 'ten'",
        ),
        (
            "aws sqs create-queue --queue-name q --attributes DelaySeconds",
            "Error parsing parameter '--attributes': Expected: '=', received: 'EOF' for input:",
        ),
        (
            "aws sqs create-queue --queue-name q --attributes '{\"a\": }'",
            "Error parsing parameter '--attributes': Invalid JSON: Expecting value",
        ),
        (
            "aws sqs send-message-batch --queue-url q --entries MessageBody=a",
            'Parameter validation failed:\nMissing required parameter in Entries[0]: "Id"',
        ),
        (
            "aws sqs send-message-batch --queue-url q --entries Id=1,MessageBody=a,Nope=1",
            'Unknown parameter in Entries[0]: "Nope"',
        ),
        ("aws sqs send-message --queue-url q --message-body 'a", "Close the quotes"),
        ("aws sqs list-queues --output text", "Output is shown as json here"),
        ("aws sqs list-queues | jq .", "Unknown options: |, jq, ."),
    ],
)
def test_wrong_lines_say_what_is_wrong(line: str, words: str) -> None:
    assert words in refusal(line)


def test_no_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    for scheme in ("file://", "fileb://"):
        said = refusal(f"aws sqs send-message --queue-url q --message-body {scheme}{secret}")
        assert "no file is read here" in said
        assert "secret words" not in said


def test_hostile_lines_end_at_once_and_run_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    base = "aws sqs send-message --queue-url q --message-body"
    for word in (f"$(touch {mark})", f"`touch {mark}`", f"x;touch {mark}", f"x&&touch {mark}"):
        try:
            order_of(f"{base} {word}")
        except Usage as error:
            assert "Unknown options" in str(error)
    assert params(f"{base} '$(touch {mark})'")["MessageBody"] == f"$(touch {mark})"
    assert not mark.exists()
    assert "1,000,000 characters" in refusal("a" * 1_000_000)
    assert "Nested" in refusal(f"aws sqs create-queue --queue-name q --attributes {'a={' * 9_000}")
    deep = "[" * 60_000
    assert "Error parsing" in refusal(f"aws sqs send-message-batch --queue-url q --entries {deep}")
    assert "Error parsing" in refusal(f"aws sqs list-queues --max-results {'9' * 20_000}")
    assert len(deep) < LONGEST


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=1", {"a": "1"}),
        ("a=1,2,b=3", {"a": ["1", "2"], "b": "3"}),
        ("a=[1,2],b={c=d,e=f}", {"a": ["1", "2"], "b": {"c": "d", "e": "f"}}),
        ('a=\'x,y\',b="p\\"q"', {"a": "x,y", "b": 'p"q'}),
        ("a=,b=2", {"a": "", "b": "2"}),
    ],
)
def test_shorthand(text: str, value: dict[str, Any]) -> None:
    assert shorthand.parse(text) == value


def test_a_line_runs_as_the_console_and_answers_as_the_cli(desk: Desk) -> None:
    made = say(desk, "aws sqs create-queue --queue-name orders")
    assert made["ok"]
    assert json.loads(made["text"]) == {"QueueUrl": f"http://testserver/{ACCOUNT}/orders"}
    assert say(desk, "aws sqs send-message --queue-url orders --message-body hello")["ok"]
    got = say(desk, "aws sqs receive-message --queue-url orders --max-number-of-messages 3")
    assert json.loads(got["text"])["Messages"][0]["Body"] == "hello"
    assert '    "Messages": [' in got["text"]
    assert [event["by"] for event in desk.events("sqs.MessageReceived")] == ["console"]
    assert say(desk, "aws sqs purge-queue --queue-url orders") == {
        "ok": True, "text": "", "operation": "PurgeQueue",
    }  # fmt: skip


def test_an_error_of_aws_reads_as_in_the_cli(desk: Desk) -> None:
    answer = say(desk, "aws sqs receive-message --queue-url nothing")
    assert not answer["ok"]
    assert answer["text"] == (
        "An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the"
        " ReceiveMessage operation: The specified queue does not exist."
    )


def test_a_body_comes_back_as_data(desk: Desk) -> None:
    desk.create()
    desk.send("<script>alert(1)</script>")
    response = desk.post("palette/", line="aws sqs receive-message --queue-url orders")
    assert response.headers["Content-Type"] == "application/json"
    assert "<script>alert(1)</script>" in json.loads(response.content)["text"]


def test_only_who_may_see_the_sandbox_runs_lines(desk: Desk, settings: Any) -> None:
    settings.MODE = "classroom"
    assert desk.post("palette/", line="aws sqs list-queues").status_code == 302
    assert desk.get("palette/model/").status_code == 302
    assert desk.get("palette/").status_code == 405


def test_another_site_cannot_run_lines_or_replays(desk: Desk) -> None:
    desk.create()
    stranger = Client(enforce_csrf_checks=True)
    for path in ("palette/", f"requests/{desk.last_seq()}/replay/"):
        answer = stranger.post(f"/s/{desk.sandbox.slug}/{path}", {"line": "aws sqs list-queues"})
        assert answer.status_code == 403


def test_completion_knows_every_operation_and_option(desk: Desk) -> None:
    answer = json.loads(desk.get("palette/model/").content)
    assert answer == {"commands": described()}
    found = {one["line"]: one["options"] for one in answer["commands"]}
    assert len([line for line in found if line.startswith("aws sqs ")]) == 23
    options = [option["name"] for option in found["aws sqs receive-message"]]
    assert "--max-number-of-messages" in options
