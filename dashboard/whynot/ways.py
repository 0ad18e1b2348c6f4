"""The ways on the map from one node to another. Pure."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from messaging.kernel.topology import Edge


class Hop(NamedTuple):
    """One edge of a way."""

    source: str
    target: str
    kind: str


# Edges along which something is handed on; calls of programs are none.
HANDED_ON = frozenset({"rule", "subscription", "target"})


def shortest(edges: Iterable[Edge], start: str, end: str) -> list[Hop] | None:
    """Return the shortest way, or None where no way leads there."""
    ahead = _ahead(edges)
    came: dict[str, Hop] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for hop in ahead.get(here, ()):
            if hop.target in came or hop.target == start:
                continue
            came[hop.target] = hop
            if hop.target == end:
                return _back(came, start, end)
            waiting.append(hop.target)
    return None


def reachable(edges: Iterable[Edge], start: str) -> set[str]:
    """Return the nodes to which a way leads."""
    ahead, found, waiting = _ahead(edges), set[str](), [start]
    while waiting:
        for hop in ahead.get(waiting.pop(), ()):
            if hop.target not in found:
                found.add(hop.target)
                waiting.append(hop.target)
    return found


def _ahead(edges: Iterable[Edge]) -> Mapping[str, Sequence[Hop]]:
    ahead: dict[str, list[Hop]] = {}
    for edge in edges:
        if edge.kind in HANDED_ON:
            ahead.setdefault(edge.source, []).append(Hop(edge.source, edge.target, edge.kind))
    return ahead


def _back(came: Mapping[str, Hop], start: str, end: str) -> list[Hop]:
    way: list[Hop] = []
    at = end
    while at != start:
        way.append(came[at])
        at = came[at].source
    return way[::-1]
