"""AWS Signature Version 4: what is signed, and with which key."""

import calendar
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

from messaging.kernel.errors import AwsError, IncompleteSignature, SignatureDoesNotMatch
from messaging.wire.request import Request
from messaging.wire.scalars import EPOCH, timestamp_from

ALGORITHM: Final = "AWS4-HMAC-SHA256"
UNSIGNED: Final = "UNSIGNED-PAYLOAD"

_HEADER: Final = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=(?P<credential>[^, ]+) *, *"
    r"SignedHeaders=(?P<headers>[^, ]+) *, *Signature=(?P<signature>[0-9a-fA-F]*)"
)
_CREDENTIAL: Final = re.compile(
    r"(?P<key>.+)/(?P<date>[0-9]{8})/(?P<region>[a-z0-9-]{1,40})/(?P<service>[a-z0-9-]{1,40})"
    r"/aws4_request"
)
_DATE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z")
_SPACES: Final = re.compile(r" {2,}")
_S3: Final = frozenset({"s3", "s3express", "s3-object-lambda"})


class ContentHashMismatch(AwsError):
    code = "XAmzContentSHA256Mismatch"
    text = "The provided 'x-amz-content-sha256' header does not match what was computed."


@dataclass(frozen=True, slots=True)
class Credential:
    """Who signs, and for what: the parts of a credential scope."""

    key_id: str
    date: str
    region: str
    service: str
    scope: str
    signed: tuple[str, ...]
    signed_list: str


@dataclass(slots=True)
class Signature:
    """A request's claim: whose it is, when it was made and the signature that should prove it."""

    credential: Credential
    date: str
    value: str
    presigned: bool = False
    expires: int = 0


def from_header(text: str, request: Request) -> Signature:
    """Read an ``Authorization`` header; raises IncompleteSignature."""
    # Everything before the signature is the same all day for one client and one kind of call.
    head, mark, value = text.rpartition("Signature=")
    credential = _credential_of_head(head if mark else text)
    date = request.headers.get("x-amz-date") or _from_http_date(request.headers.get("date", ""))
    return Signature(credential, date, value.strip())


def from_query(arguments: dict[str, str]) -> Signature:
    """Read a pre-signed URL; raises IncompleteSignature."""
    algorithm = arguments.get("X-Amz-Algorithm", "")
    if algorithm != ALGORITHM:
        raise unsupported(algorithm)
    credential = _credential(
        arguments.get("X-Amz-Credential", ""), arguments.get("X-Amz-SignedHeaders", "")
    )
    expires = arguments.get("X-Amz-Expires", "900")
    if not (expires.isascii() and expires.isdecimal()) or int(expires[:8]) > _WEEK:
        raise AuthorizationQueryParameters(
            "X-Amz-Expires must be a number of seconds, less than a week"
        )
    date, value = arguments.get("X-Amz-Date", ""), arguments.get("X-Amz-Signature", "")
    return Signature(credential, date, value, presigned=True, expires=int(expires[:8]))


def basic(milliseconds: int) -> str:
    """Write a moment as signatures do: ``20261121T074059Z``."""
    return f"{EPOCH + timedelta(milliseconds=milliseconds):%Y%m%dT%H%M%SZ}"


def signed_at(date: str) -> int:
    """Return the milliseconds of ``20261121T074059Z``; raises IncompleteSignature."""
    moment = _moment(date)
    if moment is None:
        raise IncompleteSignature(f"Date must be in ISO-8601 'basic format'. Got '{date[:32]}'.")
    return moment


def expected(request: Request, raw: bytes, claim: Signature, signing_key: bytes) -> str:
    """Return the signature that ``request`` should carry; ``raw`` is its body as sent."""
    credential = claim.credential
    canonical = (
        f"{request.method}\n"
        f"{_canonical_path(request.path, credential.service)}\n"
        f"{_canonical_query(request.query, claim.presigned)}\n"
        f"{_canonical_headers(request.headers, credential.signed)}\n\n"
        f"{credential.signed_list}\n"
        f"{_payload_hash(request, raw, claim)}"
    )
    digest = hashlib.sha256(canonical.encode("latin-1")).hexdigest()
    text = f"{ALGORITHM}\n{claim.date}\n{credential.scope}\n{digest}"
    return hmac.digest(signing_key, text.encode(), "sha256").hex()


@lru_cache(maxsize=4096)
def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """Return the key that a secret signs with on one day, in one region, for one service."""
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def unsupported(algorithm: str) -> IncompleteSignature:
    """Return the error for signatures that are not version 4 with a secret key."""
    return IncompleteSignature(
        f"Unsupported AWS 'algorithm': '{algorithm[:40]}' (only {ALGORITHM} is supported)."
    )


class AuthorizationQueryParameters(AwsError):
    code = "AuthorizationQueryParametersError"


_WEEK: Final = 604_800


@lru_cache(maxsize=4096)
def _credential_of_head(head: str) -> Credential:
    found = _HEADER.fullmatch(f"{head}Signature=")
    if found is None:
        if not head.startswith(ALGORITHM):
            raise unsupported(head.partition(" ")[0])
        raise IncompleteSignature(
            "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature'"
            " parameters."
        )
    return _credential(found["credential"], found["headers"])


def _credential(text: str, headers: str) -> Credential:
    found = _CREDENTIAL.fullmatch(text)
    if found is None:
        raise IncompleteSignature(
            "Credential must have exactly 5 slash-delimited elements, e.g."
            " keyid/date/region/service/aws4_request."
        )
    signed = tuple(headers.lower().split(";"))
    if "host" not in signed:
        raise SignatureDoesNotMatch("'Host' must be a 'SignedHeader' in the AWS Authorization.")
    key_id, _, scope = text.rpartition(f"/{found['date']}/")
    return Credential(
        key_id=key_id,
        date=found["date"],
        region=found["region"],
        service=found["service"],
        scope=f"{found['date']}/{scope}",
        signed=signed,
        signed_list=";".join(signed),
    )


def _from_http_date(text: str) -> str:
    try:
        return basic(timestamp_from(text))
    except ValueError:
        raise IncompleteSignature(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        ) from None


@lru_cache(maxsize=1024)
def _moment(date: str) -> int | None:
    found = _DATE.fullmatch(date)
    if found is None:
        return None
    try:
        return calendar.timegm(tuple(int(part) for part in found.groups())) * 1000
    except (ValueError, OverflowError):
        return None


def _canonical_path(path: str, service: str) -> str:
    if path == "/":
        return path
    if service in _S3:
        return quote_from_bytes(unquote_to_bytes(path.encode("latin-1")), safe="/-_.~")
    return quote_from_bytes(_without_dots(path).encode("latin-1"), safe="/-_.~")


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if kept:
                kept.pop()
        elif part not in ("", "."):
            kept.append(part)
    return "/" + "/".join(kept) + ("/" if path.endswith("/") and kept else "")


def _canonical_query(query: str, presigned: bool) -> str:
    if not query:
        return ""
    pairs = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if part and not (presigned and name == "X-Amz-Signature"):
            pairs.append((_encoded(name), _encoded(value)))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _encoded(text: str) -> str:
    return quote_from_bytes(unquote_to_bytes(text.encode("latin-1")), safe="-_.~")


def _canonical_headers(headers: Mapping[str, str], signed: tuple[str, ...]) -> str:
    try:
        lines = "\n".join([f"{name}:{headers[name]}" for name in signed])
    except KeyError:
        raise SignatureDoesNotMatch() from None
    if "  " in lines or ": " in lines or " \n" in lines or lines.endswith(" "):
        # Rare: spaces around a value do not count, and several within it count once.
        lines = "\n".join(f"{name}:{_SPACES.sub(' ', headers[name].strip())}" for name in signed)
    return lines


def _payload_hash(request: Request, raw: bytes, claim: Signature) -> str:
    stated = request.headers.get("x-amz-content-sha256")
    if stated is None and claim.presigned and claim.credential.service in _S3:
        return UNSIGNED
    if stated is not None and (stated == UNSIGNED or stated.startswith("STREAMING-")):
        return stated
    digest = hashlib.sha256(raw).hexdigest()
    if stated is not None and stated.lower() != digest:
        raise ContentHashMismatch()
    return digest
