"""Packets for addresses outside: a row until the program there has answered.

The writer never waits for the network: it writes the row, and after the commit a courier takes it,
brings it and reports what came of it (``messaging.courier``).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from messaging.kernel.database import Database
from messaging.kernel.errors import AwsError
from messaging.kernel.packets import Packet
from messaging.kernel.tables import Table

if TYPE_CHECKING:
    from messaging.kernel.context import Context

_OUTSIDE: Final = ("http://", "https://")
# Sandboxes with errands that no courier of this process has looked for yet.
news: Final[set[int]] = set()

ERRAND: Final = Table(
    "kernel_errand",
    {
        "id": "bigint",
        "sandbox": "bigint",
        "taken_until": "bigint",
        "target": "text",
        "body": "text",
        "cause": "bigint",
        "principal": "text",
        "via": "text",
        "origin": "text",
        "attempts": "int",
        "first_at": "bigint",
        "note": "text",
        "hops": "int",
    },
)


class EndpointRefused(AwsError):
    """A program outside says that the request is wrong: it will not be sent again."""

    code = "EndpointRefused"


class EndpointFailed(AwsError):
    """A program outside did not answer, or answered that it failed."""

    code = "EndpointFailed"
    status = 502
    sender = False


class Errand(NamedTuple):
    """A row that a courier has taken."""

    id: int
    sandbox: int
    packet: Packet


def is_outside(target: str) -> bool:
    """Tell whether a packet's target is the address of a program outside."""
    return target.startswith(_OUTSIDE)


def post(ctx: "Context", packet: Packet) -> None:
    """Let a courier bring a packet. ``body`` is JSON with ``headers`` and ``body``."""
    kept = packet._replace(hops=max(packet.hops, ctx.caller.hops))
    ctx.insert(ERRAND, (ctx.new_id(), ctx.sandbox, 0, *kept))
    news.add(ctx.sandbox)


def take(db: Database, *, wall: int, until: int, limit: int) -> list[Errand]:
    """Take errands that nobody else has, for as long as bringing them may take."""
    rows = db.read(
        f"SELECT id, sandbox, {', '.join(Packet._fields)} FROM kernel_errand"
        " WHERE taken_until<=%s ORDER BY taken_until, id LIMIT %s",
        (wall, limit),
    )
    taken = []
    for row_id, sandbox, *packet in rows:
        sql = "UPDATE kernel_errand SET taken_until=%s WHERE id=%s AND taken_until<=%s"
        if db.write(sql, (until, row_id, wall)):
            taken.append(Errand(row_id, sandbox, Packet(*packet)))
    return taken


def give_back(db: Database) -> None:
    """Let everything be taken again: who took it is no more."""
    db.write("UPDATE kernel_errand SET taken_until=0 WHERE taken_until>0")


def finish(db: Database, errand: Errand) -> bool:
    """Forget an errand that was brought; False where it was withdrawn meanwhile."""
    return bool(db.write("DELETE FROM kernel_errand WHERE id=%s", (errand.id,)))


def withdraw(ctx: "Context", origins: Sequence[str]) -> None:
    """Take back what no courier has brought yet for ``origins``, which are no more."""
    ctx.write()
    for origin in origins:
        ctx.db.write(
            "DELETE FROM kernel_errand WHERE sandbox=%s AND origin=%s", (ctx.sandbox, origin)
        )


def next_at(db: Database) -> int | None:
    """Return the wall time at which somebody may take the next errand."""
    at: int | None = db.read("SELECT min(taken_until) FROM kernel_errand")[0][0]
    return at
