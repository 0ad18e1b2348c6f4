"""A JSON document in lines, with those marked that belong to one path. Pure."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

INDENT = "  "


class Line(NamedTuple):
    """A line of a document."""

    text: str
    is_marked: bool


def lines(document: Any, path: tuple[str, ...] | None) -> list[Line]:
    """Return a document's lines; those of what lies at ``path`` are marked.

    Where the path ends early, what it still found is marked: there something is missing.
    """
    wanted = None if path is None else _reachable(document, path)
    return list(_value(document, (), wanted, "", ""))


def _reachable(document: Any, path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the part of a path that a document has; the first element stands for its array."""
    found: list[str] = []
    for name in path:
        while isinstance(document, list) and document and isinstance(document[0], dict | list):
            document = document[0]
        if not isinstance(document, dict) or name not in document:
            break
        document = document[name]
        found.append(name)
    return tuple(found)


def _value(
    value: Any, here: tuple[str, ...], wanted: tuple[str, ...] | None, lead: str, tail: str
) -> Iterator[Line]:
    """Yield the lines of a value; ``lead`` stands before the first, ``tail`` behind the last."""
    marked = bool(wanted) and here[: len(wanted or ())] == wanted
    depth = lead[: len(lead) - len(lead.lstrip())]
    if isinstance(value, dict) and value:
        yield Line(f"{lead}{{", marked)
        yield from _members(value, here, wanted, depth)
        yield Line(f"{depth}}}{tail}", marked)
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        yield Line(f"{lead}[", marked)
        for place, item in enumerate(value):
            comma = "," if place < len(value) - 1 else ""
            yield from _value(item, here, wanted, f"{depth}{INDENT}", comma)
        yield Line(f"{depth}]{tail}", marked)
    else:
        yield Line(f"{lead}{json.dumps(value, ensure_ascii=False)}{tail}", marked)


def _members(
    value: dict[str, Any], here: tuple[str, ...], wanted: tuple[str, ...] | None, depth: str
) -> Iterator[Line]:
    last = len(value) - 1
    for place, (name, below) in enumerate(value.items()):
        comma = "," if place < last else ""
        key = json.dumps(name, ensure_ascii=False)
        lead = f"{depth}{INDENT}{key}: "
        yield from _value(below, (*here, name), wanted, lead, comma)
