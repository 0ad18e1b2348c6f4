"""How long and how often asynchronous invocations are tried, and where their records go (LM5)."""

from collections.abc import Mapping
from typing import Any

from messaging.awslambda import transitions
from messaging.awslambda.addressing import function_of
from messaging.awslambda.domain import destinations
from messaging.awslambda.domain.names import LATEST
from messaging.awslambda.errors import ResourceNotFoundException
from messaging.awslambda.models import Function
from messaging.kernel.context import Context


def put_function_event_invoke_config(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the whole: what is left out takes its default again."""
    return _save(ctx, function_of(ctx, req), {}, req)


def update_function_event_invoke_config(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change a part of it; raises ResourceNotFoundException where nothing was configured."""
    function = _configured(ctx, req)
    return _save(ctx, function, function.asynchronous or {}, req)


def get_function_event_invoke_config(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return it; raises ResourceNotFoundException where nothing was configured."""
    return _shown(_configured(ctx, req))


def list_function_event_invoke_configs(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return that of $LATEST, where it has one."""
    function = function_of(ctx, req)
    found = [_shown(function)] if function.asynchronous is not None else []
    return {"FunctionEventInvokeConfigs": found}


def delete_function_event_invoke_config(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Go back to the defaults."""
    function = _configured(ctx, req)
    function.asynchronous = None
    function.save(update_fields=("asynchronous",))
    transitions.announce(ctx, transitions.UPDATED, function)
    return {}


def _configured(ctx: Context, req: Mapping[str, Any]) -> Function:
    function = function_of(ctx, req)
    if function.asynchronous is None:
        raise ResourceNotFoundException(
            f"The function {function.arn}:{LATEST} doesn't have an EventInvokeConfig"
        )
    return function


def _save(
    ctx: Context, function: Function, known: Mapping[str, Any], req: Mapping[str, Any]
) -> dict[str, Any]:
    asked = destinations.read_config(known, req, function.arn)
    function.asynchronous = {**asked, "at": ctx.now}
    function.save(update_fields=("asynchronous",))
    transitions.announce(ctx, transitions.UPDATED, function)
    return _shown(function)


def _shown(function: Function) -> dict[str, Any]:
    asked = dict(function.asynchronous or {})
    at = asked.pop("at", 0)
    asked.setdefault("DestinationConfig", {"OnSuccess": {}, "OnFailure": {}})
    return {**asked, "FunctionArn": f"{function.arn}:{LATEST}", "LastModified": at}
