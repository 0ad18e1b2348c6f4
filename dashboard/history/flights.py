"""What moved in the events that somebody steps over, for the picture to show it moving. Pure."""

from collections.abc import Iterable
from typing import Any, Final

from dashboard.topology.fold import FAILED, TRAFFIC, Logged

MOST: Final = 60


def flights(events: Iterable[Logged], *, back: bool = False) -> list[list[Any]]:
    """Return (from, to, kind of the edge, class, time, receives, end of its timeout) of a few.

    Those are the last ones, of a step ``back`` the first: they lie next to where it ends. As in
    the stream, a failed call goes from who called to what it named.
    """
    found: list[list[Any]] = []
    for at, kind, arn, data in events:
        if kind == FAILED:
            found.append([data["by"], arn, "send", "e", at, 0, 0])
            continue
        kind_of_edge, other, colour = TRAFFIC.get(kind, ("", "", ""))
        end = data.get(other)
        if not end:
            continue
        ends = [end, arn] if kind_of_edge == "send" else [arn, end]
        found.append([*ends, kind_of_edge, colour, at, data.get("n", 0), data.get("until", 0)])
    return found[:MOST] if back else found[-MOST:]
