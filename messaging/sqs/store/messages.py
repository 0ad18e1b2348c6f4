"""Message rows: insert, find what is deliverable, hide, show, delete, move."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from messaging.kernel.batch import Counters
from messaging.kernel.database import Database
from messaging.kernel.events import DELAYED, IN_FLIGHT, VISIBLE
from messaging.kernel.tables import Table, marks

STATES: Final = (VISIBLE, IN_FLIGHT, DELAYED)

MESSAGE: Final = Table(
    "sqs_message",
    {
        "id": "bigint",
        "sandbox": "bigint",
        "queue_id": "bigint",
        "body": "text",
        "attributes": "text",
        "extra": "text",
        "sent_at": "bigint",
        "kept_since": "bigint",
        "visible_at": "bigint",
        "hidden": "smallint",
        "receives": "int",
        "first_at": "bigint",
        "received_at": "bigint",
        "group_id": "text",
        "tenant": "text",
        "dedup_id": "text",
        "position": "bigint",
        "last_event": "bigint",
    },
)

COUNTERS: Final = Counters("sqs_queue", ("visible", "in_flight", "delayed"))


class Row(NamedTuple):
    """A message as it is stored."""

    id: int
    sandbox: int
    queue_id: int
    body: str
    attributes: str | None
    extra: str | None
    sent_at: int
    kept_since: int
    visible_at: int
    hidden: int
    receives: int
    first_at: int | None
    received_at: int | None
    group_id: str | None
    tenant: str | None
    dedup_id: str | None
    position: int
    last_event: int

    @property
    def state(self) -> str:
        return STATES[self.hidden]


def has_lapsed(row: Row, now: int) -> bool:
    """Tell whether a received message's timeout is over.

    In the millisecond in which it ends it is not: with a timeout of 0 there is no other in which
    the message could be deleted (F6).
    """
    return row.visible_at < now


_ALL: Final = ", ".join(f"m.{name}" for name in MESSAGE.columns)
_NEAR: Final = ", ".join(MESSAGE.columns)

BY_ID: Final = f"SELECT {_ALL} FROM sqs_message m WHERE m.id "
READY: Final = (
    f"SELECT {_ALL} FROM sqs_message m WHERE m.queue_id=%s AND m.group_id IS NULL"
    " AND m.visible_at<=%s ORDER BY m.visible_at LIMIT %s"
)
READY_OF_TENANT: Final = (
    f"SELECT {_ALL} FROM sqs_message m WHERE m.queue_id=%s AND m.tenant=%s"
    " AND m.visible_at<=%s ORDER BY m.visible_at LIMIT %s"
)
READY_QUIET: Final = (
    f"SELECT {_NEAR} FROM (SELECT * FROM sqs_message WHERE queue_id=%s AND group_id IS NULL"
    " AND visible_at<=%s ORDER BY visible_at LIMIT {window}) near"
    " WHERE near.tenant IS NULL OR near.tenant NOT IN ({names}) LIMIT %s"
)
READY_UNGROUPED: Final = (
    f"SELECT {_ALL} FROM sqs_message m WHERE m.queue_id=%s AND m.group_id IS NULL"
    " AND m.tenant IS NULL AND m.visible_at<=%s ORDER BY m.visible_at LIMIT %s"
)
READY_OF_GROUP: Final = (
    f"SELECT {_ALL} FROM sqs_message m WHERE m.queue_id=%s AND m.group_id=%s"
    " AND m.visible_at<=%s ORDER BY m.position LIMIT %s"
)
DUE: Final = (
    f"SELECT {_ALL} FROM sqs_message m WHERE m.sandbox=%s AND m.hidden>0 AND m.visible_at<=%s"
    " ORDER BY m.visible_at, m.id LIMIT %s"
)
NEXT_DUE: Final = "SELECT min(visible_at) FROM sqs_message WHERE sandbox=%s AND hidden>0"
NEXT_STEP: Final = "SELECT min(next_at) FROM sqs_movetask WHERE sandbox=%s"
DELAYED_OF_QUEUE: Final = (
    f"SELECT {_ALL} FROM sqs_message m WHERE m.sandbox=%s AND m.hidden>0 AND m.hidden=2"
    " AND m.queue_id=%s ORDER BY m.visible_at, m.id"
)
YOUNG_OF_QUEUE: Final = (
    f"SELECT {_ALL} FROM sqs_message m WHERE m.queue_id=%s AND m.kept_since>%s AND m.hidden=0"
    " AND m.receives=0 ORDER BY m.kept_since"
)
HORIZON: Final = (
    "SELECT position FROM sqs_message WHERE queue_id=%s ORDER BY kept_since LIMIT 1 OFFSET %s"
)
EXPIRED: Final = (
    f"SELECT {_ALL} FROM sqs_message m WHERE m.queue_id=%s AND m.kept_since<=%s"
    " ORDER BY m.kept_since LIMIT %s"
)
OLDEST_OF_QUEUES: Final = (
    "SELECT q.id, (SELECT min(m.kept_since) FROM sqs_message m WHERE m.queue_id=q.id)"
    " FROM sqs_queue q WHERE q.sandbox=%s"
)


def select(db: Database, sql: str, *params: Any, lock: bool = False) -> list[Row]:
    """Run one of the queries above; ``lock`` passes over rows that another process holds."""
    if lock and db.is_postgres:
        sql += " FOR UPDATE OF m SKIP LOCKED"
    return [Row(*row) for row in db.read(sql, params)]


def quiet(
    db: Database, queue_id: int, noisy: Sequence[str], *, now: int, window: int, limit: int
) -> list[Row]:
    """Return deliverable messages of others than ``noisy`` among the ``window`` oldest."""
    sql = READY_QUIET.format(window=window, names=marks(noisy))
    return [Row(*row) for row in db.read(sql, (queue_id, now, *noisy, limit))]


def horizon(db: Database, queue_id: int, depth: int) -> int | None:
    """Return the position of the message that ``depth`` others lie before, oldest first."""
    rows = db.read(HORIZON, (queue_id, depth))
    return rows[0][0] if rows else None


def by_ids(db: Database, queue_id: int, ids: Sequence[int]) -> dict[int, Row]:
    """Return those of the messages that are in the queue, by id.

    The id is compared alone and the rest filtered afterwards: with anything beside it, SQLite
    walks an index of the queue, and a row-value IN scans the table.
    """
    if not ids:
        return {}
    among, params = db.one_of(ids)
    rows = (Row(*row) for row in db.read(BY_ID + among, params))
    return {row.id: row for row in rows if row.queue_id == queue_id}


def take(db: Database, taken: Sequence[tuple[int, int]], *, now: int, until: int) -> None:
    """Put messages in flight until ``until``; ``taken`` pairs each id with its event."""
    pairs, params = db.table(taken, "bigint", "bigint")
    db.write_later(
        "UPDATE sqs_message SET visible_at=%s, hidden=1, receives=receives+1,"
        " received_at=%s, first_at=coalesce(first_at, %s), last_event=v.column2"
        f" FROM {pairs} WHERE sqs_message.id=v.column1",
        (until, now, now, *params),
    )


def show(db: Database, shown: Sequence[tuple[int, int]]) -> None:
    """Make messages visible whose time has come; ``shown`` pairs each id with its event."""
    pairs, params = db.table(shown, "bigint", "bigint")
    db.write_later(
        "UPDATE sqs_message SET hidden=0, last_event=v.column2"
        f" FROM {pairs} WHERE sqs_message.id=v.column1",
        params,
    )


def set_visible_at(db: Database, message_id: int, *, at: int, hidden: int, event: int) -> None:
    """Change until when one message is hidden."""
    db.write_later(
        "UPDATE sqs_message SET visible_at=%s, hidden=%s, last_event=%s WHERE id=%s",
        (at, hidden, event, message_id),
    )


def remove(db: Database, ids: Sequence[int]) -> None:
    """Delete messages."""
    among, params = db.one_of(ids)
    db.write_later(f"DELETE FROM sqs_message WHERE id {among}", params)


def remove_all(db: Database, queue_id: int) -> int:
    """Delete every message of a queue and return how many there were."""
    return db.write("DELETE FROM sqs_message WHERE queue_id=%s", (queue_id,))


def move(
    db: Database, row: Row, *, queue_id: int, now: int, event: int, fields: dict[str, Any]
) -> None:
    """Move a message into its dead-letter queue, where it is visible at once."""
    sets = "".join(f", {column}=%s" for column in fields)
    db.write_later(
        "UPDATE sqs_message SET queue_id=%s, visible_at=%s, hidden=0, receives=0,"
        f" first_at=NULL, received_at=NULL, last_event=%s{sets} WHERE id=%s",
        (queue_id, now, event, *fields.values(), row.id),
    )
