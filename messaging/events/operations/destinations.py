"""Create, describe, list, change and delete API destinations (P10)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from messaging.events import limits
from messaging.events.checking import check
from messaging.events.domain.connections import AUTHORIZED
from messaging.events.errors import (
    LimitExceededException,
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
    ValidationException,
)
from messaging.events.models import ApiDestination, Connection
from messaging.events.paging import listing, with_prefix
from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context
from messaging.kernel.ids import seeded_uuid

_HERE = ("localhost", "127.0.0.1", "::1")


def create_api_destination(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create an API destination: an address, a method and a connection."""
    check("CreateApiDestination", req)
    name = req["Name"]
    _check_endpoint(req["InvocationEndpoint"])
    _check_connection(ctx, req["ConnectionArn"])
    own = _own(ctx)
    if own.filter(name=name).exists():
        raise ResourceAlreadyExistsException.of("ApiDestination", name)
    if own.count() >= limits.DESTINATIONS_MAX:
        raise LimitExceededException
    mark = seeded_uuid(ctx.world.secret, ctx.new_number())
    destination = ApiDestination.objects.create(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=name,
        arn=build_arn(
            "events", region=ctx.region, account=ctx.account,
            resource=f"api-destination/{name}/{mark}",
        ),
        description=req.get("Description") or "", connection_arn=req["ConnectionArn"],
        endpoint=req["InvocationEndpoint"], method=req["HttpMethod"],
        per_second=req.get("InvocationRateLimitPerSecond") or limits.INVOCATIONS_PER_S_DEFAULT,
        created_at=ctx.now, modified_at=ctx.now,
    )  # fmt: skip
    return _announce(ctx, destination, "events.DestinationCreated")


def describe_api_destination(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return an API destination; it is active while its connection is authorised."""
    check("DescribeApiDestination", req)
    destination = _find(ctx, req["Name"], "describe")
    shown = _shown(ctx, destination)
    return shown | ({"Description": destination.description} if destination.description else {})


def list_api_destinations(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return API destinations by name, those of one connection if asked."""
    check("ListApiDestinations", req)
    rows = _own(ctx)
    if req.get("ConnectionArn") is not None:
        rows = rows.filter(connection_arn=req["ConnectionArn"])
    chosen = with_prefix(list(rows), req.get("NamePrefix"), _name_of)
    return listing(
        ctx, req, chosen, name="ApiDestinations", key=_name_of,
        show=lambda destination: _shown(ctx, destination),
    )  # fmt: skip


def update_api_destination(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change an API destination; what is not said stays as it is."""
    check("UpdateApiDestination", req)
    destination = _find(ctx, req["Name"], "update")
    if req.get("ConnectionArn") is not None:
        _check_connection(ctx, req["ConnectionArn"])
    if req.get("InvocationEndpoint") is not None:
        _check_endpoint(req["InvocationEndpoint"])
    changes = {
        "description": req.get("Description"),
        "connection_arn": req.get("ConnectionArn"),
        "endpoint": req.get("InvocationEndpoint"),
        "method": req.get("HttpMethod"),
        "per_second": req.get("InvocationRateLimitPerSecond"),
    }
    for field, value in changes.items():
        if value is not None:
            setattr(destination, field, value)
    destination.modified_at = ctx.now
    destination.save()
    return _announce(ctx, destination, "events.DestinationChanged")


def delete_api_destination(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete an API destination; rules that call it fail from now on."""
    check("DeleteApiDestination", req)
    destination = _find(ctx, req["Name"], "delete")
    ApiDestination.objects.filter(pk=destination.pk).delete()
    _announce(ctx, destination, "events.DestinationDeleted")
    return {}


def _own(ctx: Context) -> Any:
    return ApiDestination.objects.filter(
        sandbox=ctx.sandbox, account=ctx.account, region=ctx.region
    )


def _find(ctx: Context, name: str, verb: str) -> ApiDestination:
    destination: ApiDestination | None = _own(ctx).filter(name=name).first()
    if destination is None:
        raise ResourceNotFoundException(
            f"Failed to {verb} the api-destination(s). An api-destination '{name}' does not exist."
        )
    return destination


def _check_endpoint(endpoint: str) -> None:
    """Check an address: HTTPS, as AWS asks for, or a program on this very machine."""
    parts = urlsplit(endpoint)
    if parts.scheme != "https" and (parts.scheme != "http" or parts.hostname not in _HERE):
        raise ValidationException.of("InvocationEndpoint")


def _check_connection(ctx: Context, arn: str) -> None:
    if not Connection.objects.filter(sandbox=ctx.sandbox, arn=arn).exists():
        raise ResourceNotFoundException(f"Connection '{arn}' does not exist.")


def _announce(ctx: Context, destination: ApiDestination, kind: str) -> dict[str, Any]:
    ctx.reconfigured()
    ctx.emit(kind, destination.arn, {"by": ctx.caller.actor, "endpoint": destination.endpoint})
    names = ("ApiDestinationArn", "ApiDestinationState", "CreationTime", "LastModifiedTime")
    shown = _shown(ctx, destination)
    return {name: shown[name] for name in names}


def _name_of(destination: ApiDestination) -> str:
    return destination.name


def _shown(ctx: Context, destination: ApiDestination) -> dict[str, Any]:
    connection = Connection.objects.filter(sandbox=ctx.sandbox, arn=destination.connection_arn)
    is_active = connection.filter(state=AUTHORIZED).exists()
    return {
        "ApiDestinationArn": destination.arn,
        "Name": destination.name,
        "ApiDestinationState": "ACTIVE" if is_active else "INACTIVE",
        "ConnectionArn": destination.connection_arn,
        "InvocationEndpoint": destination.endpoint,
        "HttpMethod": destination.method,
        "InvocationRateLimitPerSecond": destination.per_second,
        "CreationTime": destination.created_at,
        "LastModifiedTime": destination.modified_at,
    }
