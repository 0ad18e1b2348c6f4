"""Put, list and remove the targets of rules."""

from collections.abc import Mapping
from typing import Any

from messaging.events import limits
from messaging.events.addressing import bus_of, rule_of
from messaging.events.checking import check
from messaging.events.domain.targets import check_target
from messaging.events.errors import LimitExceededException
from messaging.events.models import Rule, Target
from messaging.events.paging import listing
from messaging.kernel.arns import parse_arn
from messaging.kernel.context import Context


def put_targets(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Add targets to a rule; one with the same Id is replaced (P3, P4)."""
    check("PutTargets", req)
    rule = rule_of(ctx, req, req["Rule"], "PutTargets")
    arn, wanted = parse_arn(rule.arn), {config["Id"]: config for config in req["Targets"]}
    for config in wanted.values():
        check_target(config, arn)
    known = {target.name: target for target in Target.objects.filter(rule_id=rule.pk)}
    if len(known | wanted) > limits.TARGETS_PER_RULE_MAX:
        raise LimitExceededException
    for name, config in wanted.items():
        target = known.get(name) or Target(
            id=ctx.new_id(), sandbox=ctx.sandbox, rule_id=rule.pk, name=name
        )
        target.arn, target.config = config["Arn"], dict(config)
        target.save(force_insert=name not in known)
    _announce(ctx, rule)
    return {"FailedEntryCount": 0, "FailedEntries": []}


def list_targets_by_rule(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the targets of a rule by Id."""
    check("ListTargetsByRule", req)
    rule = rule_of(ctx, req, req["Rule"], "ListTargetsByRule")
    targets = list(Target.objects.filter(rule_id=rule.pk))
    return listing(
        ctx, req, targets, name="Targets",
        key=lambda target: str(target.name), show=lambda target: target.config,
    )  # fmt: skip


def list_rule_names_by_target(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names of a bus's rules that have a target."""
    check("ListRuleNamesByTarget", req)
    bus = bus_of(ctx, req.get("EventBusName"), "ListRuleNamesByTarget")
    having = Target.objects.filter(sandbox=ctx.sandbox, arn=req["TargetArn"])
    rules = Rule.objects.filter(bus_arn=bus.arn, pk__in=having.values("rule_id"))
    names = list(rules.values_list("name", flat=True))
    return listing(ctx, req, names, name="RuleNames", key=str, show=str)


def remove_targets(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Remove targets by Id; ids that are not there do not matter."""
    check("RemoveTargets", req)
    rule = rule_of(ctx, req, req["Rule"], "RemoveTargets")
    Target.objects.filter(rule_id=rule.pk, name__in=req["Ids"]).delete()
    _announce(ctx, rule)
    return {"FailedEntryCount": 0, "FailedEntries": []}


def _announce(ctx: Context, rule: Rule) -> None:
    """Tell the log all targets that a rule has now."""
    ctx.reconfigured()
    configs = [target.config for target in Target.objects.filter(rule_id=rule.pk).order_by("id")]
    ctx.emit("events.TargetsSet", rule.arn, {"by": ctx.caller.actor, "targets": configs})
