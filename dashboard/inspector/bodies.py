"""Message bodies laid out for reading: JSON and XML get line breaks, nothing else changes. Pure.

The text itself is never parsed and written again: long numbers, doubled keys and the order of
keys stay as they were sent.
"""

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from xml.parsers import expat

from dashboard.console.text import visible

SHOWN: Final = 20_000
_DEEPEST: Final = 40
_JSON: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_XML: Final = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[^>]*>|[^<]+", re.DOTALL)
_PIECES: Final = re.compile(r"(\n)")


class Piece(NamedTuple):
    """A run of text and what it is: k key, s string, n number or word, or nothing."""

    kind: str
    text: str


class Shown(NamedTuple):
    """A body for reading; ``left`` is how many of its characters are not shown."""

    form: str
    pieces: list[Piece]
    left: int


def show(body: str) -> Shown:
    """Return a body as JSON, XML or plain text, safe to be shown."""
    form, pieces = _laid_out(body) if len(body) <= SHOWN else ("text", [Piece("", body[:SHOWN])])
    return Shown(form, [_safe(piece) for piece in pieces], max(0, len(body) - SHOWN))


def _laid_out(body: str) -> tuple[str, list[Piece]]:
    text = body.strip()
    if text[:1] in ("{", "[") and _is_json(text):
        return "JSON", list(_json(text))
    if text[:1] == "<" and _is_xml(text):
        return "XML", list(_xml(text))
    return "text", [Piece("", body)]


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(constant: str) -> None:
    """NaN and the infinities are Python's, not JSON's: a consumer may well fail on them."""
    raise ValueError(constant)


def _is_xml(text: str) -> bool:
    """Tell well-formed XML; one that declares its own entities stays plain text."""
    if "<!DOCTYPE" in text:
        return False
    try:
        expat.ParserCreate().Parse(text, True)
    except (expat.ExpatError, ValueError):
        return False
    return True


def _json(text: str) -> Iterator[Piece]:
    depth, tokens = 0, _JSON.findall(text)
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        if token in ("{", "["):
            depth += 1
            yield Piece("", token if following in ("}", "]") else token + _line(depth))
        elif token in ("}", "]"):
            depth -= 1
            empty = tokens[place - 1] in ("{", "[")
            yield Piece("", token if empty else _line(depth) + token)
        elif token == ",":
            yield Piece("", token + _line(depth))
        elif token == ":":
            yield Piece("", ": ")
        else:
            yield Piece(_kind(token, following), token)


def _kind(token: str, following: str) -> str:
    if token.startswith('"'):
        return "k" if following == ":" else "s"
    return "n"


def _xml(text: str) -> Iterator[Piece]:
    depth, inline = 0, True
    tokens = [token for token in _XML.findall(text) if token.strip()]
    for place, token in enumerate(tokens):
        is_tag = token.startswith("<")
        closes = token.startswith("</")
        if closes:
            depth -= 1
        if is_tag and not inline:
            yield Piece("", _line(depth))
        yield Piece("k" if is_tag else "s", token)
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        # An element that holds text alone, or nothing, stays on one line.
        inline = (
            not is_tag
            or (not closes and not following.startswith("<"))
            or (following == token.replace("<", "</", 1))
        )
        if is_tag and not closes and token[1:2] not in ("?", "!") and not token.endswith("/>"):
            depth += 1


def _line(depth: int) -> str:
    return "\n" + "  " * min(depth, _DEEPEST)


def _safe(piece: Piece) -> Piece:
    """Return a piece with everything invisible made visible, line by line."""
    parts = _PIECES.split(piece.text.replace("\r\n", "\n"))
    safe = "".join(one if one == "\n" else visible(one, length=SHOWN) for one in parts)
    return Piece(piece.kind, safe)
