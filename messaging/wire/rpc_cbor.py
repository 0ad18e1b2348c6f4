"""Smithy RPC v2: the operation in the path, one CBOR map each way."""

from typing import Any

from botocore.model import OperationModel

from messaging.kernel.errors import AwsError
from messaging.wire import cbor, document_reading, document_writing, errors, shapes
from messaging.wire.request import Request, Response
from messaging.wire.validate import Flaw, malformed, refusal

NAME = "smithy-rpc-v2-cbor"


def parse(request: Request, operation: OperationModel) -> dict[str, Any]:
    """Read the parameters of a request; raises AwsError."""
    return read_body(request.body, operation, shapes.CBOR)


def serialise(result: dict[str, Any], operation: OperationModel, request_id: str) -> Response:
    """Write the result of an operation."""
    headers = [(b"smithy-protocol", b"rpc-v2-cbor"), (b"x-amzn-requestid", request_id.encode())]
    shape = operation.output_shape
    if shape is None:
        return Response(200, headers)
    headers.append((b"content-type", b"application/cbor"))
    write = document_writing.writers(operation.service_model, shapes.CBOR).of(shape)
    return Response(200, headers, cbor.dumps(write(result) if write else result))


def serialise_error(
    error: AwsError, operation: OperationModel | None, service: str, request_id: str
) -> Response:
    return errors.cbor_error(error, service, request_id)


def read_body(body: bytes, operation: OperationModel, form: str) -> dict[str, Any]:
    """Read parameters from a CBOR body; raises AwsError."""
    shape = operation.input_shape
    if shape is None:
        return {}
    read = document_reading.readers(operation.service_model, form).need(shape)
    try:
        return read(cbor.loads(body) if body else {})  # type: ignore[no-any-return]
    except ValueError:
        service = operation.service_model.service_name
        raise malformed("The request is not valid CBOR.", service, NAME) from None
    except Flaw as flaw:
        raise refusal(flaw, operation, NAME) from None
