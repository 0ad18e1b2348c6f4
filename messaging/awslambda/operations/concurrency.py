"""Reserved concurrency: a part of the account's concurrency for one function, and its ceiling."""

from collections.abc import Mapping
from typing import Any

from messaging.awslambda import transitions
from messaging.awslambda.addressing import function_of
from messaging.awslambda.errors import InvalidParameterValueException
from messaging.awslambda.limits import ACCOUNT_CONCURRENCY, UNRESERVED_MIN
from messaging.awslambda.models import Function
from messaging.awslambda.store import functions
from messaging.kernel.context import Context


def put_function_concurrency(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Reserve concurrency; 0 stops the function."""
    function, asked = function_of(ctx, req), req["ReservedConcurrentExecutions"]
    left = functions.unreserved(ctx, ctx.account, ctx.region) + (function.reserved or 0) - asked
    if asked < 0 or left < UNRESERVED_MIN:
        raise InvalidParameterValueException(
            "Specified ReservedConcurrentExecutions for function decreases account's"
            f" UnreservedConcurrentExecution below its minimum value of [{UNRESERVED_MIN}]."
        )
    _save(ctx, function, asked)
    return {"ReservedConcurrentExecutions": asked}


def get_function_concurrency(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is reserved, nothing where nothing is."""
    reserved = function_of(ctx, req).reserved
    return {} if reserved is None else {"ReservedConcurrentExecutions": reserved}


def delete_function_concurrency(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Give what was reserved back to all."""
    _save(ctx, function_of(ctx, req), None)
    return {}


def get_account_settings(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the account's limits, and what it uses of them."""
    found = Function.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    sizes = [function.code["size"] for function in found]
    return {
        "AccountLimit": {
            "TotalCodeSize": 80_530_636_800,
            "CodeSizeUnzipped": 262_144_000,
            "CodeSizeZipped": 52_428_800,
            "ConcurrentExecutions": ACCOUNT_CONCURRENCY,
            "UnreservedConcurrentExecutions": functions.unreserved(ctx, ctx.account, ctx.region),
        },
        "AccountUsage": {"TotalCodeSize": sum(sizes), "FunctionCount": len(sizes)},
    }


def _save(ctx: Context, function: Function, reserved: int | None) -> None:
    function.reserved = reserved
    function.save(update_fields=("reserved",))
    transitions.announce(ctx, transitions.UPDATED, function)
