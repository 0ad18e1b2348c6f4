"""A moment of the past as a browser takes it: the stream's own snapshot, marked as past."""

from collections.abc import Mapping
from typing import Any

from dashboard.history.cells import Cell
from dashboard.history.past import Past
from dashboard.topology.snapshot import Head, addressed

_EMPTY = Cell()


def frame(past: Past, head: Head) -> dict[str, Any]:
    """Return a ``snap`` frame; its indexes are its own, and time stands still in it."""
    lines = list(past.edges())
    nodes = addressed(head, past.nodes(), lines, past.faults())
    place = {node.id: index for index, node in enumerate(nodes)}
    edges = {
        (edge.source, edge.target, edge.kind): edge
        for edge in lines
        if edge.source in place and edge.target in place
    }
    held = {place[arn]: past.cells.get(arn, _EMPTY) for arn in place if arn.startswith("arn:")}
    return {
        "t": "snap",
        "v": 1,
        "epoch": head.epoch,
        "q": past.seq,
        "ts": past.at,
        "rate": 0.0,
        "nodes": [[place[n.id], n.id, n.kind, n.label, n.column, n.cfg] for n in nodes],
        "edges": [
            [index, place[edge.source], place[edge.target], edge.kind, edge.label]
            for index, edge in enumerate(edges.values())
        ],
        "ctr": [[index, *cell.counters()] for index, cell in held.items()],
        "msgs": _messages(held),
        "more": {},
        "w": [],
    }


def _messages(held: Mapping[int, Cell]) -> list[list[Any]]:
    return [[index, *row] for index, cell in held.items() for row in cell.urgent()]
