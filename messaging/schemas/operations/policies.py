"""Resource policies of registries: kept, checked and shown."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.kernel.ids import seeded_uuid
from messaging.kernel.policies import parse_policy
from messaging.schemas import transitions
from messaging.schemas.addressing import own_registry
from messaging.schemas.errors import (
    BadRequestException,
    NotFoundException,
    PreconditionFailedException,
)
from messaging.schemas.models import Registry


def put_resource_policy(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Give a registry a policy; raises PreconditionFailedException for an old RevisionId."""
    registry = _registry(ctx, req)
    if req.get("RevisionId") and req["RevisionId"] != registry.revision:
        raise PreconditionFailedException("The policy has another RevisionId by now.")
    try:
        parse_policy(req["Policy"])
    except ValueError as error:
        raise BadRequestException(f"Policy is not valid: {error}.") from None
    registry.policy = req["Policy"]
    registry.revision = seeded_uuid(ctx.world.secret, ctx.new_number())
    transitions.change(
        ctx, registry, "schemas.PolicySet", "policy", "revision", policy=registry.policy
    )
    return _shown(registry)


def get_resource_policy(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a registry's policy; raises NotFoundException where it has none."""
    return _shown(_with_policy(ctx, req))


def delete_resource_policy(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take a registry's policy away; raises NotFoundException where it has none."""
    registry = _with_policy(ctx, req)
    registry.policy = registry.revision = ""
    transitions.change(ctx, registry, "schemas.PolicyDeleted", "policy", "revision")
    return {}


def _with_policy(ctx: Context, req: Mapping[str, Any]) -> Registry:
    registry = _registry(ctx, req)
    if not registry.policy:
        raise NotFoundException(f"Registry {registry.name} has no resource policy.")
    return registry


def _registry(ctx: Context, req: Mapping[str, Any]) -> Registry:
    if not req.get("RegistryName"):
        raise BadRequestException("RegistryName is required.")
    return own_registry(ctx, req["RegistryName"])


def _shown(registry: Registry) -> dict[str, Any]:
    return {"Policy": registry.policy, "RevisionId": registry.revision}
