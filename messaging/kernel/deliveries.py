"""The outbox: packets that are on their way, taken by their target when they are due."""

from typing import TYPE_CHECKING, Final

from messaging.kernel.database import Database
from messaging.kernel.errors import AwsError
from messaging.kernel.packets import Packet
from messaging.kernel.tables import Table

if TYPE_CHECKING:
    from messaging.kernel.context import Context

FAILED: Final = "delivery.Failed"

DELIVERY: Final = Table(
    "kernel_delivery",
    {
        "id": "bigint",
        "sandbox": "bigint",
        "due_at": "bigint",
        "target": "text",
        "body": "text",
        "cause": "bigint",
        "principal": "text",
        "via": "text",
        "origin": "text",
        "attempts": "int",
        "first_at": "bigint",
        "note": "text",
        "hops": "int",
    },
)


def post(ctx: "Context", packet: Packet, *, after_ms: int) -> None:
    """Put a packet on its way; it arrives ``after_ms`` of sandbox time from now."""
    due_at = ctx.now + after_ms
    kept = packet._replace(hops=max(packet.hops, ctx.caller.hops))
    ctx.insert(DELIVERY, (ctx.new_id(), ctx.sandbox, due_at, *kept))
    ctx.due(due_at)


def next_due(db: Database, sandbox: int) -> int | None:
    """Return when the next packet arrives."""
    sql = "SELECT min(due_at) FROM kernel_delivery WHERE sandbox=%s"
    due: int | None = db.read(sql, (sandbox,))[0][0]
    return due


def run_due(ctx: "Context", *, limit: int = 200) -> None:
    """Hand every packet that is due to its target, oldest first."""
    rows = ctx.db.read(
        f"SELECT id, {', '.join(Packet._fields)} FROM kernel_delivery"
        " WHERE sandbox=%s AND due_at<=%s ORDER BY due_at, id LIMIT %s",
        (ctx.sandbox, ctx.now, limit),
    )
    for row_id, *packet in rows:
        ctx.db.write("DELETE FROM kernel_delivery WHERE id=%s", (row_id,))
        _hand_over(ctx, Packet(*packet))


def withdraw(ctx: "Context", origin: str) -> None:
    """Take back what still waits for another try of ``origin``, which is no more."""
    ctx.write()
    ctx.db.write(
        "DELETE FROM kernel_delivery WHERE sandbox=%s AND origin=%s", (ctx.sandbox, origin)
    )


def _hand_over(ctx: "Context", packet: Packet) -> None:
    """Let the target take a packet; one that it refuses and nobody asks for is gone."""
    ctx.flush()
    mark = ctx.batch.mark(ctx.world)
    ctx.db.savepoint()
    try:
        ctx.batch.accept(ctx, packet)
        ctx.flush()
    except AwsError as error:
        ctx.db.rollback_to_savepoint()
        ctx.batch.undo(mark, ctx.world)
        ctx.world.forget()
        ctx.emit(
            FAILED, packet.target, {"code": error.code, "why": error.message}, cause=packet.cause
        )
    else:
        ctx.db.release()
