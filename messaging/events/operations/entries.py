"""Send events, and try a pattern on one."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from messaging.events import moving
from messaging.events.addressing import check_allowed
from messaging.events.checking import check
from messaging.events.domain.entries import (
    Event,
    entry_error,
    envelope,
    is_over_limit,
    is_reserved,
    read_detail,
)
from messaging.events.domain.names import read_bus
from messaging.events.domain.rules import read_pattern
from messaging.events.errors import ValidationException
from messaging.events.store import buses
from messaging.events.store.buses import BusRecord
from messaging.events.transitions import put_to_use
from messaging.kernel.context import Context
from messaging.kernel.errors import NotModelled
from messaging.kernel.ids import seeded_uuid
from messaging.kernel.service import hot
from messaging.patterns.matching import matches

Entry = Mapping[str, Any]
_MANDATORY: Final = ("id", "account", "source", "time", "region", "resources", "detail-type")
_NOT_YOURS: Final = ("NotAuthorizedForSourceException", "Not authorized for the source.")


@hot(rank=0)
def put_events(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Send up to ten events, each for itself (P1, P2)."""
    check("PutEvents", req)
    if req.get("EndpointId"):
        raise NotModelled("Signalbox does not model events:PutEvents to a global endpoint.")
    entries = req["Entries"]
    if is_over_limit(entries):
        raise ValidationException("Total size of the entries in the request is over the limit.")
    found = {name: _bus(ctx, name) for name in {entry.get("EventBusName") for entry in entries}}
    results = [_put(ctx, found[entry.get("EventBusName")], entry) for entry in entries]
    failed = sum("ErrorCode" in result for result in results)
    return {"FailedEntryCount": failed, "Entries": results}


def test_event_pattern(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Say whether a pattern matches an event."""
    check("TestEventPattern", req)
    pattern = read_pattern(req["EventPattern"])
    try:
        event = orjson.loads(req["Event"])
    except orjson.JSONDecodeError:
        raise ValidationException.of("Event") from None
    if not isinstance(event, dict) or any(name not in event for name in _MANDATORY):
        raise ValidationException.of("Event")
    return {"Result": matches(pattern, event)}


def _bus(ctx: Context, name: str | None) -> BusRecord | None:
    """Return the bus of an entry; raises AccessDeniedException. None: the event is lost there."""
    account, region, name = read_bus(name, account=ctx.account, region=ctx.region)
    bus = buses.by_name(ctx, account, region, name) if region == ctx.region else None
    if bus is not None:
        check_allowed(ctx, bus, "PutEvents")
    return bus


def _put(ctx: Context, bus: BusRecord | None, entry: Entry) -> dict[str, str]:
    detail = read_detail(entry.get("Detail"))
    flaw = entry_error(entry, detail)
    if flaw is None and is_reserved(entry["Source"]):
        flaw = _NOT_YOURS
    if flaw is not None:
        return {"ErrorCode": flaw[0], "ErrorMessage": flaw[1]}
    number = ctx.new_number()
    event_id = seeded_uuid(ctx.world.secret, number)
    if bus is None:
        # AWS says the same of a bus that is not there, and nobody hears of the event again.
        return {"EventId": event_id}
    bus = put_to_use(ctx, bus)
    ctx.link(bus.arn, "send")
    data = envelope(
        entry, detail, event_id=event_id, account=ctx.account, region=ctx.region, now_ms=ctx.now
    )
    moving.publish(ctx, bus, Event(number, ctx.now, data, trace=entry.get("TraceHeader") or ""))
    return {"EventId": event_id}
