"""What a node held at one moment: every message of it, its counters, and its oldest. Pure."""

from heapq import nsmallest
from itertools import chain
from typing import Any, Final

from dashboard.history.pages import Pages
from dashboard.topology.ledger import SHOWN, SLOTS, Mark

_ORDER: Final = ("f", "v", "d")


class Cell:
    """The messages of one node. A frozen cell belongs to several moments and is copied first."""

    __slots__ = ("born", "counts", "frozen", "held")

    def __init__(
        self,
        held: Pages[Mark] | None = None,
        born: Pages[int] | None = None,
        counts: list[int] | None = None,
    ) -> None:
        self.held: Pages[Mark] = Pages() if held is None else held
        self.born: Pages[int] = Pages() if born is None else born
        self.counts = counts or [0, 0, 0]
        self.frozen = False

    def copy(self) -> "Cell":
        return Cell(self.held.copy(), self.born.copy(), self.counts.copy())

    def put(self, m: int, mark: Mark, born: int) -> None:
        """Let a message be in a state; ``born`` counts when it is new here."""
        known = self.held.get(m)
        if known is None:
            self.born[m] = born
        else:
            self.counts[SLOTS[known[0]]] -= 1
        self.counts[SLOTS[mark[0]]] += 1
        self.held[m] = mark

    def take(self, m: int) -> int | None:
        """Let a message leave; return since when it was kept."""
        known = self.held.get(m)
        if known is None:
            return None
        self.counts[SLOTS[known[0]]] -= 1
        del self.held[m]
        return self.born.pop(m, None)

    def counters(self) -> tuple[int, int, int, int]:
        """Return visible, in flight, delayed, and the time of the oldest (0: none)."""
        visible, in_flight, delayed = self.counts
        born = (page.values() for page in self.born.pages)
        return visible, in_flight, delayed, min(chain.from_iterable(born), default=0)

    def urgent(self) -> list[list[Any]]:
        """Return what is shown: in flight by soonest end, visible oldest first, then delayed."""
        found: list[int] = []
        for state in _ORDER:
            wanted = SHOWN - len(found)
            if wanted <= 0:
                break
            found += nsmallest(wanted, self._in_state(state), key=self._rank(state))
        return [[m, *self.held[m], self.born.get(m, 0)] for m in found]

    def _in_state(self, state: str) -> list[int]:
        if not self.counts[SLOTS[state]]:
            return []
        return [m for page in self.held.pages for m, mark in page.items() if mark[0] == state]

    def _rank(self, state: str) -> Any:
        if state == "v":
            return lambda m: (self.born.get(m, 0), m)
        return lambda m: (self.held[m][1], m)
