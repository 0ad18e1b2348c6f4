"""A message as calls of the AWS CLI: one that sends its like, one that receives from its queue."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final

from dashboard.console.equivalents import equivalent

# A longer body does not belong on a command line.
_BODY_MOST: Final = 20_000


def send(message: Mapping[str, Any], url: str) -> str:
    """Return the call that sends such a message again, or nothing for one with a huge body."""
    if len(message["body"]) > _BODY_MOST:
        return ""
    params: dict[str, Any] = {"QueueUrl": url, "MessageBody": message["body"]}
    if message["attributes"]:
        params["MessageAttributes"] = {
            name: _attribute(one) for name, one in sorted(message["attributes"].items())
        }
    if message["group"]:
        params["MessageGroupId"] = message["group"]
    if message["fifo"] and message["dedup_id"]:
        params["MessageDeduplicationId"] = message["dedup_id"]
    return equivalent("sqs", "SendMessage", params)["cli"]


def receive(url: str) -> str:
    """Return the call that receives one message of the queue, with all that SQS knows of it."""
    params = {
        "QueueUrl": url,
        "MaxNumberOfMessages": 1,
        "MessageSystemAttributeNames": ["All"],
        "MessageAttributeNames": ["All"],
    }
    return equivalent("sqs", "ReceiveMessage", params)["cli"]


def _attribute(one: Mapping[str, str]) -> dict[str, Any]:
    if one["type"].partition(".")[0] == "Binary":
        return {"DataType": one["type"], "BinaryValue": b64decode(one["value"])}
    return {"DataType": one["type"], "StringValue": one["value"]}
