"""A small picture of a document: who sends, where it goes, who works on it, what hangs below. Pure.

Columns as on the map: sources; topics and buses; rules; queues (a dead-letter queue under its
queue); consumers. Those of routing are there only where they hold something.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.scenarios.document import Queue, Scenario
from dashboard.scenarios.handles import marks_of, rule_mark

WIDTH: Final = 240
# For each number of columns: their left edges and their widths.
_LAYOUTS: Final = {
    3: ((4, 88, 196), (40, 64, 40)),
    4: ((4, 64, 122, 202), (34, 34, 52, 34)),
    5: ((4, 50, 96, 142, 208), (28, 28, 28, 44, 28)),
}
_HEIGHT: Final = 16
_GAP: Final = 8
_TOP: Final = 6
_ROWS_MAX: Final = 6


@dataclass(frozen=True, slots=True)
class Box:
    """A node: ``kind`` is source, place (a topic or a bus), rule, queue, dead or consumer."""

    kind: str
    name: str
    x: int
    y: int
    width: int
    height: int = _HEIGHT

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as the data of an SVG path; ``kind`` is work or dead."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and lines in a field of ``width`` × ``height``."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


def draw(scenario: Scenario) -> Picture:
    """Draw the first rows of a document."""
    numbers = [account.number for account in scenario.accounts]
    canvas = _Canvas(with_places=bool(scenario.topics or scenario.buses),
                     with_rules=any(bus.rules for bus in scenario.buses))  # fmt: skip
    queues = marks_of(scenario.queues, numbers)
    letters = {mark: _dead_letters(queue) for mark, queue in queues.items() if _dead_letters(queue)}
    for mark in _in_rows(list(queues), letters):
        canvas.add("dead" if mark in letters.values() else "queue", mark)
    for source, target in letters.items():
        canvas.hang(source, target)
    for mark in (*marks_of(scenario.topics, numbers), *marks_of(scenario.buses, numbers)):
        canvas.add("place", mark)
    for mark, bus in marks_of(scenario.buses, numbers).items():
        for rule in bus.rules:
            canvas.add("rule", rule_mark(mark, rule.name))
    for start, end in _ways(scenario, numbers):
        canvas.join(start, end)
    for kind, name, other in _workers(scenario):
        canvas.employ(kind, name, other)
    return canvas.picture()


class _Canvas:
    """Boxes in columns, each from the top, and the lines between them."""

    def __init__(self, *, with_places: bool, with_rules: bool) -> None:
        self._columns = ["source", "queue", "consumer"]
        if with_places:
            self._columns[1:1] = ["place", "rule"] if with_rules else ["place"]
        self._filled = dict.fromkeys(self._columns, 0)
        self._boxes: dict[str, Box] = {}
        self._lines: list[Line] = []

    def add(self, kind: str, mark: str) -> bool:
        """Add a box at the foot of its column, if there is room."""
        column = "queue" if kind == "dead" else kind
        row = self._filled[column]
        if row >= _ROWS_MAX:
            return False
        self._filled[column] += 1
        edges, widths = _LAYOUTS[len(self._columns)]
        place = self._columns.index(column)
        y = _TOP + row * (_HEIGHT + _GAP)
        self._boxes[mark] = Box(kind, mark, edges[place], y, widths[place])
        return True

    def employ(self, kind: str, name: str, other: str) -> None:
        """Add who sends to another box, or works on it."""
        mark = f"{kind} {self._filled[kind]} {name}"
        if other in self._boxes and self.add(kind, mark):
            self.join(*((mark, other) if kind == "source" else (other, mark)))

    def join(self, start: str, end: str) -> None:
        """Draw a line from left to right between two boxes that are there."""
        left, right = self._boxes.get(start), self._boxes.get(end)
        if left is None or right is None or left.x >= right.x:
            return
        here, there = left.x + left.width, right.x
        middle = (here + there) // 2
        self._lines.append(Line(
            "dead" if right.kind == "dead" else "work",
            f"M{here} {left.middle}C{middle} {left.middle} {middle} {right.middle}"
            f" {there} {right.middle}",
        ))  # fmt: skip

    def hang(self, source: str, target: str) -> None:
        """Draw a line straight down to a dead-letter queue."""
        if source in self._boxes and target in self._boxes:
            above, below = self._boxes[source], self._boxes[target]
            self._lines.append(Line("dead", f"M{above.x + 10} {above.y + _HEIGHT}V{below.y}"))

    def picture(self) -> Picture:
        rows = max(*self._filled.values(), 1)
        height = 2 * _TOP + rows * (_HEIGHT + _GAP) - _GAP
        return Picture(tuple(self._boxes.values()), tuple(self._lines), WIDTH, height)


def _ways(scenario: Scenario, numbers: list[str]) -> Iterator[tuple[str, str]]:
    """Yield where topics and rules lead, and what leads to rules."""
    for mark, topic in marks_of(scenario.topics, numbers).items():
        yield from ((mark, subscription.endpoint) for subscription in topic.subscriptions)
    for mark, bus in marks_of(scenario.buses, numbers).items():
        for rule in bus.rules:
            yield mark, rule_mark(mark, rule.name)
            for target in rule.targets:
                yield rule_mark(mark, rule.name), target.to
                letters = target.settings.get("DeadLetterConfig")
                if isinstance(letters, Mapping):
                    yield rule_mark(mark, rule.name), str(letters.get("Arn"))


def _workers(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Yield the kind of box, the name and what it sends to or works on."""
    for actor in scenario.actors:
        # A producer's ``source`` is a word in its events.
        kind = "source" if "target" in actor.settings else "consumer"
        other = actor.settings.get("target", actor.settings.get("source", ""))
        yield kind, actor.name, str(other)
    for schedule in scenario.schedules:
        yield "source", schedule.name, schedule.target.to
    for function in scenario.functions:
        for source in function.mappings:
            yield "consumer", function.name, source.queue
    for pipe in scenario.pipes:
        yield "consumer", pipe.name, pipe.source


def _in_rows(marks: list[str], letters: Mapping[str, str]) -> list[str]:
    """Return the queues from top to bottom: each dead-letter queue after the first that uses it."""
    rows: list[str] = []
    for mark in marks:
        if mark in rows or mark in letters.values():
            continue
        rows.append(mark)
        target = letters.get(mark, "")
        if target in marks and target not in rows:
            rows.append(target)
    return rows + [mark for mark in marks if mark not in rows]


def _dead_letters(queue: Queue) -> str:
    policy: Any = queue.attributes.get("RedrivePolicy")
    return str(policy.get("deadLetterTargetArn", "")) if isinstance(policy, Mapping) else ""
