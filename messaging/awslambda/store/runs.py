"""Code that is to be run, is run, or has been run for somebody who waits."""

from typing import Final, NamedTuple

from messaging.awslambda.store.invocations import Invocation
from messaging.kernel.context import Context
from messaging.kernel.database import Database
from messaging.kernel.tables import Table

# Sandboxes with code to run that nobody of this process has looked for yet.
news: Final[set[int]] = set()

RUN: Final = Table(
    "awslambda_run",
    {
        "id": "bigint",
        "sandbox": "bigint",
        "taken_until": "bigint",
        "request": "text",
        "answer": "text",
    },
)
# A run that was taken by a process that is no more: any time that is over, but not none.
_BEFORE: Final = 1
# How long an answer is kept that nobody fetches.
_KEPT_MS: Final = 3_600_000


class Run(NamedTuple):
    """A row; ``was_taken`` tells that somebody has had it in hand before."""

    id: int
    sandbox: int
    request: str
    was_taken: bool


def post(ctx: Context, row: Invocation, request: str) -> None:
    """Let the code of an invocation be run."""
    ctx.insert(RUN, (row.id, ctx.sandbox, 0, request, ""))
    news.add(ctx.sandbox)


def waiting(db: Database, *, wall: int, limit: int) -> list[Run]:
    """Return what somebody may take; answers that nobody has fetched are forgotten."""
    db.write("DELETE FROM awslambda_run WHERE taken_until<=%s AND answer<>''", (wall,))
    rows = db.read(
        "SELECT id, sandbox, request, taken_until FROM awslambda_run WHERE taken_until<=%s"
        " ORDER BY taken_until, id LIMIT %s",
        (wall, limit),
    )
    return [Run(row_id, sandbox, asked, bool(until)) for row_id, sandbox, asked, until in rows]


def take(db: Database, run: Run, *, wall: int, until: int) -> bool:
    """Take a run in hand; False where somebody was faster."""
    sql = "UPDATE awslambda_run SET taken_until=%s WHERE id=%s AND taken_until<=%s"
    return bool(db.write(sql, (until, run.id, wall)))


def give_back(db: Database) -> None:
    """Let everything be taken again, and forget answers: who had it in hand, or waited, is gone."""
    db.write("DELETE FROM awslambda_run WHERE answer<>''")
    db.write("UPDATE awslambda_run SET taken_until=%s WHERE taken_until>0", (_BEFORE,))


def give_up(db: Database) -> None:
    """Forget everything: no code runs here any more."""
    db.write("DELETE FROM awslambda_run")


def next_at(db: Database) -> int | None:
    """Return the wall time at which somebody may take the next run."""
    at: int | None = db.read("SELECT min(taken_until) FROM awslambda_run WHERE answer=''")[0][0]
    return at


def answer(ctx: Context, run_id: int, text: str, *, wall: int) -> None:
    """Keep an answer for the caller, who waits for it."""
    ctx.db.write(
        "UPDATE awslambda_run SET answer=%s, taken_until=%s WHERE id=%s",
        (text, wall + _KEPT_MS, run_id),
    )


def read(ctx: Context, run_id: int) -> str | None:
    """Return a run's answer, "" while there is none; None where the run is gone."""
    ctx.write()
    rows = ctx.db.read("SELECT answer FROM awslambda_run WHERE id=%s", (run_id,))
    return str(rows[0][0]) if rows else None


def finish(ctx: Context, run_id: int) -> None:
    """Forget a run."""
    ctx.write()
    ctx.db.write("DELETE FROM awslambda_run WHERE id=%s", (run_id,))
