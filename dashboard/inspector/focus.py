"""The message that a picture is about: who had it and for how long, and what comes next. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from dashboard.console.text import visible
from dashboard.inspector.entries import Facts
from dashboard.inspector.lifetimes import Life, Overlap, Segment, Work

_LEAST_MS: Final = 5_000

WORK: Final = "work"
# Nobody told when it was done: the span reaches to the end of its flight.
UNTOLD: Final = "untold"
# What comes: the time that is left of a flight or of a delay, and what the message is after that.
LEFT: Final = "left"
DELAY: Final = "delay"


class Hand(NamedTuple):
    """One who had the message."""

    name: str
    spans: list[Segment]
    overlaps: list[Overlap]


@dataclass(frozen=True)
class Focus:
    """A message, those who had it, and its future as far as it is settled."""

    m: int
    hands: Sequence[Hand] = ()
    coming: Sequence[Segment] = field(default_factory=list)

    @property
    def end(self) -> int:
        """When the last that is drawn of its future ends; 0 without one."""
        return self.coming[-1].end if self.coming else 0


def hands(life: Life, facts: Facts) -> list[Hand]:
    """Return who had a message, in the order in which they first did."""
    by: dict[str, list[Segment]] = {}
    for work in life.work:
        by.setdefault(work.by, []).append(_span(work, life))
    return [
        Hand(visible(facts.name(who)), spans, _shared(spans, life.overlaps))
        for who, spans in by.items()
    ]


def coming(message: Mapping[str, Any] | None, life: Life, *, now: int) -> list[Segment]:
    """Return what is left of a flight or a delay, and what follows when nobody acts."""
    if message is None or message["state"] not in ("f", "d") or message["until"] <= now:
        return []
    passed = max(_LEAST_MS, now - life.start)
    # A long timeout would leave no room for what has been: it is cut, and nothing follows it.
    until = min(message["until"], now + passed)
    left = Segment(DELAY if message["state"] == "d" else LEFT, now, until)
    if until < message["until"]:
        return [left]
    last = message["state"] == "f" and message["receives"] == message.get("max_receives")
    tail = max(_LEAST_MS, (until - life.start) // 7)
    return [left, Segment("dead" if last else "back", until, until + tail)]


def _span(work: Work, life: Life) -> Segment:
    if work.end:
        return Segment(WORK, work.start, work.end)
    flight = (part.end for part in life.segments if part.start == work.start)
    return Segment(UNTOLD, work.start, next(flight, life.stop))


def _shared(spans: Sequence[Segment], overlaps: Sequence[Overlap]) -> list[Overlap]:
    """Return the parts of a hand's spans in which another was at work as well."""
    found = []
    for span in spans:
        for one in overlaps:
            start, end = max(span.start, one.start), min(span.end, one.end)
            if start < end:
                found.append(Overlap(start, end))
    return found
