"""Who sends a request: the key behind its signature, its sandbox, account and region."""

import hmac
from dataclasses import dataclass
from typing import Final, Protocol

from messaging.kernel.access import Key, visitor
from messaging.kernel.errors import (
    AccessDenied,
    AwsError,
    InvalidClientTokenId,
    MissingAuthenticationToken,
    SignatureDoesNotMatch,
)
from messaging.wire import catalogue, presigned_v2, signatures
from messaging.wire.bodies import Chain
from messaging.wire.request import Request
from messaging.wire.signatures import Signature

DEFAULT_REGION: Final = "us-east-1"
SKEW_MS: Final = 15 * 60 * 1000
_ACCOUNT_DIGITS: Final = 12
# What somebody without a key may do who was sent the address.
_OPEN: Final = ("ConfirmSubscription", "Unsubscribe")


class InvalidRequest(AwsError):
    code = "InvalidRequest"
    text = (
        "The authorization mechanism you have provided is not supported."
        " Please use AWS4-HMAC-SHA256."
    )


class RequestTimeTooSkewed(AwsError):
    code = "RequestTimeTooSkewed"
    status = 403
    text = "The difference between the request time and the current time is too large."


class Keys(Protocol):
    """Issued access keys, in memory."""

    def find(self, key_id: str, /) -> Key | None: ...


class Doorkeeper(Protocol):
    """What identification needs of the engine."""

    @property
    def keys(self) -> Keys: ...
    @property
    def single_user(self) -> bool: ...
    def default_key(self, account: str | None = None) -> Key: ...
    def now_ms(self) -> int: ...


@dataclass(slots=True)
class Identity:
    """Who calls. ``chain`` continues a verified signature through the chunks of the body.

    ``knows_region`` says that the request named its region; otherwise it is the usual one.
    """

    key: Key
    region: str
    chain: Chain | None = None
    knows_region: bool = True


def identify(request: Request, raw: bytes, engine: Doorkeeper, *, service: str) -> Identity:
    """Return who sent ``request``; ``raw`` is its body as sent. Raises AwsError.

    An issued key must have signed the request, and not be withdrawn. On one's own machine other
    keys (``test``) and unsigned requests reach the default sandbox, and a key of twelve digits the
    account it names.
    """
    if "AWSAccessKeyId=" in request.query:
        return _identify_older_url(request, engine)
    claim = _claim(request)
    if claim is None:
        guest = _visitor(request)
        if guest is not None:
            return Identity(guest, DEFAULT_REGION, knows_region=False)
        if not engine.single_user:
            raise MissingAuthenticationToken()
        return Identity(engine.default_key(), DEFAULT_REGION, knows_region=False)
    credential = claim.credential
    key = _issued(credential.key_id, engine)
    if key is None:
        return Identity(_unissued(credential.key_id, engine), credential.region)
    chain = _verify(request, raw, claim, key.secret, engine.now_ms(), service)
    return Identity(key, credential.region, chain)


def _visitor(request: Request) -> Key | None:
    """Return who follows an address that was given to everybody, as in an e-mail's footer."""
    if "Sandbox=" not in request.query:
        return None
    arguments = dict(request.arguments)
    if arguments.get("Action") not in _OPEN:
        return None
    return visitor(arguments.get("Sandbox", ""))


def _identify_older_url(request: Request, engine: Doorkeeper) -> Identity:
    arguments = dict(request.arguments)
    key_id = presigned_v2.key_id_of(arguments)
    if key_id is None:
        raise InvalidRequest()
    key = _issued(key_id, engine)
    if key is None:
        return Identity(_unissued(key_id, engine), DEFAULT_REGION, knows_region=False)
    presigned_v2.verify(request, arguments, key.secret, engine.now_ms())
    return Identity(key, DEFAULT_REGION, knows_region=False)


def _issued(key_id: str, engine: Doorkeeper) -> Key | None:
    key = engine.keys.find(key_id)
    if key is not None and key.is_withdrawn:
        raise InvalidClientTokenId()
    return key


def _unissued(key_id: str, engine: Doorkeeper) -> Key:
    if not engine.single_user:
        raise InvalidClientTokenId()
    is_number = len(key_id) == _ACCOUNT_DIGITS and key_id.isascii() and key_id.isdecimal()
    return engine.default_key(key_id if is_number else None)


def _claim(request: Request) -> Signature | None:
    header = request.headers.get("authorization")
    if header is not None:
        if header.startswith("AWS "):
            raise InvalidRequest()
        if header.startswith("AWS4-"):
            return signatures.from_header(header, request)
    if "X-Amz-" in request.query:
        arguments = dict(request.arguments)
        if "X-Amz-Algorithm" in arguments or "X-Amz-Credential" in arguments:
            return signatures.from_query(arguments)
    return None


def _verify(
    request: Request, raw: bytes, claim: Signature, secret: str, now: int, service: str
) -> Chain:
    credential = claim.credential
    _check_time(claim, now, service)
    if service and service not in catalogue.services_signed_as(credential.service):
        raise SignatureDoesNotMatch(f"Credential should be scoped to correct service: '{service}'.")
    key = signatures.signing_key(secret, credential.date, credential.region, credential.service)
    expected = signatures.expected(request, raw, claim, key)
    if not hmac.compare_digest(expected, claim.value if claim.value.isascii() else ""):
        raise SignatureDoesNotMatch()
    return Chain(key, claim.date, credential.scope, expected)


def _check_time(claim: Signature, now: int, service: str) -> None:
    at = signatures.signed_at(claim.date)
    if not claim.date.startswith(claim.credential.date):
        raise SignatureDoesNotMatch(
            f"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from"
            f" HTTP: '{claim.credential.date}' != '{claim.date[:8]}'."
        )
    life = claim.expires * 1000 if claim.presigned else SKEW_MS
    if at - SKEW_MS <= now <= at + life:
        return
    if service == "s3":
        raise AccessDenied("Request has expired") if claim.presigned else RequestTimeTooSkewed()
    if now < at:
        raise SignatureDoesNotMatch(
            f"Signature not yet current: {claim.date} is still later than"
            f" {signatures.basic(now + SKEW_MS)} ({signatures.basic(now)} + 15 min.)"
        )
    raise SignatureDoesNotMatch(
        f"Signature expired: {claim.date} is now earlier than"
        f" {signatures.basic(now - SKEW_MS)} ({signatures.basic(now)} - 15 min.)"
    )
