"""The JavaScript that a form shows is the call: Node runs it against a client that listens."""

import json
import subprocess
from typing import Any

import pytest

from dashboard.console.equivalents import equivalent

pytestmark = pytest.mark.needs("node")

LISTENER = """
let heard = null;
class SQSClient { async send(command) { heard = [command.constructor.name, command.input]; } }
class %sCommand { constructor(input) { this.input = input; } }
"""
TELL = """
const told = JSON.stringify(heard, (key, value) =>
  value?.type === "Buffer" ? {bytes: Buffer.from(value.data).toString("hex")} : value);
process.stdout.write(told);
"""
URL = "http://127.0.0.1:8000/402177851930/orders"
RUDE = 'it\'s "quoted" `${x}` \\ \n\u2028 é </script>'
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("SendMessage", {"QueueUrl": URL, "MessageBody": RUDE}),
    ("SendMessageBatch", {"Entries": [{"Id": "a", "MessageBody": "x", "DelaySeconds": 3}]}),
    ("TagQueue", {"Tags": {"__proto__": "a", "cost centre": "7", "plain": ""}}),
    ("ReceiveMessage", {"AttributeNames": ["All"], "MaxNumberOfMessages": 1}),
    ("ListQueues", {}),
    ("SendMessage", {"MessageAttributes": {"raw": {"BinaryValue": b"\x00\xff"}}}),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "params"), CALLS)
def test_the_javascript_is_the_call(operation: str, params: dict[str, Any]) -> None:
    text = equivalent("sqs", operation, params)["javascript"]
    first, _, rest = text.partition("\n")
    assert first == f'import {{SQSClient, {operation}Command}} from "@aws-sdk/client-sqs";'
    script = LISTENER % operation + rest + TELL
    done = subprocess.run(
        ["node", "--input-type=module", "-"],
        input=script, capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    expected = json.loads(json.dumps(params, default=lambda content: {"bytes": content.hex()}))
    assert json.loads(done.stdout) == [f"{operation}Command", expected]
