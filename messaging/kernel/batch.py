"""The buffers of one group commit: rows, counters and wake-ups that leave together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import add
from typing import Any, Final, NamedTuple

from messaging.kernel.clock import wall_ms
from messaging.kernel.database import Database
from messaging.kernel.events import EVENT
from messaging.kernel.tables import Statement, Table, columns_of
from messaging.kernel.world import World, farewells, load_rows

# Called with the batch and a sandbox before the oldest events of its log are cut off, by the
# projections that have still to read them.
BEFORE_CUT: Final[list[Callable[["Batch", World], None]]] = []


@dataclass(frozen=True, eq=False)
class Counters:
    """Integer columns of a row that are changed by adding to them."""

    table: str
    columns: tuple[str, ...]

    def updates(self, totals: Sequence[Sequence[int]], *, arrays: bool) -> list[Statement]:
        """Return the statements that add to rows: what to add for each column, and the row's id."""
        if not arrays:
            sets = ", ".join(f"{column} = {column} + %s" for column in self.columns)
            return [(f"UPDATE {self.table} SET {sets} WHERE id = %s", total) for total in totals]
        names = (*self.columns, "id")
        sets = ", ".join(
            f"{column} = {self.table}.{column} + v.{column}" for column in self.columns
        )
        values = ", ".join("%s::bigint[]" for _ in names)
        sql = (
            f"UPDATE {self.table} SET {sets} FROM unnest({values}) AS v({', '.join(names)})"
            f" WHERE {self.table}.id = v.id"
        )
        return [(sql, columns_of(totals, ["bigint"] * len(names)))] if totals else []


class Mark(NamedTuple):
    """A place in the buffers to which a failing command is undone."""

    flushes: int
    writes: int
    rows: int
    events: int
    sums: int
    pending: int
    wakes: int
    last_seq: int
    last_id: int
    version: int


class Batch:
    """What the commands of one transaction append to.

    ``rows`` are written before the next query of an operation, ``events`` and ``sums`` with the
    commit: nothing in between reads them from the database. ``pending`` is what a service must
    remember of rows that are not written yet. ``copies`` counts calls copied for those who replay
    them. ``reclocked`` are sandboxes whose held long polls
    have to look again.
    """

    def __init__(
        self,
        db: Database,
        worlds: dict[int, World],
        *,
        accept: Callable[..., None],
        call: Callable[..., Any],
        wall: int | None = None,
    ) -> None:
        self.db = db
        self.accept = accept
        self.call = call
        self.wall = wall or 0
        self.entered: dict[int, World] = {}
        self.rows: list[tuple[Table, tuple[Any, ...]]] = []
        self.events: list[tuple[Any, ...]] = []
        self.sums: list[tuple[Counters, int, tuple[int, ...]]] = []
        self.wakes: list[tuple[tuple[int, str], int]] = []
        self.reclocked: set[int] = set()
        self.pending: dict[Any, Any] = {}
        self.flushes = 0
        self.writes = 0
        self.copies = 0
        self._stored: dict[int, tuple[int, ...]] = {}
        self._worlds = worlds

    def enter(self, sandboxes: Iterable[int]) -> None:
        """Load the sandboxes that take part, and read the clock.

        In this order: while we waited for a sandbox, another process went on with its time.
        """
        wanted = sorted(sandboxes)
        rows = load_rows(self.db, wanted) if wanted else {}
        self.wall = self.wall or wall_ms()
        for sandbox in wanted:
            row = rows.get(sandbox)
            if row is None:
                self._worlds.pop(sandbox, None)
                continue
            world = self._worlds.get(sandbox)
            if world is None:
                world = self._worlds[sandbox] = World(row)
            else:
                world.load(row)
            world.now = world.clock.now(self.wall)
            self.entered[sandbox] = world

    def mark(self, world: World) -> Mark:
        return Mark(
            self.flushes, self.writes, len(self.rows), len(self.events), len(self.sums),
            len(self.pending), len(self.wakes),
            world.last_seq, world.last_id, world.version,
        )  # fmt: skip

    def undo(self, mark: Mark, world: World) -> None:
        """Forget everything that was appended since ``mark``."""
        # A flush since then has emptied buffers: what they hold now is younger than the mark.
        flushed, written = self.flushes != mark.flushes, self.writes != mark.writes
        del self.rows[0 if written else mark.rows :]
        del self.events[0 if flushed else mark.events :], self.sums[0 if flushed else mark.sums :]
        del self.wakes[mark.wakes :]
        self._stored.clear()
        while len(self.pending) > (0 if written else mark.pending):
            self.pending.popitem()
        world.last_seq, world.last_id, world.version = mark.last_seq, mark.last_id, mark.version

    def news(self) -> dict[tuple[int, str], int]:
        """Return how many long polls of each resource are to look again."""
        counts: dict[tuple[int, str], int] = {}
        for key, count in self.wakes:
            counts[key] = counts.get(key, 0) + count
        return counts

    def count(self, counters: Counters, row_id: int) -> tuple[int, ...]:
        """Return the counters of a row as they are to be after this batch's changes so far."""
        stored = self._stored.get(row_id)
        if stored is None:
            names = ", ".join(counters.columns)
            sql = f"SELECT {names} FROM {counters.table} WHERE id=%s"
            stored = self._stored[row_id] = self.db.read(sql, (row_id,))[0]
        for kind, changed, deltas in self.sums:
            if changed == row_id and kind is counters:
                stored = tuple(map(add, stored, deltas))
        return stored

    def write(self) -> None:
        """Write the rows that have been appended, so that an operation's next query sees them."""
        if self.rows:
            self.writes += 1
            self.db.write_all(self._take_rows())

    def flush(self) -> None:
        """Write everything that has been appended, for who may read anything."""
        self.db.write_all(self._take())

    def finish(self) -> None:
        """Write everything, with the counters of every sandbox that took part."""
        self.db.write_all(self._take_everything())

    def commit(self) -> None:
        """Write everything and end the transaction."""
        self.db.write_all(self._take_everything(), commit=True)

    def _take_everything(self) -> list[Statement]:
        worlds = self.entered.values()
        overlong = [world for world in worlds if world.is_overlong]
        if overlong:
            # What is cut off the log may be among what is not written yet.
            self.flush()
        for world in overlong:
            for read in BEFORE_CUT:
                read(self, world)
        return [*self._take(), *farewells(worlds, arrays=self.db.is_postgres)]

    def _take(self) -> list[Statement]:
        """Return the statements for what has been appended, and forget it."""
        self.flushes += 1
        self.writes += 1
        self._stored.clear()
        statements = self._take_rows()
        if self.events:
            statements += EVENT.inserts(self.events, arrays=self.db.is_postgres)
            self.events.clear()
        if self.sums:
            statements += self._take_sums()
        return statements

    def _take_rows(self) -> list[Statement]:
        statements: list[Statement] = []
        tables: dict[Table, list[tuple[Any, ...]]] = {}
        for table, row in self.rows:
            tables.setdefault(table, []).append(row)
        for table, rows in tables.items():
            statements += table.inserts(rows, arrays=self.db.is_postgres)
        self.rows.clear()
        self.pending.clear()
        return statements

    def _take_sums(self) -> list[Statement]:
        totals: dict[Counters, dict[int, list[int]]] = {}
        for counters, row_id, deltas in self.sums:
            rows = totals.setdefault(counters, {})
            total = rows.get(row_id)
            if total is None:
                rows[row_id] = list(deltas)
            else:
                for place, delta in enumerate(deltas):
                    total[place] += delta
        self.sums.clear()
        arrays = self.db.is_postgres
        return [
            statement
            for counters, rows in totals.items()
            for statement in counters.updates(
                [(*total, row_id) for row_id, total in sorted(rows.items()) if any(total)],
                arrays=arrays,
            )
        ]
