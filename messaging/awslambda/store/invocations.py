"""Events and batches on their way through a function."""

from typing import Any, Final, NamedTuple

import orjson

from messaging.awslambda.store.functions import FunctionRecord
from messaging.kernel.context import Context
from messaging.kernel.database import Database
from messaging.kernel.tables import Table

EVENT: Final = "e"
ANSWERED: Final = "a"
BATCH: Final = "b"
QUEUED: Final = "q"
GATHERING: Final = "g"
RUNNING: Final = "r"
# The end of an invocation whose code runs: no time, as it ends when the code does.
OPEN: Final = 1 << 62

INVOCATION: Final = Table(
    "awslambda_invocation",
    {
        "id": "bigint",
        "sandbox": "bigint",
        "function_id": "bigint",
        "mapping_id": "bigint",
        "kind": "text",
        "state": "text",
        "due_at": "bigint",
        "number": "bigint",
        "payload": "text",
        "messages": "text",
        "source": "text",
        "fails": "text",
        "attempts": "int",
        "throttles": "int",
        "first_at": "bigint",
        "cause": "bigint",
        "hops": "int",
    },
)
_DUE: Final = (
    "SELECT {} FROM awslambda_invocation WHERE sandbox=%s AND due_at<=%s"
    " ORDER BY due_at, id LIMIT %s"
)
# What ran in the sandbox of which this is a copy, or before a restart that allows no code.
_LEFT: Final = (
    "SELECT {} FROM awslambda_invocation i WHERE sandbox=%s AND due_at=%s"
    " AND NOT EXISTS (SELECT 1 FROM awslambda_run r WHERE r.id = i.id) ORDER BY id"
)
_BY_ID: Final = "SELECT {} FROM awslambda_invocation WHERE id=%s AND state='r' AND due_at=%s"
_GATHERED: Final = "SELECT {} FROM awslambda_invocation WHERE mapping_id=%s AND state='g'"
_CHANGE: Final = (
    "UPDATE awslambda_invocation SET state=%s, due_at=%s, messages=%s, fails=%s, attempts=%s,"
    " throttles=%s, cause=%s WHERE id=%s"
)
_FORGET: Final = "DELETE FROM awslambda_invocation WHERE id=%s"
_BUSY: Final = "SELECT count(*) FROM awslambda_invocation WHERE function_id=%s AND state='r'"
_BUSY_TOGETHER: Final = (
    "SELECT count(*) FROM awslambda_invocation i JOIN awslambda_function f ON f.id = i.function_id"
    " WHERE f.sandbox=%s AND f.account=%s AND f.region=%s AND f.reserved IS NULL AND i.state='r'"
)
_BATCHES: Final = (
    "SELECT count(*) FROM awslambda_invocation WHERE mapping_id=%s AND state IN ('g', 'r')"
)
NEXT_DUE: Final = (
    "SELECT (SELECT min(due_at) FROM awslambda_invocation WHERE sandbox=%s AND due_at<%s),"
    " (SELECT min(first_at) FROM awslambda_invocation i WHERE sandbox=%s AND due_at=%s"
    " AND NOT EXISTS (SELECT 1 FROM awslambda_run r WHERE r.id = i.id)),"
    " (SELECT min(change_at) FROM awslambda_mapping WHERE sandbox=%s AND change_at IS NOT NULL)"
)


class Invocation(NamedTuple):
    """A row, as ``models.Invocation`` explains it."""

    id: int
    function_id: int
    mapping_id: int | None
    kind: str
    state: str
    due_at: int
    number: int
    payload: str
    messages: list[dict[str, Any]]
    source: str
    fails: str
    attempts: int
    throttles: int
    first_at: int
    cause: int | None
    hops: int


_COLUMNS: Final = ", ".join(Invocation._fields)


def put(ctx: Context, row: Invocation) -> None:
    """Add a row; it is written before the next query."""
    values = row._replace(messages=_text(row.messages))  # type: ignore[arg-type]
    ctx.insert(INVOCATION, (values[0], ctx.sandbox, *values[1:]))
    _announce(ctx, row)


def change(ctx: Context, row: Invocation) -> None:
    """Write a row back that has changed."""
    ctx.write()
    ctx.db.write(
        _CHANGE,
        (row.state, row.due_at, _text(row.messages), row.fails, row.attempts, row.throttles,
         row.cause, row.id),
    )  # fmt: skip
    _announce(ctx, row)


def forget(ctx: Context, row: Invocation) -> None:
    """Delete a row."""
    ctx.write()
    ctx.db.write(_FORGET, (row.id,))


def due(ctx: Context, limit: int) -> list[Invocation]:
    """Return what is due, the earliest first."""
    ctx.write()
    rows = ctx.db.read(_DUE.format(_COLUMNS), (ctx.sandbox, ctx.now, limit))
    return [_read(row) for row in rows]


def left(ctx: Context) -> list[Invocation]:
    """Return what runs without anybody who runs it."""
    ctx.write()
    return [_read(row) for row in ctx.db.read(_LEFT.format(_COLUMNS), (ctx.sandbox, OPEN))]


def with_code(db: Database, row_id: int) -> Invocation | None:
    """Return an invocation whose code runs, unless it is gone."""
    rows = db.read(_BY_ID.format(_COLUMNS), (row_id, OPEN))
    return _read(rows[0]) if rows else None


def gathered(ctx: Context, mapping_id: int) -> Invocation | None:
    """Return the batch that a mapping is gathering."""
    ctx.write()
    rows = ctx.db.read(_GATHERED.format(_COLUMNS), (mapping_id,))
    return _read(rows[0]) if rows else None


def batches(ctx: Context, mapping_id: int) -> int:
    """Return how many batches a mapping has in its hands."""
    ctx.write()
    return int(ctx.db.read(_BATCHES, (mapping_id,))[0][0])


def busy(ctx: Context, function: FunctionRecord) -> int:
    """Return how much of the concurrency is used that a function may use.

    Without a reservation that is what all functions without one use together.
    """
    ctx.write()
    if function.reserved is not None:
        return int(ctx.db.read(_BUSY, (function.id,))[0][0])
    place = (ctx.sandbox, function.account, function.region)
    return int(ctx.db.read(_BUSY_TOGETHER, place)[0][0])


def next_due(db: Database, sandbox: int) -> int | None:
    """Return when an invocation or a mapping goes on."""
    times = db.read(NEXT_DUE, (sandbox, OPEN, sandbox, OPEN, sandbox))[0]
    return min((at for at in times if at is not None), default=None)


def _announce(ctx: Context, row: Invocation) -> None:
    if row.due_at != OPEN:
        ctx.due(row.due_at)


def _read(row: tuple[Any, ...]) -> Invocation:
    found = Invocation(*row)
    text: Any = found.messages
    return found._replace(messages=orjson.loads(text) if text else [])


def _text(messages: list[dict[str, Any]]) -> str:
    return orjson.dumps(messages).decode() if messages else ""
