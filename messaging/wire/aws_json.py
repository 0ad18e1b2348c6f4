"""JSON 1.0 and 1.1: the operation in ``X-Amz-Target``, one JSON object each way."""

from functools import cache
from typing import Any

import orjson
from botocore.model import OperationModel

from messaging.kernel.errors import AwsError
from messaging.wire import document_reading, document_writing, errors, eventstream, shapes
from messaging.wire.request import Request, Response
from messaging.wire.shapes import Made, stream_of
from messaging.wire.validate import Flaw, malformed, refusal

NAME = "json"


def parse(request: Request, operation: OperationModel) -> dict[str, Any]:
    """Read the parameters of a request; raises AwsError."""
    read = _reader(operation)
    try:
        document = orjson.loads(request.body) if request.body else {}
        if request.labels and type(document) is dict:
            document = request.labels | document
        return read(document)  # type: ignore[no-any-return]
    except orjson.JSONDecodeError:
        raise malformed("The request is not valid JSON.", _service(operation), NAME) from None
    except Flaw as flaw:
        raise refusal(flaw, operation, NAME) from None


def serialise(result: dict[str, Any], operation: OperationModel, request_id: str) -> Response:
    """Write the result of an operation."""
    write, content_type, stream = _writer(operation)
    headers = [(b"content-type", content_type), (b"x-amzn-requestid", request_id.encode())]
    if stream is not None:
        headers[0] = (b"content-type", eventstream.CONTENT_TYPE)
        return Response(200, headers, eventstream.encode(result, operation, content_type.decode()))
    if operation.output_shape is None:
        return Response(200, headers)
    return Response(200, headers, orjson.dumps(write(result) if write else result))


def serialise_error(
    error: AwsError, operation: OperationModel | None, service: str, request_id: str
) -> Response:
    return errors.json_error(error, service, request_id, version=_version(service))


@cache
def _reader(operation: OperationModel) -> Made:
    if operation.input_shape is None:
        return lambda document: {}
    return document_reading.readers(operation.service_model, shapes.JSON).need(
        operation.input_shape
    )


@cache
def _writer(operation: OperationModel) -> tuple[Made | None, bytes, str | None]:
    content_type = f"application/x-amz-json-{_version(_service(operation))}".encode()
    shape = operation.output_shape
    if shape is None:
        return None, content_type, None
    write = document_writing.writers(operation.service_model, shapes.JSON).of(shape)
    return write, content_type, stream_of(operation)


@cache
def _version(service: str) -> str:
    version: str = errors.metadata(service).get("jsonVersion", "1.1")
    return version


def _service(operation: OperationModel) -> str:
    name: str = operation.service_model.service_name
    return name
