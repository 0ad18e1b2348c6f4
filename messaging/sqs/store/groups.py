"""Rows of FIFO groups: which groups can be received from, in which order."""

from collections.abc import Iterable
from typing import Any, Final

from messaging.kernel.database import Database, Table

FREE: Final = (
    "SELECT g.name, g.flying FROM sqs_group g"
    " WHERE g.queue_id=%s AND g.ready_at<=%s AND g.head<=%s"
    " ORDER BY g.ready_at, g.head LIMIT %s"
)
FIRST: Final = (
    "SELECT position, visible_at, receives FROM sqs_message WHERE queue_id=%s AND group_id=%s"
    " ORDER BY position LIMIT %s"
)


def _merge(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Add up the rows of one group: PostgreSQL refuses to touch a row twice in one upsert."""
    merged: dict[tuple[int, str], list[Any]] = {}
    for row in rows:
        known = merged.get((row[1], row[2]))
        if known is None:
            merged[row[1], row[2]] = list(row)
        else:
            known[5] += row[5]
    return [tuple(row) for row in merged.values()]


GROUP: Final = Table(
    "sqs_group",
    {
        "sandbox": "bigint",
        "queue_id": "bigint",
        "name": "text",
        "ready_at": "bigint",
        "head": "bigint",
        "size": "bigint",
        "flying": "int",
    },
    conflict="ON CONFLICT (queue_id, name) DO UPDATE SET size = sqs_group.size + excluded.size",
    merge=_merge,
)


def joined(
    sandbox: int, queue_id: int, name: str, *, ready_at: int, position: int
) -> tuple[Any, ...]:
    """Return the row by which one message joins its group."""
    return (sandbox, queue_id, name, ready_at, position, 1, 0)


def free(
    db: Database, queue_id: int, *, now: int, horizon: int, limit: int
) -> list[tuple[str, int]]:
    """Return up to ``limit`` groups that can be received from: (name, messages in flight).

    The group that has waited longest comes first; ``horizon`` is the last position looked at (F5).
    """
    sql = FREE + (" FOR UPDATE SKIP LOCKED" if db.is_postgres else "")
    found = db.read(sql, (queue_id, now, horizon, limit))
    return [(name, flying) for name, flying in found]


def settle(db: Database, queue_id: int, name: str, *, size: int, flying: int) -> int | None:
    """Add to a group's counts, and find anew from when on it can be received from.

    Returns that time, or None where the group has gone with its last message.
    """
    rows = db.write_returning(
        "UPDATE sqs_group SET size=size+%s, flying=flying+%s WHERE queue_id=%s AND name=%s"
        " RETURNING size, flying",
        (size, flying, queue_id, name),
    )
    if not rows:
        return None
    left, in_flight = rows[0]
    if left <= 0:
        db.write_later("DELETE FROM sqs_group WHERE queue_id=%s AND name=%s", (queue_id, name))
        return None
    ready_at, head = _next_of(db, queue_id, name, in_flight=in_flight)
    db.write_later(
        "UPDATE sqs_group SET ready_at=%s, head=%s WHERE queue_id=%s AND name=%s",
        (ready_at, head, queue_id, name),
    )
    return ready_at


def remove_all(db: Database, queue_id: int) -> None:
    """Forget every group of a queue."""
    db.write("DELETE FROM sqs_group WHERE queue_id=%s", (queue_id,))


def _next_of(db: Database, queue_id: int, name: str, *, in_flight: int) -> tuple[int, int]:
    """Return from when on a group can be received from, and the position of its first message.

    With nothing in flight that is when its first message is visible. Else it is when one of those
    that were received before is visible again (F1); they are the first of the group, so reading
    goes on until one that never was.
    """
    limit = in_flight + 1
    rows = db.read(FIRST, (queue_id, name, limit))
    if in_flight <= 0:
        return rows[0][1], rows[0][0]
    while rows[-1][2] > 0 and len(rows) == limit:
        limit *= 2
        rows = db.read(FIRST, (queue_id, name, limit))
    return min(visible_at for _, visible_at, receives in rows if receives > 0), rows[0][0]
