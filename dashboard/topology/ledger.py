"""What the viewers of a sandbox hold: places with their messages and counters, and edges. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from messaging.kernel.topology import Contents, Edge, Node

SHOWN: Final = 32
SLOTS: Final = {"v": 0, "f": 1, "d": 2}

# state, until, receives, group
Mark = tuple[str, int, int, str | None]
# The same, and since when its node has kept it.
DatedMark = tuple[str, int, int, str | None, int]
EdgeKey = tuple[str, str, str]


class Place:
    """A node as the viewers know it.

    While ``complete``, ``held`` is every message of the node, so events alone keep it right.
    Otherwise it is the shown part of a longer list, which is read again after each change.
    ``before`` is what a message was when the current batch began (None: it was not here).
    """

    __slots__ = (
        "before",
        "born",
        "complete",
        "counts",
        "held",
        "index",
        "node",
        "oldest",
        "stores",
    )

    def __init__(self, index: int, node: Node) -> None:
        self.index = index
        self.node = node
        self.stores = False
        self.counts = [0, 0, 0]
        self.oldest = 0
        self.held: dict[int, Mark] = {}
        self.born: dict[int, int] = {}
        self.before: dict[int, Mark | None] = {}
        self.complete = True

    def fill(self, contents: Contents) -> None:
        """Take over what was read from the database."""
        for m, mark in self.held.items():
            self.before.setdefault(m, mark)
        self.held = {
            m: (state, until, n, group) for m, state, until, n, group, _ in contents.messages
        }
        for m in self.held:
            self.before.setdefault(m, None)
        self.counts = [contents.visible, contents.in_flight, contents.delayed]
        self.oldest = contents.oldest_at
        self.stores = True
        self.complete = len(self.held) == sum(self.counts)
        self.born = {held.number: held.since for held in contents.messages}

    def forget(self) -> None:
        """Mark everything as unknown: what the node holds is read again."""
        self.complete = False

    def row(self) -> list[Any]:
        return [
            self.index,
            self.node.id,
            self.node.kind,
            self.node.label,
            self.node.column,
            self.node.cfg,
        ]

    def counters(self) -> tuple[int, int, int, int]:
        visible, in_flight, delayed = self.counts
        return visible, in_flight, delayed, self.oldest

    def rows(self) -> list[list[Any]]:
        """Return every message that is shown."""
        return [[self.index, m, *mark, self.born.get(m, 0)] for m, mark in self.held.items()]

    def changes(self) -> dict[int, DatedMark | None]:
        """Return the messages that differ from what the viewers hold, and start anew."""
        before, self.before = self.before, {}
        changed = {m: self.held.get(m) for m, mark in before.items() if self.held.get(m) != mark}
        return {
            m: None if mark is None else (*mark, self.born.get(m, 0)) for m, mark in changed.items()
        }


@dataclass(slots=True)
class Line:
    """An edge as the viewers know it."""

    index: int
    edge: Edge
    source: int
    target: int

    def row(self) -> list[Any]:
        return [self.index, self.source, self.target, self.edge.kind, self.edge.label]


@dataclass(slots=True)
class Ledger:
    """The picture at sequence number ``seq``. Indexes are never used twice in one epoch."""

    seq: int = 0
    places: dict[str, Place] = field(default_factory=dict)
    lines: dict[EdgeKey, Line] = field(default_factory=dict)
    _next_place: int = 0
    _next_line: int = 0

    def redraw(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[list[Any]]:
        """Take over nodes and edges; yield what changed, in the order in which to fold it."""
        fresh = {node.id: node for node in nodes}
        arrows = {
            (e.source, e.target, e.kind): e
            for e in edges
            if e.source in fresh and e.target in fresh
        }
        yield from self._erase(fresh, arrows)
        yield from self.relabel(fresh)
        for node_id, node in fresh.items():
            if node_id not in self.places:
                place = self.places[node_id] = Place(self._next_place, node)
                place.forget()
                self._next_place += 1
                yield ["+n", place.row()]
        for key, edge in arrows.items():
            yield from self._draw(key, edge)

    def relabel(self, fresh: Mapping[str, Node]) -> Iterator[list[Any]]:
        """Take over label and settings of nodes that are known."""
        for node_id, node in fresh.items():
            place = self.places.get(node_id)
            if place is not None and place.node != node:
                place.node = node
                yield ["~n", place.index, node.label, node.cfg]

    def _erase(
        self, fresh: Mapping[str, Node], arrows: Mapping[EdgeKey, Edge]
    ) -> Iterator[list[Any]]:
        for key in [key for key in self.lines if key not in arrows]:
            yield ["-e", self.lines.pop(key).index]
        gone = [
            node_id
            for node_id, place in self.places.items()
            if node_id not in fresh or _looks(fresh[node_id]) != _looks(place.node)
        ]
        for node_id in gone:
            yield ["-n", self.places.pop(node_id).index]
            yield from self._erase_lines_of(node_id)

    def _erase_lines_of(self, node_id: str) -> Iterator[list[Any]]:
        for key in [key for key in self.lines if node_id in key[:2]]:
            yield ["-e", self.lines.pop(key).index]

    def _draw(self, key: EdgeKey, edge: Edge) -> Iterator[list[Any]]:
        line = self.lines.get(key)
        if line is None:
            ends = self.places[edge.source].index, self.places[edge.target].index
            line = self.lines[key] = Line(self._next_line, edge, *ends)
            self._next_line += 1
            yield ["+e", line.row()]
        elif line.edge.label != edge.label:
            line.edge = edge
            yield ["~e", line.index, edge.label]


def _looks(node: Node) -> tuple[str, str]:
    """Return what cannot change in a node that stays: a queue made anew as FIFO is another node."""
    return node.kind, node.column
