"""What a browser makes of the frames, in Python: the twin of static/topology/reduce.js."""

import json
from dataclasses import dataclass, field
from typing import Any

Canonical = dict[str, Any]


@dataclass
class Twin:
    """A browser's state. ``take`` folds a frame's text as it comes from the socket."""

    epoch: str = ""
    q: int = 0
    nodes: dict[int, list[Any]] = field(default_factory=dict)
    edges: dict[int, list[Any]] = field(default_factory=dict)
    counters: dict[int, list[int]] = field(default_factory=dict)
    messages: dict[int, dict[int, list[Any]]] = field(default_factory=dict)
    totals: dict[int, int] = field(default_factory=dict)
    polls: dict[int, list[int]] = field(default_factory=dict)

    def take(self, text: str) -> dict[str, Any]:
        """Fold one frame and return it; a batch must follow on what is there."""
        frame: dict[str, Any] = json.loads(text)
        if frame["t"] == "snap":
            self._start(frame)
        elif frame["t"] == "b":
            assert frame["q0"] == self.q + 1, "a gap: the browser would say hello again"
            self._fold(frame)
        if "w" in frame:
            self.polls = {index: row for index, *row in frame["w"]}
        return frame

    def canonical(self) -> Canonical:
        """Return the state without indexes and without order."""
        ids = {index: row[1] for index, row in self.nodes.items()}
        return {
            "nodes": sorted(map(_node, self.nodes.values()), key=lambda node: node["id"]),
            "edges": sorted(
                (
                    {"source": ids[source], "target": ids[target], "kind": kind, "label": label}
                    for _, source, target, kind, label in self.edges.values()
                ),
                key=lambda edge: (edge["source"], edge["target"], edge["kind"]),
            ),
            "ctr": {ids[index]: row[:3] for index, row in self.counters.items()},
            "msgs": {
                ids[index]: sorted(rows.values()) for index, rows in self.messages.items() if rows
            },
            "polls": {ids[index]: row for index, row in self.polls.items() if index in ids},
        }

    def _start(self, frame: dict[str, Any]) -> None:
        self.epoch, self.q = frame["epoch"], frame["q"]
        self.nodes = {row[0]: row for row in frame["nodes"]}
        self.edges = {row[0]: row for row in frame["edges"]}
        self.counters = {row[0]: row[1:] for row in frame["ctr"]}
        self.totals = {}
        self.messages = {}
        for place, *row in frame["msgs"]:
            self.messages.setdefault(place, {})[row[0]] = row

    def _fold(self, frame: dict[str, Any]) -> None:
        self.q = frame["q"]
        for change in frame["x"]:
            self._fold_topology(*change)
        for index, *row in frame["n"]:
            if index in self.nodes:
                self.counters[index] = row
        for edge, count in frame["e"]:
            self.totals[edge] = self.totals.get(edge, 0) + count
        for op, place, m, *mark in frame["m"]:
            if place in self.nodes:
                held = self.messages.setdefault(place, {})
                if op == "+":
                    held[m] = [m, *mark]
                else:
                    held.pop(m, None)

    def _fold_topology(self, op: str, *rest: Any) -> None:
        match op, rest:
            case "+n", [row]:
                self.nodes[row[0]] = row
            case "-n", [index]:
                for table in (self.nodes, self.counters, self.messages):
                    table.pop(index, None)
                gone = [row[0] for row in self.edges.values() if index in row[1:3]]
                for edge in gone:
                    del self.edges[edge]
            case "~n", [index, label, cfg]:
                self.nodes[index][3], self.nodes[index][5] = label, cfg
            case "+e", [row]:
                self.edges[row[0]] = row
            case "-e", [index]:
                self.edges.pop(index, None)
            case "~e", [index, label]:
                self.edges[index][4] = label
            case _:
                raise AssertionError(f"{op} is no change of the topology")


def _node(row: list[Any]) -> dict[str, Any]:
    _, node_id, kind, label, column, cfg = row
    return {"id": node_id, "kind": kind, "label": label, "column": column, "cfg": cfg}
