"""Create, change, describe, list, enable, disable and delete rules."""

import json
from collections.abc import Mapping
from typing import Any

from messaging.events import limits
from messaging.events.addressing import bus_of, find_rule, rule_of
from messaging.events.checking import check
from messaging.events.domain.names import DEFAULT_BUS, bus_name, rule_arn
from messaging.events.domain.rules import (
    DISABLED,
    ENABLED,
    check_pattern_size,
    first_firing,
    has_wildcard,
    read_pattern,
    read_schedule,
)
from messaging.events.errors import (
    LimitExceededException,
    ResourceNotFoundException,
    ValidationException,
)
from messaging.events.models import Rule, Target
from messaging.events.paging import listing, with_prefix
from messaging.events.store.buses import BusRecord
from messaging.events.tagging import read_tags
from messaging.events.transitions import put_to_use
from messaging.kernel import deliveries, errands
from messaging.kernel.context import Context


def put_rule(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create a rule, or replace all that a rule says; its targets and tags stay."""
    check("PutRule", req)
    bus = bus_of(ctx, req.get("EventBusName"), "PutRule")
    name, pattern = req["Name"], req.get("EventPattern") or ""
    schedule = req.get("ScheduleExpression") or ""
    _check(bus, name, pattern, schedule)
    known = find_rule(ctx, bus, name)
    _check_room(ctx, bus, known, pattern)
    tags = {} if known is not None else read_tags(req.get("Tags") or ())
    bus = put_to_use(ctx, bus)
    told = {
        "pattern": pattern,
        "schedule": schedule,
        "state": req.get("State") or ENABLED,
        "description": req.get("Description") or "",
        "role": req.get("RoleArn") or "",
    }
    rule = known or Rule(
        id=ctx.new_id(), sandbox=ctx.sandbox, bus_arn=bus.arn, name=name, tags=tags,
        arn=rule_arn(bus.arn, name), created_by=ctx.account, created_at=ctx.now,
    )  # fmt: skip
    for field, value in told.items():
        setattr(rule, field, value)
    rule.next_at = first_firing(rule.schedule, rule.state, ctx.now)
    rule.save(force_insert=known is None)
    _announce(ctx, rule)
    kind = "events.RuleCreated" if known is None else "events.RuleChanged"
    more = {"tags": tags} if tags else {}
    ctx.emit(kind, rule.arn, {"by": ctx.caller.actor, "bus": bus.arn, **told, **more})
    return {"RuleArn": rule.arn}


def describe_rule(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule with all that was said of it."""
    check("DescribeRule", req)
    rule = rule_of(ctx, req, req["Name"], "DescribeRule")
    return {**_shown(rule), "CreatedBy": rule.created_by}


def list_rules(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules of a bus by name."""
    check("ListRules", req)
    bus = bus_of(ctx, req.get("EventBusName"), "ListRules")
    rules = list(Rule.objects.filter(sandbox=ctx.sandbox, bus_arn=bus.arn))
    chosen = with_prefix(rules, req.get("NamePrefix"), _name_of)
    return listing(ctx, req, chosen, name="Rules", key=_name_of, show=_shown)


def enable_rule(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let a rule match and fire again; its schedule begins anew."""
    check("EnableRule", req)
    _set_state(ctx, rule_of(ctx, req, req["Name"], "EnableRule"), ENABLED)
    return {}


def disable_rule(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let a rule match nothing, and its schedule rest."""
    check("DisableRule", req)
    _set_state(ctx, rule_of(ctx, req, req["Name"], "DisableRule"), DISABLED)
    return {}


def delete_rule(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a rule without targets; one that is not there counts as deleted."""
    check("DeleteRule", req)
    try:
        rule = rule_of(ctx, req, req["Name"], "DeleteRule")
    except ResourceNotFoundException as error:
        if error.message.startswith("Event bus"):
            raise
        return {}
    if Target.objects.filter(rule_id=rule.pk).exists():
        raise ValidationException("Rule can't be deleted since it has targets.")
    deliveries.withdraw(ctx, rule.arn)
    errands.withdraw(ctx, [rule.arn])
    Rule.objects.filter(pk=rule.pk).delete()
    ctx.reconfigured()
    ctx.emit("events.RuleDeleted", rule.arn, {"by": ctx.caller.actor})
    return {}


def _check(bus: BusRecord, name: str, pattern: str, schedule: str) -> None:
    if not pattern and not schedule:
        raise ValidationException(
            "Parameter(s) EventPattern or ScheduleExpression must be specified."
        )
    if schedule:
        if bus.name != DEFAULT_BUS:
            raise ValidationException(
                "ScheduleExpression is supported only on the default event bus."
            )
        read_schedule(schedule)
    if pattern:
        read_pattern(pattern)
        check_pattern_size(pattern, rule=name)


def _check_room(ctx: Context, bus: BusRecord, known: Rule | None, pattern: str) -> None:
    """Check the quotas of rules and of rules with wildcards."""
    others = Rule.objects.filter(sandbox=ctx.sandbox, bus_arn=bus.arn)
    if known is None and others.count() >= limits.RULES_PER_BUS_MAX:
        raise LimitExceededException
    if not pattern or not has_wildcard(json.loads(pattern)):
        return
    with_wildcard = [
        rule.pk
        for rule in others.filter(pattern__contains="wildcard").only("pattern")
        if has_wildcard(json.loads(rule.pattern)) and rule.pk != (known.pk if known else None)
    ]
    if len(with_wildcard) >= limits.WILDCARD_RULES_PER_BUS_MAX:
        raise LimitExceededException


def _set_state(ctx: Context, rule: Rule, state: str) -> None:
    rule.state = state
    rule.next_at = first_firing(rule.schedule, rule.state, ctx.now)
    rule.save(update_fields=["state", "next_at"])
    _announce(ctx, rule)
    ctx.emit("events.RuleStateSet", rule.arn, {"by": ctx.caller.actor, "state": state})


def _announce(ctx: Context, rule: Rule) -> None:
    ctx.reconfigured()
    if rule.next_at is not None:
        ctx.due(rule.next_at)


def _name_of(rule: Rule) -> str:
    return rule.name


def _shown(rule: Rule) -> dict[str, Any]:
    shown = {
        "Name": rule.name,
        "Arn": rule.arn,
        "EventPattern": rule.pattern,
        "ScheduleExpression": rule.schedule,
        "State": rule.state,
        "Description": rule.description,
        "RoleArn": rule.role,
        "EventBusName": bus_name(rule.bus_arn),
    }
    return {name: value for name, value in shown.items() if value}
