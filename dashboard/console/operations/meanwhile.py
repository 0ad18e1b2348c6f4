"""Two people at one form: what one of them changes does not undo what the other saved meanwhile."""

import json
from collections.abc import Iterable, Mapping
from typing import Final

_LONGEST: Final = 20_000


def note(attributes: Mapping[str, str], names: Iterable[str]) -> str:
    """Return what a form carries along: some attributes as they were when it was made."""
    return json.dumps({name: attributes[name] for name in names if name in attributes})


def noted(text: str) -> dict[str, str] | None:
    """Return what a form carried; None when it carried nothing that can be read."""
    if not text or len(text) > _LONGEST:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_plain = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
    return found if is_plain else None


def clashes(
    wanted: Mapping[str, str],
    *,
    base: Mapping[str, str],
    now: Mapping[str, str],
    known: Mapping[str, str],
) -> list[str]:
    """Return what this form changes and somebody else has changed since, and was not told of."""
    return [
        name
        for name, value in wanted.items()
        if now.get(name, "") not in (base.get(name, ""), value, known.get(name))
    ]
