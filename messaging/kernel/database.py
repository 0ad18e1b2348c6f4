"""The driver connection under Django's: raw SQL for what runs thousands of times a second."""

from collections.abc import Sequence
from contextlib import nullcontext
from functools import lru_cache
from typing import Any, Final

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import Cursor

from messaging.kernel.tables import Statement, array, columns_of, marks

# Each statement is written for an index. A planner that knows nothing yet of a table that fills in
# seconds would rather read or sort the whole of it. Who holds a row for ever does not stop us.
_SESSION: Final = (
    "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;"
    " SET jit = off; SET plan_cache_mode = force_generic_plan; SET lock_timeout = '20s'"
)


class Database:
    """Raw SQL with ``%s`` marks on either database; the caller holds the transaction.

    While ``lazy`` is set, what nobody waits for stays here until the next query takes it along to
    the server (PostgreSQL). Django's own queries do not: set it where none are made.
    """

    __slots__ = ("_driver", "_later", "is_postgres", "lazy", "wrote")

    def __init__(self) -> None:
        connection.ensure_connection()
        self._driver: Any = connection.connection
        self._later: list[Statement] = []
        self.is_postgres = connection.vendor == "postgresql"
        self.lazy = False
        self.wrote = False

    def read(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        rows: list[tuple[Any, ...]] = self._execute(sql, params).fetchall()
        return rows

    def write(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run a statement and return how many rows it changed."""
        self.wrote = True
        count: int = self._execute(sql, params).rowcount
        return count

    def write_returning(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a statement with RETURNING and return its rows."""
        self.wrote = True
        rows: list[tuple[Any, ...]] = self._execute(sql, params).fetchall()
        return rows

    def write_later(self, sql: str, params: Sequence[Any] = ()) -> None:
        """Run a statement before the next one at the latest; how many rows it changed is lost."""
        self.wrote = True
        if self.is_postgres and self.lazy:
            self._later.append((sql, params))
        else:
            self._execute(sql, params)

    def read_first(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query with which a transaction begins: both go to the server in one trip."""
        if not self.is_postgres:
            return self.read(sql, params)
        with self._driver.pipeline():
            cursor = self._execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def write_all(self, statements: Sequence[Statement], *, commit: bool = False) -> None:
        """Run statements that do not depend on each other, and commit behind them, in one trip.

        ``commit`` leaves to Django what is nested in another transaction.
        """
        if not self.is_postgres:
            for sql, params in statements:
                self._execute(sql, params)
            return
        self._later += _as_one(statements)
        ends = commit and not connection.savepoint_ids
        if ends or (self._later and not self.lazy):
            later, self._later = self._later, []
            with self._driver.pipeline() if len(later) + ends > 1 else nullcontext():
                for sql, params in later:
                    self._execute(sql, params)
                if ends:
                    self._driver.execute("COMMIT")

    def one_of(self, values: Sequence[Any], kind: str = "bigint") -> Statement:
        """Return the condition, behind a column's name, that it is one of ``values``."""
        if self.is_postgres:
            # One text for any number of them, so that it is planned once.
            return f"= ANY(%s::{kind}[])", [array(kind, values)]
        return f"IN ({marks(values)})", values

    def table(self, rows: Sequence[Sequence[Any]], *kinds: str) -> Statement:
        """Return a table ``v`` for a FROM, with columns column1, column2, … of these SQL types."""
        if self.is_postgres:
            names = ", ".join(f"column{place}" for place in range(1, len(kinds) + 1))
            arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
            return f"unnest({arrays}) AS v({names})", columns_of(rows, kinds)
        values = ",".join([f"({marks(kinds)})"] * len(rows))
        return f"(VALUES {values}) AS v", [value for row in rows for value in row]

    def savepoint(self) -> None:
        self._driver.execute("SAVEPOINT command")

    def release(self) -> None:
        self._driver.execute("RELEASE SAVEPOINT command")

    def rollback_to_savepoint(self) -> None:
        self._later.clear()
        self._driver.execute("ROLLBACK TO SAVEPOINT command")
        self._driver.execute("RELEASE SAVEPOINT command")

    def _execute(self, sql: str, params: Sequence[Any]) -> Any:
        if not self.is_postgres:
            return self._driver.execute(_qmarks(sql), params)
        if self._later:
            later, self._later = self._later, []
            with self._driver.pipeline():
                for statement in later:
                    self._execute(*statement)
                cursor = self._execute(sql, params)
            return cursor
        # Django's own cursor writes the values into the text, so that each is planned anew.
        return Cursor(self._driver).execute(sql, params, prepare=True)


def tune(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Set up a new connection: on PostgreSQL statements are planned once, and for their index."""
    if connection.vendor == "postgresql":
        driver = connection.connection
        driver.prepare_threshold = 0
        driver.execute(_SESSION)


def _as_one(statements: Sequence[Statement]) -> list[Statement]:
    """Return one statement that does what several do, each to rows of its own (PostgreSQL)."""
    if len(statements) <= 1:
        return list(statements)
    *others, (last, _) = statements
    parts = ", ".join(f"s{place} AS ({sql})" for place, (sql, _) in enumerate(others))
    return [(f"WITH {parts} {last}", [value for _, params in statements for value in params])]


@lru_cache(maxsize=4096)
def _qmarks(sql: str) -> str:
    return sql.replace("%s", "?")
