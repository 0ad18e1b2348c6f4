"""What the inspector reads: a message, its events, and who is who. It never writes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import orjson
from django.db.models import Max, Min, Q

from dashboard.inspector import entries
from dashboard.inspector.entries import Entry, Facts
from dashboard.inspector.whynot import Consumer
from messaging import registry
from messaging.kernel import clients
from messaging.kernel.clock import wall_ms
from messaging.kernel.ids import compose, number_of, row_range, secret_for, seeded_uuid
from messaging.kernel.models import Event, Sandbox
from messaging.simulation import topology as actors
from messaging.simulation.models import RUNNING, Actor

COLUMNS: Final = ("id", "at", "kind", "arn", "cause", "data")
# How far the story of a redriven message is followed to those that it was before.
ANCESTORS_MAX: Final = 10
ENTRIES_MAX: Final = 1_000


def now_of(sandbox: Sandbox) -> int:
    """Return sandbox time."""
    return sandbox.clock.now(wall_ms())


def message_of(sandbox: Sandbox, number: int) -> dict[str, Any] | None:
    """Return what is known of a message that is in a queue."""
    for service in registry.SERVICES.values():
        look = getattr(service.topology, "message", None)
        found: dict[str, Any] | None = look(sandbox.pk, number) if look else None
        if found is not None:
            return found
    return None


def message_id(sandbox: Sandbox, number: int) -> str:
    """Return the MessageId that SQS gave a message."""
    return seeded_uuid(secret_for(sandbox.seed, sandbox.generation), number)


def story_of(sandbox: Sandbox, number: int) -> list[Entry]:
    """Return the events of a message and of those that it was redriven from, oldest first."""
    found = _events_of(sandbox, number)
    for _step in range(ANCESTORS_MAX):
        cause = found[0].cause if found else None
        origin = _event(sandbox, cause) if cause else None
        if origin is None or origin.kind != entries.MOVED:
            break
        found = [*_events_of(sandbox, origin.m), *found]
    return sorted({entry.seq: entry for entry in found}.values())


def successor_of(sandbox: Sandbox, events: list[Entry]) -> Entry | None:
    """Return the sending of the message that a redrive made of this one."""
    moved = next((one for one in reversed(events) if one.kind == entries.MOVED), None)
    following = _event(sandbox, moved.seq + 1) if moved else None
    if following is None or moved is None or following.cause != moved.seq:
        return None
    return following if following.kind == entries.SENT else None


def facts_of(sandbox: Sandbox) -> Facts:
    """Return the names of actors, and what queues are set to."""
    names = {
        node.id: node.label for node in (*actors.nodes(sandbox.pk), *clients.nodes(sandbox.pk))
    }
    most: dict[str, int] = {}
    for service in registry.SERVICES.values():
        look = getattr(service.topology, "max_receives", None)
        most |= look(sandbox.pk) if look else {}
    return Facts(names, most)


def consumers_of(sandbox: Sandbox, arn: str) -> list[Consumer]:
    """Return who receives from a queue; a program outside counts as at work."""
    nodes = {node.id: node for node in (*actors.nodes(sandbox.pk), *clients.nodes(sandbox.pk))}
    edges = (*actors.edges(sandbox.pk), *clients.edges(sandbox.pk))
    found = [nodes[edge.target] for edge in edges if edge.source == arn and edge.target in nodes]
    return [Consumer(node.label, node.cfg.get("state", RUNNING) == RUNNING) for node in found]


def busy_of(sandbox: Sandbox) -> dict[str, list[str]]:
    """Return which simulated consumers work on a message now, by MessageId."""
    found: dict[str, list[str]] = {}
    for actor in Actor.objects.of_sandbox(sandbox.pk).filter(state=RUNNING):
        for job in actor.memory.get("jobs", ()):
            found.setdefault(job["id"], []).append(actor.node)
    return found


def queues_of(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Return name, ARN and dead-letter mark of each queue."""
    found: list[dict[str, Any]] = []
    for service in registry.SERVICES.values():
        if getattr(service.topology, "message", None):
            assert service.topology is not None
            nodes = service.topology.nodes(sandbox.pk)
            found += [{"arn": n.id, "name": n.label, "dlq": n.cfg.get("dlq", False)} for n in nodes]
    return found


def as_entries(rows: Iterable[Sequence[Any]]) -> Iterator[Entry]:
    """Return rows of the log as entries; a row is what ``COLUMNS`` names."""
    for row_id, at, kind, arn, cause, data in rows:
        yield Entry(number_of(row_id), at, kind, arn, cause, orjson.loads(data))


def _events_of(sandbox: Sandbox, number: int) -> list[Entry]:
    """Return the events that name a message, and the purge that ended it if one did."""
    message = message_of(sandbox, number)
    failed = Q(kind=entries.GAVE_UP, data__contains=f'"id":"{message_id(sandbox, number)}"')
    ignored = Q(kind=entries.IGNORED, data__startswith=f'{{"of":{number},')
    named = Q(data__startswith=f'{{"m":{number},')
    rows = Event.objects.of_sandbox(sandbox.pk).filter(named | ignored | failed)
    if message is not None:
        # The log has no index by message: nothing before its sending needs to be looked through.
        rows = rows.filter(id__gte=first_since(sandbox, message["sent_at"]))
    found = [
        # A consumer names the message by its MessageId only.
        one._replace(data={**one.data, "m": number}) if one.kind == entries.GAVE_UP else one
        for one in as_entries(rows.order_by("id").values_list(*COLUMNS)[:ENTRIES_MAX])
    ]
    ended = found and found[-1].kind in (entries.DELETED, entries.EXPIRED, entries.MOVED)
    if found and not ended and message is None:
        cleared = (
            Event.objects.after(sandbox.pk, found[-1].seq)
            .filter(kind__in=entries.OF_QUEUES, arn=_place(found))
            .values_list(*COLUMNS)[:1]
        )
        found += as_entries(cleared)
    return found


def first_since(sandbox: Sandbox, at: int) -> int:
    """Return the id from which on events happened at ``at`` or later; time never runs backwards."""
    kept = Event.objects.of_sandbox(sandbox.pk)
    ends = kept.aggregate(low=Min("id"), high=Max("id"))
    low, high = ends["low"] or 0, ends["high"] or 0
    while low < high:
        middle = (low + high) // 2
        times = kept.filter(id__lte=middle).order_by("-id").values_list("at", flat=True)
        if (times.first() or 0) < at:
            low = middle + 1
        else:
            high = middle
    return int(low)


def _place(events: list[Entry]) -> str:
    """Return the ARN of the queue that a message was last seen in."""
    return next((one.arn for one in reversed(events) if one.kind != entries.GAVE_UP), "")


def _event(sandbox: Sandbox, seq: int) -> Entry | None:
    first, _last = row_range(sandbox.pk)
    row = Event.objects.filter(pk=compose(sandbox.pk, seq)).values_list(*COLUMNS).first()
    return next(iter(as_entries([row])), None) if row and row[0] > first else None
