"""What was sent and what arrived: nothing lost, nothing twice, in order where FIFO promises it."""

from collections import defaultdict


class Flow:
    """The messages of one end-to-end run, by lane (a sender, or a FIFO group) and place in it.

    A lane has one sender that sends one message after the other, so its order is known.
    """

    def __init__(self, *, fifo: bool) -> None:
        self.fifo = fifo
        self.sending = True
        self.twice = 0
        self.out_of_order = 0
        self._next: dict[str, int] = defaultdict(int)
        self._sent: set[tuple[str, int]] = set()
        self._arrived: set[tuple[str, int]] = set()
        self._latest: dict[str, int] = defaultdict(lambda: -1)

    @property
    def missing(self) -> int:
        """How many acknowledged messages have not arrived."""
        return len(self._sent - self._arrived)

    def next_place(self, lane: str) -> int:
        """Take the next place in a lane."""
        place = self._next[lane]
        self._next[lane] = place + 1
        return place

    def sent(self, lane: str, place: int) -> None:
        """Note that a send was acknowledged."""
        self._sent.add((lane, place))

    def received(self, body: str, now: float) -> float:
        """Note what arrived at ``now``; return its seconds from the start of its send."""
        lane, place_text, began = body.split(".", 2)
        place = int(place_text)
        if (lane, place) in self._arrived:
            self.twice += 1
        elif self.fifo and place != self._latest[lane] + 1:
            self.out_of_order += 1
        self._arrived.add((lane, place))
        self._latest[lane] = max(self._latest[lane], place)
        return now - float(began.rstrip("x."))

    def faults(self) -> dict[str, int]:
        """Return how often each promise was broken."""
        faults = {"missing": self.missing, "twice": self.twice}
        return faults | ({"out_of_order": self.out_of_order} if self.fifo else {})
