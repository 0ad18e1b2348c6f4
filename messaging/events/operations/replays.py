"""Start, describe, list and cancel replays (P7)."""

from collections.abc import Mapping
from typing import Any

from messaging.events import limits
from messaging.events.addressing import bus_of, find_rule
from messaging.events.checking import check
from messaging.events.domain.names import bus_name, bus_of_rule, last_name
from messaging.events.errors import (
    IllegalStatusException,
    LimitExceededException,
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
    ValidationException,
)
from messaging.events.models import Archive, Replay
from messaging.events.paging import listing, with_prefix
from messaging.events.store.buses import BusRecord
from messaging.events.transitions import ACTIVE, CANCELLING, RUNNING, STARTING
from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context


def start_replay(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Begin to send archived events to the rules of the bus that they came from."""
    check("StartReplay", req)
    name, destination = req["ReplayName"], req["Destination"]
    if not bus_name(destination["Arn"]):
        raise ValidationException.of("Destination.Arn", reason="Must contain an event bus ARN.")
    bus = bus_of(ctx, destination["Arn"], "StartReplay")
    archive = _archive(ctx, req["EventSourceArn"], bus)
    first, last = req["EventStartTime"], req["EventEndTime"]
    if first >= last:
        raise ValidationException.of(
            "EventEndTime", reason="EventStartTime must be before EventEndTime."
        )
    filters = list(destination.get("FilterArns") or ())
    _check_filters(ctx, bus, filters)
    own = Replay.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    if own.filter(name=name).exists():
        raise ResourceAlreadyExistsException.of("Replay", name)
    if own.filter(state__in=ACTIVE).count() >= limits.REPLAYS_AT_ONCE_MAX:
        raise LimitExceededException
    replay = Replay.objects.create(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=name,
        arn=build_arn("events", region=ctx.region, account=ctx.account, resource=f"replay/{name}"),
        archive_arn=archive.arn, bus_arn=bus.arn, filters=filters,
        description=req.get("Description") or "", state=STARTING, from_at=first, to_at=last,
        reached=first, started_at=ctx.now, next_at=ctx.now + limits.REPLAY_STARTS_MS,
    )  # fmt: skip
    _announce(ctx, replay, "events.ReplayStarted")
    return {"ReplayArn": replay.arn, "State": replay.state, "ReplayStartTime": replay.started_at}


def describe_replay(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a replay and how far it has come."""
    check("DescribeReplay", req)
    replay = _replay(ctx, req["ReplayName"])
    destination = {"Arn": replay.bus_arn}
    if replay.filters:
        destination["FilterArns"] = replay.filters
    shown = {"ReplayArn": replay.arn, "Destination": destination, **_shown(replay)}
    return shown | ({"Description": replay.description} if replay.description else {})


def list_replays(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return replays by name, those of one archive or in one state if asked."""
    check("ListReplays", req)
    rows = Replay.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    if req.get("EventSourceArn") is not None:
        rows = rows.filter(archive_arn=req["EventSourceArn"])
    if req.get("State") is not None:
        rows = rows.filter(state=req["State"])
    chosen = with_prefix(list(rows), req.get("NamePrefix"), _name_of)
    return listing(ctx, req, chosen, name="Replays", key=_name_of, show=_shown)


def cancel_replay(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Ask a replay to stop; what it has sent stays sent."""
    check("CancelReplay", req)
    replay = _replay(ctx, req["ReplayName"])
    if replay.state not in (STARTING, RUNNING):
        raise IllegalStatusException(
            f"Replay {replay.name} is not in a valid state for this operation."
        )
    replay.state, replay.next_at = CANCELLING, ctx.now + limits.REPLAY_PACE_MS
    replay.save(update_fields=["state", "next_at"])
    _announce(ctx, replay, "events.ReplayMoved")
    return {"ReplayArn": replay.arn, "State": replay.state}


def _archive(ctx: Context, arn: str, bus: BusRecord) -> Archive:
    archive = Archive.objects.filter(sandbox=ctx.sandbox, arn=arn).first()
    if archive is None:
        raise ValidationException.of(
            "EventSourceArn", reason=f"Archive {last_name(arn)} does not exist."
        )
    if archive.bus_arn != bus.arn:
        raise ValidationException.of(
            "Destination.Arn", reason="Cross event bus replay is not permitted."
        )
    return archive


def _check_filters(ctx: Context, bus: BusRecord, filters: list[str]) -> None:
    for arn in filters:
        if bus_of_rule(arn) != bus.arn:
            raise ValidationException.of(
                "Destination.FilterArns", reason="Rules must be on the destination event bus."
            )
        name = last_name(arn)
        if find_rule(ctx, bus, name) is None:
            raise ResourceNotFoundException.rule(name, bus.name)


def _replay(ctx: Context, name: str) -> Replay:
    own = Replay.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    replay = own.filter(name=name).first()
    if replay is None:
        raise ResourceNotFoundException.of("Replay", name)
    return replay


def _announce(ctx: Context, replay: Replay, kind: str) -> None:
    ctx.reconfigured()
    if replay.next_at is not None:
        ctx.due(replay.next_at)
    told = {"by": ctx.caller.actor, "bus": replay.bus_arn, "state": replay.state}
    ctx.emit(kind, replay.arn, told)


def _name_of(replay: Replay) -> str:
    return replay.name


def _shown(replay: Replay) -> dict[str, Any]:
    shown = {
        "ReplayName": replay.name,
        "EventSourceArn": replay.archive_arn,
        "State": replay.state,
        "StateReason": replay.reason,
        "EventStartTime": replay.from_at,
        "EventEndTime": replay.to_at,
        "EventLastReplayedTime": replay.last_at,
        "ReplayStartTime": replay.started_at,
        "ReplayEndTime": replay.ended_at,
    }
    return {name: value for name, value in shown.items() if value not in (None, "")}
