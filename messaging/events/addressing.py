"""From the name in a request to the bus or rule, and whether the caller may do what it asks."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.events.domain.names import read_bus, rule_arn
from messaging.events.errors import AccessDeniedException, ResourceNotFoundException
from messaging.events.models import Rule
from messaging.events.store import buses
from messaging.events.store.buses import BusRecord
from messaging.kernel.context import Context
from messaging.kernel.policies import Decision, PolicyRequest, evaluate

SERVICE_PRINCIPAL: Final = "events.amazonaws.com"


def bus_of(ctx: Context, name_or_arn: str | None, action: str) -> BusRecord:
    """Return the bus that a request names; raises when it is not there, or closed to the caller."""
    account, region, name = read_bus(name_or_arn, account=ctx.account, region=ctx.region)
    bus = buses.by_name(ctx, account, region, name)
    if bus is None:
        raise ResourceNotFoundException.bus(name)
    check_allowed(ctx, bus, action)
    return bus


def rule_of(ctx: Context, req: Mapping[str, Any], name: str, action: str) -> Rule:
    """Return the rule that a request names; raises ResourceNotFoundException."""
    bus = bus_of(ctx, req.get("EventBusName"), action)
    rule = find_rule(ctx, bus, name)
    if rule is None:
        raise ResourceNotFoundException.rule(name, bus.name)
    return rule


def find_rule(ctx: Context, bus: BusRecord, name: str) -> Rule | None:
    arn = rule_arn(bus.arn, name)
    return Rule.objects.filter(sandbox=ctx.sandbox, arn=arn).first()


def check_allowed(ctx: Context, bus: BusRecord, action: str) -> None:
    """Evaluate the bus's policy; raises AccessDeniedException.

    The owner's account may do everything that the policy does not deny, another one only what the
    policy allows.
    """
    if bus.account == ctx.account and bus.policy is None:
        return
    known = {"aws:PrincipalAccount": [ctx.account], "aws:PrincipalArn": [ctx.caller.principal]}
    decision = _decide(ctx, bus, action, ctx.caller.principal, known)
    is_owner = bus.account == ctx.account
    if decision.effect == "allow" or (is_owner and not decision.explicit):
        return
    raise _refusal(ctx.caller.principal, bus, action, decision)


def check_rule_allowed(ctx: Context, bus: BusRecord, rule: str) -> None:
    """Do the same for a rule of another bus that hands on its events.

    Within an account the rule's role decides, which is trusted; from another account the policy
    must allow that account.
    """
    account = ctx.account
    principal = f"arn:aws:iam::{account}:root"
    if account == bus.account and bus.policy is None:
        return
    known = {"aws:PrincipalAccount": [account], "aws:SourceArn": [rule]}
    decision = _decide(ctx, bus, "PutEvents", principal, known)
    if decision.effect == "allow" or (account == bus.account and not decision.explicit):
        return
    raise _refusal(principal, bus, "PutEvents", decision)


def target_of(ctx: Context, req: Mapping[str, Any]) -> str:
    """Return the ARN of the bus that a failed call named, as far as it is known by heart."""
    named = req.get("EventBusName")
    if named is None and not any(key in req for key in ("Rule", "Entries", "EventBusName")):
        return ""
    known: dict[Any, BusRecord] = ctx.world.caches.get("events.buses", {})
    bus = known.get(read_bus(named, account=ctx.account, region=ctx.region))
    return bus.arn if bus is not None and bus.id else ""


def _decide(
    ctx: Context, bus: BusRecord, action: str, principal: str, known: Mapping[str, list[str]]
) -> Decision:
    request = PolicyRequest(
        principal=principal,
        account=ctx.account,
        action=f"events:{action}",
        resource=bus.arn,
        context=known,
    )
    return evaluate(bus.policy, request)


def _refusal(
    principal: str, bus: BusRecord, action: str, decision: Decision
) -> AccessDeniedException:
    because = f"because no resource-based policy allows the events:{action} action"
    if decision.explicit:
        because = f"with an explicit deny in a resource-based policy ({decision.reason})"
    return AccessDeniedException(
        f"User: {principal} is not authorized to perform: events:{action} on"
        f" resource: {bus.arn} {because}"
    )
