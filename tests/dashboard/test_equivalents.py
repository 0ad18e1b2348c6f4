"""What the panel says to type is what the AWS CLI and boto3 understand as the same call."""

import json
import subprocess
from typing import Any

import pytest
from awscli.clidriver import CLIOperationCaller, create_clidriver
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.console.equivalents import equivalent

URL = "http://127.0.0.1:8000/402177851930/orders"
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("SendMessage", {"QueueUrl": URL, "MessageBody": 'it\'s "quoted" $HOME `id` \\ \n end'}),
    ("SendMessage", {"QueueUrl": URL, "MessageBody": "-5", "DelaySeconds": 3}),
    ("SendMessage", {"QueueUrl": URL, "MessageBody": "file:///etc/hostname"}),
    ("SendMessage", {"QueueUrl": URL, "MessageBody": "https://example.com/"}),
    ("ReceiveMessage", {"QueueUrl": URL, "MaxNumberOfMessages": 1, "WaitTimeSeconds": 0}),
    ("GetQueueAttributes", {"QueueUrl": URL, "AttributeNames": ["All"]}),
    ("DeleteMessage", {"QueueUrl": URL, "ReceiptHandle": "AQEB=="}),
    ("SetQueueAttributes", {"QueueUrl": URL, "Attributes": {"RedrivePolicy": '{"a": "b,c"}'}}),
    ("CreateQueue", {"QueueName": "x.fifo", "Attributes": {"FifoQueue": "true"}}),
]


def words_of(text: str) -> list[str]:
    """Return the arguments that a shell hands to the program ``aws``."""
    script = f"aws() {{ printf '%s\\0' \"$@\"; }}\n{text}"
    done = subprocess.run(
        ["sh"], input=script.encode(), capture_output=True, check=True, timeout=10
    )
    return done.stdout.decode().split("\0")[:-1]


def cli_parameters(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, Any]]:
    """Return the operation and parameters that the real AWS CLI makes of a command line."""
    heard: list[tuple[str, dict[str, Any]]] = []

    def invoke(self: Any, service: str, operation: str, parameters: Any, options: Any) -> int:
        heard.append((operation, dict(parameters)))
        return 0

    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setattr(CLIOperationCaller, "invoke", invoke)
    assert create_clidriver().main(words_of(text)) == 0
    return heard[0]


class Recorder:
    """Stands for boto3 and for a client of it."""

    def __init__(self) -> None:
        self.heard: dict[str, dict[str, Any]] = {}

    def client(self, service: str) -> "Recorder":
        assert service == "sqs"
        return self

    def __getattr__(self, name: str) -> Any:
        return lambda **params: self.heard.update({name: params})


@pytest.mark.parametrize(("operation", "params"), CALLS)
def test_the_cli_line_is_the_call(
    operation: str, params: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = equivalent("sqs", operation, params)["cli"]
    assert cli_parameters(text, monkeypatch) == (operation, params)


@pytest.mark.parametrize(("operation", "params"), CALLS)
def test_the_boto3_line_is_the_call(operation: str, params: dict[str, Any]) -> None:
    recorder = Recorder()
    text = equivalent("sqs", operation, params)["boto3"].replace("import boto3", "")
    exec(text, {"boto3": recorder})
    assert list(recorder.heard.values()) == [params]


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_body_survives_the_shell(body: str) -> None:
    text = equivalent("sqs", "SendMessage", {"MessageBody": body})["cli"]
    _, _, option, value = words_of(text)
    assert (option, value) == ("--message-body", body) or json.loads(value) == {"MessageBody": body}
