"""How an AwsError looks on the wire: the one place that renders errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import orjson
from botocore.model import StructureShape

from messaging.kernel.errors import AwsError
from messaging.wire import cbor, document_writing, legacy, shapes, xml_writing
from messaging.wire.request import Response
from messaging.wire.shapes import wire_name
from messaging.wire.xml_writing import DECLARATION, escape

# JSON services have their own names for what query services call otherwise.
_JSON_NAMES: Final = {
    "IncompleteSignature": "IncompleteSignatureException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
}
_S3_NAMES: Final = {
    "IncompleteSignature": "AuthorizationHeaderMalformed",
    "InternalFailure": "InternalError",
    "InvalidClientTokenId": "InvalidAccessKeyId",
    "MissingAuthenticationToken": "AccessDenied",
    "RequestEntityTooLarge": "EntityTooLarge",
    "UnknownOperationException": "MethodNotAllowed",
}
_QUERY_NAMES: Final = {"ThrottlingException": "Throttling"}


@dataclass(frozen=True, slots=True)
class Form:
    """What a service's model says of an error code."""

    name: str
    query_code: str
    message_member: str
    shape: StructureShape | None


@cache
def form_of(service: str, code: str) -> Form:
    """Return how ``service`` writes an error; ``code`` is its shape's name or its query code."""
    if not service:
        return Form(code, code, "message", None)
    shapes = [
        shape
        for shape in legacy.query_model(service).error_shapes
        if isinstance(shape, StructureShape)
    ]
    by_name = (shape for shape in shapes if shape.name == code)
    by_code = (shape for shape in shapes if _query_code(shape) == code)
    shape = next(by_name, None) or next(by_code, None)
    if shape is None:
        return Form(code, code, "message", None)
    member = next((name for name in shape.members if name.lower() == "message"), "message")
    return Form(shape.name, _query_code(shape), member, shape)


def metadata(service: str) -> Mapping[str, Any]:
    """Return the model's metadata, or none for a request whose service is unknown."""
    found: Mapping[str, Any] = legacy.query_model(service).metadata if service else {}
    return found


def json_error(error: AwsError, service: str, request_id: str, *, version: str) -> Response:
    """Render an error of ``aws_json``."""
    form, name = _named(error, service)
    namespace = f"com.amazonaws.{service}#" if version == "1.0" and service else ""
    body = {"__type": namespace + name, **_body(error, form, service, shapes.JSON)}
    headers = [(b"content-type", b"application/x-amz-json-" + version.encode())]
    headers += _json_headers(error, form, service, request_id)
    return Response(error.status, headers, orjson.dumps(body))


def rest_json_error(error: AwsError, service: str, request_id: str) -> Response:
    form, name = _named(error, service)
    headers = [
        (b"content-type", b"application/json"),
        (b"x-amzn-errortype", name.encode()),
        *_json_headers(error, form, service, request_id),
    ]
    fields = _body(error, form, service, shapes.JSON)
    for name, member in (form.shape.members if form.shape else {}).items():
        if member.serialization.get("location") == "header" and name in fields:
            header = wire_name(name, member).lower()
            headers.append((header.encode(), str(fields.pop(name)).encode()))
    if form.shape is not None and "Type" in form.shape.members:
        fields.setdefault("Type", "User" if error.sender else "Service")
    return Response(error.status, headers, orjson.dumps(fields))


def cbor_error(error: AwsError, service: str, request_id: str) -> Response:
    """Render an error of ``rpc_cbor``."""
    form, name = _named(error, service)
    body = {
        "__type": f"com.amazonaws.{service}#{name}",
        **_body(error, form, service, shapes.CBOR),
    }
    headers = [
        (b"smithy-protocol", b"rpc-v2-cbor"),
        (b"content-type", b"application/cbor"),
        *_json_headers(error, form, service, request_id),
    ]
    return Response(error.status, headers, cbor.dumps(body))


def json_cbor_error(error: AwsError, service: str, request_id: str) -> Response:
    form, name = _named(error, service)
    body = {"__type": name, **_body(error, form, service, shapes.CBOR_MILLIS)}
    headers = [(b"content-type", b"application/x-amz-cbor-1.1")]
    headers += _json_headers(error, form, service, request_id)
    return Response(error.status, headers, cbor.dumps(body))


def query_error(error: AwsError, service: str, request_id: str) -> Response:
    form = form_of(service, error.code)
    code = _QUERY_NAMES.get(form.query_code, form.query_code)
    return _error_response(error, form, service, request_id, code=code)


def rest_xml_error(error: AwsError, service: str, request_id: str) -> Response:
    """Render an error of ``rest_xml``: S3 has a form of its own."""
    if service == "s3":
        return _s3_error(error, request_id)
    form = form_of(service, error.code)
    return _error_response(error, form, service, request_id, code=form.query_code)


def _query_code(shape: StructureShape) -> str:
    code: str = shape.metadata.get("error", {}).get("code", shape.name)
    return code


def _named(error: AwsError, service: str) -> tuple[Form, str]:
    form = form_of(service, error.code)
    if form.shape is None and not _query_compatible(service):
        return form, _JSON_NAMES.get(form.name, form.name)
    return form, form.name


def _json_headers(
    error: AwsError, form: Form, service: str, request_id: str
) -> list[tuple[bytes, bytes]]:
    headers = [(b"x-amzn-requestid", request_id.encode())]
    if _query_compatible(service):
        fault = "Sender" if error.sender else "Receiver"
        headers.append((b"x-amzn-query-error", f"{form.query_code};{fault}".encode()))
    return headers


def _query_compatible(service: str) -> bool:
    return service != "" and legacy.query_model(service).is_query_compatible


def _body(error: AwsError, form: Form, service: str, style: str) -> dict[str, Any]:
    fields: Mapping[str, Any] = {form.message_member: error.message, **error.fields}
    if form.shape is None:
        return dict(fields)
    write = document_writing.writers(legacy.query_model(service), style).of(form.shape)
    return dict(write(fields) if write else fields)


def _error_response(
    error: AwsError, form: Form, service: str, request_id: str, *, code: str
) -> Response:
    uri = metadata(service).get("xmlNamespace")
    opening = f' xmlns="{uri}"' if uri else ""
    message = legacy.query_text(service, error.message)
    body = (
        f"{DECLARATION}<ErrorResponse{opening}><Error>"
        f"<Type>{'Sender' if error.sender else 'Receiver'}</Type>"
        f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
        f"{_xml_fields(error, form, service)}</Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    headers = [(b"content-type", b"text/xml"), (b"x-amzn-requestid", request_id.encode())]
    return Response(error.status, headers, body.encode())


def _s3_error(error: AwsError, request_id: str) -> Response:
    form = form_of("s3", error.code)
    code = _S3_NAMES.get(form.query_code, form.query_code)
    body = (
        f"{DECLARATION}<Error><Code>{escape(code)}</Code><Message>{escape(error.message)}</Message>"
        f"{_xml_fields(error, form, 's3')}"
        f"<RequestId>{request_id}</RequestId><HostId>{request_id}</HostId></Error>"
    )
    headers = [
        (b"content-type", b"application/xml"),
        (b"x-amz-request-id", request_id.encode()),
        (b"x-amz-id-2", request_id.encode()),
    ]
    status = 405 if code == "MethodNotAllowed" else error.status
    return Response(status, headers, body.encode())


def _xml_fields(error: AwsError, form: Form, service: str) -> str:
    out: list[str] = []
    members = form.shape.members if form.shape else {}
    writers = xml_writing.writers(legacy.query_model(service)) if service else None
    for name, value in error.fields.items():
        if name in members and writers is not None:
            writers.need(members[name])(out, wire_name(name, members[name]), value)
        else:
            out.append(f"<{name}>{escape(str(value))}</{name}>")
    return "".join(out)
