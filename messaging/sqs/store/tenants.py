"""Rows of fair queues: how much each tenant waits, holds and consumes."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from messaging.kernel.database import Database
from messaging.kernel.tables import Table

# No MessageGroupId is empty: the row of what was consumed without one.
UNGROUPED: Final = ""


def _merge(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    merged: dict[tuple[int, str], list[Any]] = {}
    for row in rows:
        known = merged.get((row[1], row[2]))
        if known is None:
            merged[row[1], row[2]] = list(row)
        else:
            known[3] += row[3]
            known[4] += row[4]
            known[5] += row[5]
            known[7] = max(known[7], row[7])
    return [tuple(row) for row in merged.values()]


TENANT: Final = Table(
    "sqs_tenant",
    {
        "sandbox": "bigint",
        "queue_id": "bigint",
        "name": "text",
        "waiting": "bigint",
        "flying": "bigint",
        "busy_ms": "bigint",
        "busy_since": "bigint",
        "last_sent_at": "bigint",
        "noisy": "boolean",
    },
    conflict=(
        "ON CONFLICT (queue_id, name) DO UPDATE SET"
        " waiting = sqs_tenant.waiting + excluded.waiting,"
        " flying = sqs_tenant.flying + excluded.flying,"
        " busy_ms = sqs_tenant.busy_ms + excluded.busy_ms,"
        " last_sent_at = CASE WHEN excluded.last_sent_at > sqs_tenant.last_sent_at"
        " THEN excluded.last_sent_at ELSE sqs_tenant.last_sent_at END"
    ),
    merge=_merge,
)


def change(
    sandbox: int,
    queue_id: int,
    name: str,
    *,
    now: int,
    waiting: int = 0,
    flying: int = 0,
    busy_ms: int = 0,
    sent: bool = False,
) -> tuple[Any, ...]:
    """Return the row that adds to what is known of a tenant."""
    return (sandbox, queue_id, name, waiting, flying, busy_ms, now, now if sent else 0, False)


def exist(db: Database, queue_id: int) -> bool:
    """Tell whether anybody has sent with a MessageGroupId to this standard queue."""
    return bool(db.read("SELECT 1 FROM sqs_tenant WHERE queue_id=%s LIMIT 1", (queue_id,)))


class Sums(NamedTuple):
    """What all tenants of a queue come to; ``since`` is when the oldest window began."""

    waiting: int
    busy_ms: int
    since: int


def sums(db: Database, queue_id: int) -> Sums:
    """Return what all tenants come to, messages without a group included in ``busy_ms``."""
    rows = db.read(
        "SELECT coalesce(sum(waiting), 0), coalesce(sum(busy_ms), 0), min(busy_since)"
        " FROM sqs_tenant WHERE queue_id=%s",
        (queue_id,),
    )
    waiting, busy_ms, since = rows[0]
    return Sums(int(waiting), int(busy_ms), since or 0)


def suspects(
    db: Database, queue_id: int, *, flying: int, busy_ms: float
) -> list[tuple[str, int, int, int, int, bool]]:
    """Return those who may be noisy: (name, waiting, flying, busy_ms, last_sent_at, noisy)."""
    rows = db.read(
        "SELECT name, waiting, flying, busy_ms, last_sent_at, noisy FROM sqs_tenant"
        " WHERE queue_id=%s AND name<>%s AND (noisy OR flying>=%s OR busy_ms>%s) ORDER BY name",
        (queue_id, UNGROUPED, flying, busy_ms),
    )
    return [(name, waits, flies, busy, sent, bool(noisy)) for name, waits, flies, busy, sent, noisy
            in rows]  # fmt: skip


def quiet_names(db: Database, queue_id: int, *, limit: int) -> list[str]:
    """Return quiet tenants with waiting messages, first those that have not sent for longest."""
    rows = db.read(
        "SELECT name FROM sqs_tenant WHERE queue_id=%s AND waiting>0 AND NOT noisy"
        " ORDER BY last_sent_at, name LIMIT %s",
        (queue_id, limit),
    )
    return [name for (name,) in rows]


def mark_noisy(db: Database, queue_id: int, name: str, *, noisy: bool) -> None:
    """Remember what was last said of a tenant."""
    db.write(
        "UPDATE sqs_tenant SET noisy=%s WHERE queue_id=%s AND name=%s", (noisy, queue_id, name)
    )


def start_window(db: Database, queue_id: int, now: int) -> None:
    """Begin a new window of consumed time: half of the last one still counts."""
    db.write(
        "UPDATE sqs_tenant SET busy_ms=busy_ms/2, busy_since=%s WHERE queue_id=%s", (now, queue_id)
    )
    db.write(
        "DELETE FROM sqs_tenant WHERE queue_id=%s AND waiting=0 AND flying=0 AND busy_ms=0",
        (queue_id,),
    )


def remove_all(db: Database, queue_id: int) -> None:
    """Forget every tenant of a queue."""
    db.write("DELETE FROM sqs_tenant WHERE queue_id=%s", (queue_id,))
