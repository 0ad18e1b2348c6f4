"""What happens because time passes: schedules fire, replays go on, archives forget."""

from messaging.events import moving, transitions
from messaging.events.domain.entries import Event, write_time
from messaging.events.domain.rules import read_schedule
from messaging.events.store import archived, due, routes
from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.ids import seeded_uuid
from messaging.kernel.world import World


def next_due(batch: Batch, world: World) -> int | None:
    """Return the sandbox time of the next firing, step of a replay or expiry."""
    return due.next_due(batch, world)


def run_due(ctx: Context) -> None:
    """Do what is due at ``ctx.now``."""
    first = due.next_due(ctx.batch, ctx.world)
    if first is None or first > ctx.now:
        return
    for rule_id, arn, schedule, at in due.rules(ctx):
        _fire(ctx, arn, at)
        due.fired(ctx, rule_id, read_schedule(schedule).next_after(ctx.now, since_ms=at))
    transitions.run_due(ctx)
    ctx.write()
    archived.expire(ctx)
    due.forget(ctx)


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
    moving.invoke(ctx, rule, event, cause=None)
