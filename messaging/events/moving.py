"""An event goes through a bus: archives keep it, rules match it, targets get it."""

from collections.abc import Collection

from messaging.events import sending
from messaging.events.domain.entries import Event
from messaging.events.limits import DAY_MS
from messaging.events.store import archived, due, routes
from messaging.events.store.buses import BusRecord
from messaging.events.store.routes import Routes, RuleRecord
from messaging.kernel.context import Context

RECEIVED = "events.Received"
MATCHED = "events.Matched"


def publish(ctx: Context, bus: BusRecord, event: Event, *, cause: int | None = None) -> None:
    """Take an event that has passed every check."""
    data = event.data
    seq = ctx.emit(RECEIVED, bus.arn, {
        "m": event.number, "by": ctx.caller.actor, "id": data["id"], "source": data["source"],
        "type": data["detail-type"],
    }, cause=cause)  # fmt: skip
    ways = routes.of_bus(ctx, bus.arn)
    _keep(ctx, ways, event)
    for listen in ways.listeners:
        listen(ctx, data, seq)
    match(ctx, ways, event, cause=seq)


def match(
    ctx: Context, ways: Routes, event: Event, *, cause: int, only: Collection[str] = ()
) -> None:
    """Hand an event to the rules that it matches, ``only`` among these where there are some."""
    for arn in ways.index.find(event.data):
        if not only or arn in only:
            invoke(ctx, ways.rules[arn], event, cause=cause)


def invoke(ctx: Context, rule: RuleRecord, event: Event, *, cause: int | None) -> None:
    """Hand an event to every target of a rule."""
    seq = ctx.emit(MATCHED, rule.arn, {"m": event.number, "bus": rule.bus_arn}, cause=cause)
    for target in rule.targets:
        sending.send(ctx, rule, target, event, cause=seq)


def _keep(ctx: Context, ways: Routes, event: Event) -> None:
    """Put an event into the archives that want it; what is replayed they have already (P7)."""
    if not ways.archives or "replay-name" in event.data:
        return
    size = len(event.text.encode())
    for arn in [*ways.everything, *ways.archived.find(event.data)]:
        archive = ways.archives[arn]
        until = ctx.now + archive.retention_days * DAY_MS if archive.retention_days else None
        ctx.insert(archived.ARCHIVED, (
            ctx.new_id(), ctx.sandbox, archive.id, event.at, ctx.now, until, size,
            event.text,
        ))  # fmt: skip
        ctx.add(archived.KEPT, archive.id, (1, size))
        if until is not None:
            ctx.due(until)
            due.forget(ctx)
