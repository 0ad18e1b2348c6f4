"""The outbox: packets that are on their way, taken by their target when they are due."""

from typing import TYPE_CHECKING, Final

from messaging.kernel.database import Database
from messaging.kernel.errors import AwsError
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
        "source": "text",
        "target": "text",
        "body": "text",
        "attempts": "int",
        "cause": "bigint",
    },
)


def post(ctx: "Context", target: str, body: str, *, after_ms: int, cause: int | None) -> None:
    """Put a packet on its way; it arrives ``after_ms`` of sandbox time from now."""
    due_at = ctx.now + after_ms
    source = ctx.caller.actor
    ctx.insert(DELIVERY, (ctx.new_id(), ctx.sandbox, due_at, source, target, body, 0, cause))
    ctx.due(due_at)


def next_due(db: Database, sandbox: int) -> int | None:
    """Return when the next packet arrives."""
    sql = "SELECT min(due_at) FROM kernel_delivery WHERE sandbox=%s"
    due: int | None = db.read(sql, (sandbox,))[0][0]
    return due


def run_due(ctx: "Context", *, limit: int = 200) -> None:
    """Hand every packet that is due to its target, oldest first."""
    rows = ctx.db.read(
        "SELECT id, target, body, cause FROM kernel_delivery WHERE sandbox=%s AND due_at<=%s"
        " ORDER BY due_at, id LIMIT %s",
        (ctx.sandbox, ctx.now, limit),
    )
    for row_id, target, body, cause in rows:
        ctx.db.write("DELETE FROM kernel_delivery WHERE id=%s", (row_id,))
        _hand_over(ctx, target, body, cause)


def _hand_over(ctx: "Context", target: str, body: str, cause: int | None) -> None:
    """Let the target take a packet; one that it refuses is gone, and the log says so."""
    ctx.flush()
    mark = ctx.batch.mark(ctx.world)
    ctx.db.savepoint()
    try:
        ctx.batch.accept(ctx, target, body, cause)
        ctx.flush()
    except AwsError as error:
        ctx.db.rollback_to_savepoint()
        ctx.batch.undo(mark, ctx.world)
        ctx.world.forget()
        ctx.emit(FAILED, target, {"code": error.code, "why": error.message}, cause=cause)
    else:
        ctx.db.release()
