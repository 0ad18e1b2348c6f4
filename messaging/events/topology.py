"""How buses and rules look on the map: plain data, read without side effects."""

from collections.abc import Iterator, Sequence
from typing import Any

from messaging.events.models import LogLine
from messaging.events.past import Replay, state_of
from messaging.events.picture import edges_of, nodes_of
from messaging.kernel.topology import Contents, Edge, Held, Node

__all__ = ("Replay", "contents", "edges", "logged", "nodes", "resting")


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each bus that is used and for each rule."""
    return nodes_of(state_of(sandbox))


def edges(sandbox: int) -> list[Edge]:
    """Return what leads from buses to rules, and from rules to targets and dead-letter queues."""
    return edges_of(state_of(sandbox))


def contents(
    sandbox: int, arns: Sequence[str] | None = None, limit: int = 32
) -> dict[str, Contents]:
    """Return nothing: an event never rests in a bus."""
    return {}


def resting(sandbox: int) -> Iterator[tuple[str, Held]]:
    """Yield nothing, for the same reason."""
    yield from ()


def logged(sandbox: int, group_arn: str, limit: int = 100) -> list[dict[str, Any]]:
    """Return the newest lines that rules have written into a log group, newest first."""
    group = group_arn.removesuffix(":*")
    lines = LogLine.objects.filter(sandbox=sandbox, group_arn=group).order_by("-id")[:limit]
    return [{"at": line.at, "message": line.message} for line in lines]
