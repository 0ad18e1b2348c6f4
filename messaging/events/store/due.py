"""When something happens by itself next."""

from typing import Final

from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.world import World

CACHE: Final = "events.due"
_NEVER: Final = 1 << 62
_NEXT: Final = (
    "SELECT min(next_at) FROM events_rule WHERE sandbox=%s AND next_at IS NOT NULL",
    "SELECT min(next_at) FROM events_replay WHERE sandbox=%s AND next_at IS NOT NULL",
    "SELECT min(until) FROM events_archivedevent WHERE sandbox=%s AND until IS NOT NULL",
)
_RULES: Final = (
    "SELECT id, arn, schedule, next_at FROM events_rule"
    " WHERE sandbox=%s AND next_at<=%s ORDER BY next_at, id"
)
_FIRED: Final = "UPDATE events_rule SET next_at=%s WHERE id=%s"


def next_due(batch: Batch, world: World) -> int | None:
    """Return the sandbox time of the next firing, step of a replay or expiry."""
    known: int | None = world.caches.get(CACHE)
    if known is None:
        found = [batch.db.read(sql, (world.id,))[0][0] for sql in _NEXT]
        known = min((at for at in found if at is not None), default=_NEVER)
        world.caches[CACHE] = known
    return known if known < _NEVER else None


def forget(ctx: Context) -> None:
    """Look again: something has happened, or will earlier than was known."""
    ctx.world.caches.pop(CACHE, None)


def rules(ctx: Context) -> list[tuple[int, str, str, int]]:
    """Return id, ARN, schedule and time of the rules that fire by now, soonest first."""
    rows = ctx.db.read(_RULES, (ctx.sandbox, ctx.now))
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def fired(ctx: Context, rule: int, following: int | None) -> None:
    """Note when a rule fires next."""
    ctx.db.write(_FIRED, (following, rule))
