"""S3's older pre-signed URLs (signature version 2), which boto3 still makes where none is named."""

import base64
import hmac
from collections.abc import Mapping
from typing import Final

from messaging.kernel.errors import AccessDenied, SignatureDoesNotMatch
from messaging.wire import hosts
from messaging.wire.request import Request

# The only arguments that the signature covers.
_COVERED: Final = frozenset(
    {
        "accelerate",
        "acl",
        "analytics",
        "cors",
        "defaultObjectAcl",
        "delete",
        "inventory",
        "lifecycle",
        "location",
        "logging",
        "metrics",
        "notification",
        "object-lock",
        "partNumber",
        "policy",
        "replication",
        "requestPayment",
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
        "response-content-language",
        "response-content-type",
        "response-expires",
        "restore",
        "select",
        "select-type",
        "storageClass",
        "tagging",
        "torrent",
        "uploadId",
        "uploads",
        "versionId",
        "versioning",
        "versions",
        "website",
    }
)


def key_id_of(arguments: Mapping[str, str]) -> str | None:
    """Return whose URL this is, or None if it is no URL of this kind."""
    if "Signature" not in arguments or "Expires" not in arguments:
        return None
    return arguments.get("AWSAccessKeyId")


def verify(request: Request, arguments: Mapping[str, str], secret: str, now_ms: int) -> None:
    """Check a URL's signature and that it has not expired; raises AwsError."""
    expires = arguments["Expires"]
    if not (expires.isascii() and expires.isdecimal()):
        raise AccessDenied("Invalid date (should be seconds since epoch)")
    text = "\n".join(
        [
            request.method,
            _said(request, arguments, "content-md5"),
            _said(request, arguments, "content-type"),
            expires,
            *_amz_headers(request, arguments),
            _resource(request, arguments),
        ]
    )
    digest = hmac.digest(secret.encode(), text.encode(), "sha1")
    expected = base64.b64encode(digest)
    if not hmac.compare_digest(expected, arguments["Signature"].encode()):
        raise SignatureDoesNotMatch()
    if now_ms > int(expires[:15]) * 1000:
        raise AccessDenied("Request has expired")


def _said(request: Request, arguments: Mapping[str, str], name: str) -> str:
    return arguments.get(name) or request.headers.get(name, "")


def _amz_headers(request: Request, arguments: Mapping[str, str]) -> list[str]:
    found = {
        name: value.strip()
        for source in (request.headers, arguments)
        for name, value in source.items()
        if name.startswith("x-amz-")
    }
    return [f"{name}:{found[name]}" for name in sorted(found)]


def _resource(request: Request, arguments: Mapping[str, str]) -> str:
    bucket = hosts.address(request.host).bucket
    path = f"/{bucket}{request.path}" if bucket else request.path
    sent = {part.partition("=")[0]: "=" in part for part in request.query.split("&")}
    covered = [
        f"{name}={arguments[name]}" if sent[name] else name
        for name in sorted(_COVERED & sent.keys())
    ]
    return f"{path}?{'&'.join(covered)}" if covered else path
