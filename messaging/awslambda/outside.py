"""The code of functions, as what is done outside the writer: taken, run, reported.

An invocation begins in the writer, which leaves a ``Run`` in the same transaction; after the commit
somebody takes it, and what came of it comes back as a command. A run that was in hand when the
server ended is done again; a caller who waited then is gone, and its invocation has failed.
"""

import json
import threading
from typing import Final, NamedTuple

import orjson
from django.conf import settings

from messaging.awslambda import running
from messaging.awslambda.code import environment, process
from messaging.awslambda.code.process import Order
from messaging.awslambda.domain import answers
from messaging.awslambda.domain.answers import Ran
from messaging.awslambda.models import Code, Function
from messaging.awslambda.store import functions, invocations, runs
from messaging.awslambda.store.invocations import ANSWERED, BATCH, Invocation
from messaging.awslambda.store.runs import Run
from messaging.kernel.batch import Batch
from messaging.kernel.clock import wall_ms
from messaging.kernel.context import Context
from messaging.kernel.database import Database

# Longer than a process may take to start and to end, beside the function's own time.
_SPARE_MS: Final = 60_000
_GONE: Final = "The function was changed or deleted while its code was to run."

news: Final = runs.news
give_back = runs.give_back
next_at = runs.next_at


class Task(NamedTuple):
    """A run that was taken; without an order there is nothing left to be run."""

    run: Run
    order: Order | None

    @property
    def sandbox(self) -> int:
        return self.run.sandbox

    def do(self, stopping: threading.Event) -> Ran | None:
        """Run the code; None where it was stopped before its end."""
        if self.order is None:
            return answers.interrupted(self.run.request)
        return process.run(self.order, stopping)


def is_allowed() -> bool:
    """Tell whether code runs here at all."""
    return bool(settings.RUN_CODE)


def give_up(db: Database) -> None:
    """Let what ran before this start end as failed: code runs no more."""
    runs.give_up(db)


def take(batch: Batch, *, limit: int) -> list[Task]:
    """Take what nobody has in hand, for as long as its function may run."""
    wall, taken = wall_ms(), []
    for run in runs.waiting(batch.db, wall=wall, limit=limit):
        order = _order(batch, run)
        until = wall + _SPARE_MS + (order.timeout_s * 1000 if order else 0)
        if runs.take(batch.db, run, wall=wall, until=until):
            taken.append(Task(run, order))
    return taken


def report(ctx: Context, task: Task, ran: Ran) -> None:
    """End an invocation as its code has ended."""
    run_id = task.run.id
    if runs.read(ctx, run_id) is None:
        return
    row = invocations.with_code(ctx.db, run_id)
    function = functions.by_id(ctx, row.function_id) if row is not None else None
    if row is None or function is None:
        told: dict[str, object] = {"gone": _GONE}
    else:
        told = ran._asdict()
        running.end_code(ctx, function, row, ran)
        if row.kind != ANSWERED:
            runs.finish(ctx, run_id)
            return
    runs.answer(ctx, run_id, json.dumps(told), wall=ctx.batch.wall)
    ctx.wake(running.waiting_place(run_id))


def _order(batch: Batch, run: Run) -> Order | None:
    row = invocations.with_code(batch.db, run.id)
    if row is None or (row.kind == ANSWERED and run.was_taken):
        return None
    function = Function.objects.filter(pk=row.function_id).first()
    code = Code.objects.filter(pk=row.function_id).first()
    if function is None or code is None:
        return None
    configured = function.settings
    return Order(
        bytes(code.archive), configured["Handler"], _event(row), run.request,
        configured["Timeout"], configured["MemorySize"], environment.variables(function),
        environment.context(function, run.request),
    )  # fmt: skip


def _event(row: Invocation) -> str:
    if row.kind != BATCH:
        return row.payload
    # What was gathered before code could run has no more than this.
    records = [
        message.get("record") or {"messageId": message["id"], "body": message["body"]}
        for message in row.messages
    ]
    return orjson.dumps({"Records": records}).decode()
