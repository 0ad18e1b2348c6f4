"""Queues in memory: what every call needs of a queue, read once per configuration."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import orjson

from messaging.kernel.context import Context
from messaging.kernel.database import Database
from messaging.kernel.policies import parse_policy
from messaging.kernel.world import World
from messaging.sqs.domain.attributes import QueueSettings, settings_of
from messaging.sqs.domain.realism import Realism
from messaging.sqs.store.messages import COUNTERS
from messaging.sqs.tagging import realism_of

_COLUMNS: Final = (
    "id, account, region, name, arn, attributes, tags, created_at, modified_at, purged_at"
)


@dataclass(frozen=True, slots=True)
class QueueRecord:
    """A queue's identity and settings; counters are not here, they change with every message."""

    id: int
    account: str
    region: str
    name: str
    arn: str
    settings: QueueSettings
    policy: dict[str, Any] | None
    realism: Realism
    created_at: int
    modified_at: int
    purged_at: int | None

    @property
    def fifo(self) -> bool:
        return self.settings.fifo


def is_storable(*texts: str) -> bool:
    """Tell whether texts can be in the database at all: PostgreSQL refuses to look for a NUL."""
    return not any("\x00" in text for text in texts)


def by_name(ctx: Context, account: str, region: str, name: str) -> QueueRecord | None:
    """Return a queue of the sandbox by its name."""
    if not is_storable(account, region, name):
        return None
    cache: dict[Any, QueueRecord] = ctx.world.caches.setdefault("sqs.queues", {})
    key = (account, region, name)
    found = cache.get(key)
    if found is None:
        ctx.flush()
        rows = ctx.db.read(
            f"SELECT {_COLUMNS} FROM sqs_queue"
            " WHERE sandbox=%s AND account=%s AND region=%s AND name=%s",
            (ctx.sandbox, *key),
        )
        if not rows:
            return None
        found = cache[key] = cache[rows[0][0]] = _record(rows[0])
    return found


def only_one(ctx: Context, account: str, name: str) -> QueueRecord | None:
    """Return the queue of a name whose region is not known, if just one region has it."""
    if not is_storable(account, name):
        return None
    ctx.flush()
    rows = ctx.db.read(
        "SELECT region FROM sqs_queue WHERE sandbox=%s AND account=%s AND name=%s",
        (ctx.sandbox, account, name),
    )
    return by_name(ctx, account, rows[0][0], name) if len(rows) == 1 else None


def by_arn(ctx: Context, arn: str) -> QueueRecord | None:
    """Return a queue of the sandbox by its ARN."""
    match arn.split(":"):
        case [_, _, "sqs", region, account, name]:
            return by_name(ctx, account, region, name)
    return None


def by_id(ctx: Context, queue_id: int) -> QueueRecord | None:
    """Return a queue by its row id."""
    return load(ctx.db, ctx.world, queue_id)


def load(db: Database, world: World, queue_id: int) -> QueueRecord | None:
    """Return a queue by its row id, outside of an operation."""
    cache: dict[Any, QueueRecord] = world.caches.setdefault("sqs.queues", {})
    found = cache.get(queue_id)
    if found is None:
        rows = db.read(f"SELECT {_COLUMNS} FROM sqs_queue WHERE id=%s", (queue_id,))
        if not rows:
            return None
        found = cache[queue_id] = _record(rows[0])
        cache[found.account, found.region, found.name] = found
    return found


def all_of(ctx: Context) -> Iterable[QueueRecord]:
    """Return every queue of the sandbox."""
    ids = ctx.db.read("SELECT id FROM sqs_queue WHERE sandbox=%s ORDER BY id", (ctx.sandbox,))
    for (queue_id,) in ids:
        record = by_id(ctx, queue_id)
        if record is not None:
            yield record


def sources_of(ctx: Context, dlq_arn: str) -> list[QueueRecord]:
    """Return the queues whose redrive policy names ``dlq_arn``, by name."""
    index: dict[str, list[QueueRecord]] | None = ctx.world.caches.get("sqs.sources")
    if index is None:
        index = ctx.world.caches["sqs.sources"] = {}
        for record in all_of(ctx):
            redrive = record.settings.redrive
            if redrive is not None:
                index.setdefault(redrive.dlq_arn, []).append(record)
    return sorted(index.get(dlq_arn, ()), key=lambda record: record.name)


def in_flight(ctx: Context, queue_id: int) -> int:
    """Return the exact number of messages in flight."""
    return counters(ctx, queue_id)[1]


def counters(ctx: Context, queue_id: int) -> tuple[int, int, int]:
    """Return (visible, in flight, delayed)."""
    visible, flying, delayed = ctx.count(COUNTERS, queue_id)
    return visible, flying, delayed


def _record(row: tuple[Any, ...]) -> QueueRecord:
    queue_id, account, region, name, arn, attributes, tags, created, modified, purged = row
    settings = settings_of(_json(attributes))
    policy = parse_policy(settings.policy) if settings.policy else None
    return QueueRecord(
        queue_id, account, region, name, arn, settings, policy, realism_of(_json(tags)),
        created, modified, purged,
    )  # fmt: skip


def _json(stored: Any) -> dict[str, Any]:
    value: dict[str, Any] = stored if isinstance(stored, dict) else orjson.loads(stored)
    return value
