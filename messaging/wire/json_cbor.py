"""``application/x-amz-cbor-1.1``: what Kinesis clients in Java send in place of JSON 1.1."""

from typing import Any

from botocore.model import OperationModel

from messaging.kernel.errors import AwsError
from messaging.wire import cbor, document_writing, errors, eventstream, shapes
from messaging.wire.request import Request, Response
from messaging.wire.rpc_cbor import read_body
from messaging.wire.shapes import stream_of

NAME = "json-cbor"
_CONTENT_TYPE = b"application/x-amz-cbor-1.1"


def parse(request: Request, operation: OperationModel) -> dict[str, Any]:
    """Read the parameters of a request; raises AwsError."""
    return read_body(request.body, operation, shapes.CBOR_MILLIS)


def serialise(result: dict[str, Any], operation: OperationModel, request_id: str) -> Response:
    """Write the result of an operation."""
    headers = [(b"content-type", _CONTENT_TYPE), (b"x-amzn-requestid", request_id.encode())]
    shape = operation.output_shape
    if shape is None:
        return Response(200, headers)
    if stream_of(operation) is not None:
        headers[0] = (b"content-type", eventstream.CONTENT_TYPE)
        return Response(200, headers, eventstream.encode(result, operation, _CONTENT_TYPE.decode()))
    write = document_writing.writers(operation.service_model, shapes.CBOR_MILLIS).of(shape)
    return Response(200, headers, cbor.dumps(write(result) if write else result))


def serialise_error(
    error: AwsError, operation: OperationModel | None, service: str, request_id: str
) -> Response:
    return errors.json_cbor_error(error, service, request_id)
