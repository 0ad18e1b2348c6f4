"""REST with XML bodies: S3, CloudFront and Route 53."""

from functools import partial
from typing import Any, Final

from botocore.model import OperationModel, Shape

from messaging.kernel.errors import AwsError
from messaging.wire import errors, eventstream, rest_reading, rest_writing, xml_reading, xml_writing
from messaging.wire.request import Request, Response
from messaging.wire.shapes import output_of, stream_of
from messaging.wire.validate import Flaw, malformed, refusal
from messaging.wire.xml_writing import DECLARATION

NAME = "rest-xml"

_NAMESPACES: Final = {
    "cloudfront": "http://cloudfront.amazonaws.com/doc/2020-05-31/",
    "route53": "https://route53.amazonaws.com/doc/2013-04-01/",
    "s3": "http://s3.amazonaws.com/doc/2006-03-01/",
}
# Root elements that are not called like their shape.
_ROOTS: Final = {
    "ListBucketsOutput": "ListAllMyBucketsResult",
    "ListObjectVersionsOutput": "ListVersionsResult",
    "ListObjectsOutput": "ListBucketResult",
    "ListObjectsV2Output": "ListBucketResult",
}
# The result is one member, and the body is that member without a root around it.
_UNWRAPPED: Final = {"GetBucketLocation": "LocationConstraint"}


def parse(request: Request, operation: OperationModel) -> dict[str, Any]:
    """Read the parameters of a request; raises AwsError."""
    try:
        return rest_reading.read(request, operation, partial(_read_body, operation))
    except ValueError:
        service = operation.service_model.service_name
        raise malformed("The request is not valid XML.", service, NAME) from None
    except Flaw as flaw:
        raise refusal(flaw, operation, NAME) from None


def serialise(result: dict[str, Any], operation: OperationModel, request_id: str) -> Response:
    """Write the result of an operation."""
    if stream_of(operation) is not None:
        response = rest_writing.write({}, operation, partial(_write_body, operation))
        response.body = eventstream.encode(result, operation, "text/xml")
        response.headers.append((b"content-type", eventstream.CONTENT_TYPE))
    else:
        response = rest_writing.write(result, operation, partial(_write_body, operation))
    if response.body and not any(name == b"content-type" for name, _ in response.headers):
        response.headers.append((b"content-type", _content_type(operation)))
    response.headers += _ids(operation.service_model.service_name, request_id)
    return response


def serialise_error(
    error: AwsError, operation: OperationModel | None, service: str, request_id: str
) -> Response:
    return errors.rest_xml_error(error, service, request_id)


def _read_body(operation: OperationModel, body: bytes, shape: Shape) -> Any:
    read = xml_reading.readers(operation.service_model).need(shape)
    return read([xml_reading.parse(body or b"<Empty/>")])


def _write_body(operation: OperationModel, value: Any, shape: Shape) -> bytes:
    out = [DECLARATION]
    service = operation.service_model.service_name
    opening = f' xmlns="{_NAMESPACES[service]}"'
    if operation.name in _UNWRAPPED:
        member = _UNWRAPPED[operation.name]
        text = xml_writing.escape(value.get(member) or "")
        out.append(f"<{member}{opening}>{text}</{member}>")
        return "".join(out).encode()
    root = _root(shape)
    xml_writing.writers(operation.service_model).need(shape)(out, root, value)
    if "xmlNamespace" not in shape.serialization:
        # The writer has just opened the root element.
        out[1] = out[1].replace(f"<{root}", f"<{root}{opening}", 1)
    return "".join(out).encode()


def _root(shape: Shape) -> str:
    name: str = shape.serialization.get("name") or _ROOTS.get(shape.name, shape.name)
    return f"{name.removesuffix('Output')}Result" if name.endswith("Output") else name


def _content_type(operation: OperationModel) -> bytes:
    """Objects without a type of their own are plain bytes; everything else is XML."""
    shape = output_of(operation)
    payload = shape.serialization.get("payload")
    if payload is not None and shape.members[payload].type_name in ("blob", "string"):
        return b"binary/octet-stream"
    return b"application/xml" if operation.service_model.service_name == "s3" else b"text/xml"


def _ids(service: str, request_id: str) -> list[tuple[bytes, bytes]]:
    value = request_id.encode()
    if service == "s3":
        return [(b"x-amz-request-id", value), (b"x-amz-id-2", value)]
    return [(b"x-amzn-requestid", value)]
