"""What the panel of a resource tells: sections of pairs and of rows with buttons."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dashboard.matcher.marking import lines


@dataclass(frozen=True, slots=True)
class Button:
    """Opens the form of an operation with some of its fields filled in."""

    operation: str
    values: Mapping[str, str]

    @property
    def query(self) -> str:
        return urlencode(self.values)


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the resource that is no node of its own, such as a subscription.

    ``tries`` is the ARN of what has a pattern, for the matcher playground.
    """

    title: str
    kind: str = ""
    facts: Sequence[tuple[str, str]] = ()
    code: str = ""
    buttons: Sequence[Button] = ()
    tries: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Part of what a panel tells; ``empty`` stands where there are no rows."""

    title: str
    pairs: Sequence[tuple[str, str]] = ()
    rows: Sequence[Row] = ()
    empty: str = ""
    code: str = ""
    buttons: Sequence[Button] = ()
    tries: str = ""


def pairs_of(values: Mapping[str, Any], *, without: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return plain values by name, in the order of their names."""
    return [
        (name, plain(value))
        for name, value in sorted(values.items())
        if name not in without and value not in ("", None, [], {})
    ]


def plain(value: object) -> str:
    """Return a value as AWS writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    is_whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if is_whole else str(value)  # type: ignore[call-overload]


def document(text: str) -> str:
    """Return a JSON text with lines and indents; any other text as it is."""
    try:
        return "\n".join(line.text for line in lines(json.loads(text), None))
    except ValueError:
        return text
