"""REST with JSON bodies."""

from functools import partial
from typing import Any

import orjson
from botocore.model import OperationModel, Shape

from messaging.kernel.errors import AwsError
from messaging.wire import (
    document_reading,
    document_writing,
    errors,
    eventstream,
    rest_reading,
    rest_writing,
    shapes,
)
from messaging.wire.request import Request, Response
from messaging.wire.shapes import stream_of
from messaging.wire.validate import Flaw, malformed, refusal

NAME = "rest-json"


def parse(request: Request, operation: OperationModel) -> dict[str, Any]:
    """Read the parameters of a request; raises AwsError."""
    try:
        return rest_reading.read(request, operation, partial(_read_body, operation))
    except orjson.JSONDecodeError:
        service = operation.service_model.service_name
        raise malformed("The request is not valid JSON.", service, NAME) from None
    except Flaw as flaw:
        raise refusal(flaw, operation, NAME) from None


def serialise(result: dict[str, Any], operation: OperationModel, request_id: str) -> Response:
    """Write the result of an operation."""
    stream = stream_of(operation)
    if stream is not None:
        placed = {name: value for name, value in result.items() if name != stream}
        response = rest_writing.write(placed, operation, partial(_write_body, operation))
        response.body = eventstream.encode(result, operation, "application/json")
        response.headers = [item for item in response.headers if item[0] != b"content-type"]
        response.headers.append((b"content-type", eventstream.CONTENT_TYPE))
    else:
        response = rest_writing.write(result, operation, partial(_write_body, operation))
    if response.body and not any(name == b"content-type" for name, _ in response.headers):
        response.headers.append((b"content-type", b"application/json"))
    response.headers.append((b"x-amzn-requestid", request_id.encode()))
    return response


def serialise_error(
    error: AwsError, operation: OperationModel | None, service: str, request_id: str
) -> Response:
    return errors.rest_json_error(error, service, request_id)


def _read_body(operation: OperationModel, body: bytes, shape: Shape) -> Any:
    read = document_reading.readers(operation.service_model, shapes.JSON).need(shape)
    return read(orjson.loads(body) if body else {})


def _write_body(operation: OperationModel, value: Any, shape: Shape) -> bytes:
    write = document_writing.writers(operation.service_model, shapes.JSON).of(shape)
    return orjson.dumps(write(value) if write else value)
