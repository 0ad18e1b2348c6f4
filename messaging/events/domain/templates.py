"""Input transformers: which templates are legal, and what becomes of one (P4).

A template is a JSON object, or a JSON text, or several texts in lines of their own. A placeholder
inside quotes becomes part of that text; one outside becomes a JSON value of its own.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from messaging.events.domain.entries import Event, write_time
from messaging.events.domain.paths import MISSING, steps, value_at
from messaging.patterns.nodes import Malformed, read

PLACEHOLDER: Final = re.compile(r"<([A-Za-z0-9_\-.]+)>")
RULE_ARN: Final = "aws.events.rule-arn"
RULE_NAME: Final = "aws.events.rule-name"
INGESTION_TIME: Final = "aws.events.event.ingestion-time"
EVENT: Final = "aws.events.event"
EVENT_JSON: Final = "aws.events.event.json"
RESERVED: Final = frozenset({RULE_ARN, RULE_NAME, INGESTION_TIME, EVENT, EVENT_JSON})
_WHOLE: Final = frozenset({EVENT, EVENT_JSON})


class BadTemplate(ValueError):
    """What is wrong with a template, as it goes on behind the target's name."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text as it is, or a placeholder (``name``) inside or outside of quotes."""

    text: str = ""
    name: str = ""
    quoted: bool = False


def split(template: str) -> list[Piece]:
    """Return a template in pieces."""
    pieces, at, quoted = [], 0, False
    for found in PLACEHOLDER.finditer(template):
        text = template[at : found.start()]
        quoted = _is_open(text, quoted)
        pieces += [Piece(text), Piece(name=found[1], quoted=quoted)]
        at = found.end()
    return [*pieces, Piece(template[at:])]


def check(template: str, paths: Mapping[str, str]) -> None:
    """Check a template; raises BadTemplate."""
    pieces = split(template)
    is_object = template.lstrip().startswith("{")
    for piece in pieces:
        if not piece.name:
            continue
        if piece.name not in paths and piece.name not in RESERVED:
            raise BadTemplate(f"contains invalid placeholder {piece.name}.")
        if piece.name in _WHOLE and (piece.quoted or not is_object):
            raise BadTemplate(f"contains placeholder {piece.name} valid only for JSON template.")
    filled = "".join(
        piece.text if not piece.name else "x" if piece.quoted else '"x"' for piece in pieces
    )
    for part in [filled] if is_object else [line for line in filled.splitlines() if line.strip()]:
        _check_json(part, template)


def compose(
    template: str, paths: Mapping[str, str], *, rule: str, name: str
) -> Callable[[Event], str]:
    """Return the function that fills a template for an event."""
    pieces = split(template)
    places = {key: steps(path) for key, path in paths.items()}

    def value_of(key: str, event: Event) -> Any:
        if key in places:
            return value_at(event.data, places[key])
        return _reserved(key, event, rule, name)

    def fill(event: Event) -> str:
        return "".join(
            _written(value_of(piece.name, event), quoted=piece.quoted) if piece.name else piece.text
            for piece in pieces
        )

    return fill


def _is_open(text: str, quoted: bool) -> bool:
    """Tell whether a text of JSON is open behind ``text``."""
    escaped = False
    for sign in text:
        if sign == '"' and not escaped:
            quoted = not quoted
        escaped = quoted and sign == "\\" and not escaped
    return quoted


def _check_json(part: str, template: str) -> None:
    try:
        node = read(part)
    except Malformed as error:
        place = f"line: 1, column: {error.place + 1}"
        raise BadTemplate(f': [Source: (String)"{template}"; {place}].') from None
    if node.kind not in ("object", "string"):
        raise BadTemplate(f': [Source: (String)"{template}"; line: 1, column: 1].')


def _reserved(key: str, event: Event, rule: str, name: str) -> Any:
    if key == RULE_ARN:
        return rule
    if key == RULE_NAME:
        return name
    if key == INGESTION_TIME:
        return write_time(event.received_at)
    if key == EVENT_JSON:
        return event.data
    # AWS writes this one with other names, and without the detail.
    data = event.data
    names = ("id", "account", "detail-type", "time", "source", "region", "resources", "version")
    return {"detailType" if each == "detail-type" else each: data[each] for each in names}


def _written(value: Any, *, quoted: bool) -> str:
    if value is MISSING:
        value = ""
    text = orjson.dumps(value).decode()
    if not quoted:
        return text
    if isinstance(value, str):
        return text[1:-1]
    # Objects and arrays inside quotes lose their own.
    return text.replace('"', "")
