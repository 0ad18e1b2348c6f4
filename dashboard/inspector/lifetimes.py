"""How messages lived: events as segments of time, one bar a message. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from dashboard.inspector import entries
from dashboard.inspector.entries import Entry

WAITING: Final = "waiting"
DELAYED: Final = "delayed"
FLIGHT: Final = "flight"
RETRY: Final = "retry"
DEAD: Final = "dead"

_ENDS: Final = {
    entries.DELETED: "deleted",
    entries.EXPIRED: "expired",
    entries.PURGED: "purged",
    entries.QUEUE_DELETED: "purged",
}
_BEGINNINGS: Final = (entries.SENT, entries.ARRIVED)


class Segment(NamedTuple):
    """A stretch of one state; ``n`` counts the receive that a flight belongs to."""

    kind: str
    start: int
    end: int
    n: int = 0
    by: str = ""


class Overlap(NamedTuple):
    """Two consumers at work on one message at once."""

    start: int
    end: int


class Work(NamedTuple):
    """A consumer that was handed the message, and when it was done with it; 0 while unknown."""

    by: str
    start: int
    end: int = 0


@dataclass
class Life:
    """One message's bar. ``end`` is the way it ended, or nothing while it lives."""

    m: int
    arn: str = ""
    group: str | None = None
    body: str = ""
    segments: list[Segment] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)
    work: list[Work] = field(default_factory=list)
    end: str = ""
    whole: bool = True
    until: int = 0

    @property
    def start(self) -> int:
        return self.segments[0].start if self.segments else 0

    @property
    def stop(self) -> int:
        return self.segments[-1].end if self.segments else 0

    @property
    def receives(self) -> int:
        return sum(segment.kind == FLIGHT for segment in self.segments)


def lives(
    events: Iterable[Entry],
    *,
    now: int,
    dead_letter: Sequence[str] = (),
    busy: Mapping[int, Sequence[str]] | None = None,
) -> list[Life]:
    """Return the bars of the messages that events tell of, in the order of their beginnings.

    ``dead_letter`` are the ARNs of dead-letter queues; ``busy`` says which consumers work on a
    message at this moment.
    """
    tracks: dict[int, _Track] = {}
    for event in events:
        if event.kind in entries.OF_QUEUES:
            for track in tracks.values():
                track.clear(event)
            continue
        track = tracks.setdefault(event.m, _Track(event.m, dead_letter))
        track.take(event)
    return [track.finish(now, (busy or {}).get(m, ())) for m, track in tracks.items()]


class _Track:
    """Follows one message through its events."""

    def __init__(self, m: int, dead_letter: Sequence[str]) -> None:
        self.life = Life(m)
        self.dead_letter = dead_letter
        self.open: Segment | None = None
        self.work: list[Work] = []

    def take(self, event: Entry) -> None:
        """Let the message become what an event says."""
        if event.kind == entries.DEDUPLICATED:
            return
        if event.kind in (entries.IGNORED, entries.GAVE_UP):
            by = event.arn if event.kind == entries.GAVE_UP else event.by
            self._done(by, event.at)
            return
        self._describe(event)
        if event.kind in _ENDS:
            self._end(event, _ENDS[event.kind])
        elif event.kind == entries.MOVED:
            self._end(event, "moved")
        else:
            self._enter(event)

    def clear(self, event: Entry) -> None:
        """End it with its queue's messages."""
        if self.open is not None and self.life.arn == event.arn:
            self._end(event, _ENDS[event.kind])

    def finish(self, now: int, busy: Sequence[str]) -> Life:
        """Return the bar as it stands at ``now``."""
        if self.open is not None:
            self._close(now)
        self.life.overlaps = _overlaps(self.work, set(busy), now)
        self.life.work = [
            work._replace(end=work.end or (now if work.by in busy else 0)) for work in self.work
        ]
        return self.life

    def _describe(self, event: Entry) -> None:
        life, data = self.life, event.data
        if not life.segments and self.open is None and event.kind not in _BEGINNINGS:
            life.whole = False
        life.arn = event.arn
        life.group = data.get("g") or life.group
        life.body = data.get("b") or life.body

    def _enter(self, event: Entry) -> None:
        kind = self._kind(event)
        if event.kind == entries.CHANGED and self.open is not None and kind == self.open.kind:
            self.life.until = int(event.data.get("until", 0))
            return
        self._close(event.at)
        self.life.end = ""
        self.life.until = int(event.data.get("until", 0))
        self.open = Segment(kind, event.at, 0, int(event.data.get("n", 0)), event.by)
        if event.kind == entries.RECEIVED:
            self.work.append(Work(event.by, event.at))

    def _kind(self, event: Entry) -> str:
        state = event.data.get("is")
        if state == "f":
            return FLIGHT
        if state == "d":
            return DELAYED
        if event.arn in self.dead_letter or event.kind == entries.ARRIVED:
            return DEAD
        return RETRY if event.data.get("n") else WAITING

    def _end(self, event: Entry, how: str) -> None:
        self._close(event.at)
        self.life.end, self.life.until = how, 0
        if event.kind == entries.DELETED:
            self._done(event.by, event.at)

    def _close(self, at: int) -> None:
        if self.open is not None:
            self.life.segments.append(self.open._replace(end=max(at, self.open.start)))
            self.open = None

    def _done(self, by: str, at: int) -> None:
        """Note that a consumer is done with the first receive of its that is not."""
        for place, work in enumerate(self.work):
            if work.by == by and not work.end:
                self.work[place] = work._replace(end=at)
                return


def _overlaps(work: Sequence[Work], busy: set[str], now: int) -> list[Overlap]:
    """Return when two were at work: the earlier one was not done when the later one began."""
    found = []
    for place, earlier in enumerate(work):
        end = earlier.end or (now if earlier.by in busy else 0)
        for later in work[place + 1 :]:
            stop = min(end, later.end or end)
            if later.start < stop:
                found.append(Overlap(later.start, stop))
    return found
