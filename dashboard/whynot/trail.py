"""What the log tells of one publication: every event that it led to."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from messaging.kernel.ids import compose, number_of
from messaging.kernel.models import Event, Sandbox

PUBLICATIONS: Final = ("sns.Published", "events.Received")
LISTED: Final = 50
# Far behind, only what waits for another try still belongs to it.
LOOKED_AT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the log."""

    seq: int
    at: int
    kind: str
    arn: str
    data: dict[str, Any]


@dataclass(slots=True)
class Trail:
    """A publication with what it led to; ``reached`` are the nodes that it got to."""

    start: Told
    events: list[Told] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)

    def about(self, target: str, *kinds: str) -> list[Told]:
        """Return events of these kinds that name a target."""
        return [
            told for told in self.events if told.kind in kinds and told.data.get("to") == target
        ]


def latest(sandbox: Sandbox) -> list[Told]:
    """Return the latest publications, the newest first."""
    rows = Event.objects.of_sandbox(sandbox.pk).filter(kind__in=PUBLICATIONS).order_by("-id")
    return [_told(row) for row in rows[:LISTED]]


def follow(sandbox: Sandbox, seq: int) -> Trail | None:
    """Return what an event led to; None where that event is not in the log, or no publication."""
    row = Event.objects.filter(pk=compose(sandbox.pk, seq), kind__in=PUBLICATIONS).first()
    if row is None:
        return None
    trail = Trail(_told(row))
    trail.reached.add(row.arn)
    family = {seq}
    later = Event.objects.after(sandbox.pk, seq).filter(cause__isnull=False)
    for event in later[:LOOKED_AT].iterator():
        if event.cause in family:
            told = _told(event)
            family.add(told.seq)
            trail.events.append(told)
            _reach(trail, told)
    return trail


def published_before(sandbox: Sandbox, first: int, seq: int) -> int:
    """Return how many publications of the call whose events begin at ``first`` precede ``seq``."""
    span = (compose(sandbox.pk, first), compose(sandbox.pk, seq) - 1)
    return Event.objects.filter(pk__range=span, kind__in=PUBLICATIONS).count()


def _reach(trail: Trail, told: Told) -> None:
    if told.kind.endswith((".MessageSent", ".Matched", ".Received", ".Published", ".Invoked")):
        trail.reached.add(told.arn)
    elif told.kind.endswith(".Delivered"):
        trail.reached.add(told.data.get("to", ""))


def _told(row: Event) -> Told:
    return Told(number_of(row.pk), row.at, row.kind, row.arn, json.loads(row.data))
