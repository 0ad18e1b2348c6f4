"""One frame of changes: what it says, how two become one, how it is written. Pure."""

from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from dashboard.topology.ledger import DatedMark

# Dots of one edge: while little moves, one for each message of a full AWS batch and a few more.
DOTS_MOST: Final = 12
DOTS: Final = 6
FEW: Final = 200
REQUESTS: Final = 24
# Colours of what does not arrive: a failed call along an edge and against it, stopped by a filter.
LOST: Final = "eus"


# When a message started, how often it had been received then, and until when it is hidden (or 0).
Start = tuple[int, int, int]


class Burst:
    """Messages that moved along one edge: how many, and how the first few started."""

    __slots__ = ("count", "starts")

    def __init__(self, count: int = 0, starts: list[Start] | None = None) -> None:
        self.count = count
        self.starts = starts or []

    def add(self, at: int, receives: int = 0, until: int = 0) -> None:
        self.count += 1
        if len(self.starts) < DOTS_MOST:
            self.starts.append((at, receives, until))

    def dots(self, most: int = DOTS_MOST) -> list[tuple[int, ...]]:
        """Return (start, weight, receives, until) of each dot; the weights add up to the count.

        A dot that stands for several says nothing of one of them.
        """
        starts = _spread(self.starts, most)
        each, left = divmod(self.count, len(starts))
        weights = [each + (place < left) for place in range(len(starts))]
        return [
            (start[0], weight, *(start[1:] if weight == 1 else (0, 0)))
            for start, weight in zip(starts, weights, strict=True)
        ]

    def merged(self, later: "Burst") -> "Burst":
        return Burst(self.count + later.count, _spread(self.starts + later.starts, DOTS_MOST))


def _spread(starts: list[Start], most: int) -> list[Start]:
    if len(starts) <= most:
        return starts
    return [starts[place * len(starts) // most] for place in range(most)]


@dataclass(slots=True)
class Batch:
    """Changes from number ``q0`` to ``q``, at sandbox time ``ts`` over ``dt`` milliseconds."""

    q0: int
    q: int
    ts: int
    dt: int
    rate: float
    topology: list[list[Any]] = field(default_factory=list)
    counters: dict[int, tuple[int, ...]] = field(default_factory=dict)
    totals: dict[int, int] = field(default_factory=dict)
    bursts: dict[tuple[int, str], Burst] = field(default_factory=dict)
    messages: dict[tuple[int, int], DatedMark | None] = field(default_factory=dict)
    requests: list[list[Any]] = field(default_factory=list)
    _text: str = ""

    @property
    def text(self) -> str:
        """The frame as it is sent; written once, however many look on."""
        if not self._text:
            self._text = self.written()
        return self._text

    def moved(self, bursts: dict[tuple[int, str], Burst]) -> None:
        """Note what moved along the edges; a failure moved nothing, a port is no edge."""
        self.bursts = bursts
        for (edge, colour), burst in bursts.items():
            if edge >= 0 and colour not in LOST:
                self.totals[edge] = self.totals.get(edge, 0) + burst.count

    def merged(self, later: "Batch") -> "Batch":
        """Return one batch that does what this one and ``later`` do."""
        bursts, totals = dict(self.bursts), dict(self.totals)
        for key, burst in later.bursts.items():
            bursts[key] = bursts[key].merged(burst) if key in bursts else burst
        for edge, count in later.totals.items():
            totals[edge] = totals.get(edge, 0) + count
        return Batch(
            q0=self.q0,
            q=later.q,
            ts=later.ts,
            dt=self.dt + later.dt,
            rate=later.rate,
            topology=self.topology + later.topology,
            counters=self.counters | later.counters,
            totals=totals,
            bursts=bursts,
            messages=self.messages | later.messages,
            requests=(self.requests + later.requests)[-REQUESTS:],
        )

    def written(self, *, dots: bool = True) -> str:
        """Return the frame as JSON; without ``dots`` nothing is drawn on the edges."""
        frame: dict[str, Any] = {
            "t": "b",
            "q0": self.q0,
            "q": self.q,
            "ts": self.ts,
            "dt": self.dt,
            "rate": self.rate,
            "n": [[index, *row] for index, row in self.counters.items()],
            "e": list(self.totals.items()),
            "p": self._dots() if dots else [],
            "m": [_message(*key, mark) for key, mark in self.messages.items()],
            "x": self.topology,
            "req": self.requests,
        }
        return orjson.dumps(frame).decode()

    def _dots(self) -> list[list[Any]]:
        """Return the dots, dead-letter moves and errors first."""
        moving = sum(burst.count for burst in self.bursts.values())
        most = DOTS_MOST if moving <= FEW else DOTS
        return [
            [edge, start, 0, colour, *told]
            for (edge, colour), burst in sorted(self.bursts.items(), key=_urgency)
            for start, *told in burst.dots(most)
        ]


def _urgency(item: tuple[tuple[int, str], Burst]) -> bool:
    return item[0][1] not in ("x", *LOST)


def _message(place: int, m: int, mark: DatedMark | None) -> list[Any]:
    return ["-", place, m] if mark is None else ["+", place, m, *mark]
