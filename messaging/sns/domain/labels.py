"""A filter policy in a few words, for the arrow on the map. Pure."""

import json
from typing import Any, Final

LABEL_CHARS: Final = 60


def filter_label(text: str) -> str:
    """Return a policy as ``color = red | blue, price > 5``."""
    try:
        policy = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    said = ", ".join(_key(name, below) for name, below in policy.items())
    return said if len(said) <= LABEL_CHARS else f"{said[: LABEL_CHARS - 1]}…"


def _key(name: str, below: Any) -> str:
    if isinstance(below, dict):
        return ", ".join(_key(f"{name}.{each}", deeper) for each, deeper in below.items())
    if name == "$or":
        return " or ".join(
            ", ".join(_key(each, deeper) for each, deeper in choice.items())
            for choice in below
            if isinstance(choice, dict)
        )
    plain = [entry for entry in below if not isinstance(entry, dict)]
    parts = [f"{name} = {' | '.join(map(_word, plain))}"] if plain else []
    parts += [f"{name} {_clause(entry)}" for entry in below if isinstance(entry, dict)]
    return " or ".join(parts)


def _clause(entry: dict[str, Any]) -> str:
    operator, value = next(iter(entry.items()))
    if operator == "numeric":
        return " ".join(map(str, value))
    if operator == "exists":
        return "exists" if value else "is absent"
    if isinstance(value, dict):
        return f"{operator} {_clause(value)}"
    values = value if isinstance(value, list) else [value]
    return f"{operator} {' | '.join(map(_word, values))}"


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
