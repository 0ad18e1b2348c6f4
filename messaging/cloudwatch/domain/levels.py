"""What lies in a queue, event by event: three counters, and the oldest message. Pure."""

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush
from typing import Any, Final

_SLOTS: Final = {"v": 0, "f": 1, "d": 2}
Oldest = tuple[int, int]


class Levels:
    """The counters of a queue, and the oldest of its messages.

    ``oldest`` must hold (since, number) of more of the messages at the beginning, oldest first,
    than can leave: the oldest that stays is then always known.
    """

    def __init__(self, held: Iterable[int], oldest: Iterable[Oldest]) -> None:
        self._held = list(held)
        self._queue = list(oldest)
        heapify(self._queue)
        self._since = {number: since for since, number in self._queue}
        self.came: dict[int, int] = {}
        self.left: set[int] = set()
        self.is_emptied = False

    def take(self, at: int, data: Mapping[str, Any]) -> None:
        """Fold an event that has ``is`` or ``was``."""
        state, before = data.get("is"), data.get("was")
        number = data.get("m", 0)
        if before is not None:
            self._add(before, -1)
        if state is not None:
            self._add(state, 1)
        if before is None and state is not None:
            self.came[number] = self._since[number] = at
            heappush(self._queue, (at, number))
        elif state is None:
            self._since.pop(number, None)
            if self.came.pop(number, None) is None:
                self.left.add(number)

    def empty(self) -> None:
        """Forget every message: the queue has been purged, made or deleted."""
        self._held = [0, 0, 0]
        self._queue.clear()
        self._since.clear()
        self.came.clear()
        self.left.clear()
        self.is_emptied = True

    def now(self) -> list[int]:
        """Return visible, in flight, delayed, and since when the oldest is there, or 0."""
        while self._queue and self._since.get(self._queue[0][1]) != self._queue[0][0]:
            heappop(self._queue)
        return [*self._held, self._queue[0][0] if self._queue else 0]

    def _add(self, state: str, count: int) -> None:
        slot = _SLOTS[state]
        # Where the log begins after the queue did, more leave than have come.
        self._held[slot] = max(0, self._held[slot] + count)
