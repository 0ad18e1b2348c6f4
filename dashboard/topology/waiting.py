"""Programs that wait in a long poll: presence, not history, so no event tells of it. Pure."""

from collections.abc import Iterable, Mapping

from dashboard.topology.ledger import Place
from messaging.waiters import Poll


def rows(polls: Iterable[Poll], places: Mapping[str, Place]) -> list[list[int]]:
    """Return (node, latest end, number of polls) of each outside program that waits.

    Simulated consumers say it in their own settings; who is not on the map yet comes with its node.
    """
    waiting: dict[int, list[int]] = {}
    for actor, _, until in polls:
        place = places.get(actor)
        if place is None or place.node.kind != "client":
            continue
        row = waiting.setdefault(place.index, [place.index, until, 0])
        row[1:] = max(row[1], until), row[2] + 1
    return [waiting[index] for index in sorted(waiting)]
