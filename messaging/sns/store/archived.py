"""Messages in the archives of FIFO topics."""

from typing import NamedTuple

from messaging.kernel.database import Database


class Row(NamedTuple):
    """An archived message as it is stored."""

    id: int
    at: int
    publication: str


def after(db: Database, topic_id: int, *, since: int, last: int, limit: int) -> list[Row]:
    """Return the next messages of an archive behind the one with the id ``last``."""
    rows = db.read(
        "SELECT id, at, publication FROM sns_archived WHERE topic_id=%s AND at>=%s AND id>%s"
        " ORDER BY at, id LIMIT %s",
        (topic_id, since, last, limit),
    )
    return [Row(*row) for row in rows]


def remove_before(db: Database, topic_id: int, at: int) -> None:
    """Delete what is older than ``at``."""
    db.write("DELETE FROM sns_archived WHERE topic_id=%s AND at<%s", (topic_id, at))


def next_replay(db: Database, sandbox: int) -> int | None:
    """Return when the next step of a replay is due."""
    sql = "SELECT min(replay_at) FROM sns_subscription WHERE sandbox=%s"
    at: int | None = db.read(sql, (sandbox,))[0][0]
    return at


def next_lapse(db: Database, sandbox: int) -> int | None:
    """Return when the next subscription that nobody has confirmed is given up."""
    sql = "SELECT min(token_until) FROM sns_subscription WHERE sandbox=%s"
    at: int | None = db.read(sql, (sandbox,))[0][0]
    return at
