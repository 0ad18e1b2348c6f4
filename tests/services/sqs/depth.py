"""Deep queues in a moment, and what a statement costs in them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import F

from messaging.kernel.database import Database
from messaging.kernel.ids import compose
from messaging.kernel.models import Event, Sandbox
from messaging.kernel.tables import Table
from messaging.sqs.models import Queue
from messaging.sqs.store.groups import GROUP
from messaging.sqs.store.messages import MESSAGE
from messaging.sqs.store.tenants import TENANT


def fill(
    sandbox: int,
    name: str,
    count: int,
    *,
    groups: int = 0,
    tenants: int = 0,
    sent_at: int,
) -> None:
    """Put ``count`` visible messages into a queue, spread over groups or tenants.

    The log is cut off before them, as if it had been pruned.
    """
    db = Database()
    queue = Queue.objects.get(sandbox=sandbox, name=name)
    first = Sandbox.objects.get(pk=sandbox).last_id + 1
    rows = []
    for n in range(count):
        number, at = first + n, sent_at - (count - n) // 100
        group = f"g{n % groups}" if groups else None
        tenant = f"t{n % tenants}" if tenants else None
        rows.append(
            (compose(sandbox, number), sandbox, queue.pk, "b", None, None, at, at, at, 0, 0, None,
             None, group, tenant, None, number, 1)
        )  # fmt: skip
    _append(db, MESSAGE, rows)
    heads = [
        (sandbox, queue.pk, f"g{n}", sent_at - (count - n) // 100, first + n, count // groups, 0)
        for n in range(groups)
    ]
    _append(db, GROUP, heads)
    waiting = [
        (sandbox, queue.pk, f"t{n}", count // tenants, 0, 0, sent_at, sent_at, False)
        for n in range(tenants)
    ]
    _append(db, TENANT, waiting)
    Queue.objects.filter(pk=queue.pk).update(visible=queue.visible + count)
    home = Sandbox.objects.filter(pk=sandbox)
    home.update(last_id=first + count, first_seq=F("last_seq") + 1)
    Event.objects.of_sandbox(sandbox).delete()
    if connection.vendor == "postgresql":
        db.write("ANALYZE sqs_message, sqs_group, sqs_tenant")


def _append(db: Database, table: Table, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        for statement in table.inserts(rows, arrays=db.is_postgres):
            db.write(*statement)


@contextmanager
def recorded() -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
    """Record every statement that goes through the engine's own SQL."""
    seen: list[tuple[str, tuple[Any, ...]]] = []
    original: Callable[..., Any] = Database._execute

    def execute(self: Database, sql: str, params: Any) -> Any:
        seen.append((sql, tuple(params)))
        return original(self, sql, params)

    Database._execute = execute  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        Database._execute = original  # type: ignore[method-assign]


def plan(sql: str, params: tuple[Any, ...]) -> list[str]:
    """Return how the database would run a statement, a line a step."""
    db = Database()
    if db.is_postgres:
        return [str(row[0]).strip() for row in db.read(f"EXPLAIN {sql}", params)]
    return [str(row[3]) for row in db.read(f"EXPLAIN QUERY PLAN {sql}", params)]


@contextmanager
def steps() -> Iterator[list[int]]:
    """Count the steps of SQLite's virtual machine, in hundreds."""
    counted = [0]

    def count() -> int:
        counted[0] += 1
        return 0

    driver: Any = connection.connection
    driver.set_progress_handler(count, 100)
    try:
        yield counted
    finally:
        driver.set_progress_handler(None, 0)
