"""The query protocol: a form with ``Action`` in, XML out."""

from functools import cache
from typing import Any

from botocore.model import OperationModel

from messaging.kernel.errors import AwsError
from messaging.wire import errors, forms, legacy, xml_writing
from messaging.wire.request import Request, Response, split_pairs
from messaging.wire.shapes import Made
from messaging.wire.validate import Flaw, malformed, refusal

NAME = "query"


def parse(request: Request, operation: OperationModel) -> dict[str, Any]:
    """Read the parameters of a request, from its query string and its body; raises AwsError."""
    service = operation.service_model.service_name
    try:
        pairs = [*request.labels.items(), *request.arguments, *form_pairs(request.body)]
        tree = forms.grow(pairs)
    except ValueError:
        raise malformed("The request is not a valid form.", service, NAME) from None
    try:
        return _reader(operation)(tree)  # type: ignore[no-any-return]
    except Flaw as flaw:
        raise refusal(flaw, operation, NAME) from None


def serialise(result: dict[str, Any], operation: OperationModel, request_id: str) -> Response:
    """Write the result of an operation."""
    opening, write, wrapper = _writer(operation)
    out = [xml_writing.DECLARATION, opening]
    if write is not None:
        write(out, wrapper, result)
    out.append(f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>")
    out.append(f"</{operation.name}Response>")
    headers = [(b"content-type", b"text/xml"), (b"x-amzn-requestid", request_id.encode())]
    return Response(200, headers, "".join(out).encode())


def serialise_error(
    error: AwsError, operation: OperationModel | None, service: str, request_id: str
) -> Response:
    return errors.query_error(error, service, request_id)


def form_pairs(body: bytes) -> list[tuple[str, str]]:
    """Split a form; raises ValueError for bytes that are not UTF-8."""
    return split_pairs(body.decode("latin-1"), plus=True) if body else []


@cache
def _reader(operation: OperationModel) -> Made:
    operation = legacy.query_operation(operation)
    if operation.input_shape is None:
        return lambda tree: {}
    return forms.readers(operation.service_model).need(operation.input_shape)


@cache
def _writer(operation: OperationModel) -> tuple[str, Made | None, str]:
    operation = legacy.query_operation(operation)
    uri = operation.service_model.metadata.get("xmlNamespace", "")
    opening = f'<{operation.name}Response xmlns="{uri}">'
    shape = operation.output_shape
    if shape is None:
        return opening, None, ""
    write = xml_writing.writers(operation.service_model).need(shape)
    return opening, write, shape.serialization.get("resultWrapper", f"{operation.name}Result")
