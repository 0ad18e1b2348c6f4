"""What a FIFO topic remembers: deduplication ids for five minutes, and who waits for whom."""

from typing import Any, Final

from messaging.kernel.context import Context
from messaging.kernel.database import Database
from messaging.kernel.packets import Packet
from messaging.kernel.tables import Table
from messaging.sns.store.notes import Note

DEDUP: Final = Table(
    "sns_dedup",
    {
        "sandbox": "bigint",
        "topic_id": "bigint",
        "token": "text",
        "until": "bigint",
        "message": "bigint",
    },
    conflict=(
        "ON CONFLICT (topic_id, token) DO UPDATE SET until = excluded.until,"
        " message = excluded.message"
    ),
)
HELD: Final = Table(
    "sns_held",
    {
        "id": "bigint",
        "sandbox": "bigint",
        "origin": "text",
        "lane": "text",
        "target": "text",
        "body": "text",
        "cause": "bigint",
        "note": "text",
    },
)
Lane = tuple[str, str]


def known(ctx: Context, topic_id: int, token: str) -> int | None:
    """Return the message that an unexpired deduplication id stands for.

    Those of this group commit come first: their rows are not written yet.
    """
    pending: int | None = ctx.batch.pending.get((topic_id, token))
    if pending is not None:
        return pending
    rows = ctx.db.read(
        "SELECT message FROM sns_dedup WHERE topic_id=%s AND token=%s AND until>%s",
        (topic_id, token, ctx.now),
    )
    return rows[0][0] if rows else None


def remember(ctx: Context, topic_id: int, token: str, *, until: int, message: int) -> None:
    """Remember a deduplication id."""
    ctx.insert(DEDUP, (ctx.sandbox, topic_id, token, until, message))
    ctx.batch.pending[topic_id, token] = message


def forget_expired(db: Database, sandbox: int, now: int) -> None:
    """Drop what no longer matters."""
    db.write("DELETE FROM sns_dedup WHERE sandbox=%s AND until<=%s", (sandbox, now))


def blocked(ctx: Context) -> set[Lane]:
    """Return the subscriptions and FIFO groups of which a message waits for its next try."""
    lanes: set[Lane] | None = ctx.world.caches.get("sns.blocked")
    if lanes is None:
        ctx.write()
        rows: list[Any] = ctx.db.read(
            "SELECT origin, note FROM kernel_delivery WHERE sandbox=%s AND origin LIKE %s",
            (ctx.sandbox, "arn:%:sns:%"),
        )
        lanes = {(origin, Note.read(note).group) for origin, note in rows}
        rows = ctx.db.read(
            "SELECT DISTINCT origin, lane FROM sns_held WHERE sandbox=%s", (ctx.sandbox,)
        )
        lanes.update((origin, group) for origin, group in rows)
        ctx.world.caches["sns.blocked"] = lanes
    return lanes


def hold(ctx: Context, packet: Packet, group: str) -> None:
    """Keep a packet until those before it have arrived."""
    ctx.insert(HELD, (
        ctx.new_id(), ctx.sandbox, packet.origin, group, packet.target, packet.body, packet.cause,
        packet.note,
    ))  # fmt: skip


def release(ctx: Context, done: Packet, group: str) -> Packet | None:
    """Return the packet that waited for ``done``, if there is one."""
    ctx.write()
    rows = ctx.db.read(
        "SELECT id, target, body, cause, note FROM sns_held WHERE sandbox=%s AND origin=%s"
        " AND lane=%s ORDER BY id LIMIT 1",
        (ctx.sandbox, done.origin, group),
    )
    if not rows:
        return None
    row_id, target, body, cause, note = rows[0]
    ctx.db.write("DELETE FROM sns_held WHERE id=%s", (row_id,))
    return done._replace(
        target=target, body=body, cause=cause, note=note, attempts=0, first_at=ctx.now
    )


def withdraw(ctx: Context, origin: str) -> None:
    """Forget what is held for a subscription that is no more."""
    ctx.write()
    ctx.db.write("DELETE FROM sns_held WHERE sandbox=%s AND origin=%s", (ctx.sandbox, origin))
