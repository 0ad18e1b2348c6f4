"""From names and ARNs to functions, and who may invoke them."""

from collections.abc import Mapping
from typing import Any

from messaging.awslambda.domain.names import LATEST, FunctionName, read_name
from messaging.awslambda.errors import ResourceNotFoundException
from messaging.awslambda.models import Function
from messaging.awslambda.store import functions
from messaging.awslambda.store.functions import FunctionRecord
from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context
from messaging.kernel.errors import AccessDeniedException
from messaging.kernel.policies import PolicyRequest, evaluate
from messaging.kernel.policy_patterns import Values


def function_arn(ctx: Context, named: FunctionName) -> str:
    return build_arn(
        "lambda", region=named.region or ctx.region, account=named.account or ctx.account,
        resource=f"function:{named.name}",
    )  # fmt: skip


def function_of(ctx: Context, req: Mapping[str, Any]) -> Function:
    """Return the function that a request names; raises ResourceNotFoundException."""
    arn = named_arn(ctx, req)
    found = Function.objects.filter(sandbox=ctx.sandbox, arn=arn).first()
    if found is None:
        raise not_found(arn)
    if found.account != ctx.account:
        raise _refusal(ctx, "GetFunction", arn)
    return found


def named_arn(ctx: Context, req: Mapping[str, Any]) -> str:
    """Return the ARN that a request names; there are no versions and aliases but $LATEST."""
    named = read_name(req["FunctionName"])
    arn = function_arn(ctx, named)
    qualifier = req.get("Qualifier") or named.qualifier or LATEST
    if qualifier != LATEST:
        raise not_found(f"{arn}:{qualifier}")
    return arn


def not_found(arn: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(f"Function not found: {arn}")


def invoked(ctx: Context, req: Mapping[str, Any]) -> FunctionRecord:
    """Return the function that a caller invokes; raises ResourceNotFoundException."""
    arn = named_arn(ctx, req)
    found = functions.by_arn(ctx, arn)
    if found is None:
        raise not_found(arn)
    check_invoker(ctx, found)
    return found


def check_invoker(ctx: Context, function: FunctionRecord) -> None:
    """Evaluate the function's policy; raises AccessDeniedException.

    The owner's account may do what the policy does not deny; another account, or an AWS service,
    only what it allows.
    """
    caller = ctx.caller
    is_service = bool(caller.principal) and not caller.principal.startswith("arn:")
    source = caller.source_arn
    known: dict[str, Values] = {
        "aws:PrincipalAccount": [ctx.account],
        "aws:PrincipalArn": None if is_service else [caller.principal],
        "aws:SourceAccount": [ctx.account] if source else None,
        "aws:SourceArn": [source] if source else None,
    }
    decision = evaluate(
        function.policy,
        PolicyRequest(caller.principal, ctx.account, "lambda:InvokeFunction", function.arn, known),
    )
    is_owner = function.account == ctx.account and not is_service
    if decision.effect == "allow" or (is_owner and not decision.explicit):
        return
    raise _refusal(ctx, "InvokeFunction", function.arn)


def _refusal(ctx: Context, action: str, arn: str) -> AccessDeniedException:
    return AccessDeniedException(
        f"User: {ctx.caller.principal} is not authorized to perform: lambda:{action} on resource:"
        f" {arn} because no resource-based policy allows the lambda:{action} action"
    )


def target_of(ctx: Context, req: Mapping[str, Any]) -> str:
    """Return the ARN of the function that a failed call named, where it is in memory."""
    text = req.get("FunctionName")
    if not isinstance(text, str):
        return ""
    name = text.split("function:")[-1].split(":")[0]
    arn = build_arn("lambda", region=ctx.region, account=ctx.account, resource=f"function:{name}")
    return arn if functions.known(ctx, arn) else ""
