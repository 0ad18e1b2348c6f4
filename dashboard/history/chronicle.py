"""The kept history of one sandbox: keyframes of the folded state, and the markers of its log.

Built when somebody first asks and carried on from there. The state at an event is the keyframe
before it and the few hundred events in between.
"""

import threading
from bisect import bisect_right
from collections.abc import Callable
from typing import Final

from dashboard.history import base, log
from dashboard.history.markers import Markers
from dashboard.history.past import Past
from dashboard.topology.fold import Logged
from dashboard.topology.snapshot import Head

SPACING: Final = 500
# Messages that the keyframes of one sandbox may hold together, where what they share counts once;
# above it every other one goes.
MARKS_MAX: Final = 400_000


class OutOfReach(LookupError):
    """The event is not in the log any more, or not yet."""


class Chronicle:
    """What was, of one sandbox in one run of its log. Only one thread at a time works on it."""

    def __init__(self, head: Head, rest: Callable[[], None] = lambda: None) -> None:
        self.lock = threading.Lock()
        self.epoch = head.epoch
        self.sandbox = head.id
        self.spacing = SPACING
        self.markers = Markers()
        self._latest = base.before(head, rest)
        self._keys = [self._latest.copy()]
        # What each keyframe holds that the one before it does not.
        self._weights = [0]

    @property
    def first(self) -> int:
        """Return the earliest moment that can be shown: 0 is before the first event."""
        return self._keys[0].seq

    @property
    def last(self) -> int:
        return self._latest.seq

    def follow(self, head: Head, rest: Callable[[], None] = lambda: None) -> None:
        """Take in what has been logged since, and let go of what the log has lost.

        ``rest`` is called after each keyframe.
        """
        for events in log.pieces(self.sandbox, self._latest.seq, head.last_seq):
            self.markers.add(self._latest.seq, events)
            self._carry_on(events, rest)
        self._cut(head.first_seq)
        while self._keys[1:] and self.weight() > MARKS_MAX:
            self._thin()

    def at(self, seq: int) -> Past:
        """Return the state after event ``seq``."""
        if not self.first <= seq <= self.last:
            raise OutOfReach(seq)
        place = bisect_right(self._keys, seq, key=_seq_of) - 1
        past = self._keys[place].copy()
        past.fold(log.events(self.sandbox, past.seq, seq))
        return past

    def _carry_on(self, events: list[Logged], rest: Callable[[], None]) -> None:
        latest = self._latest
        done = 0
        while done < len(events):
            step = self.spacing - latest.seq % self.spacing
            latest.fold(events[done : done + step])
            done += step
            if latest.seq % self.spacing == 0:
                self._keep(latest.copy())
                rest()

    def _keep(self, key: Past) -> None:
        self._weights.append(key.unshared(self._keys[-1]))
        self._keys.append(key)

    def _cut(self, first_seq: int) -> None:
        """Keep only the moments that can be reached through what the log still has."""
        while len(self._keys) > 1 and self._keys[0].seq < first_seq - 1:
            del self._keys[0], self._weights[0]
        self.markers.cut(first_seq)

    def _thin(self) -> None:
        """Let every other keyframe go: half as many reach as far, only slower."""
        self.spacing *= 2
        others = self._keys[1:]
        del self._keys[1:], self._weights[1:]
        for key in others:
            if key.seq % self.spacing == 0:
                self._keep(key)

    def weight(self) -> int:
        """Return how many messages the keyframes hold; what they share counts once."""
        return self._keys[0].unshared(Past(())) + sum(self._weights[1:])


def _seq_of(key: Past) -> int:
    return key.seq
