"""Plain data for the picture: nodes, edges, and what lies inside a node."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Node:
    """A box on the map. ``id`` is an ARN, ``actor:<key>`` or ``client:<key>``.

    ``column`` is one of sources, routing, filters, queues, consumers.
    """

    id: str
    kind: str
    label: str
    column: str
    cfg: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow of the map; ``kind`` is send, receive or dlq, and decides how it is drawn."""

    source: str
    target: str
    kind: str
    label: str = ""


class Held(NamedTuple):
    """A message that lies in a node.

    ``state`` is v (visible), f (in flight) or d (delayed); ``until`` is the sandbox time in
    milliseconds at which that state ends by itself, or 0; ``since`` is when its retention began.
    """

    number: int
    state: str
    until: int
    receives: int
    group: str | None
    since: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a node holds: exact counters, and the most urgent messages one by one."""

    visible: int
    in_flight: int
    delayed: int
    oldest_at: int
    messages: list[Held]
