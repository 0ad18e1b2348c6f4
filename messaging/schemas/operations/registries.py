"""Create, look at, change and delete registries."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.kernel.context import Context
from messaging.schemas import aws_events, transitions
from messaging.schemas.addressing import own_registry, registry_of
from messaging.schemas.domain.names import check_registry, registry_arn
from messaging.schemas.errors import BadRequestException, ConflictException
from messaging.schemas.listing import paged
from messaging.schemas.models import Registry, Schema
from messaging.schemas.tagging import read_tags

_SCOPES: Final = ("", "local", "aws")


def create_registry(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create a registry; raises ConflictException where the name is taken."""
    name = req["RegistryName"]
    check_registry(name)
    tags = read_tags(req.get("Tags"))
    arn = registry_arn(ctx.account, ctx.region, name)
    if Registry.objects.filter(sandbox=ctx.sandbox, arn=arn).exists():
        raise ConflictException(f"Registry with name {name} already exists.")
    registry = Registry(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=name,
        arn=arn, description=req.get("Description") or "", tags=tags, created_at=ctx.now,
    )  # fmt: skip
    transitions.create(ctx, registry, "schemas.RegistryCreated")
    return _shown(registry)


def describe_registry(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a registry."""
    return _shown(registry_of(ctx, req["RegistryName"]))


def list_registries(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return registries by name: those of the account, AWS's own one, or both."""
    scope = (req.get("Scope") or "").lower()
    if scope not in _SCOPES:
        raise BadRequestException("Scope must be LOCAL or AWS.")
    found: list[Registry] = []
    if scope != "aws":
        mine = Registry.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
        found += mine
    if scope != "local":
        found.append(aws_events.registry(ctx))
    prefix = req.get("RegistryNamePrefix") or ""
    items = sorted(
        (each for each in found if each.name.startswith(prefix)), key=lambda each: each.name
    )
    chosen, token = paged(req, items, lambda each: each.name, scope=f"registries {scope} {prefix}")
    shown = [_shown(each) for each in chosen]
    for each in shown:
        del each["Description"]
    return {"Registries": shown, "NextToken": token}


def update_registry(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Give a registry another description."""
    registry = own_registry(ctx, req["RegistryName"])
    if req.get("Description") is not None:
        registry.description = req["Description"]
        transitions.change(ctx, registry, "schemas.RegistryUpdated", "description")
    return _shown(registry)


def delete_registry(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a registry that has no schemas any more."""
    registry = own_registry(ctx, req["RegistryName"])
    if Schema.objects.filter(
        sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, registry=registry.name
    ).exists():
        raise BadRequestException(f"Registry {registry.name} is not empty: delete its schemas.")
    transitions.remove(ctx, registry, "schemas.RegistryDeleted")
    return {}


def _shown(registry: Registry) -> dict[str, Any]:
    return {
        "RegistryArn": registry.arn,
        "RegistryName": registry.name,
        "Description": registry.description,
        "Tags": registry.tags,
    }
