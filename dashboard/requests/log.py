"""Calls as the event log tells them, newest first. A batch of ten messages is one call."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson
from django.db.models import Q

from dashboard.topology.requests import OPERATIONS
from messaging.kernel.context import ENGINE
from messaging.kernel.ids import compose, number_of
from messaging.kernel.models import Event, Sandbox

PAGE: Final = 60
# How many events one page may cost: a rare word must not read the whole log at once.
LOOKED_AT: Final = 20_000
_CHUNK: Final = 1_000
_FINE: Final = "200"
_KINDS: Final = {**OPERATIONS, "sqs.MessageVisible": "ChangeMessageVisibility"}

Row = tuple[int, int, str, str, str]


class Wanted(NamedTuple):
    """What somebody looks for; empty texts mean anything."""

    actor: str = ""
    operation: str = ""
    result: str = ""
    resource: str = ""
    text: str = ""


@dataclass
class Entry:
    """One call: its newest event's number, and how many events it left."""

    seq: int
    at: int
    actor: str
    operation: str
    resource: str
    result: str
    preview: str
    count: int = 1

    @property
    def failed(self) -> bool:
        return self.result != _FINE


@dataclass
class Page:
    """Calls, and the event number before which to look further; 0 at the end of the log."""

    entries: list[Entry] = field(default_factory=list)
    older: int = 0
    looked_at: int = 0


def page(sandbox: Sandbox, wanted: Wanted, *, before: int = 0) -> Page:
    """Return the newest calls that are wanted, of those before event ``before`` (0: of all)."""
    found = Page()
    last: tuple[object, ...] | None = None
    for row in _rows(sandbox, wanted, before):
        found.looked_at += 1
        entry = _entry(row)
        if entry is not None and _matches(entry, wanted):
            call = (entry.at, entry.actor, entry.operation, entry.resource, entry.result)
            if call == last:
                found.entries[-1].count += 1
                continue
            if len(found.entries) == PAGE:
                found.older = entry.seq + 1
                break
            last = call
            found.entries.append(entry)
        if found.looked_at >= LOOKED_AT:
            found.older = number_of(row[0])
            break
    return found


def one(sandbox: Sandbox, seq: int) -> Entry | None:
    """Return the call that left event ``seq``."""
    row = _read(sandbox).filter(id=compose(sandbox.pk, seq)).values_list(*_FIELDS).first()
    return _entry(row) if row else None


_FIELDS: Final = ("id", "at", "kind", "arn", "data")


def _rows(sandbox: Sandbox, wanted: Wanted, before: int) -> Iterator[Row]:
    """Read the log backwards, a piece at a time."""
    events = _read(sandbox).filter(_narrowed(wanted)).order_by("-id")
    end = compose(sandbox.pk, before) if before else compose(sandbox.pk + 1, 0)
    while True:
        piece = list(events.filter(id__lt=end).values_list(*_FIELDS)[:_CHUNK])
        yield from piece
        if len(piece) < _CHUNK:
            return
        end = piece[-1][0]


def _read(sandbox: Sandbox) -> Any:
    return Event.objects.of_sandbox(sandbox.pk)


def _narrowed(wanted: Wanted) -> Q:
    """Return what the database can leave out; ``_matches`` has the last word."""
    kinds = [kind for kind, name in _KINDS.items() if wanted.operation in ("", name)]
    chosen = Q(kind__in=kinds) | Q(kind__startswith="api.")
    if wanted.resource:
        chosen &= Q(arn=wanted.resource)
    if wanted.result == "failed":
        chosen &= Q(kind="api.Failed")
    return chosen


def _entry(row: Row) -> Entry | None:
    """Return the call behind an event, or None when nobody called: time did it."""
    row_id, at, kind, arn, text = row
    data = orjson.loads(text)
    actor, called = data.get("by"), data.get("op")
    if not actor or actor == ENGINE or (called is None and kind not in _KINDS):
        return None
    operation = _KINDS[kind] if called is None else called.rpartition(":")[2]
    return Entry(
        seq=number_of(row_id),
        at=at,
        actor=actor,
        operation=operation,
        resource=arn,
        result=data.get("code", _FINE),
        preview=data.get("b", ""),
    )


def _matches(entry: Entry, wanted: Wanted) -> bool:
    if wanted.actor and entry.actor != wanted.actor:
        return False
    if wanted.operation and entry.operation != wanted.operation:
        return False
    if wanted.result and entry.failed != (wanted.result == "failed"):
        return False
    if not wanted.text:
        return True
    parts = (entry.actor, entry.operation, entry.resource, entry.result, entry.preview)
    return wanted.text.lower() in " ".join(parts).lower()
