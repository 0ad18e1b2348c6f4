"""What happens because time passes: schedules fire, replays go on, archives forget."""

from typing import Final

from messaging.events import replaying, routing
from messaging.events.domain.entries import Event, write_time
from messaging.events.domain.rules import read_schedule
from messaging.events.store import archived, routes
from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.ids import seeded_uuid
from messaging.kernel.world import World

_NEVER: Final = 1 << 62
_NEXT: Final = (
    "SELECT min(next_at) FROM events_rule WHERE sandbox=%s AND next_at IS NOT NULL",
    "SELECT min(next_at) FROM events_replay WHERE sandbox=%s AND next_at IS NOT NULL",
    "SELECT min(until) FROM events_archivedevent WHERE sandbox=%s AND until IS NOT NULL",
)
_DUE: Final = (
    "SELECT id, arn, schedule, next_at FROM events_rule"
    " WHERE sandbox=%s AND next_at<=%s ORDER BY next_at, id"
)


def next_due(batch: Batch, world: World) -> int | None:
    """Return the sandbox time of the next firing, step of a replay or expiry."""
    known: int | None = world.caches.get("events.due")
    if known is None:
        found = [batch.db.read(sql, (world.id,))[0][0] for sql in _NEXT]
        known = min((at for at in found if at is not None), default=_NEVER)
        world.caches["events.due"] = known
    return known if known < _NEVER else None


def run_due(ctx: Context) -> None:
    """Do what is due at ``ctx.now``."""
    due = next_due(ctx.batch, ctx.world)
    if due is None or due > ctx.now:
        return
    for rule_id, arn, schedule, at in ctx.db.read(_DUE, (ctx.sandbox, ctx.now)):
        _fire(ctx, arn, at)
        following = read_schedule(schedule).next_after(ctx.now, since_ms=at)
        ctx.db.write("UPDATE events_rule SET next_at=%s WHERE id=%s", (following, rule_id))
    replaying.run_due(ctx)
    ctx.write()
    archived.expire(ctx)
    ctx.world.caches.pop("events.due", None)


def _fire(ctx: Context, arn: str, at: int) -> None:
    """Hand a scheduled event to the targets of its rule, and to no other rule (P8)."""
    rule = routes.rule(ctx, arn)
    if rule is None:
        return
    number = ctx.new_number()
    _, _, _, region, account, _ = arn.split(":", 5)
    data = {
        "version": "0",
        "id": seeded_uuid(ctx.world.secret, number),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": account,
        "time": write_time(at),
        "region": region,
        "resources": [arn],
        "detail": {},
    }
    event = Event(number, ctx.now, data)
    routing.invoke(ctx, rule, event, cause=None)
