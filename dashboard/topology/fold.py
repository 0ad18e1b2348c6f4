"""Events → changes: of places, of messages, and of what moved on which edge. Pure.

Whatever the service, an event with ``was`` or ``is`` concerns the message ``m``: ``is`` is its
state in the node afterwards, absent when it has left. Other events may change the picture itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from dashboard.topology.batch import Burst
from dashboard.topology.ledger import SHOWN, SLOTS, Ledger, Line, Mark, Place

# Kinds that move something along an edge: which edge, from whom to whom, and the colour of the dot.
TRAFFIC: Final = {
    "events.DeadLettered": ("dlq", "to", "x"),
    "cloudwatch.ActionDone": ("target", "to", "v"),
    "cloudwatch.ActionFailed": ("target", "to", "e"),
    "events.Delivered": ("target", "to", "v"),
    "events.DeliveryFailed": ("target", "to", "e"),
    "events.Matched": ("rule", "bus", "v"),
    "events.Received": ("send", "by", "v"),
    "lambda.DeadLettered": ("dlq", "to", "x"),
    "lambda.Delivered": ("target", "to", "v"),
    "pipes.Delivered": ("target", "to", "v"),
    "pipes.DeliveryFailed": ("target", "to", "e"),
    "scheduler.Delivered": ("target", "to", "v"),
    "scheduler.DeliveryFailed": ("target", "to", "e"),
    "sns.Delivered": ("subscription", "to", "v"),
    "sns.DeliveryFailed": ("subscription", "to", "e"),
    "sns.Filtered": ("subscription", "to", "s"),
    "sns.Published": ("send", "by", "v"),
    "sqs.MessageMoved": ("dlq", "to", "x"),
    "sqs.MessageReceived": ("receive", "by", "f"),
    "sqs.MessageSent": ("send", "by", "v"),
}
# Edges that run from the other node to the one that the event is about.
INWARD: Final = frozenset({"rule", "send"})
FAILED: Final = "api.Failed"
# Kinds after which a worker of a service has more or less in its hands.
WORKED: Final = frozenset({"lambda.Failed", "lambda.Invoked", "lambda.Succeeded"})
# Kinds that leave nodes, edges and contents as they are. One that is missing here costs time only.
QUIET: Final = (
    "api.",
    "clock.",
    "cloudwatch.Action",
    "cloudwatch.DataPut",
    "delivery.",
    "events.DeadLettered",
    "events.Delivered",
    "events.DeliveryFailed",
    "events.Looped",
    "events.Matched",
    "events.Received",
    "lambda.DeadLettered",
    "lambda.Delivered",
    "lambda.Dropped",
    "lambda.Failed",
    "lambda.FilteredOut",
    "lambda.Invoked",
    "lambda.Retrying",
    "lambda.Succeeded",
    "lambda.Throttled",
    "pipes.Delivered",
    "pipes.DeliveryFailed",
    "pipes.Enriched",
    "pipes.Filtered",
    "scheduler.DeadLettered",
    "scheduler.Delivered",
    "scheduler.DeliveryFailed",
    "scheduler.Dropped",
    "scheduler.Fired",
    "sns.DeadLettered",
    "sns.Delivered",
    "sns.DeliveryFailed",
    "sns.Filtered",
    "sns.Dropped",
    "sns.InboxReceived",
    "sns.PublishDeduplicated",
    "sns.Published",
    "sns.PublishedDirectly",
    "sns.StatusLogged",
    "sqs.DeleteIgnored",
    "sqs.EmptyReceive",
    "sqs.SendDeduplicated",
)


# A row of the event log: sandbox time, kind, ARN, data. A bare tuple: there are thousands a second.
Logged = tuple[int, str, str, Mapping[str, Any]]
Lines = Mapping[tuple[str, str, str], Line]


class Folded:
    """What a run of events did."""

    __slots__ = ("bursts", "touched")

    def __init__(self) -> None:
        self.touched: dict[str, Place] = {}
        self.bursts: dict[tuple[int, str], Burst] = {}

    def burst(
        self, edge: int, colour: str, at: int, data: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        """Note that something moved along an edge, or came in at a port."""
        found = self.bursts.get((edge, colour))
        if found is None:
            found = self.bursts[edge, colour] = Burst()
        found.add(at, data.get("n", 0), data.get("until", 0))

    def stale(self) -> list[str]:
        """Return the nodes whose contents are to be read: events alone do not tell them."""
        return [
            arn
            for arn, place in self.touched.items()
            if not place.complete or len(place.held) > SHOWN or place.oldest < 0
        ]


def structural(events: Iterable[Logged]) -> set[str]:
    """Return the ARNs of events that may change nodes, edges or a whole node's contents."""
    return {
        arn
        for _, kind, arn, data in events
        if "is" not in data and "was" not in data and not kind.startswith(QUIET)
    }


def by_actor(events: Iterable[Logged]) -> bool:
    """Tell whether an actor or a function has done something: how busy it is may have changed."""
    return any(
        kind in WORKED or (data.get("by") or "").startswith("actor:") for _, kind, _, data in events
    )


def fold(ledger: Ledger, events: Sequence[Logged]) -> Folded:
    """Fold message events into the ledger."""
    folded = Folded()
    places, lines = ledger.places, ledger.lines
    touched = folded.touched
    for at, kind, arn, data in events:
        place = places.get(arn)
        if place is None:
            continue
        state = data.get("is")
        traffic = TRAFFIC.get(kind)
        if state is not None or "was" in data:
            touched[arn] = place
            if place.complete:
                _fold_message(place, at, state, data)
        elif kind == FAILED:
            _fold_failure(folded, lines, place, at, data)
        if traffic is not None:
            _fold_traffic(folded, lines, place, at, data, traffic)
    for place in touched.values():
        _settle_age(place)
    return folded


def _fold_message(place: Place, at: int, state: str | None, data: Mapping[str, Any]) -> None:
    m, held, counts = data["m"], place.held, place.counts
    known = held.get(m)
    place.before.setdefault(m, known)
    if known is not None:
        counts[SLOTS[known[0]]] -= 1
    if state is None:
        _forget_message(place, m, known)
        return
    counts[SLOTS[state]] += 1
    until = data.get("until", 0) if state != "v" else 0
    if known is not None:
        held[m] = (state, until, data.get("n", known[2]), data.get("g", known[3]))
        return
    held[m] = (state, until, data.get("n", 0), data.get("g"))
    if "from" in data:
        place.oldest = -1
    else:
        place.born[m] = at


def _forget_message(place: Place, m: int, known: Mark | None) -> None:
    if known is not None:
        del place.held[m]
        if place.born.pop(m, None) is None:
            place.oldest = -1


def _fold_traffic(
    folded: Folded,
    lines: Lines,
    place: Place,
    at: int,
    data: Mapping[str, Any],
    traffic: tuple[str, str, str],
) -> None:
    kind, other, colour = traffic
    end = data.get(other)
    if end is None:
        return
    arn = place.node.id
    line = lines.get((end, arn, kind) if kind in INWARD else (arn, end, kind))
    if line is not None:
        folded.burst(line.index, colour, at, data)
    elif kind == "send" and not end.startswith("arn:"):
        # What another service brings is drawn on the edge of the topic or rule that sent it.
        folded.burst(port_of(place), colour, at, data)


def _fold_failure(
    folded: Folded, lines: Lines, place: Place, at: int, data: Mapping[str, Any]
) -> None:
    """A failed call goes from who called to what it named, if need be against the arrow."""
    by, arn = data["by"], place.node.id
    sends, receives = lines.get((by, arn, "send")), lines.get((arn, by, "receive"))
    if sends is not None:
        folded.burst(sends.index, "e", at)
    elif receives is not None:
        folded.burst(receives.index, "u", at)
    else:
        folded.burst(port_of(place), "e", at)


def port_of(place: Place) -> int:
    """Return what stands for an edge where there is none: the left port of a node (−1 − index)."""
    return -1 - place.index


def _settle_age(place: Place) -> None:
    """Find the oldest message from what was seen to arrive; older ones are asked for (-1)."""
    if place.oldest < 0 or len(place.born) < len(place.held):
        return
    place.oldest = min(place.born.values(), default=0)
