"""A small picture of a document: who sends to which queue, who works on it, what hangs below. Pure.

Three columns as on the map: sources, queues (a dead-letter queue under its queue), consumers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.scenarios.document import Queue, Scenario
from dashboard.scenarios.handles import MARK, handles_of

_COLUMNS: Final = (4, 88, 196)
_WIDTHS: Final = (40, 64, 40)
_HEIGHT: Final = 16
_GAP: Final = 8
_TOP: Final = 6
WIDTH: Final = 240
_ROWS_MAX: Final = 6


@dataclass(frozen=True, slots=True)
class Box:
    """A node: ``kind`` is source, queue, dead or consumer."""

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
    handles = handles_of(scenario.queues, numbers)
    targets = {
        handle: _dead_letters(queue)
        for handle, queue in zip(handles, scenario.queues, strict=True)
        if _dead_letters(queue)
    }
    places: dict[str, Box] = {}
    for handle in _in_rows(handles, targets):
        kind = "dead" if handle in targets.values() else "queue"
        places[handle] = _box(kind, handle, 1, len(places))
    workers, lines = _workers(scenario, places)
    for source, target in targets.items():
        if source in places and target in places:
            x = _COLUMNS[1] + 10
            start, end = places[source].y + _HEIGHT, places[target].y
            lines.append(Line("dead", f"M{x} {start}V{end}"))
    rows = max(len(places), *(sum(box.x == x for box in workers) for x in _COLUMNS), 1)
    height = 2 * _TOP + rows * (_HEIGHT + _GAP) - _GAP
    return Picture((*places.values(), *workers), tuple(lines), WIDTH, height)


def _in_rows(handles: list[str], targets: Mapping[str, str]) -> list[str]:
    """Return the queues from top to bottom: each dead-letter queue after the first that uses it."""
    rows: list[str] = []
    for handle in handles:
        if handle in rows or handle in targets.values():
            continue
        rows.append(handle)
        target = targets.get(handle, "")
        if target in handles and target not in rows:
            rows.append(target)
    rows += [handle for handle in handles if handle not in rows]
    return rows[:_ROWS_MAX]


def _workers(scenario: Scenario, places: Mapping[str, Box]) -> tuple[list[Box], list[Line]]:
    boxes: list[Box] = []
    lines: list[Line] = []
    filled = [0, 0, 0]
    for actor in scenario.actors:
        queue = places.get(_queue_of(actor.settings))
        column = 0 if _sends(actor.settings) else 2
        if queue is None or filled[column] >= _ROWS_MAX:
            continue
        box = _box("consumer" if column else "source", actor.name, column, filled[column])
        filled[column] += 1
        boxes.append(box)
        left, right = (queue, box) if column else (box, queue)
        lines.append(Line("work", _curve(left, right)))
    return boxes, lines


def _box(kind: str, name: str, column: int, row: int) -> Box:
    y = _TOP + row * (_HEIGHT + _GAP)
    return Box(kind, name, _COLUMNS[column], y, _WIDTHS[column])


def _curve(left: Box, right: Box) -> str:
    start, end = left.x + left.width, right.x
    middle = (start + end) // 2
    from_y, to_y = left.middle, right.middle
    return f"M{start} {from_y}C{middle} {from_y} {middle} {to_y} {end} {to_y}"


def _sends(settings: Mapping[str, Any]) -> bool:
    return "target" in settings


def _queue_of(settings: Mapping[str, Any]) -> str:
    """Return the handle of the queue that an actor works on."""
    found = settings.get("target", settings.get("source", ""))
    return str(found).removeprefix(MARK)


def _dead_letters(queue: Queue) -> str:
    policy = queue.attributes.get("RedrivePolicy")
    target = policy.get("deadLetterTargetArn", "") if isinstance(policy, Mapping) else ""
    return str(target).removeprefix(MARK)
