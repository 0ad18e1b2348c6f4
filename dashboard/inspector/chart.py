"""Bars as places on a picture of a given width. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.console.text import visible
from dashboard.inspector.entries import queue_name, span_text
from dashboard.inspector.lifetimes import DEAD, DELAYED, FLIGHT, RETRY, WAITING, Life

WIDE: Final = 1_340
NARROW: Final = 940
LEFT: Final = 104
RIGHT: Final = 40
TOP: Final = 26
ROW: Final = 24
BAR: Final = 14
_HEAD: Final = 22
_LEAST: Final = 2.0
_WORDS: Final = 78
_STEPS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400)
_TICKS: Final = 9
_SHORTEST: Final = 10_000


class Block(NamedTuple):
    """A rectangle; ``words`` stand in it where there is room."""

    kind: str
    x: float
    width: float
    words: str = ""

    @property
    def words_x(self) -> float:
        return self.x + 6


class Tick(NamedTuple):
    """A line of the scale."""

    x: float
    words: str


@dataclass(frozen=True)
class Row:
    """One message on the picture."""

    life: Life
    y: int
    blocks: list[Block]
    hatched: list[Block]
    end_x: float
    selected: bool

    @property
    def bar_y(self) -> int:
        return self.y + (ROW - BAR) // 2

    @property
    def text_y(self) -> int:
        return self.y + ROW // 2 + 4

    @property
    def middle(self) -> int:
        return self.y + ROW // 2

    @property
    def left(self) -> float:
        return self.blocks[0].x if self.blocks else LEFT

    @property
    def queue(self) -> str:
        return queue_name(self.life.arn)

    @property
    def group(self) -> str:
        return visible(self.life.group or "")

    @property
    def body(self) -> str:
        return visible(self.life.body)

    @property
    def times(self) -> list[str]:
        """How long it was in each state, as the columns of the table name them."""
        spent = dict.fromkeys((WAITING, FLIGHT, RETRY, DELAYED, DEAD), 0)
        for part in self.life.segments:
            spent[part.kind] += part.end - part.start
        return [span_text(ms) if ms else "–" for ms in spent.values()]

    @property
    def end_word(self) -> str:
        words = {
            "deleted": _("deleted"),
            "expired": _("expired"),
            "purged": _("purged"),
            "moved": _("redriven"),
        }
        return words.get(self.life.end) or _("still there")

    @property
    def summary(self) -> str:
        """The bar in words."""
        count = self.life.receives
        received = ngettext("received once", "received %(count)s times", count) % {"count": count}
        text = _("Message %(number)s in %(queue)s: %(received)s, %(end)s") % {
            "number": self.life.m,
            "queue": self.queue,
            "received": received if count else _("never received"),
            "end": self.end_word,
        }
        return text + (", " + _("two at work at once") if self.life.overlaps else "")


class Heading(NamedTuple):
    """The name of a message group over its rows."""

    words: str
    y: int


@dataclass(frozen=True)
class Chart:
    """Everything that the template draws."""

    rows: list[Row]
    headings: list[Heading]
    ticks: list[Tick]
    height: int
    now_x: float
    width: int
    left: int = LEFT
    row: int = ROW
    bar: int = BAR
    top: int = TOP

    @property
    def label_x(self) -> int:
        return self.left - 10


class Scale:
    """Sandbox time along the width of the picture."""

    def __init__(self, start: int, end: int, width: int) -> None:
        self.start = start
        self.width = width
        self.end = max(end, start + _SHORTEST)

    def x(self, at: float) -> float:
        """Return where a time stands."""
        share = (at - self.start) / (self.end - self.start)
        return round(LEFT + min(1.0, max(0.0, share)) * (self.width - LEFT - RIGHT), 1)

    def ticks(self) -> list[Tick]:
        """Return round times, few enough to be read."""
        length = (self.end - self.start) / 1_000
        step = next((step for step in _STEPS if length / step <= _TICKS), _STEPS[-1]) * 1_000
        first = -(-self.start // step) * step
        return [Tick(self.x(at), _time(at)) for at in range(first, self.end + 1, step)]


def draw(
    lives: Sequence[Life], *, now: int, end: int = 0, selected: int = 0, width: int = WIDE
) -> Chart:
    """Lay bars out until ``end``, those of a message group together under its name."""
    end = end or now
    start = min((life.start for life in lives), default=now - _SHORTEST)
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
            rows.append(_row(life, scale, y, selected=life.m == selected))
            y += ROW
    return Chart(rows, headings, scale.ticks(), y + 4, scale.x(now) if end >= now else 0, width)


def _groups(lives: Sequence[Life]) -> dict[str, list[Life]]:
    found: dict[str, list[Life]] = {}
    for life in lives:
        found.setdefault(life.group or "", []).append(life)
    return found


def _row(life: Life, scale: Scale, y: int, *, selected: bool) -> Row:
    twice = [one.start for one in life.overlaps]
    blocks = [
        # Hatching that begins with the block would cover its number.
        _block(part.kind, scale, part.start, part.end, 0 if part.start in twice else part.n)
        for part in life.segments
    ]
    hatched = [_block("twice", scale, one.start, one.end) for one in life.overlaps]
    return Row(life, y, blocks, hatched, scale.x(life.stop), selected)


def _block(kind: str, scale: Scale, start: int, end: int, n: int = 0) -> Block:
    x = scale.x(start)
    width = round(max(_LEAST, scale.x(end) - x), 1)
    return Block(kind, x, width, str(n) if kind == FLIGHT and n and width > _WORDS / 5 else "")


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000, UTC).strftime("%H:%M:%S")
