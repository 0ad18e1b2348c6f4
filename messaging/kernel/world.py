"""One sandbox as the engine works on it: its row in memory, with the buffers of a group commit."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from messaging.kernel import ids
from messaging.kernel.clock import Clock
from messaging.kernel.database import Database
from messaging.kernel.tables import Statement, columns_of

_COLUMNS: Final = (
    "id, slug, seed, generation, version, last_seq, last_id, first_seq, keep_events, "
    "is_default, anchor_sim, anchor_wall, rate, paused"
)
_READ: Final = f"SELECT {_COLUMNS} FROM kernel_sandbox WHERE id=%s"
_LOCK_ALL: Final = (
    f"SELECT {_COLUMNS} FROM kernel_sandbox WHERE id = ANY(%s::bigint[]) ORDER BY id"
    " FOR NO KEY UPDATE"
)
_COUNT: Final = (
    "UPDATE kernel_sandbox SET version=%s, last_seq=%s, last_id=%s, first_seq=%s WHERE id=%s"
)
_COUNT_ALL: Final = (
    "UPDATE kernel_sandbox SET version=v.version, last_seq=v.last_seq, last_id=v.last_id,"
    " first_seq=v.first_seq FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],"
    " %s::bigint[]) AS v(version, last_seq, last_id, first_seq, id) WHERE kernel_sandbox.id=v.id"
)
_COUNT_AND_SET_CLOCK: Final = (
    "UPDATE kernel_sandbox SET version=%s, last_seq=%s, last_id=%s, first_seq=%s,"
    " anchor_sim=%s, anchor_wall=%s, rate=%s, paused=%s WHERE id=%s"
)
_CLOCK: Final = slice(10, None)
PRUNE_STEP: Final = 2_000


class World:
    """A sandbox in memory: a copy of its row, with ``now`` set anew in every batch.

    ``next_due`` is a lower bound of the next moment at which something happens by itself; 0 means
    that it is not known. ``lenient`` is the default sandbox, which test suites use: there AWS's
    60-second pauses after deleting and purging a queue are left out. ``caches`` belong to the
    services and live until the configuration changes. ``settled`` is the event after which
    ``next_due`` is too late, as what happens may bring it forward; None where it holds anyway.
    """

    __slots__ = (
        "base", "caches", "clock", "first_seq", "generation", "id", "keep_events", "last_id",
        "last_seq", "lenient", "next_due", "now", "saved", "secret", "seed", "settled", "slug",
        "version",
    )  # fmt: skip

    first_seq: int
    id: int
    keep_events: int
    last_id: int
    last_seq: int
    version: int

    def __init__(self, row: tuple[Any, ...]) -> None:
        self.caches: dict[str, Any] = {}
        self.next_due: int | None = 0
        self.settled: int | None = None
        self.now = 0
        self.load(row)

    def load(self, row: tuple[Any, ...]) -> None:
        """Take over the row; drop what was cached when somebody else has changed the sandbox."""
        if getattr(self, "saved", None) == row:
            return
        (
            self.id, self.slug, self.seed, self.generation, self.version, self.last_seq,
            self.last_id, self.first_seq, self.keep_events, self.lenient, sim, wall, rate, paused,
        ) = row  # fmt: skip
        self.base = self.id << ids.SEQUENCE_BITS
        self.clock = Clock(sim, wall, rate, bool(paused))
        self.secret = ids.secret_for(self.seed, self.generation)
        self.saved: tuple[Any, ...] = row
        self.forget()

    def forget(self) -> None:
        """Drop everything that was derived from the database."""
        self.caches.clear()
        self.next_due = 0
        self.settled = None

    def due(self, at: int) -> None:
        """Remember that something happens by itself at ``at``."""
        if self.next_due is None or at < self.next_due:
            self.next_due = at

    @property
    def is_unsettled(self) -> bool:
        """Tell whether ``next_due`` is to be asked for again, because something has happened."""
        return self.settled is not None and self.last_seq > self.settled

    def row(self) -> tuple[Any, ...]:
        """Return the row as it is to be stored."""
        clock = self.clock
        return (
            self.id, self.slug, self.seed, self.generation, self.version, self.last_seq,
            self.last_id, self.first_seq, self.keep_events, self.lenient,
            clock.anchor_sim, clock.anchor_wall, clock.rate, clock.paused,
        )  # fmt: skip

    @property
    def surplus(self) -> int:
        """Return how many events the log has more than are kept."""
        return self.last_seq - self.first_seq + 1 - self.keep_events

    @property
    def is_overlong(self) -> bool:
        """Tell whether it is time to cut the log."""
        return self.surplus >= PRUNE_STEP

    def prune(self) -> list[Statement]:
        """Return what cuts the log to the length that is kept."""
        if not self.is_overlong:
            return []
        surplus, first = self.surplus, self.base + self.first_seq
        self.first_seq += surplus
        sql = "DELETE FROM kernel_event WHERE id BETWEEN %s AND %s"
        return [(sql, (first, first + surplus - 1))]


def farewells(worlds: Iterable[World], *, arrays: bool) -> list[Statement]:
    """Return what cuts logs and writes counters and clocks back, which then count as stored."""
    statements: list[Statement] = []
    counted: list[tuple[int, ...]] = []
    for world in worlds:
        statements += world.prune()
        row, saved = world.row(), world.saved
        if row == saved:
            continue
        world.saved = row
        counters = (world.version, world.last_seq, world.last_id, world.first_seq)
        if row[_CLOCK] == saved[_CLOCK]:
            counted.append((*counters, world.id))
        else:
            # Not two statements: PostgreSQL lets one of those that go together touch a row.
            statements.append((_COUNT_AND_SET_CLOCK, (*counters, *row[_CLOCK], world.id)))
    if counted and arrays:
        statements.append((_COUNT_ALL, columns_of(counted, ["bigint"] * len(counted[0]))))
    else:
        statements += [(_COUNT, values) for values in counted]
    return statements


def load_rows(db: Database, sandboxes: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """Read the rows of sandboxes and, where the database has row locks, hold them until the commit.

    The lock makes event numbers gap-free and in commit order when several processes serve one
    sandbox. Rows that refer to the sandbox may pass it (``NO KEY``): a process that holds another
    sandbox would wait for us while we wait for it. Locking in the order of ids has the same reason.
    """
    if db.is_postgres:
        rows = db.read_first(_LOCK_ALL, (list(sandboxes),))
    else:
        rows = [row for sandbox in sandboxes for row in db.read(_READ, (sandbox,))]
    return {row[0]: row for row in rows}
