"""Rows of FIFO groups: which groups can be received from, in which order."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from messaging.kernel.database import Database
from messaging.kernel.tables import Table

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


def lock(
    db: Database, queue_id: int, taken: Mapping[str, int], *, until: int
) -> list[tuple[str, int]]:
    """Add ``taken`` messages in flight to groups, which are locked until ``until``.

    Returns how many each then has in flight.
    """
    values, params = db.table(list(taken.items()), "text", "int")
    return [(name, flying) for name, flying in db.write_returning(
        "UPDATE sqs_group SET flying=flying+v.column2, ready_at=%s"
        f" FROM {values} WHERE sqs_group.queue_id=%s AND sqs_group.name=v.column1"
        " RETURNING name, flying",
        (until, *params, queue_id),
    )]  # fmt: skip


def change(db: Database, queue_id: int, changes: Mapping[str, tuple[int, int]]) -> list[int]:
    """Add to the counts (size, flying) of groups, and find anew when they can be received from.

    Returns those times; a group goes with its last message.
    """
    rows = [(name, size, flying) for name, (size, flying) in changes.items()]
    values, params = db.table(rows, "text", "int", "int")
    left = db.write_returning(
        "UPDATE sqs_group SET size=size+v.column2, flying=flying+v.column3"
        f" FROM {values} WHERE sqs_group.queue_id=%s AND sqs_group.name=v.column1"
        " RETURNING name, size, flying",
        (*params, queue_id),
    )
    empty = [name for name, size, _ in left if size <= 0]
    if empty:
        among, params = db.one_of(empty, "text")
        db.write_later(
            f"DELETE FROM sqs_group WHERE queue_id=%s AND name {among}", (queue_id, *params)
        )
    busy = [(name, flying) for name, size, flying in left if size > 0 and flying > 0]
    free = [name for name, size, flying in left if size > 0 and flying <= 0]
    times = [refresh(db, queue_id, name, flying) for name, flying in busy]
    return times + _unlock(db, queue_id, free) if free else times


def refresh(db: Database, queue_id: int, name: str, flying: int) -> int:
    """Find anew from when on a group with ``flying`` messages in flight can be received from."""
    ready_at, head = _next_of(db, queue_id, name, in_flight=flying)
    db.write_later(
        "UPDATE sqs_group SET ready_at=%s, head=%s WHERE queue_id=%s AND name=%s",
        (ready_at, head, queue_id, name),
    )
    return ready_at


def _unlock(db: Database, queue_id: int, names: Sequence[str]) -> list[int]:
    """Let groups with nothing in flight be received from when their first message is visible."""
    among, params = db.one_of(names, "text")
    first = (
        "FROM sqs_message m WHERE m.queue_id=sqs_group.queue_id AND m.group_id=sqs_group.name"
        " ORDER BY m.position LIMIT 1"
    )
    rows = db.write_returning(
        f"UPDATE sqs_group SET ready_at=(SELECT m.visible_at {first}),"
        f" head=(SELECT m.position {first})"
        f" WHERE queue_id=%s AND name {among} RETURNING ready_at",
        (queue_id, *params),
    )
    return [ready_at for (ready_at,) in rows]


def remove_all(db: Database, queue_id: int) -> None:
    """Forget every group of a queue."""
    db.write("DELETE FROM sqs_group WHERE queue_id=%s", (queue_id,))


def _next_of(db: Database, queue_id: int, name: str, *, in_flight: int) -> tuple[int, int]:
    """Return from when on a locked group can be received from, and its first message's position.

    That is when one of those that were received before is visible again (F1); they are the first
    of the group, so reading goes on until one that never was.
    """
    limit = in_flight + 1
    rows = db.read(FIRST, (queue_id, name, limit))
    while rows[-1][2] > 0 and len(rows) == limit:
        limit *= 2
        rows = db.read(FIRST, (queue_id, name, limit))
    return min(visible_at for _, visible_at, receives in rows if receives > 0), rows[0][0]
