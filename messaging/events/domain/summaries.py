"""An event pattern in a few words, for a box on the map."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

CHARS_MAX: Final = 30
_DETAIL: Final = "detail"
_OR: Final = "$or"


def summary(pattern: str) -> str:
    """Return the first condition of a pattern, and how many more there are: ``total: > 100 +1``."""
    leaves = list(_leaves(json.loads(pattern), ()))
    name, entries = leaves[0]
    more = f" +{len(leaves) - 1}" if len(leaves) > 1 else ""
    text = f"{name}: {' | '.join(map(_written, entries))}"
    room = CHARS_MAX - len(more)
    return (text if len(text) <= room else text[: room - 1] + "…") + more


def _leaves(pattern: Any, path: tuple[str, ...]) -> Iterator[tuple[str, list[Any]]]:
    for name, below in pattern.items():
        if isinstance(below, Mapping):
            yield from _leaves(below, (*path, name))
        elif name == _OR and len(below) > 1 and isinstance(below[0], Mapping):
            for branch in below:
                yield from _leaves(branch, path)
        else:
            place = (*path, name)
            yield ".".join(place[1:] if place[0] == _DETAIL and len(place) > 1 else place), below


def _written(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return entry if isinstance(entry, str) else json.dumps(entry)
    [(operator, value)] = entry.items()
    if operator == "prefix":
        return f"{_written(value)}…"
    if operator == "suffix":
        return f"…{_written(value)}"
    if operator == "anything-but":
        values = value if isinstance(value, list) else [value]
        return f"not {' | '.join(map(_written, values))}"
    if operator == "numeric":
        return " ".join(map(str, value))
    if operator == "exists":
        return "is there" if value else "is missing"
    return str(value)
