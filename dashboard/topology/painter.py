"""Keeps one sandbox's ledger up to date with the event log. Runs in the reader thread."""

import logging
from collections.abc import Iterable
from typing import Any, Final

import orjson
from django.db import connection

from dashboard.topology import requests
from dashboard.topology.batch import Batch
from dashboard.topology.fold import Folded, Logged, by_actor, fold, structural
from dashboard.topology.ledger import Ledger, Place
from dashboard.topology.pins import numbers_of, places_of
from dashboard.topology.snapshot import (
    Head,
    one_moment,
    read_actors,
    read_contents,
    read_head,
    read_picture,
)
from messaging.kernel.clock import wall_ms
from messaging.kernel.ids import compose
from messaging.kernel.models import Event

logger = logging.getLogger(__name__)

# With more events than this behind, the picture is read anew: that is cheaper than folding them.
MOST_FOLDED: Final = 20_000

_ROWS: Final = (
    f"SELECT at, kind, arn, data FROM {Event._meta.db_table} WHERE id>%s AND id<=%s ORDER BY id"
)


class Painter:
    """The ledger of a sandbox with what is needed to bring it forward."""

    def __init__(self, sandbox: int) -> None:
        self.sandbox = sandbox
        self.ledger = Ledger()
        self.head: Head | None = None
        self.ts = 0
        self.waiting: list[list[int]] = []
        # What people have pinned, as the frames carry it: nodes to places, and messages.
        self.pinned: dict[str, Any] = {"pins": {}, "pinned": []}
        self._arranged = -1

    def start(self) -> bool:
        """Read the whole picture; return False when there is no such sandbox."""
        with one_moment():
            head = self._enter()
            if head is None:
                return False
            self.ledger = Ledger()
            self._redraw(head)
            self._read(list(self.ledger.places))
        self.ledger.seq = head.last_seq
        for place in self.ledger.places.values():
            place.changes()
        return True

    def advance(self) -> Batch | None:
        """Bring the ledger to the end of the log; return what changed, or None when nothing did.

        ``head`` tells afterwards whether the sandbox is gone (None) or was reset (another epoch).
        """
        epoch, since = self.head and self.head.epoch, self.ts
        with one_moment():
            head = self._enter()
            if head is None or head.epoch != epoch or head.last_seq <= self.ledger.seq:
                return None
            first = self.ledger.seq + 1
            batch = Batch(first, head.last_seq, self.ts, max(0, self.ts - since), self.rate)
            behind = head.last_seq - self.ledger.seq > MOST_FOLDED or head.first_seq > first
            folded = self._leap(batch, head) if behind else self._follow(batch, head)
        self._collect(batch, folded)
        self.ledger.seq = head.last_seq
        return batch

    @property
    def rate(self) -> float:
        clock = self.head.clock if self.head else None
        return 0.0 if clock is None or clock.paused else clock.rate

    def snapshot(self, epoch: str) -> str:
        """Return the frame from which a viewer starts."""
        ledger = self.ledger
        places = ledger.places.values()
        frame: dict[str, Any] = {
            "t": "snap",
            "v": 1,
            "epoch": epoch,
            "q": ledger.seq,
            "ts": self.ts,
            "rate": self.rate,
            "nodes": [place.row() for place in places],
            "edges": [line.row() for line in ledger.lines.values()],
            "ctr": [[place.index, *place.counters()] for place in places if place.stores],
            "msgs": [row for place in places for row in place.rows()],
            "more": {},
            "w": self.waiting,
            **self.pinned,
        }
        return orjson.dumps(frame).decode()

    def _enter(self) -> Head | None:
        self.head = read_head(self.sandbox)
        if self.head is not None:
            self.ts = self.head.clock.now(wall_ms())
            if self.head.version != self._arranged:
                self._arranged = self.head.version
                numbers = numbers_of(self.sandbox, self.head.epoch)
                self.pinned = {"pins": places_of(self.sandbox), "pinned": numbers}
        return self.head

    def _follow(self, batch: Batch, head: Head) -> Folded:
        """Fold the events since the last batch; read again what they alone do not tell."""
        events = _events(head, self.ledger.seq)
        changed = structural(events)
        if changed:
            batch.topology += self._redraw(head, changed)
        folded = fold(self.ledger, events)
        for arn in changed:
            if arn in self.ledger.places:
                folded.touched[arn] = self.ledger.places[arn]
        if changed:
            folded.touched.update(self._unread())
        self._read(folded.stale())
        if by_actor(events):
            batch.topology += self.ledger.relabel(read_actors(head))
        batch.requests = requests.rows(events, self._name_of)
        return folded

    def _leap(self, batch: Batch, head: Head) -> Folded:
        """Read everything anew: what happened in between is told by its outcome only."""
        logger.info("Sandbox %d: the picture is read anew at event %d", head.id, head.last_seq)
        batch.topology += self._redraw(head, set(self.ledger.places))
        folded = Folded()
        folded.touched.update(self.ledger.places)
        self._read(list(self.ledger.places))
        return folded

    def _redraw(self, head: Head, changed: Iterable[str] = ()) -> list[list[Any]]:
        picture = read_picture(head)
        rows = list(self.ledger.redraw(picture.nodes, picture.edges))
        for arn in changed:
            place = self.ledger.places.get(arn)
            if place is not None and place.stores:
                place.forget()
        return rows

    def _name_of(self, node_id: str) -> str:
        place = self.ledger.places.get(node_id)
        return place.node.label if place else node_id.rpartition(":")[2]

    def _unread(self) -> dict[str, Place]:
        places = self.ledger.places
        return {arn: p for arn, p in places.items() if not p.stores and not p.complete}

    def _read(self, arns: list[str]) -> None:
        contents = read_contents(self.sandbox, arns) if arns else {}
        for arn in arns:
            place = self.ledger.places[arn]
            if arn in contents:
                place.fill(contents[arn])
            elif not place.stores:
                place.complete = True

    def _collect(self, batch: Batch, folded: Folded) -> None:
        batch.moved(folded.bursts)
        for place in folded.touched.values():
            if not place.stores:
                continue
            batch.counters[place.index] = place.counters()
            for m, mark in place.changes().items():
                batch.messages[place.index, m] = mark


def _events(head: Head, after: int) -> list[Logged]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [compose(head.id, after), compose(head.id, head.last_seq)])
        rows = cursor.fetchall()
    if not rows:
        return []
    at, kinds, arns, texts = zip(*rows, strict=True)
    # One parse for all: the data of an event is JSON text already.
    return list(zip(at, kinds, arns, orjson.loads(f"[{','.join(texts)}]"), strict=True))
