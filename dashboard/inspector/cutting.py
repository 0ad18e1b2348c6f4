"""A life as it was at a moment, and what came of it after that. Pure."""

from typing import Final

from dashboard.inspector.focus import LEFT
from dashboard.inspector.lifetimes import DELAYED, FLIGHT, Life, Overlap, Segment, Work

_GOES_ON: Final = {FLIGHT: LEFT, DELAYED: "delay"}


def as_of(then: Life, whole: Life, *, at: int) -> Life:
    """Complete a life that ends at a moment with what the log tells later of who was at work."""
    then.work = [_until(one, at) for one in whole.work if one.start <= at]
    then.overlaps = [
        Overlap(one.start, min(one.end, at)) for one in whole.overlaps if one.start < at
    ]
    return then


def rest(whole: Life, *, at: int) -> list[Segment]:
    """Return what a message became after a moment; a flight or a delay goes on as what was left."""
    found: list[Segment] = []
    for part in whole.segments:
        if part.end <= at:
            continue
        kind = part.kind if found or part.start > at else _GOES_ON.get(part.kind, part.kind)
        found.append(Segment(kind, max(at, part.start), part.end))
    return found


def _until(work: Work, at: int) -> Work:
    return work._replace(end=min(work.end, at)) if work.end else work
