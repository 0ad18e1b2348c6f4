"""A sandbox as it was after one event, and how the next event changes that. Pure.

Nodes and edges come from replays: one of each service, one of the actors, one of the programs
outside. Messages are folded here; the rules are those of ``dashboard.topology.fold``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from dashboard.history.cells import Cell
from dashboard.history.pages import Pages
from dashboard.topology.fold import Logged
from messaging.kernel.topology import Edge, Node


class Replay(Protocol):
    """Nodes and edges of one kind, folded from the events of some ``kinds``."""

    @property
    def kinds(self) -> frozenset[str]: ...
    @property
    def emptied(self) -> frozenset[str]: ...
    def copy(self) -> "Replay": ...
    def drop(self, node: str) -> None: ...
    def assume(self, node: str) -> None: ...
    def take(self, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> bool: ...
    def nodes(self) -> list[Node]: ...
    def edges(self) -> list[Edge]: ...


class Past:
    """The state at event ``seq``, which happened at sandbox time ``at``."""

    def __init__(self, replays: Sequence[Replay], *, seq: int = 0, at: int = 0) -> None:
        self.seq = seq
        self.at = at
        self.replays = list(replays)
        self.cells: dict[str, Cell] = {}
        self.emptied = frozenset().union(*(replay.emptied for replay in replays))
        self._moving: tuple[int, int] = (0, 0)

    def copy(self) -> "Past":
        """Return what goes on by itself from here; both share what neither has changed."""
        twin = Past([replay.copy() for replay in self.replays], seq=self.seq, at=self.at)
        for cell in self.cells.values():
            cell.frozen = True
        twin.cells = self.cells.copy()
        twin._moving = self._moving
        return twin

    def fold(self, events: Iterable[Logged]) -> None:
        """Take events one after the other."""
        takers: dict[str, list[Replay]] = {}
        for replay in self.replays:
            for kind in replay.kinds:
                takers.setdefault(kind, []).append(replay)
        for at, kind, arn, data in events:
            self.seq += 1
            # Time never runs back, whatever the machine's clock did.
            self.at = max(self.at, at)
            state = data.get("is")
            if state is not None or "was" in data:
                self._message(at, arn, state, data)
            for replay in takers.get(kind, ()):
                replay.take(at, kind, arn, data)
            if kind in self.emptied:
                self.cells.pop(arn, None)

    def unshared(self, other: "Past") -> int:
        """Return how many messages this holds that it does not share with ``other``."""
        return sum(
            cell.held.unshared(other.cells[arn].held if arn in other.cells else Pages())
            for arn, cell in self.cells.items()
        )

    def nodes(self) -> list[Node]:
        return [node for replay in self.replays for node in replay.nodes()]

    def edges(self) -> list[Edge]:
        return [edge for replay in self.replays for edge in replay.edges()]

    def faults(self) -> dict[str, list[str]]:
        """Return the kinds of fault that are on, by node."""
        found: dict[str, list[str]] = {}
        for replay in self.replays:
            if hasattr(replay, "felt"):
                found |= replay.felt()
        return found

    def settings(self, node: str) -> dict[str, Any]:
        """Return how a node is set, as far as the log tells."""
        found: dict[str, Any] = {}
        for replay in self.replays:
            if hasattr(replay, "settings"):
                found |= replay.settings(node)
        return found

    def cell(self, arn: str) -> Cell:
        """Return a node's cell, to be changed."""
        cell = self.cells.get(arn)
        if cell is None:
            cell = self.cells[arn] = Cell()
        elif cell.frozen:
            cell = self.cells[arn] = cell.copy()
        return cell

    def _message(self, at: int, arn: str, state: str | None, data: Mapping[str, Any]) -> None:
        m, cell = data["m"], self.cell(arn)
        if state is None:
            self._moving = m, cell.take(m) or at
            return
        known = cell.held.get(m)
        receives, group = (0, None) if known is None else known[2:]
        until = data.get("until", 0) if state != "v" else 0
        mark = (state, until, data.get("n", receives), data.get("g", group))
        cell.put(m, mark, self._born(at, arn, data))

    def _born(self, at: int, arn: str, data: Mapping[str, Any]) -> int:
        """Return since when a message counts as kept.

        In a dead-letter queue that is when it was first sent, in a FIFO one when it was moved.
        """
        if "from" not in data or arn.endswith(".fifo") or self._moving[0] != data["m"]:
            return at
        return self._moving[1]
