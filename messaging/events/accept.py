"""What happens when something is delivered to a bus: a rule of another bus, or an AWS service."""

from collections.abc import Mapping
from typing import Any

import orjson

from messaging.events import moving
from messaging.events.addressing import SERVICE_PRINCIPAL, check_rule_allowed
from messaging.events.domain.entries import Event, entry_error, envelope, read_detail
from messaging.events.domain.names import bus_name
from messaging.events.errors import ResourceNotFoundException, ValidationException
from messaging.events.store import buses
from messaging.events.store.buses import BusRecord
from messaging.events.transitions import put_to_use
from messaging.kernel.context import Context
from messaging.kernel.errors import NotModelled
from messaging.kernel.ids import SEQUENCE_MASK, seeded_uuid
from messaging.kernel.packets import Packet


def accept(ctx: Context, packet: Packet) -> None:
    """Take a packet whose ``body`` is JSON of an entry of PutEvents, with Time in milliseconds.

    An entry that another bus's rule brings may say in ``Origin`` which event it was.
    """
    name = bus_name(packet.target)
    if not name:
        raise NotModelled(f"Signalbox cannot deliver to {packet.target}.")
    bus = buses.by_arn(ctx, packet.target)
    if bus is None:
        raise ResourceNotFoundException.bus(name)
    by_rule = packet.principal == SERVICE_PRINCIPAL
    if by_rule:
        check_rule_allowed(ctx, bus, packet.via)
    entry = orjson.loads(packet.body)
    detail = read_detail(entry.get("Detail"))
    flaw = entry_error(entry, detail)
    if flaw is not None:
        raise ValidationException(flaw[1])
    bus = put_to_use(ctx, bus)
    event = _event(ctx, bus, entry, detail, forwarded=by_rule)
    moving.publish(ctx, bus, event, cause=packet.cause)


def _event(
    ctx: Context, bus: BusRecord, entry: Mapping[str, Any], detail: Any, *, forwarded: bool
) -> Event:
    number = ctx.new_number()
    data = envelope(
        entry, detail, event_id=seeded_uuid(ctx.world.secret, number & SEQUENCE_MASK),
        account=bus.account, region=bus.region, now_ms=ctx.now,
    )  # fmt: skip
    if forwarded:
        data |= entry.get("Origin") or {}
    trace = entry.get("TraceHeader") or ""
    return Event(number, ctx.now, data, forwarded=forwarded, trace=trace)
