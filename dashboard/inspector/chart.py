"""Bars as places on a picture of a given width. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from dashboard.inspector.entries import clock_text
from dashboard.inspector.focus import Focus
from dashboard.inspector.lifetimes import FLIGHT, Life, Overlap, Segment
from dashboard.inspector.rows import (
    LANE,
    LEFT,
    SHORTEST,
    Block,
    Heading,
    Lane,
    Row,
    Scale,
    Tick,
)

WIDE: Final = 1_340
NARROW: Final = 940
TOP: Final = 26
_HEAD: Final = 22
_LEAST: Final = 2.0
_NUMBER: Final = 16
_LETTER: Final = 6.2
# How near a time of the scale may stand to the pill with the time of the picture.
_PILL: Final = 74


@dataclass(frozen=True)
class Chart:
    """Everything that the template draws."""

    rows: list[Row]
    headings: list[Heading]
    ticks: list[Tick]
    height: int
    now_x: float
    width: int
    now_words: str = ""
    pinned: frozenset[int] = frozenset()
    left: int = LEFT
    top: int = TOP

    @property
    def label_x(self) -> int:
        return self.left - 10

    @property
    def labels(self) -> list[Tick]:
        """The times of the scale that the time of the picture leaves room for."""
        if not self.now_x:
            return self.ticks
        return [tick for tick in self.ticks if abs(tick.x - self.now_x) > _PILL]


def draw(
    lives: Sequence[Life],
    *,
    now: int,
    start: int = 0,
    end: int = 0,
    focus: Focus | None = None,
    width: int = WIDE,
    pinned: Iterable[int] = (),
) -> Chart:
    """Lay bars out until ``end``, those of a message group together under its name."""
    end = end or now
    start = start or min((life.start for life in lives), default=now - SHORTEST)
    scale = Scale(start, end, width)
    rows: list[Row] = []
    headings: list[Heading] = []
    y = 0
    grouped = any(life.group for life in lives)
    for name, members in _groups(lives).items():
        if grouped:
            headings.append(Heading(name, y + _HEAD - 7))
            y += _HEAD
        for life in members:
            is_own = focus is not None and life.m == focus.m
            rows.append(_row(life, scale, y, focus if is_own else None))
            y += rows[-1].height
    now_x = scale.x(now) if start <= now <= end else 0
    return Chart(
        rows, headings, scale.ticks(), y + 4, now_x, width, clock_text(now), frozenset(pinned)
    )


def _groups(lives: Sequence[Life]) -> dict[str, list[Life]]:
    found: dict[str, list[Life]] = {}
    for life in lives:
        found.setdefault(life.group or "", []).append(life)
    return found


def _row(life: Life, scale: Scale, y: int, focus: Focus | None) -> Row:
    # Hatching that begins with the block would cover its number; beside lanes it lies in those.
    twice = [] if focus else [one.start for one in life.overlaps]
    blocks = [
        _block(part, scale, own=focus is not None, bare=part.start in twice)
        for part in life.segments
        if part.end >= scale.start
    ]
    row = Row(
        life,
        y,
        blocks,
        [] if focus else [_hatch(one, scale) for one in life.overlaps],
        scale.x(life.stop),
        focus is not None,
    )
    if focus is not None:
        row.coming.extend(_place(one.kind, scale, one.start, one.end) for one in focus.coming)
        top = y + row.band
        for place, hand in enumerate(focus.hands):
            spans = [_place(one.kind, scale, one.start, one.end) for one in hand.spans]
            hatched = [_hatch(one, scale) for one in hand.overlaps]
            row.lanes.append(Lane(hand.name, top + place * LANE, spans, hatched))
    return row


def _hatch(one: Overlap, scale: Scale) -> Block:
    return _place("twice", scale, one.start, one.end)


def _block(part: Segment, scale: Scale, *, own: bool, bare: bool) -> Block:
    block = _place(part.kind, scale, part.start, part.end)
    if part.kind != FLIGHT or not part.n or bare:
        return block
    words = [str(part.n)]
    if own:
        count = {"n": part.n}
        words = [_("in flight, receive %(n)s") % count, _("receive %(n)s") % count, *words]
    room = block.width - 8
    fits = (text for text in words if max(len(text) * _LETTER, _NUMBER - 8) <= room)
    return block._replace(words=next(fits, ""))


def _place(kind: str, scale: Scale, start: int, end: int) -> Block:
    x = scale.x(start)
    return Block(kind, x, round(max(_LEAST, scale.x(end) - x), 1))
