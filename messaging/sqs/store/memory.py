"""What a FIFO queue remembers for five minutes: deduplication ids and receive attempts."""

from typing import Any, Final, NamedTuple

import orjson

from messaging.kernel.database import Database
from messaging.kernel.tables import Table

DEDUP: Final = Table(
    "sqs_dedup",
    {
        "sandbox": "bigint",
        "queue_id": "bigint",
        "token": "text",
        "until": "bigint",
        "message": "bigint",
        "position": "bigint",
    },
    conflict=(
        "ON CONFLICT (queue_id, token) DO UPDATE SET until = excluded.until,"
        " message = excluded.message, position = excluded.position"
    ),
)


class Known(NamedTuple):
    """The message that a deduplication id stands for."""

    message: int
    position: int


def known(db: Database, queue_id: int, token: str, now: int) -> Known | None:
    """Return what an unexpired deduplication id stands for."""
    rows = db.read(
        "SELECT message, position FROM sqs_dedup WHERE queue_id=%s AND token=%s AND until>%s",
        (queue_id, token, now),
    )
    return Known(*rows[0]) if rows else None


def forget_queue(db: Database, queue_id: int) -> None:
    """Forget every deduplication id and receive attempt of a queue."""
    db.write("DELETE FROM sqs_dedup WHERE queue_id=%s", (queue_id,))
    db.write("DELETE FROM sqs_receiveattempt WHERE queue_id=%s", (queue_id,))


def forget_expired(db: Database, sandbox: int, now: int) -> None:
    """Drop what no longer matters."""
    db.write("DELETE FROM sqs_dedup WHERE sandbox=%s AND until<=%s", (sandbox, now))
    db.write("DELETE FROM sqs_receiveattempt WHERE sandbox=%s AND until<=%s", (sandbox, now))


def attempt(db: Database, queue_id: int, token: str, now: int) -> list[tuple[int, int]] | None:
    """Return the (message number, receives) that a receive attempt was answered with."""
    rows = db.read(
        "SELECT messages FROM sqs_receiveattempt WHERE queue_id=%s AND token=%s AND until>%s",
        (queue_id, token, now),
    )
    if not rows:
        return None
    stored: Any = rows[0][0]
    pairs = stored if isinstance(stored, list) else orjson.loads(stored)
    return [(number, receives) for number, receives in pairs]


def remember_attempt(
    db: Database,
    sandbox: int,
    queue_id: int,
    *,
    token: str,
    until: int,
    messages: list[tuple[int, int]],
) -> None:
    """Remember what a receive attempt was answered with: (message number, receives)."""
    db.write_later(
        "INSERT INTO sqs_receiveattempt (sandbox, queue_id, token, until, messages)"
        " VALUES (%s,%s,%s,%s,%s) ON CONFLICT (queue_id, token)"
        " DO UPDATE SET until=excluded.until, messages=excluded.messages",
        (sandbox, queue_id, token, until, orjson.dumps(messages).decode()),
    )
