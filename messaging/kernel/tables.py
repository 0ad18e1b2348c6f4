"""Tables that rows are appended to in bulk, and values as the text of statements."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

ROWS_PER_INSERT: Final = 64
# PostgreSQL takes no array of a gigabyte, and a body may double as its text is quoted.
ARRAYS_MAX: Final = 1 << 28

Statement = tuple[str, Sequence[Any]]


@dataclass(frozen=True, eq=False)
class Table:
    """A table that rows are appended to in bulk: its name and its columns with their SQL types.

    ``conflict`` ends the INSERT where a row may be there already; ``merge`` then joins the rows of
    one batch that would meet each other.
    """

    name: str
    columns: dict[str, str]
    conflict: str = ""
    merge: Callable[[Iterable[tuple[Any, ...]]], list[tuple[Any, ...]]] | None = None
    _inserts: dict[tuple[int, ...], str] = field(default_factory=dict)

    def inserts(self, rows: Sequence[tuple[Any, ...]], *, arrays: bool) -> list[Statement]:
        """Return the statements that insert ``rows``, from arrays where the database has them."""
        if self.merge is not None:
            rows = self.merge(rows)
        if arrays:
            return self._from_arrays(rows)
        return [
            self._from_values(rows[start : start + ROWS_PER_INSERT])
            for start in range(0, len(rows), ROWS_PER_INSERT)
        ]

    def _from_values(self, rows: Sequence[tuple[Any, ...]]) -> Statement:
        """Leave out columns in which no row has a value.

        Python's SQLite driver looks for an adapter of each None, which takes longer than the rest
        of the row.
        """
        count = len(rows)
        columns = list(zip(*rows, strict=True))
        used = tuple(
            place
            for place, values in enumerate(columns)
            if values[0] is not None or values.count(None) < count
        )
        if len(used) == len(columns):
            return self._insert_values(count, used), [value for row in rows for value in row]
        kept = [columns[place] for place in used]
        params = [value for row in zip(*kept, strict=True) for value in row]
        return self._insert_values(count, used), params

    def _from_arrays(self, rows: Sequence[tuple[Any, ...]]) -> list[Statement]:
        params = columns_of(rows, self.columns.values())
        if len(rows) > 1 and sum(map(len, params)) > ARRAYS_MAX:
            half = len(rows) // 2
            return self._from_arrays(rows[:half]) + self._from_arrays(rows[half:])
        return [(self._insert_arrays(), params)]

    def _insert_values(self, count: int, places: tuple[int, ...]) -> str:
        sql = self._inserts.get((count, *places))
        if sql is None:
            names = list(self.columns)
            rows = ",".join([f"({marks(places)})"] * count)
            sql = self._insert([names[place] for place in places], f"VALUES {rows}")
            self._inserts[count, *places] = sql
        return sql

    def _insert_arrays(self) -> str:
        sql = self._inserts.get(())
        if sql is None:
            arrays = ",".join(f"%s::{kind}[]" for kind in self.columns.values())
            sql = self._inserts[()] = self._insert(self.columns, f"SELECT * FROM unnest({arrays})")
        return sql

    def _insert(self, columns: Iterable[str], rows: str) -> str:
        return f"INSERT INTO {self.name} ({','.join(columns)}) {rows} {self.conflict}"


def columns_of(rows: Sequence[Sequence[Any]], kinds: Iterable[str]) -> list[str]:
    """Return each column of ``rows`` as the text of an array (PostgreSQL)."""
    columns = zip(kinds, zip(*rows, strict=True), strict=True)
    return [array(kind, values) for kind, values in columns]


def marks(values: Iterable[Any]) -> str:
    """Return ``%s,%s,…``, one mark for each value."""
    return ",".join("%s" for _ in values)


def array(kind: str, values: Iterable[Any]) -> str:
    """Return values as the text of an array: its parser is the fastest way in for many rows."""
    if kind == "text":
        return "{" + ",".join(map(_quoted, values)) + "}"
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _quoted(text: str | None) -> str:
    if text is None:
        return "NULL"
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if '"' in text:
        text = text.replace('"', '\\"')
    return f'"{text}"'
