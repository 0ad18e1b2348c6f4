"""One request from botocore to the wire, and one answer from the wire to botocore."""

import io
from typing import Any

from botocore.awsrequest import HeadersDict, create_request_object, prepare_request_dict
from botocore.model import OperationModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from messaging.kernel.service import load_model
from messaging.wire import catalogue, legacy
from messaging.wire.detect import Call, detect
from messaging.wire.request import Request, Response

HOST = "127.0.0.1:8000"
# A signature is no matter here, but who signs for which service tells REST services apart.
CREDENTIAL = (
    "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/{}/aws4_request, "
    "SignedHeaders=host, Signature=0"
)

EVERY_OPERATION = [
    (service, protocol, name)
    for service in catalogue.SERVICES
    for protocol in catalogue.protocols(service)
    if protocol != "json-cbor"
    for name in load_model(service).operation_names
]


def model_of(service: str, protocol: str, name: str) -> OperationModel:
    """Return the model that a client of ``protocol`` has."""
    model = legacy.query_model(service) if protocol == "query" else load_model(service)
    return model.operation_model(name)


def sent(params: dict[str, Any], operation: OperationModel, protocol: str) -> Request:
    """Return the HTTP request that botocore makes of ``params``."""
    serialiser = create_serializer(protocol, include_validation=False)
    draft = serialiser.serialize_to_request(params, operation)
    context = {"client_config": None}
    prepare_request_dict(draft, f"http://{HOST}", context=context, user_agent="test")
    prepared = create_request_object(draft).prepare()
    directory = operation.name == "ListDirectoryBuckets"
    name = "s3express" if directory else _signing_name(operation.service_model)
    return as_request(prepared, name)


def as_request(prepared: Any, signing_name: str = "") -> Request:
    """Return botocore's prepared request as the gateway would see it."""
    path, _, query = prepared.url.partition("://")[2].partition("/")[2].partition("?")
    headers = {
        name.lower(): value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for name, value in prepared.headers.items()
    }
    if signing_name:
        headers["authorization"] = CREDENTIAL.format(signing_name)
    host = prepared.url.partition("://")[2].partition("/")[0]
    headers.setdefault("host", host)
    body = prepared.body or b""
    if hasattr(body, "read"):
        body = body.read()
    return Request(
        method=prepared.method,
        path=f"/{path}",
        query=query,
        headers=headers,
        body=body.encode() if isinstance(body, str) else bytes(body),
        host=host,
    )


def detected(request: Request) -> Call:
    call = detect(request)
    assert call is not None, "taken for a web page"
    assert call.problem is None, call.problem
    return call


def received(response: Response, shape: Any, protocol: str, name: str = "") -> dict[str, Any]:
    """Return what botocore reads from ``response``, without the metadata."""
    body = response.body
    body = body if isinstance(body, bytes) else b"".join(body)
    headers = {name.decode(): value.decode() for name, value in response.headers}
    raw = {
        "status_code": response.status,
        "headers": HeadersDict(headers),
        "body": io.BytesIO(body) if _is_streamed(shape) else body,
        "context": {"operation_name": name},
    }
    parsed = create_parser(protocol).parse(raw, shape)
    parsed.pop("ResponseMetadata", None)
    return {
        key: value.read() if isinstance(value, io.BytesIO) else value
        for key, value in parsed.items()
    }


def _is_streamed(shape: Any) -> bool:
    payload = shape.serialization.get("payload") if shape is not None else None
    return payload is not None and shape.members[payload].type_name == "blob"


def _signing_name(model: Any) -> str:
    return model.metadata.get("signingName", model.metadata["endpointPrefix"])
