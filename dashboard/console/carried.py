"""A call as the wire carries it: what the console sends and gets, as JSON that one can read."""

import json
from collections.abc import Mapping
from typing import Any, Final

import orjson

from messaging.kernel.errors import AwsError
from messaging.wire import aws_json, catalogue
from messaging.wire.request import Request, Response

_REQUEST_ID: Final = "made-by-the-console"
_SHOWN_HEADERS: Final = ("content-type", "x-amzn-query-error")


def read(operation: str, document: Mapping[str, Any], *, service: str = "sqs") -> dict[str, Any]:
    """Return the parameters that the wire makes of a request's JSON; raises AwsError."""
    model = catalogue.operation_of(service, operation)
    assert model is not None
    return aws_json.parse(Request("POST", "/", body=orjson.dumps(document)), model)


def request_text(operation: str, document: Mapping[str, Any]) -> str:
    """Return the request as it would be sent, without its signature."""
    lines = (
        "POST / HTTP/1.1",
        "Content-Type: application/x-amz-json-1.0",
        f"X-Amz-Target: AmazonSQS.{operation}",
        "",
        _pretty(document),
    )
    return "\n".join(lines)


def response_text(operation: str, result: Mapping[str, Any], *, service: str = "sqs") -> str:
    """Return the answer to a call that was done."""
    model = catalogue.operation_of(service, operation)
    assert model is not None
    return _shown(aws_json.serialise(dict(result), model, _REQUEST_ID))


def refusal_text(error: AwsError, *, service: str = "sqs") -> str:
    """Return the answer to a call that was refused."""
    return _shown(aws_json.serialise_error(error, None, service, _REQUEST_ID))


def _shown(response: Response) -> str:
    headers = {name.decode().lower(): value.decode() for name, value in response.headers}
    lines = [f"HTTP/1.1 {response.status}"]
    lines += [f"{name.title()}: {headers[name]}" for name in _SHOWN_HEADERS if name in headers]
    body = response.body if isinstance(response.body, bytes) else b""
    return "\n".join((*lines, "", _pretty(orjson.loads(body)) if body else ""))


def _pretty(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)
