"""Bodies as they arrive: compressed, or in the chunks of ``aws-chunked``."""

import hashlib
import hmac
import zlib
from dataclasses import dataclass
from typing import Final

from messaging.kernel.errors import AwsError, RequestEntityTooLarge, SignatureDoesNotMatch

MAX_BODY: Final = 12 * 1024 * 1024

_EMPTY_HASH: Final = hashlib.sha256(b"").hexdigest()
_MAX_LINE: Final = 1024
_SIGNED: Final = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
_GZIP_WINDOW: Final = 31


class IncompleteBody(AwsError):
    code = "IncompleteBody"
    text = "The request body terminated unexpectedly"


class InvalidContentEncoding(AwsError):
    code = "InvalidRequest"
    text = "The request body is not in the encoding that its headers name."


@dataclass(slots=True)
class Chain:
    """What the signature of the next chunk is made from: each chunk signs the one before it."""

    signing_key: bytes
    date: str
    scope: str
    signature: str

    def check(self, kind: str, digest: str, signature: str) -> None:
        """Check the next signature of the chain; raises SignatureDoesNotMatch."""
        parts = [f"AWS4-HMAC-SHA256-{kind}", self.date, self.scope, self.signature]
        if kind == "PAYLOAD":
            parts.append(_EMPTY_HASH)
        text = "\n".join([*parts, digest])
        expected = hmac.digest(self.signing_key, text.encode(), "sha256").hex()
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise SignatureDoesNotMatch()
        self.signature = expected


def decompress(body: bytes, *, limit: int = MAX_BODY) -> bytes:
    """Undo gzip; raises AwsError for what is not gzip, or is larger than ``limit`` inside."""
    engine = zlib.decompressobj(_GZIP_WINDOW)
    try:
        plain = engine.decompress(body, limit + 1)
    except zlib.error as error:
        raise InvalidContentEncoding() from error
    if len(plain) > limit:
        raise RequestEntityTooLarge()
    if not engine.eof:
        raise IncompleteBody()
    return plain


def is_chunked(headers: dict[str, str]) -> bool:
    """Tell whether the body comes in ``aws-chunked`` form."""
    if headers.get("x-amz-content-sha256", "").startswith("STREAMING-"):
        return True
    return "aws-chunked" in headers.get("content-encoding", "")


def unchunk(body: bytes, headers: dict[str, str], chain: Chain | None) -> bytes:
    """Put the chunks together, check their signatures and take trailing checksums as headers.

    ``chain`` is None where the caller's signature is not verified. Raises AwsError.
    """
    if not headers.get("x-amz-content-sha256", "").startswith(_SIGNED):
        chain = None
    parts, place = [], 0
    while True:
        size, signature, place = _chunk_head(body, place)
        data = body[place : place + size]
        if len(data) < size:
            raise IncompleteBody()
        if chain is not None:
            chain.check("PAYLOAD", hashlib.sha256(data).hexdigest(), signature)
        place += size
        if size == 0:
            break
        parts.append(data)
        if body[place : place + 2] != b"\r\n":
            raise IncompleteBody()
        place += 2
    _take_trailers(body[place:], headers, chain)
    plain = b"".join(parts)
    if headers.get("x-amz-decoded-content-length", str(len(plain))) != str(len(plain)):
        raise IncompleteBody()
    _forget_chunks(headers)
    return plain


def _chunk_head(body: bytes, place: int) -> tuple[int, str, int]:
    end = body.find(b"\r\n", place, place + _MAX_LINE)
    if end < 0:
        raise IncompleteBody()
    size, _, extension = body[place:end].partition(b";")
    try:
        length = int(size, 16)
    except ValueError as error:
        raise IncompleteBody() from error
    if length < 0 or length > len(body):
        raise IncompleteBody()
    name, _, signature = extension.partition(b"=")
    return length, signature.decode("latin-1") if name == b"chunk-signature" else "", end + 2


def _take_trailers(rest: bytes, headers: dict[str, str], chain: Chain | None) -> None:
    named = {name.strip().lower() for name in headers.get("x-amz-trailer", "").split(",")} - {""}
    if not named:
        return
    trailers = {}
    for line in rest.decode("latin-1").replace("\r\n", "\n").split("\n"):
        name, separator, value = line.partition(":")
        if separator:
            trailers[name.strip().lower()] = value.strip()
    signature = trailers.pop("x-amz-trailer-signature", "")
    if not named <= trailers.keys():
        raise IncompleteBody()
    if chain is not None:
        text = "".join(f"{name}:{trailers[name]}\n" for name in sorted(trailers))
        chain.check("TRAILER", hashlib.sha256(text.encode()).hexdigest(), signature)
    headers.update((name, trailers[name]) for name in named)


def _forget_chunks(headers: dict[str, str]) -> None:
    """Leave the content encoding that the object itself has."""
    codings = [part.strip() for part in headers.get("content-encoding", "").split(",")]
    rest = ",".join(part for part in codings if part and part != "aws-chunked")
    headers.pop("content-encoding", None)
    if rest:
        headers["content-encoding"] = rest
