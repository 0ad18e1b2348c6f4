"""Typed markers over the log: which event is of which kind, where, and how many. Pure."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.topology.fold import QUIET, Logged

# Kinds of markers, as the time bar names them, and the events that they stand for.
KINDS: Final = ("sent", "received", "returned", "dead", "deleted", "failed", "config")
DECISIONS: Final = ("received", "returned", "dead", "deleted")
_KIND_OF: Final = {
    "sqs.MessageSent": "sent",
    "sqs.MessageReceived": "received",
    "sqs.MessageVisible": "returned",
    "sqs.MessageDuplicated": "returned",
    "sqs.MessageArrived": "dead",
    "sqs.MessageDeleted": "deleted",
    "sqs.MessageExpired": "deleted",
    "api.Failed": "failed",
    "actor.Failed": "failed",
}


def kind_of(kind: str, data: Mapping[str, Any]) -> str | None:
    """Return the marker of an event, or None for what the time bar does not show."""
    found = _KIND_OF.get(kind)
    if found is not None or "is" in data or "was" in data:
        return found
    return None if kind.startswith(QUIET) else "config"


class Trail:
    """Sequence numbers and times of the events of one kind, oldest first."""

    __slots__ = ("ats", "seqs")

    def __init__(self) -> None:
        self.seqs = array("q")
        self.ats = array("q")

    def add(self, seq: int, at: int) -> None:
        self.seqs.append(seq)
        self.ats.append(at)

    def cut(self, first: int) -> None:
        """Forget what was before event ``first``."""
        gone = bisect_left(self.seqs, first)
        del self.seqs[:gone], self.ats[:gone]

    def before(self, seq: int) -> int | None:
        place = bisect_left(self.seqs, seq)
        return self.seqs[place - 1] if place else None

    def after(self, seq: int) -> int | None:
        place = bisect_right(self.seqs, seq)
        return self.seqs[place] if place < len(self.seqs) else None

    def buckets(self, edges: Sequence[int]) -> list[list[int]]:
        """Return (bucket, count, first event) of each bucket that is not empty."""
        found = []
        low = bisect_left(self.ats, edges[0])
        for place, edge in enumerate(edges[1:]):
            high = bisect_left(self.ats, edge, low)
            if high > low:
                found.append([place, high - low, self.seqs[low]])
            low = high
        return found


class Markers:
    """The markers of a log from event ``first`` to event ``last``."""

    def __init__(self) -> None:
        self.all = Trail()
        self.kinds = {kind: Trail() for kind in KINDS}

    def add(self, seq: int, events: Iterable[Logged]) -> None:
        """Take events that follow on event ``seq``."""
        latest = self.all.ats[-1] if self.all.ats else 0
        for at, kind, _, data in events:
            seq += 1
            latest = max(latest, at)
            self.all.add(seq, latest)
            found = kind_of(kind, data)
            if found is not None:
                self.kinds[found].add(seq, latest)

    def cut(self, first: int) -> None:
        """Forget what was before event ``first``."""
        for trail in (self.all, *self.kinds.values()):
            trail.cut(first)

    def last_at(self, at: int) -> int | None:
        """Return the last event at or before a time."""
        place = bisect_right(self.all.ats, at)
        return self.all.seqs[place - 1] if place else None

    def near(self, seq: int, kinds: Iterable[str]) -> tuple[int | None, int | None]:
        """Return the event before ``seq`` and the one after it that are of one of ``kinds``."""
        trails = [self.kinds[kind] for kind in kinds]
        earlier = [found for trail in trails if (found := trail.before(seq)) is not None]
        later = [found for trail in trails if (found := trail.after(seq)) is not None]
        return max(earlier, default=None), min(later, default=None)

    def buckets(self, start: int, end: int, number: int) -> dict[str, list[list[int]]]:
        """Return what lies in each of ``number`` equal stretches of time, for each kind."""
        # The last moment belongs to the last bucket.
        length = max(1, end + 1 - start)
        edges = [start + length * place // number for place in range(number + 1)]
        return {kind: trail.buckets(edges) for kind, trail in self.kinds.items()}
