"""Who moves a sandbox's time when several server processes share a database.

A lease is renewed by whoever moves the world, and lapses when nothing moves. It saves work; it is
not what keeps a world correct: that is the lock on the sandbox's row.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from messaging.kernel.database import Database

LEASE_MS: Final = 3_000


@dataclass(slots=True)
class Claims:
    """The outcome of asking for leases: until when ours hold, and until when those of others do."""

    ours: dict[int, int] = field(default_factory=dict)
    others: dict[int, int] = field(default_factory=dict)


def claim(db: Database, sandboxes: Iterable[int], *, owner: str, wall: int) -> Claims:
    """Take or renew a lease on each sandbox that nobody else holds.

    Sandboxes that are gone are left out.
    """
    claims = Claims()
    for sandbox in sorted(sandboxes):
        taken = db.write(
            "INSERT INTO kernel_lease (sandbox_id, owner, until)"
            " SELECT id, %s, %s FROM kernel_sandbox WHERE id=%s"
            " ON CONFLICT (sandbox_id) DO UPDATE SET owner=excluded.owner, until=excluded.until"
            " WHERE kernel_lease.owner=excluded.owner OR kernel_lease.until<=%s",
            (owner, wall + LEASE_MS, sandbox, wall),
        )
        if taken:
            claims.ours[sandbox] = wall + LEASE_MS
        else:
            held = db.read("SELECT until FROM kernel_lease WHERE sandbox_id=%s", (sandbox,))
            claims.others.update((sandbox, until) for (until,) in held)
    return claims


def release(db: Database, *, owner: str) -> None:
    """Give up every lease of ``owner``, so that others need not wait for their end."""
    db.write("DELETE FROM kernel_lease WHERE owner=%s", (owner,))


def playing(db: Database) -> list[tuple[int, int, int]]:
    """Return (sandbox, last event, end of its lease) of each world that plays; 0 is no lease."""
    rows = db.read(
        "SELECT s.id, s.last_seq, COALESCE(l.until, 0) FROM kernel_sandbox s"
        " LEFT JOIN kernel_lease l ON l.sandbox_id = s.id WHERE NOT s.paused ORDER BY s.id"
    )
    return [(sandbox, last_seq, until) for sandbox, last_seq, until in rows]
