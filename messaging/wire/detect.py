"""What a request is: which operation of which service in which protocol, or a web page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from botocore.model import OperationModel

from messaging.kernel.errors import (
    AwsError,
    InvalidAction,
    MalformedQueryString,
    NotModelled,
    UnknownOperationException,
)
from messaging.wire import catalogue, hosts, routes
from messaging.wire.aws_query import form_pairs
from messaging.wire.request import Request


class MissingAction(AwsError):
    code = "MissingAction"
    text = "The request must contain the parameter Action."


class NoSuchVersion(AwsError):
    code = "NoSuchVersion"


@dataclass(frozen=True, slots=True)
class Call:
    """What a request asks for; ``problem`` is why it cannot be."""

    service: str
    protocol: str
    operation: OperationModel | None = None
    problem: AwsError | None = None


_SCOPE: Final = re.compile(r"Credential=[^/,]*/[^/,]*/[^/,]*/([a-z0-9-]+)/")
_RPC_PATH: Final = re.compile(r"/service/([^/]+)/operation/([^/]+)")
_QUEUE_PATH: Final = re.compile(r"/[0-9]{12}/[A-Za-z0-9_.-]{1,80}/?")
_SIGNS: Final = (
    "amz-sdk-invocation-id",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-user-agent",
)
_FORM: Final = "application/x-www-form-urlencoded"
_targets: dict[tuple[str, bool], Call] = {}


def may_be_form(request: Request) -> bool:
    """Tell whether an unsigned request's body must be read to know whether it is for AWS."""
    if request.method != "POST" or not request.headers.get("content-type", "").startswith(_FORM):
        return False
    return request.path == "/" or _QUEUE_PATH.fullmatch(request.path) is not None


def claims_aws(request: Request) -> bool:
    """Tell whether the headers alone say that a request is for AWS."""
    headers = request.headers
    if "x-amz-target" in headers or "smithy-protocol" in headers:
        return True
    if headers.get("authorization", "").startswith("AWS") or any(s in headers for s in _SIGNS):
        return True
    if "X-Amz-Credential=" in request.query or "AWSAccessKeyId=" in request.query:
        return True
    if request.path.startswith("/service/") and _RPC_PATH.fullmatch(request.path):
        return "cbor" in headers.get("content-type", "")
    return _names_bucket(request) or _is_query_get(request)


def is_for_s3(request: Request) -> bool:
    """Tell whether the body is an object's, whatever its content encoding says."""
    return _names_bucket(request) or "/s3/aws4_request" in (
        request.headers.get("authorization", "") + unquote(request.query)
    )


def detect(request: Request) -> Call | None:
    """Return what a request asks for, or None for a web page; fills ``request.labels``."""
    target = request.headers.get("x-amz-target")
    if target is not None:
        call = _by_target(target, "cbor" in request.headers.get("content-type", ""))
        _address_queue(request, call.service)
        return call
    path = _RPC_PATH.fullmatch(request.path)
    if path is not None and "cbor" in request.headers.get("smithy-protocol", "cbor"):
        return _rpc(path[1], path[2])
    try:
        return _by_content(request)
    except ValueError:
        return Call("", _guess(request), None, MalformedQueryString("The request is not UTF-8."))


def _by_content(request: Request) -> Call | None:
    arguments = dict(request.arguments)
    scope = _scope(request, arguments)
    form = {}
    if request.headers.get("content-type", "").startswith(_FORM):
        form = dict(form_pairs(request.body))
    asked = {**arguments, **form}
    if not claims_aws(request) and "Action" not in form:
        return None
    if scope:
        return _signed(request, scope, asked, arguments)
    if "Action" in asked:
        # Several services have an AddPermission; at a queue's address it is the queue's.
        is_queue = _QUEUE_PATH.fullmatch(request.path) is not None
        speakers = ("sqs",) if is_queue else catalogue.services_speaking("query")
        return _query(request, speakers, asked)
    return _unsigned_rest(request, arguments)


def _signed(
    request: Request, scope: str, asked: Mapping[str, str], arguments: Mapping[str, str]
) -> Call:
    services = catalogue.services_signed_as(scope)
    if not services:
        return Call("", _guess(request), None, NotModelled(f"Signalbox does not model {scope}."))
    for service in services:
        if catalogue.protocols(service)[0].startswith("rest"):
            return _rest(request, service, arguments, scope)
    speakers = tuple(s for s in services if "query" in catalogue.protocols(s))
    if not speakers:
        problem = UnknownOperationException("The request names no operation.")
        return Call(services[0], catalogue.protocols(services[0])[0], None, problem)
    return _query(request, speakers, asked)


def _by_target(target: str, is_cbor: bool) -> Call:
    known = _targets.get((target, is_cbor))
    if known is not None:
        return known
    prefix, _, name = target.rpartition(".")
    service = catalogue.service_of_target(prefix)
    protocol = "json-cbor" if is_cbor else "json"
    if service is None:
        problem: AwsError = NotModelled(f"Signalbox does not model {target}. Nothing was changed.")
        return Call("", protocol, None, problem)
    if protocol not in catalogue.protocols(service):
        return Call(service, "json", None, UnknownOperationException())
    operation = catalogue.operation_of(service, name)
    if operation is None:
        return Call(service, protocol, None, UnknownOperationException())
    call = _targets[target, is_cbor] = Call(service, protocol, operation)
    return call


def _rpc(prefix: str, name: str) -> Call:
    protocol = "smithy-rpc-v2-cbor"
    service = catalogue.service_of_target(prefix)
    if service is None or protocol not in catalogue.protocols(service):
        return Call(service or "", protocol, None, NotModelled.operation(prefix, name))
    operation = catalogue.operation_of(service, name)
    problem = None if operation is not None else UnknownOperationException()
    return Call(service, protocol, operation, problem)


def _query(request: Request, services: tuple[str, ...], asked: Mapping[str, str]) -> Call:
    name, version = asked.get("Action", ""), asked.get("Version", "")
    if not name:
        return Call(services[0], "query", None, MissingAction())
    fitting = [s for s in services if version in ("", catalogue.version(s))]
    if not fitting:
        text = f"The requested version ( {version} ) is not valid."
        return Call(services[0], "query", None, NoSuchVersion(text))
    for service in fitting:
        operation = catalogue.operation_of(service, name)
        if operation is not None:
            _address_queue(request, service)
            return Call(service, "query", operation)
    problem = InvalidAction(f"The action {name} is not valid for this web service.")
    return Call(fitting[0], "query", None, problem)


def _rest(request: Request, service: str, arguments: Mapping[str, str], scope: str = "") -> Call:
    protocol = catalogue.protocols(service)[0]
    path = _path_style(request) if service == "s3" else request.path
    found = routes.find(service, request.method, path, arguments, request.headers)
    if found is None:
        return Call(service, protocol, None, UnknownOperationException(_no_route(service)))
    operation, labels = found
    if scope == "s3express":
        operation = routes.directory_buckets(operation)
    request.labels.update(labels)
    return Call(service, protocol, operation)


def _unsigned_rest(request: Request, arguments: Mapping[str, str]) -> Call:
    if not _names_bucket(request):
        for protocol in ("rest-json", "rest-xml"):
            for service in catalogue.services_speaking(protocol):
                call = _rest(request, service, arguments) if service != "s3" else None
                if call is not None and call.operation is not None:
                    return call
    return _rest(request, "s3", arguments)


def _path_style(request: Request) -> str:
    bucket = hosts.address(request.host).bucket
    return f"/{bucket}{request.path}" if bucket else request.path


def _names_bucket(request: Request) -> bool:
    """Tell whether the host says S3 by itself; ``shop.localhost`` alone may be a web page."""
    return hosts.address(request.host).named


def _is_query_get(request: Request) -> bool:
    query = request.query
    if "Action=" not in query:
        return False
    return "Version=" in query or _QUEUE_PATH.fullmatch(request.path) is not None


def _scope(request: Request, arguments: Mapping[str, str]) -> str:
    header = request.headers.get("authorization", "")
    found = _SCOPE.search(header)
    if found is not None:
        return found[1]
    parts = arguments.get("X-Amz-Credential", "").split("/")
    if len(parts) >= 5:  # noqa: PLR2004 - key, date, region, service, aws4_request
        return parts[-2]
    # Signature version 2, which S3 clients of long ago still send; identify refuses it.
    return "s3" if header.startswith("AWS ") or "AWSAccessKeyId" in arguments else ""


def _address_queue(request: Request, service: str) -> None:
    if service == "sqs" and _QUEUE_PATH.fullmatch(request.path):
        request.labels["QueueUrl"] = f"{request.url}{request.path}"


def _guess(request: Request) -> str:
    content = request.headers.get("content-type", "")
    if "json" in content:
        return "json"
    return "query" if content.startswith(_FORM) or "Action=" in request.query else "rest-xml"


def _no_route(service: str) -> str:
    if service == "s3":
        return "The specified method is not allowed against this resource."
    return "The request does not match any operation."
