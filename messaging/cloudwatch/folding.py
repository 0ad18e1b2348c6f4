"""The log → rows of one minute each: read once, event by event, as far as it has come.

It is read when somebody asks for a metric, when an alarm looks at one and, in a sandbox in which
either has happened before, as time passes and before the log is cut. Until then nobody pays for
metrics: the first question reads what the log still has.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from messaging.cloudwatch import store
from messaging.cloudwatch.domain import projection
from messaging.cloudwatch.domain.catalogue import LEVELS, SIZES
from messaging.cloudwatch.domain.levels import Levels
from messaging.cloudwatch.domain.projection import Subject
from messaging.cloudwatch.domain.statistics import Summary
from messaging.cloudwatch.limits import CHUNK, KEPT_MS, MINUTE_MS
from messaging.cloudwatch.models import Measured, Minute, Reader, Resting
from messaging.kernel.batch import Batch
from messaging.kernel.models import Event
from messaging.kernel.tables import Table
from messaging.kernel.world import World

# In a world's caches: the last event that has been folded.
CACHE: Final = "cloudwatch.read"
# In a world's caches: whether it has been read before.
_USED: Final = "cloudwatch.used"
_RESTING: Final = Table(
    "cloudwatch_resting",
    {"sandbox": "bigint", "scope": "bigint", "message": "bigint", "since": "bigint"},
)
Logged = tuple[int, str, str, dict[str, Any]]


def fold(batch: Batch, world: World, *, chunks: int | None = None) -> None:
    """Fold what the log has more than was read; ``chunks`` bounds the work."""
    if world.caches.get(CACHE) == world.last_seq:
        return
    batch.flush()
    reader, _ = Reader.objects.get_or_create(sandbox=world.id)
    before = reader.seq
    while chunks is None or chunks > 0:
        found = Event.objects.after(world.id, reader.seq)
        rows = list(found.values_list("id", "at", "kind", "arn", "data")[:CHUNK])
        if not rows:
            break
        _fold(
            batch,
            [(at, kind, arn, orjson.loads(data)) for _, at, kind, arn, data in rows],
            world.id,
        )
        reader.seq = rows[-1][0] - world.base
        chunks = None if chunks is None else chunks - 1
        if len(rows) < CHUNK:
            break
    if reader.seq != before:
        reader.save(update_fields=("seq",))
        _forget_old(world)
    world.caches[CACHE] = reader.seq
    world.caches[_USED] = True


def is_used(world: World) -> bool:
    """Tell whether somebody has asked for a metric of this sandbox, or an alarm has looked."""
    known: bool | None = world.caches.get(_USED)
    if known is None:
        known = world.caches[_USED] = Reader.objects.filter(sandbox=world.id).exists()
    return known


def keep_up(batch: Batch, world: World) -> None:
    """Read all that is about to be cut off the log, where somebody wants to know."""
    if is_used(world):
        fold(batch, world)


def unread(world: World) -> int | None:
    """Return how many events are not folded yet; None where nobody knows."""
    seq = world.caches.get(CACHE)
    return None if seq is None else world.last_seq - seq


@dataclass(slots=True)
class _Minutes:
    """What a run of events adds to one queue, topic or rule."""

    row: Measured
    levels: Levels | None = None
    at: int = 0
    minutes: dict[int, dict[str, Any]] = field(default_factory=dict)

    def take(self, at: int, kind: str, data: dict[str, Any]) -> None:
        minute = at // MINUTE_MS * MINUTE_MS
        if minute != self.at:
            self.close()
            self.at = minute
        found = self.minutes.setdefault(minute, {})
        for name, amount in projection.amounts(kind, data):
            if name in SIZES:
                found.setdefault(name, Summary()).add(amount)
            else:
                found[name] = found.get(name, 0) + amount
        if self.levels is not None:
            if kind in projection.EMPTIED:
                self.levels.empty()
            elif "is" in data or "was" in data:
                self.levels.take(at, data)
        if kind in projection.DELETED:
            self.row.deleted_at = at
        elif kind in projection.CREATED:
            self.row.deleted_at = None

    def close(self) -> None:
        """Note what is there at the end of the minute."""
        if self.levels is not None and self.at:
            self.minutes[self.at][LEVELS] = self.levels.now()

    def save(self, batch: Batch, sandbox: int) -> None:
        self.close()
        store.merge(sandbox, self.row, self.minutes)
        if self.levels is not None:
            self.row.levels = self.levels.now()
            _save_resting(batch, sandbox, self.row.scope, self.levels)
        self.row.save()


def _fold(batch: Batch, events: list[Logged], sandbox: int) -> None:
    found: dict[Subject, _Minutes] = {}
    subjects: dict[str, Subject | None] = {}
    leaving = _leaving(events)
    for at, kind, arn, data in events:
        if arn not in subjects:
            subjects[arn] = projection.subject_of(arn)
        subject = subjects[arn]
        if subject is None:
            continue
        minutes = found.get(subject)
        if minutes is None:
            minutes = found[subject] = _open(sandbox, subject, leaving.get(arn, 0))
        minutes.take(at, kind, data)
    for minutes in found.values():
        minutes.save(batch, sandbox)


def _open(sandbox: int, subject: Subject, leaving: int) -> _Minutes:
    row = store.measured(sandbox, subject, projected=True)
    if subject.namespace != "AWS/SQS":
        return _Minutes(row)
    held = (row.levels or [0, 0, 0, 0])[:3]
    resting = Resting.objects.filter(sandbox=sandbox, scope=row.scope)
    oldest = resting.order_by("since", "message").values_list("since", "message")
    return _Minutes(row, Levels(held, oldest[: leaving + 1]))


def _leaving(events: Iterable[Logged]) -> dict[str, int]:
    """Return how many messages leave each queue."""
    counts: dict[str, int] = {}
    for _, _, arn, data in events:
        if "was" in data and "is" not in data:
            counts[arn] = counts.get(arn, 0) + 1
    return counts


def _save_resting(batch: Batch, sandbox: int, scope: int, levels: Levels) -> None:
    resting = Resting.objects.filter(sandbox=sandbox, scope=scope)
    if levels.is_emptied:
        resting.delete()
    elif levels.left:
        gone = list(levels.left)
        for start in range(0, len(gone), 500):
            resting.filter(message__in=gone[start : start + 500]).delete()
    came = [(sandbox, scope, number, since) for number, since in levels.came.items()]
    if came:
        batch.db.write_all(_RESTING.inserts(came, arrays=batch.db.is_postgres))


def _forget_old(world: World) -> None:
    """Let go of minutes that are too old, once an hour at most."""
    key = "cloudwatch.forgot"
    if world.now - world.caches.get(key, 0) >= 60 * MINUTE_MS:
        world.caches[key] = world.now
        Minute.objects.filter(sandbox=world.id, at__lt=world.now - KEPT_MS).delete()
