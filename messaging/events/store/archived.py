"""Archived events and log lines: rows that are appended thousands of times a second.

Of a log group the newest lines are kept, a few thousand of them.
"""

from typing import Final

from messaging.events.limits import DAY_MS
from messaging.kernel.batch import Counters
from messaging.kernel.context import Context
from messaging.kernel.tables import Table

ARCHIVED: Final = Table(
    "events_archivedevent",
    {
        "id": "bigint",
        "sandbox": "bigint",
        "archive_id": "bigint",
        "at": "bigint",
        "kept_at": "bigint",
        "until": "bigint",
        "size": "bigint",
        "body": "text",
    },
)
LOG_LINE: Final = Table(
    "events_logline",
    {"id": "bigint", "sandbox": "bigint", "group_arn": "text", "at": "bigint", "message": "text"},
)
KEPT: Final = Counters("events_archive", ("event_count", "size_bytes"))

LINES_KEPT: Final = 2_000
_PRUNE_EVERY: Final = 1_000
_OLDEST_KEPT: Final = (
    "SELECT id FROM events_logline WHERE sandbox=%s AND group_arn=%s ORDER BY id DESC"
    " LIMIT 1 OFFSET %s"
)
_PRUNE: Final = "DELETE FROM events_logline WHERE sandbox=%s AND group_arn=%s AND id<%s"

_SLICE: Final = (
    "SELECT id, at, body FROM events_archivedevent WHERE archive_id=%s AND at>=%s AND at<%s"
    " AND (at>%s OR id>%s) ORDER BY at, id LIMIT %s"
)
_NEXT: Final = (
    "SELECT at FROM events_archivedevent WHERE archive_id=%s AND at>=%s AND at<=%s"
    " AND (at>%s OR id>%s) ORDER BY at, id LIMIT 1"
)
_EXPIRED: Final = (
    "SELECT archive_id, count(*), sum(size) FROM events_archivedevent"
    " WHERE sandbox=%s AND until<=%s GROUP BY archive_id"
)
_KEEP: Final = "UPDATE events_archivedevent SET until = kept_at + %s WHERE archive_id=%s"
_KEEP_ALL: Final = "UPDATE events_archivedevent SET until = NULL WHERE archive_id=%s"
_EXPIRE: Final = "DELETE FROM events_archivedevent WHERE sandbox=%s AND until<=%s"


def log(ctx: Context, group: str, message: str) -> None:
    """Append a line to a log group; old ones go from time to time."""
    ctx.insert(LOG_LINE, (ctx.new_id(), ctx.sandbox, group, ctx.now, message))
    counts: dict[str, int] = ctx.world.caches.setdefault("events.lines", {})
    counts[group] = counts.get(group, 0) + 1
    if counts[group] >= _PRUNE_EVERY:
        counts[group] = 0
        ctx.write()
        for (oldest,) in ctx.db.read(_OLDEST_KEPT, (ctx.sandbox, group, LINES_KEPT - 1)):
            ctx.db.write(_PRUNE, (ctx.sandbox, group, oldest))


def slice_of(
    ctx: Context, archive: int, first: int, last: int, *, after: int, limit: int
) -> list[tuple[int, int, str]]:
    """Return (id, time, event) from ``first`` to ``last``, the last one excluded, in order.

    Of the time ``first`` only what has a higher id than ``after``.
    """
    params = (archive, first, last, first, after, limit)
    return [(row[0], row[1], row[2]) for row in ctx.db.read(_SLICE, params)]


def next_at(ctx: Context, archive: int, first: int, last: int, *, after: int) -> int | None:
    """Return the time of the next event from ``first`` to ``last``, both included."""
    rows = ctx.db.read(_NEXT, (archive, first, last, first, after))
    return rows[0][0] if rows else None


def keep_for(ctx: Context, archive: int, days: int) -> None:
    """Let what an archive keeps go when a new retention says; 0 days is for ever."""
    ctx.write()
    if days:
        ctx.db.write(_KEEP, (days * DAY_MS, archive))
        ctx.due(ctx.now)
    else:
        ctx.db.write(_KEEP_ALL, (archive,))


def expire(ctx: Context) -> None:
    """Delete what its archive keeps no longer."""
    for archive, count, size in ctx.db.read(_EXPIRED, (ctx.sandbox, ctx.now)):
        ctx.add(KEPT, archive, (-count, -int(size)))
    ctx.db.write(_EXPIRE, (ctx.sandbox, ctx.now))
