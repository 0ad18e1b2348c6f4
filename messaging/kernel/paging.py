"""Next tokens: opaque to clients, checked when they come back. Pure.

A token holds where the next page starts and a digest of what was asked for, so that a token of one
listing is refused by another.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from hashlib import blake2b
from hmac import compare_digest
from typing import TypeVar

Item = TypeVar("Item")

_TAG_BYTES = 8
_TOKEN_CHARS_MAX = 4096


class BadToken(ValueError):
    """A next token that this listing did not give out."""


def encode_token(start_after: str, *, scope: str) -> str:
    """Return the token that makes the listing ``scope`` go on behind ``start_after``."""
    body = json.dumps({"after": start_after}, separators=(",", ":")).encode()
    return urlsafe_b64encode(_tag(body, scope) + body).decode()


def decode_token(token: str, *, scope: str) -> str:
    """Return what the token says to start behind; raises BadToken."""
    if len(token) > _TOKEN_CHARS_MAX:
        raise BadToken("the token is too long")
    try:
        raw = urlsafe_b64decode(token.encode("ascii"))
    except ValueError as error:
        raise BadToken("the token is not base64") from error
    tag, body = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
    if not compare_digest(tag, _tag(body, scope)):
        raise BadToken("the token belongs to another listing")
    return str(json.loads(body)["after"])


def page(
    items: Sequence[Item],
    token: str | None,
    limit: int,
    *,
    key: Callable[[Item], str],
    scope: str,
) -> tuple[list[Item], str | None]:
    """Return up to ``limit`` of ``items`` (sorted by ``key``) behind ``token``, and the next token.

    Items may come and go between the calls: none that stayed is skipped or shown twice.
    """
    after = decode_token(token, scope=scope) if token else None
    rest = [item for item in items if after is None or key(item) > after]
    chosen = rest[:limit]
    more = len(rest) > len(chosen)
    return chosen, encode_token(key(chosen[-1]), scope=scope) if chosen and more else None


def _tag(body: bytes, scope: str) -> bytes:
    return blake2b(body, digest_size=_TAG_BYTES, person=b"next-token", key=_key(scope)).digest()


def _key(scope: str) -> bytes:
    return blake2b(scope.encode(), digest_size=32).digest()
