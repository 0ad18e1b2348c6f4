"""Create, look at, start, stop, change and delete discoverers."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.schemas import transitions
from messaging.schemas.addressing import discoverer_of
from messaging.schemas.domain.names import (
    DISCOVERED_REGISTRY,
    discoverer_arn,
    discoverer_name,
    registry_arn,
)
from messaging.schemas.errors import ConflictException
from messaging.schemas.listing import paged
from messaging.schemas.models import STARTED, STOPPED, Discoverer, Registry
from messaging.schemas.moving import DESCRIPTION
from messaging.schemas.tagging import read_tags


def create_discoverer(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create the discoverer of a bus, which starts at once; a bus has one at the most."""
    source = req["SourceArn"]
    name = discoverer_name(source, account=ctx.account, region=ctx.region)
    arn = discoverer_arn(ctx.account, ctx.region, name)
    tags = read_tags(req.get("Tags"))
    if Discoverer.objects.filter(sandbox=ctx.sandbox, arn=arn).exists():
        raise ConflictException(f"A discoverer for {source} already exists.")
    cross_account = req.get("CrossAccount")
    discoverer = Discoverer(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=name,
        arn=arn, source=source, description=req.get("Description") or "", tags=tags,
        cross_account=cross_account is not False, state=STARTED, created_at=ctx.now,
    )  # fmt: skip
    _have_registry(ctx)
    transitions.create(
        ctx, discoverer, "schemas.DiscovererCreated", source=source, state=discoverer.state
    )
    return _shown(discoverer)


def describe_discoverer(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a discoverer."""
    return _shown(discoverer_of(ctx, req["DiscovererId"]))


def list_discoverers(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return discoverers by id."""
    name, source = req.get("DiscovererIdPrefix") or "", req.get("SourceArnPrefix") or ""
    found = Discoverer.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    items = [
        each
        for each in sorted(found, key=lambda each: each.name)
        if each.name.startswith(name) and each.source.startswith(source)
    ]
    scope = f"discoverers {name} {source}"
    chosen, token = paged(req, items, lambda each: each.name, scope=scope)
    shown = [_shown(each) for each in chosen]
    for each in shown:
        del each["Description"]
    return {"Discoverers": shown, "NextToken": token}


def start_discoverer(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let a discoverer listen; one that does already is left alone."""
    return _turn(ctx, req, STARTED, "schemas.DiscovererStarted")


def stop_discoverer(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let a discoverer not listen for a while; one that does not is left alone."""
    return _turn(ctx, req, STOPPED, "schemas.DiscovererStopped")


def update_discoverer(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change a discoverer's description, or whether other accounts' events count."""
    discoverer = discoverer_of(ctx, req["DiscovererId"])
    if req.get("Description") is not None:
        discoverer.description = req["Description"]
    if req.get("CrossAccount") is not None:
        discoverer.cross_account = req["CrossAccount"]
    transitions.change(
        ctx, discoverer, "schemas.DiscovererUpdated", "description", "cross_account",
        source=discoverer.source, state=discoverer.state,
    )  # fmt: skip
    return _shown(discoverer)


def delete_discoverer(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a discoverer; what it has discovered stays."""
    transitions.remove(ctx, discoverer_of(ctx, req["DiscovererId"]), "schemas.DiscovererDeleted")
    return {}


def _turn(ctx: Context, req: Mapping[str, Any], state: str, kind: str) -> dict[str, Any]:
    discoverer = discoverer_of(ctx, req["DiscovererId"])
    if discoverer.state != state:
        discoverer.state = state
        transitions.change(ctx, discoverer, kind, "state", source=discoverer.source, state=state)
    return {"DiscovererId": discoverer.name, "State": state}


def _have_registry(ctx: Context) -> None:
    """Make the registry that discoverers fill, if it is not there yet."""
    arn = registry_arn(ctx.account, ctx.region, DISCOVERED_REGISTRY)
    if not Registry.objects.filter(sandbox=ctx.sandbox, arn=arn).exists():
        registry = Registry(
            id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region,
            name=DISCOVERED_REGISTRY, arn=arn, description=DESCRIPTION, created_at=ctx.now,
        )  # fmt: skip
        transitions.create(ctx, registry, "schemas.RegistryCreated")


def _shown(discoverer: Discoverer) -> dict[str, Any]:
    return {
        "Description": discoverer.description, "DiscovererArn": discoverer.arn,
        "DiscovererId": discoverer.name, "SourceArn": discoverer.source,
        "State": discoverer.state, "CrossAccount": discoverer.cross_account,
        "Tags": discoverer.tags,
    }  # fmt: skip
