"""From a QueueUrl to the queue, and whether the caller may do what it asks."""

from collections.abc import Mapping
from typing import Any, NoReturn

from messaging.kernel.context import Context
from messaging.kernel.errors import AccessDenied
from messaging.kernel.policies import Decision, PolicyRequest, evaluate
from messaging.kernel.policy_patterns import Values
from messaging.sqs.domain.names import parse_queue_url
from messaging.sqs.domain.permissions import OWNER_ONLY
from messaging.sqs.errors import InvalidAddress, MissingParameter, QueueDoesNotExist
from messaging.sqs.store import queues
from messaging.sqs.store.queues import QueueRecord


def queue_of(ctx: Context, req: Mapping[str, Any], action: str) -> QueueRecord:
    """Return the queue that ``QueueUrl`` names; raises QueueDoesNotExist or AccessDenied."""
    url = req.get("QueueUrl")
    if not url:
        raise MissingParameter.of("QueueUrl")
    urls: dict[tuple[str, str, str], QueueRecord] = ctx.world.caches.setdefault("sqs.urls", {})
    key = (url, ctx.region, ctx.account)
    queue = urls.get(key)
    if queue is None:
        queue = _look_up(ctx, url)
        # A guess is not kept: who names the region has no queue there.
        if ctx.caller.knows_region or queue.region == ctx.region:
            urls[key] = queue
    check_caller(ctx, queue, action)
    return queue


def check_caller(ctx: Context, queue: QueueRecord, action: str) -> None:
    """Evaluate the queue's policy where it can matter; raises AccessDenied."""
    if queue.policy is not None or queue.account != ctx.account:
        check_allowed(ctx, queue, action)


def target_of(ctx: Context, req: Mapping[str, Any]) -> str:
    """Return the ARN of the queue that ``queue_of`` has found for a call, or ""."""
    urls: dict[tuple[Any, str, str], QueueRecord] = ctx.world.caches.get("sqs.urls", {})
    queue = urls.get((req.get("QueueUrl"), ctx.region, ctx.account))
    return "" if queue is None else queue.arn


def check_allowed(ctx: Context, queue: QueueRecord, action: str) -> None:
    """Evaluate the queue's policy; raises AccessDenied.

    The owner's account may do everything that the policy does not deny; another account only what
    the policy allows, and nothing that AWS keeps for the owner.
    """
    known = {"aws:PrincipalAccount": [ctx.account], "aws:PrincipalArn": [ctx.caller.principal]}
    decision = _decide(ctx, queue, action, known)
    is_owner = queue.account == ctx.account
    granted = decision.effect == "allow" and action not in OWNER_ONLY
    is_denied = decision.effect == "deny" and decision.explicit
    if granted or (is_owner and not is_denied):
        return
    _refuse(ctx, queue, action, decision)


def check_service_allowed(ctx: Context, queue: QueueRecord, action: str) -> None:
    """Do the same for an AWS service, which may do what the policy allows, and nothing else."""
    let_in: set[tuple[object, ...]] = ctx.world.caches.setdefault("sqs.let_in", set())
    key = (queue.id, action, ctx.caller.principal, ctx.caller.source_arn, ctx.account)
    if key in let_in:
        return
    source = {"aws:SourceArn": [ctx.caller.source_arn], "aws:SourceAccount": [ctx.account]}
    decision = _decide(ctx, queue, action, source)
    if decision.effect != "allow":
        _refuse(ctx, queue, action, decision)
    let_in.add(key)


def _decide(ctx: Context, queue: QueueRecord, action: str, known: Mapping[str, Values]) -> Decision:
    request = PolicyRequest(
        principal=ctx.caller.principal,
        account=ctx.account,
        action=f"sqs:{action}",
        resource=queue.arn,
        context=known,
    )
    return evaluate(queue.policy, request)


def _refuse(ctx: Context, queue: QueueRecord, action: str, decision: Decision) -> NoReturn:
    name = f"sqs:{action.lower()}"
    because = f"because no resource-based policy allows the {name} action"
    if decision.effect == "deny" and decision.explicit:
        because = f"with an explicit deny in a resource-based policy ({decision.reason})"
    raise AccessDenied(
        f"User: {ctx.caller.principal} is not authorized to perform: {name} on"
        f" resource: {queue.arn} {because}"
    )


def _look_up(ctx: Context, url: str) -> QueueRecord:
    address = parse_queue_url(url)
    if address is None:
        raise InvalidAddress(f"The address {url} is not valid for this endpoint.")
    account = address.account or ctx.account
    queue = queues.by_name(ctx, account, address.region or ctx.region, address.name)
    if queue is None and address.region is None and not ctx.caller.knows_region:
        queue = queues.only_one(ctx, account, address.name)
    if queue is None:
        raise QueueDoesNotExist
    return queue
