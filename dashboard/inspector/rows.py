"""What stands on the picture of lifetimes: the scale, and the rows on it. Pure."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.console.text import visible
from dashboard.inspector.entries import queue_name, span_text
from dashboard.inspector.lifetimes import DEAD, DELAYED, FLIGHT, RETRY, WAITING, Life

LEFT: Final = 104
RIGHT: Final = 40
ROW: Final = 24
BAR: Final = 14
# The row of the message that a page is about, and one line under it for each who had it.
OWN_ROW: Final = 40
OWN_BAR: Final = 20
LANE: Final = 26
_STEPS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400)
_TICKS: Final = 9
SHORTEST: Final = 10_000


class Block(NamedTuple):
    """A rectangle; ``words`` stand in it where there is room."""

    kind: str
    x: float
    width: float
    words: str = ""

    @property
    def words_x(self) -> float:
        return self.x + 6


class Lane(NamedTuple):
    """One who had the message: when it was at work, hatched where another was as well."""

    name: str
    y: int
    blocks: list[Block]
    hatched: list[Block]

    @property
    def bar_y(self) -> int:
        return self.y + (LANE - BAR) // 2

    @property
    def text_y(self) -> int:
        return self.y + LANE // 2 + 4


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
    coming: list[Block] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)

    @property
    def band(self) -> int:
        return OWN_ROW if self.selected else ROW

    @property
    def bar(self) -> int:
        return OWN_BAR if self.selected else BAR

    @property
    def height(self) -> int:
        return self.band + LANE * len(self.lanes)

    @property
    def bar_y(self) -> int:
        return self.y + (self.band - self.bar) // 2

    @property
    def text_y(self) -> int:
        return self.middle + 4

    @property
    def middle(self) -> int:
        return self.y + self.band // 2

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
        text += ", " + _("two at work at once") if self.life.overlaps else ""
        names = ", ".join(lane.name for lane in self.lanes)
        return text + (". " + _("Handed to %(names)s") % {"names": names} if names else "")


class Heading(NamedTuple):
    """The name of a message group over its rows."""

    words: str
    y: int


class Scale:
    """Sandbox time along the width of the picture."""

    def __init__(self, start: int, end: int, width: int) -> None:
        self.start = start
        self.width = width
        self.end = max(end, start + SHORTEST)

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


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000, UTC).strftime("%H:%M:%S")
