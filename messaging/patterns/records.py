"""What polls a queue, a function or a pipe: the records it sees, and the filters that they pass.

A message passes that any of the patterns matches; its body counts as JSON where it is an object or
an array, and as text otherwise.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from messaging.kernel.arns import parse_arn
from messaging.patterns.dialects import PIPE
from messaging.patterns.matching import matches
from messaging.patterns.parsing import InvalidPattern, parse
from messaging.patterns.tree import Pattern


def find_flaw(pattern: str) -> str:
    """Return what is wrong with a pattern, or ""."""
    try:
        _read(pattern)
    except InvalidPattern as error:
        return error.reason
    return ""


def passes(patterns: Sequence[str], record: Mapping[str, Any]) -> bool:
    """Tell whether a message passes; without patterns all do."""
    if not patterns:
        return True
    event = {**record, "body": content(record.get("body"))}
    return any(matches(_read(pattern), event) for pattern in patterns)


def content(body: Any) -> Any:
    """Return a body as JSON where it is an object or an array; as it is otherwise."""
    if not isinstance(body, str):
        return body
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return body
    return found if isinstance(found, dict | list) else body


def record(message: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Return a received message as pipes and functions see it."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": source,
        "awsRegion": parse_arn(source).region,
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "dataType": value["DataType"],
        "stringValue": value.get("StringValue"),
        "stringListValues": [],
        "binaryListValues": [],
    }


@lru_cache(512)
def _read(pattern: str) -> Pattern:
    return parse(pattern, PIPE)
