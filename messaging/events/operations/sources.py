"""Partner event sources: a partner makes one for an account, which takes it by creating a bus.

``PENDING`` until the account has the bus of this name, ``ACTIVE`` then, and ``PENDING`` again when
the account turns it off or deletes the bus.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from messaging.events import moving
from messaging.events.checking import check
from messaging.events.domain.entries import Event, entry_error, envelope, read_detail
from messaging.events.errors import (
    InvalidStateException,
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
)
from messaging.events.models import PartnerSource
from messaging.events.paging import listing, with_prefix
from messaging.events.store import buses
from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context
from messaging.kernel.ids import seeded_uuid

ACTIVE = "ACTIVE"
PENDING = "PENDING"


def create_partner_event_source(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Offer an event source to an account: what a partner calls."""
    check("CreatePartnerEventSource", req)
    name, account = req["Name"], req["Account"]
    if _all(ctx).filter(account=account, name=name).exists():
        raise ResourceAlreadyExistsException.of("Event source", name)
    source = PartnerSource.objects.create(
        id=ctx.new_id(), sandbox=ctx.sandbox, region=ctx.region, name=name, partner=ctx.account,
        account=account, state=PENDING, created_at=ctx.now,
    )  # fmt: skip
    ctx.emit("events.SourceCreated", _arn(source), {"by": ctx.caller.actor, "account": account})
    return {"EventSourceArn": _arn(source)}


def describe_partner_event_source(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source that the caller has made."""
    check("DescribePartnerEventSource", req)
    source = _all(ctx).filter(partner=ctx.account, name=req["Name"]).first()
    return _offered(_there(source, req["Name"]))


def list_partner_event_sources(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sources that the caller has made, by name."""
    check("ListPartnerEventSources", req)
    made = with_prefix(list(_all(ctx).filter(partner=ctx.account)), req["NamePrefix"], _name_of)
    return listing(ctx, req, made, name="PartnerEventSources", key=_name_of, show=_offered)


def list_partner_event_source_accounts(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the accounts that a source was made for."""
    check("ListPartnerEventSourceAccounts", req)
    name = req["EventSourceName"]
    made = list(_all(ctx).filter(partner=ctx.account, name=name))
    _there(made[0] if made else None, name)
    return listing(
        ctx, req, made, name="PartnerEventSourceAccounts", key=lambda source: str(source.account),
        show=lambda source: {
            "Account": source.account, "CreationTime": source.created_at, "State": source.state,
        },
    )  # fmt: skip


def delete_partner_event_source(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take a source back; the bus that an account has made for it stays."""
    check("DeletePartnerEventSource", req)
    found = _all(ctx).filter(partner=ctx.account, account=req["Account"], name=req["Name"]).first()
    if found is not None:
        found.delete()
        ctx.emit("events.SourceDeleted", _arn(found), {"by": ctx.caller.actor})
    return {}


def describe_event_source(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source that was made for the caller's account."""
    check("DescribeEventSource", req)
    return _received(_mine(ctx, req["Name"]))


def list_event_sources(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sources that were made for the caller's account, by name."""
    check("ListEventSources", req)
    mine = with_prefix(list(_all(ctx).filter(account=ctx.account)), req.get("NamePrefix"), _name_of)
    return listing(ctx, req, mine, name="EventSources", key=_name_of, show=_received)


def activate_event_source(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let a source's events in again."""
    check("ActivateEventSource", req)
    _set_state(ctx, req["Name"], ACTIVE)
    return {}


def deactivate_event_source(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a source's events out."""
    check("DeactivateEventSource", req)
    _set_state(ctx, req["Name"], PENDING)
    return {}


def put_partner_events(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Send events of a source to every account that has taken it."""
    check("PutPartnerEvents", req)
    results = [_put(ctx, entry) for entry in req["Entries"]]
    failed = sum("ErrorCode" in result for result in results)
    return {"FailedEntryCount": failed, "Entries": results}


def _put(ctx: Context, entry: Mapping[str, Any]) -> dict[str, str]:
    detail = read_detail(entry.get("Detail"))
    flaw = entry_error(entry, detail)
    if flaw is not None:
        return {"ErrorCode": flaw[0], "ErrorMessage": flaw[1]}
    number = ctx.new_number()
    event_id = seeded_uuid(ctx.world.secret, number)
    for source in _all(ctx).filter(partner=ctx.account, name=entry["Source"], state=ACTIVE):
        bus = buses.by_name(ctx, source.account, source.region, source.name)
        if bus is not None:
            data = envelope(
                entry, detail, event_id=event_id, account=source.account, region=source.region,
                now_ms=ctx.now,
            )  # fmt: skip
            ctx.link(bus.arn, "send")
            moving.publish(ctx, bus, Event(number, ctx.now, data))
    return {"EventId": event_id}


def _all(ctx: Context) -> QuerySet[PartnerSource]:
    return PartnerSource.objects.filter(sandbox=ctx.sandbox, region=ctx.region)


def _mine(ctx: Context, name: str) -> PartnerSource:
    return _there(_all(ctx).filter(account=ctx.account, name=name).first(), name)


def _there(source: PartnerSource | None, name: str) -> PartnerSource:
    if source is None:
        raise ResourceNotFoundException.of("Event source", name)
    return source


def _set_state(ctx: Context, name: str, state: str) -> None:
    source = _mine(ctx, name)
    if buses.by_name(ctx, ctx.account, ctx.region, name) is None:
        raise InvalidStateException(f"Event source {name} is not in a valid state.")
    source.state = state
    source.save(update_fields=["state"])
    ctx.emit("events.SourceMoved", _arn(source), {"by": ctx.caller.actor, "state": state})


def _arn(source: PartnerSource) -> str:
    return build_arn(
        "events", region=source.region, account="", resource=f"event-source/{source.name}"
    )


def _name_of(source: PartnerSource) -> str:
    return source.name


def _offered(source: PartnerSource) -> dict[str, Any]:
    return {"Arn": _arn(source), "Name": source.name}


def _received(source: PartnerSource) -> dict[str, Any]:
    return {
        **_offered(source),
        "CreatedBy": source.name.split("/")[1],
        "CreationTime": source.created_at,
        "State": source.state,
    }
