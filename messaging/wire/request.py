"""An HTTP request and response as the protocols see them."""

from collections.abc import AsyncIterable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote_to_bytes

Chunks = bytes | Iterable[bytes] | AsyncIterable[bytes]


@dataclass
class Request:
    """An HTTP request. ``path`` and ``query`` are as sent, still percent-encoded.

    Their letters, and those of header values, are bytes (Latin-1).
    ``headers`` has lower-case names; repeated headers are joined by a comma. ``labels`` holds what
    detection read from the path and the host: URI labels, a bucket, a queue URL.
    """

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    scheme: str = "http"
    host: str = "127.0.0.1"
    client: str = ""
    labels: dict[str, str] = field(default_factory=dict)

    @cached_property
    def arguments(self) -> list[tuple[str, str]]:
        """The query string as decoded pairs, in order.

        Raises UnicodeDecodeError for bytes that are not UTF-8.
        """
        return split_pairs(self.query, plus=True)

    @property
    def url(self) -> str:
        """Scheme and host as the caller used them."""
        return f"{self.scheme}://{self.host}"


@dataclass(slots=True)
class Response:
    """An HTTP response; a body of several chunks is sent as they come."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: Chunks = b""


def split_pairs(text: str, *, plus: bool) -> list[tuple[str, str]]:
    """Split ``a=1&b=2`` into decoded pairs; ``plus`` says that ``+`` means a space, as in forms."""
    pairs = []
    for part in text.split("&"):
        if not part:
            continue
        name, _, value = part.partition("=")
        pairs.append((_decode(name, plus), _decode(value, plus)))
    return pairs


def decoded(text: str) -> str:
    """Undo percent-encoding; raises UnicodeDecodeError for bytes that are not UTF-8."""
    return unquote_to_bytes(text.encode("latin-1")).decode("utf-8")


def _decode(text: str, plus: bool) -> str:
    if plus and "+" in text:
        text = text.replace("+", " ")
    return text if "%" not in text and text.isascii() else decoded(text)
