"""The faults of the past: which were on, folded from the log event by event.

Of a fault that began before the first kept event nothing is known until it ends.
"""

from collections.abc import Mapping
from typing import Any, Final

from messaging.kernel.batch import Batch
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.topology import Edge, Node
from messaging.kernel.world import World
from messaging.simulation.tray import CANCELLED, ENDED, STARTED


class Replay:
    """Faults by number: what each is put on, its kind, and until when it is to be on."""

    kinds: Final = frozenset({STARTED, ENDED, CANCELLED, "actor.Removed"})
    emptied: Final = frozenset[str]()

    def __init__(self, on: Mapping[int, tuple[str, str, int]] | None = None) -> None:
        self._on = dict(on or {})

    @classmethod
    def now(cls, sandbox: int) -> "Replay":
        """Start with none: those that are on began in the log, or long ago."""
        return cls()

    def copy(self) -> "Replay":
        return Replay(self._on)

    def drop(self, node: str) -> None:
        """Forget nothing: what is not there has no fault."""

    def assume(self, node: str) -> None:
        """Take in nothing."""

    def take(self, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        """Fold one event; return whether nodes or edges may look different now."""
        if kind == STARTED:
            self._on[data["number"]] = (arn, data["fault"], data["until"])
        elif kind in (ENDED, CANCELLED):
            self._on.pop(data["number"], None)
        elif kind == "actor.Removed":
            self._on = {number: one for number, one in self._on.items() if one[0] != arn}
        else:
            return False
        return True

    def nodes(self) -> list[Node]:
        return []

    def edges(self) -> list[Edge]:
        return []

    def felt(self) -> dict[str, list[str]]:
        """Return the kinds of fault that are on, by the node that they are put on."""
        found: dict[str, list[str]] = {}
        for _, (target, kind, _) in sorted(self._on.items()):
            if kind not in found.setdefault(target, []):
                found[target].append(kind)
        return found

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Leave a copy without faults."""
        return Losses()
