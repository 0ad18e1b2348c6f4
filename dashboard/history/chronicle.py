"""The kept history of one sandbox: keyframes of the folded state, and the markers of its log.

Built when somebody first asks and carried on from there. The state at an event is the keyframe
before it and the few hundred events in between.
"""

import threading
from bisect import bisect_right
from typing import Final

from dashboard.history import base, log
from dashboard.history.markers import Markers
from dashboard.history.past import Past
from dashboard.topology.fold import Logged
from dashboard.topology.snapshot import Head

SPACING: Final = 500
# Messages that the keyframes of one sandbox may hold together; above it every other one goes.
MARKS_MAX: Final = 400_000


class OutOfReach(LookupError):
    """The event is not in the log any more, or not yet."""


class Chronicle:
    """What was, of one sandbox in one run of its log. Only one thread at a time works on it."""

    def __init__(self, head: Head) -> None:
        self.lock = threading.Lock()
        self.epoch = head.epoch
        self.sandbox = head.id
        self.spacing = SPACING
        self.markers = Markers()
        self._latest = base.before(head)
        self._keys = [self._latest.copy()]
        self._weighed = 0

    @property
    def first(self) -> int:
        """Return the earliest moment that can be shown: 0 is before the first event."""
        return self._keys[0].seq

    @property
    def last(self) -> int:
        return self._latest.seq

    def follow(self, head: Head) -> None:
        """Take in what has been logged since, and let go of what the log has lost."""
        for events in log.pieces(self.sandbox, self._latest.seq, head.last_seq):
            self.markers.add(self._latest.seq, events)
            self._carry_on(events)
        self._cut(head.first_seq)
        if self._latest.seq - self._weighed >= self.spacing:
            self._thin()

    def at(self, seq: int) -> Past:
        """Return the state after event ``seq``."""
        if not self.first <= seq <= self.last:
            raise OutOfReach(seq)
        place = bisect_right(self._keys, seq, key=_seq_of) - 1
        past = self._keys[place].copy()
        past.fold(log.events(self.sandbox, past.seq, seq))
        return past

    def _carry_on(self, events: list[Logged]) -> None:
        latest = self._latest
        done = 0
        while done < len(events):
            step = self.spacing - latest.seq % self.spacing
            latest.fold(events[done : done + step])
            done += step
            if latest.seq % self.spacing == 0:
                self._keys.append(latest.copy())

    def _cut(self, first_seq: int) -> None:
        """Keep only the moments that can be reached through what the log still has."""
        while len(self._keys) > 1 and self._keys[0].seq < first_seq - 1:
            del self._keys[0]
        self.markers.cut(first_seq)

    def _thin(self) -> None:
        """Keep the keyframes within their bound: half as many reach as far, only slower."""
        self._weighed = self._latest.seq
        while self._keys[1:] and self.weight() > MARKS_MAX:
            self.spacing *= 2
            self._keys[1:] = [key for key in self._keys[1:] if key.seq % self.spacing == 0]

    def weight(self) -> int:
        """Return how many messages the keyframes hold; what they share counts once."""
        cells = {id(cell): len(cell.held) for key in self._keys for cell in key.cells.values()}
        return sum(cells.values())


def _seq_of(key: Past) -> int:
    return key.seq
