"""The part of JSONPath that targets understand: ``$.detail.items[0].name``, ``[*]`` (P4)."""

import re
from typing import Any, Final

_PATH: Final = re.compile(r"\$(?:\.[^.\[\]\"'\s]+|\[(?:\d+|\*)\]|\.\*)*")
_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+|\*)\]")
MISSING: Final = object()


def is_path(text: str) -> bool:
    """Tell whether a text is a path that EventBridge takes."""
    return _PATH.fullmatch(text) is not None


def steps(path: str) -> tuple[str | int, ...]:
    """Return a path as names, indexes and ``*``."""
    found: list[str | int] = []
    for name, index in _STEP.findall(path):
        found.append(int(index) if index.isdecimal() else (name or index))
    return tuple(found)


def value_at(event: Any, path: tuple[str | int, ...]) -> Any:
    """Return what lies at a path, or MISSING; ``*`` collects a list."""
    for place, step in enumerate(path):
        if step == "*":
            inside = event.values() if isinstance(event, dict) else event
            if not isinstance(event, dict | list):
                return MISSING
            found = [value_at(each, path[place + 1 :]) for each in inside]
            return [each for each in found if each is not MISSING]
        if isinstance(step, int):
            if not isinstance(event, list) or step >= len(event):
                return MISSING
            event = event[step]
        elif isinstance(event, dict) and step in event:
            event = event[step]
        else:
            return MISSING
    return event
