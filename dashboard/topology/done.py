"""What a change of the map answers with."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, what undoes it, and the id of what was made."""

    text: str
    undo: dict[str, Any] | None = None
    made: str = ""


def command(op: str, **args: Any) -> dict[str, Any]:
    """Return a change of the map as the page sends it."""
    return {"op": op, "args": args}
