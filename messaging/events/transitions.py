"""What changes by itself: the default bus comes into use, and replays go on (P7).

A replay sends archived events through their bus again, one minute of their own time at a step.
Events of one minute go in an order of their own, as AWS does not keep theirs.
"""

from typing import Any, Final

import orjson

from messaging.events import limits, moving
from messaging.events.domain.entries import Event
from messaging.events.models import Archive, Replay
from messaging.events.store import archived, buses, routes
from messaging.events.store.buses import BusRecord
from messaging.kernel.context import Context

STARTING: Final = "STARTING"
RUNNING: Final = "RUNNING"
CANCELLING: Final = "CANCELLING"
COMPLETED: Final = "COMPLETED"
CANCELLED: Final = "CANCELLED"
FAILED: Final = "FAILED"
ACTIVE: Final = (STARTING, RUNNING, CANCELLING)


def put_to_use(ctx: Context, bus: BusRecord) -> BusRecord:
    """Let the default bus be there for all to see from its first use on; return it as it is now."""
    known = buses.by_name(ctx, bus.account, bus.region, bus.name) or bus
    if known.id:
        return known
    used = buses.insert_default(ctx, known)
    ctx.emit("events.BusCreated", used.arn, {"by": ctx.caller.actor, "settings": {}})
    return used


def run_due(ctx: Context) -> None:
    """Let every replay that is due take its next step."""
    rows = Replay.objects.filter(sandbox=ctx.sandbox, next_at__lte=ctx.now)
    for replay in rows.order_by("next_at", "id"):
        _step(ctx, replay)


def _step(ctx: Context, replay: Replay) -> None:
    archive = Archive.objects.filter(sandbox=ctx.sandbox, arn=replay.archive_arn).first()
    if replay.state == CANCELLING:
        _end(ctx, replay, CANCELLED)
    elif archive is None:
        _end(ctx, replay, FAILED, reason="The archive has been deleted.")
    elif replay.state == STARTING:
        _go_on(ctx, replay, RUNNING)
    else:
        _replay_slice(ctx, replay, archive)


def _replay_slice(ctx: Context, replay: Replay, archive: Archive) -> None:
    """Send what lies in the next minute that has events, in pieces where it is very much."""
    ctx.write()
    since, after = replay.reached, replay.reached_id
    first = archived.next_at(ctx, archive.pk, since, replay.to_at, after=after)
    if first is None:
        _end(ctx, replay, COMPLETED)
        return
    end = first - first % limits.REPLAY_SLICE_MS + limits.REPLAY_SLICE_MS
    last = min(end, replay.to_at + 1)
    most = limits.REPLAY_PIECE
    rows = archived.slice_of(ctx, archive.pk, since, last, after=after, limit=most)
    replay.reached, replay.reached_id = last, 0
    replay.last_at = rows[-1][1]
    if len(rows) == most:
        replay.reached_id, replay.reached = rows[-1][:2]
    dice = ctx.rng
    dice.shuffle(rows)
    for _, _, body in rows:
        _publish(ctx, replay, body)
    _go_on(ctx, replay, RUNNING, sent=len(rows))


def _publish(ctx: Context, replay: Replay, body: str) -> None:
    """Send an event to the rules of its bus again; it says by which replay it comes."""
    data: dict[str, Any] = {}
    for name, value in orjson.loads(body).items():
        data[name] = value
        if name == "region":
            data["replay-name"] = replay.name
    number = ctx.new_number()
    seq = ctx.emit("events.Replayed", replay.bus_arn, {
        "m": number, "by": replay.arn, "id": data["id"], "source": data["source"],
        "type": data["detail-type"],
    })  # fmt: skip
    event = Event(number, ctx.now, data)
    ways = routes.of_bus(ctx, replay.bus_arn)
    moving.match(ctx, ways, event, cause=seq, only=replay.filters)


def _go_on(ctx: Context, replay: Replay, state: str, *, sent: int = 0) -> None:
    replay.state = state
    replay.next_at = ctx.now + limits.REPLAY_PACE_MS
    _save(ctx, replay, {"sent": sent})
    ctx.due(replay.next_at)


def _end(ctx: Context, replay: Replay, state: str, *, reason: str = "") -> None:
    replay.state, replay.reason = state, reason
    replay.ended_at, replay.next_at = ctx.now, None
    _save(ctx, replay, {})


def _save(ctx: Context, replay: Replay, told: dict[str, Any]) -> None:
    replay.save()
    ctx.emit("events.ReplayMoved", replay.arn, {"state": replay.state, **told})
