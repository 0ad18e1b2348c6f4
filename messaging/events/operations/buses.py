"""Create, describe, list, update and delete event buses, and give them permissions."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.events import limits
from messaging.events.addressing import bus_of
from messaging.events.checking import check
from messaging.events.domain import permissions
from messaging.events.domain.dead_letters import check_dead_letters
from messaging.events.domain.names import DEFAULT_BUS, bus_arn
from messaging.events.errors import (
    LimitExceededException,
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
    ValidationException,
)
from messaging.events.models import EventBus, PartnerSource, Rule
from messaging.events.paging import listing, with_prefix
from messaging.events.store import buses
from messaging.events.store.buses import BusRecord
from messaging.events.tagging import read_tags
from messaging.events.transitions import put_to_use
from messaging.kernel.context import Context

_SETTINGS: Final = ("Description", "KmsKeyIdentifier", "DeadLetterConfig", "LogConfig")
_PARTNER: Final = "aws.partner/"


def create_event_bus(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create a custom bus, or the bus of a partner's event source."""
    check("CreateEventBus", req)
    name = req["Name"]
    source = _source_of(ctx, name, req.get("EventSourceName"))
    if buses.by_name(ctx, ctx.account, ctx.region, name) is not None:
        raise ResourceAlreadyExistsException.of("Event bus", name)
    own = EventBus.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    if own.exclude(name=DEFAULT_BUS).count() >= limits.BUSES_MAX:
        raise LimitExceededException
    settings = _settings(ctx, req)
    tags = read_tags(req.get("Tags") or ())
    arn = bus_arn(ctx.account, ctx.region, name)
    EventBus.objects.create(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=name,
        arn=arn, settings=settings, tags=tags, created_at=ctx.now, modified_at=ctx.now,
    )  # fmt: skip
    if source is not None:
        PartnerSource.objects.filter(pk=source.pk).update(state="ACTIVE")
    ctx.reconfigured()
    told = {"by": ctx.caller.actor, "settings": settings}
    ctx.emit("events.BusCreated", arn, {**told, "tags": tags} if tags else told)
    return {"EventBusArn": arn, **settings}


def describe_event_bus(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a bus with its settings and its policy."""
    check("DescribeEventBus", req)
    return _shown(bus_of(ctx, req.get("Name"), "DescribeEventBus"), all_of_it=True)


def list_event_buses(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the buses of the account and Region by name; the default bus is among them."""
    check("ListEventBuses", req)
    rows = EventBus.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    names = {*rows.values_list("name", flat=True), DEFAULT_BUS}
    chosen = with_prefix(list(names), req.get("NamePrefix"), str)
    return listing(
        ctx, req, chosen, name="EventBuses", key=str,
        show=lambda name: _shown(_known(ctx, name), all_of_it=False),
    )  # fmt: skip


def update_event_bus(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the settings of a bus; what is not said is gone."""
    check("UpdateEventBus", req)
    bus = bus_of(ctx, req.get("Name"), "UpdateEventBus")
    settings = _settings(ctx, req)
    bus = put_to_use(ctx, bus)
    EventBus.objects.filter(pk=bus.id).update(settings=settings, modified_at=ctx.now)
    ctx.reconfigured()
    ctx.emit("events.BusChanged", bus.arn, {"by": ctx.caller.actor, "settings": settings})
    return {"Arn": bus.arn, "Name": bus.name, **settings}


def delete_event_bus(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a bus without rules; one that is not there counts as deleted."""
    check("DeleteEventBus", req)
    name = req["Name"]
    if name == DEFAULT_BUS:
        raise ValidationException("Cannot delete event bus default.")
    try:
        bus = bus_of(ctx, name, "DeleteEventBus")
    except ResourceNotFoundException:
        return {}
    if Rule.objects.filter(sandbox=ctx.sandbox, bus_arn=bus.arn).exists():
        raise ValidationException("Event bus can't be deleted since it has rules.")
    EventBus.objects.filter(pk=bus.id).delete()
    PartnerSource.objects.filter(
        sandbox=ctx.sandbox, region=bus.region, account=bus.account, name=bus.name
    ).update(state="PENDING")
    ctx.reconfigured()
    ctx.emit("events.BusDeleted", bus.arn, {"by": ctx.caller.actor})
    return {}


def put_permission(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let another account send to a bus, or replace its whole policy."""
    check("PutPermission", req)
    bus = bus_of(ctx, req.get("EventBusName"), "PutPermission")
    _set_policy(ctx, bus, permissions.put(bus.policy_text, bus=bus.arn, request=req))
    return {}


def remove_permission(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take back a statement of a bus's policy, or all of them."""
    check("RemovePermission", req)
    bus = bus_of(ctx, req.get("EventBusName"), "RemovePermission")
    _set_policy(ctx, bus, permissions.remove(bus.policy_text, request=req))
    return {}


def _set_policy(ctx: Context, bus: BusRecord, policy: str) -> None:
    bus = put_to_use(ctx, bus)
    EventBus.objects.filter(pk=bus.id).update(policy=policy, modified_at=ctx.now)
    ctx.reconfigured()
    ctx.emit("events.PolicySet", bus.arn, {"by": ctx.caller.actor, "policy": policy})


def _source_of(ctx: Context, name: str, source: str | None) -> PartnerSource | None:
    """Check the name of a new bus; return the partner's event source that it is for."""
    if source is None:
        if "/" in name:
            raise ValidationException("Event bus name must not contain '/'.")
        return None
    if name != source or not name.startswith(_PARTNER):
        raise ValidationException("Event bus name must match event source name.")
    found = PartnerSource.objects.filter(
        sandbox=ctx.sandbox, region=ctx.region, account=ctx.account, name=source
    ).first()
    if found is None:
        raise ResourceNotFoundException.of("Event source", source)
    return found


def _settings(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    check_dead_letters(req.get("DeadLetterConfig"), region=ctx.region)
    return {name: req[name] for name in _SETTINGS if req.get(name)}


def _known(ctx: Context, name: str) -> BusRecord:
    bus = buses.by_name(ctx, ctx.account, ctx.region, name)
    assert bus is not None
    return bus


def _shown(bus: BusRecord, *, all_of_it: bool) -> dict[str, Any]:
    names = _SETTINGS if all_of_it else _SETTINGS[:1]
    shown: dict[str, Any] = {"Name": bus.name, "Arn": bus.arn}
    shown |= {name: bus.settings[name] for name in names if name in bus.settings}
    if bus.policy_text:
        shown["Policy"] = bus.policy_text
    if bus.id:
        shown |= {"CreationTime": bus.created_at, "LastModifiedTime": bus.modified_at}
    return shown
