"""Who may invoke a function: its resource policy."""

from collections.abc import Mapping
from typing import Any

from messaging.awslambda import transitions
from messaging.awslambda.addressing import function_of
from messaging.awslambda.domain import permissions
from messaging.awslambda.errors import PreconditionFailedException, ResourceNotFoundException
from messaging.awslambda.models import Function
from messaging.kernel.context import Context
from messaging.kernel.ids import seeded_uuid


def add_permission(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let a service or an account invoke a function."""
    function = function_of(ctx, req)
    _check_revision(function, req)
    policy = permissions.add(function.policy, arn=function.arn, req=req)
    _save(ctx, function, policy)
    return {"Statement": permissions.written(policy["Statement"][-1])}


def remove_permission(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take a statement back."""
    function = function_of(ctx, req)
    _check_revision(function, req)
    _save(ctx, function, permissions.remove(function.policy, req["StatementId"]))
    return {}


def get_policy(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the policy; raises ResourceNotFoundException where there is none."""
    function = function_of(ctx, req)
    if not function.policy:
        raise ResourceNotFoundException("The resource you requested does not exist.")
    return {"Policy": permissions.written(function.policy), "RevisionId": function.revision}


def _save(ctx: Context, function: Function, policy: dict[str, Any] | None) -> None:
    function.policy = policy
    function.revision = seeded_uuid(ctx.world.secret, ctx.new_number())
    function.save(update_fields=("policy", "revision"))
    transitions.announce(ctx, transitions.PERMITTED, function)


def _check_revision(function: Function, req: Mapping[str, Any]) -> None:
    if req.get("RevisionId") not in (None, "", function.revision):
        raise PreconditionFailedException
