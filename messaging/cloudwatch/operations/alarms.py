"""Create, change, look at and delete alarms; set their state, switch their actions."""

from collections.abc import Mapping
from typing import Any

from messaging.cloudwatch import transitions
from messaging.cloudwatch.addressing import (
    alarm_arn,
    alarm_named,
    alarms_named,
    alarms_of,
    find_alarm,
)
from messaging.cloudwatch.configuring import composite_settings, metric_settings, read_tags
from messaging.cloudwatch.domain import notices, rules
from messaging.cloudwatch.domain.verdicts import INSUFFICIENT, STATES
from messaging.cloudwatch.errors import (
    InvalidFormat,
    InvalidParameterCombination,
    InvalidParameterValue,
    ResourceNotFound,
    ValidationError,
)
from messaging.cloudwatch.evaluating import due_after, step_of
from messaging.cloudwatch.limits import ALARMS_PAGE
from messaging.cloudwatch.listing import paged
from messaging.cloudwatch.models import Alarm
from messaging.cloudwatch.showing import shown
from messaging.cloudwatch.store import as_pairs
from messaging.kernel.context import Context


def put_metric_alarm(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create a metric alarm, or replace all of its settings; its state stays."""
    _put(ctx, req, metric_settings(req), composite=False)
    return {}


def put_composite_alarm(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create or replace a composite alarm, and evaluate it at once."""
    settings = composite_settings(ctx, req)
    alarm = _put(ctx, req, settings, composite=True)
    transitions.evaluate_composite(ctx, alarm, None)
    return {}


def describe_alarms(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return alarms by name; composite alarms only where they are asked for."""
    if req.get("AlarmNames") and req.get("AlarmNamePrefix"):
        raise InvalidParameterCombination("AlarmNames and AlarmNamePrefix are mutually exclusive.")
    types = req.get("AlarmTypes") or ["MetricAlarm"]
    found = [alarm for alarm in alarms_of(ctx).order_by("name") if _is_wanted(alarm, req, types)]
    found = _relatives(ctx, req, found)
    limit = req.get("MaxRecords") or ALARMS_PAGE
    chosen, token = paged(req, found, limit, key=lambda alarm: alarm.name, scope="alarms")
    return {
        "MetricAlarms": [shown(alarm) for alarm in chosen if not alarm.composite],
        "CompositeAlarms": [shown(alarm) for alarm in chosen if alarm.composite],
        "NextToken": token,
    }


def describe_alarms_for_metric(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the alarms on one metric."""
    wanted = as_pairs(req.get("Dimensions"))
    found = []
    for alarm in alarms_of(ctx).filter(composite=False).order_by("name"):
        settings = alarm.settings
        same = all(settings.get(name) == req[name] for name in ("Namespace", "MetricName"))
        named = ("Statistic", "ExtendedStatistic", "Period", "Unit")
        fits = all(req.get(name) in (None, settings.get(name)) for name in named)
        if same and fits and as_pairs(settings.get("Dimensions")) == wanted:
            found.append(shown(alarm))
    return {"MetricAlarms": found}


def delete_alarms(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete alarms, but none that a composite alarm looks at, which stays.

    Names of no alarm do not keep the others from being deleted, as the API reference says of
    DeleteAlarms; of composite alarms there may be one. Raises ResourceNotFound where no name fits.
    """
    names = req["AlarmNames"]
    found = alarms_named(ctx, names)
    if not found:
        raise ResourceNotFound(f"Alarms with names {sorted(set(names))} do not exist.")
    if sum(alarm.composite for alarm in found) > 1:
        raise ValidationError("A call of DeleteAlarms can delete one composite alarm at most.")
    gone = {alarm.pk for alarm in found}
    for alarm in found:
        parents = [one for one in transitions.composites_of(alarm) if one.pk not in gone]
        if parents:
            raise ValidationError(
                f"Cannot delete {alarm.name} as there are composite alarm(s) depending on it."
            )
    for alarm in found:
        transitions.record(
            ctx, alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" deleted',
            {"version": "1.0", "type": "Delete"},
        )  # fmt: skip
        alarm.delete()
        ctx.emit("cloudwatch.AlarmDeleted", alarm.arn, {"by": ctx.caller.actor})
    ctx.reconfigured()
    return {}


def set_alarm_state(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Give an alarm a state, until it is looked at next."""
    if req["StateValue"] not in STATES:
        raise InvalidParameterValue(f"The value {req['StateValue']} for StateValue is invalid.")
    data = req.get("StateReasonData") or ""
    if data:
        _check_json(data)
    alarm = alarm_named(ctx, req["AlarmName"])
    transitions.turn(ctx, alarm, req["StateValue"], req["StateReason"], data)
    return {}


def enable_alarm_actions(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let alarms act again."""
    _switch(ctx, req["AlarmNames"], on=True)
    return {}


def disable_alarm_actions(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let alarms change their state in silence."""
    _switch(ctx, req["AlarmNames"], on=False)
    return {}


def _put(
    ctx: Context, req: Mapping[str, Any], settings: dict[str, Any], *, composite: bool
) -> Alarm:  # fmt: skip
    """Make an alarm, or give it these settings; the state of one that is there stays."""
    name = req["AlarmName"]
    alarm = find_alarm(ctx, name)
    due_at = None if composite else due_after(ctx.now, step_of(settings))
    is_new = alarm is None
    if alarm is None:
        alarm = Alarm(
            id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=name,
            arn=alarm_arn(ctx, name), tags=read_tags(req.get("Tags") or (), {}),
            state=INSUFFICIENT, reason="Unchecked: Initial alarm creation", updated_at=ctx.now,
            turned_at=ctx.now, composite=composite,
        )  # fmt: skip
    elif alarm.composite != composite:
        raise ValidationError(f"An alarm of another type is called {name}.")
    alarm.settings, alarm.configured_at, alarm.due_at = settings, ctx.now, due_at
    alarm.save(force_insert=is_new)
    done = "created" if is_new else "updated"
    transitions.record(
        ctx, alarm, "ConfigurationUpdate", f'Alarm "{name}" {done}',
        {"version": "1.0", "type": "Create" if is_new else "Update"},
    )  # fmt: skip
    kind = "cloudwatch.AlarmCreated" if is_new else "cloudwatch.AlarmUpdated"
    ctx.emit(kind, alarm.arn, {
        "by": ctx.caller.actor, "state": alarm.state, "settings": settings,
    })  # fmt: skip
    if due_at is not None:
        ctx.due(due_at)
    return alarm


def _switch(ctx: Context, names: list[str], *, on: bool) -> None:
    for alarm in alarms_named(ctx, names):
        alarm.settings = {**alarm.settings, "ActionsEnabled": on}
        alarm.configured_at = ctx.now
        alarm.save(update_fields=("settings", "configured_at"))
        kind = "cloudwatch.AlarmUpdated"
        ctx.emit(kind, alarm.arn, {"by": ctx.caller.actor, "actions": on, "state": alarm.state})


def _is_wanted(alarm: Alarm, req: Mapping[str, Any], types: list[str]) -> bool:
    if ("CompositeAlarm" if alarm.composite else "MetricAlarm") not in types:
        return False
    if req.get("StateValue") not in (None, alarm.state):
        return False
    if req.get("AlarmNames") and alarm.name not in req["AlarmNames"]:
        return False
    if not alarm.name.startswith(req.get("AlarmNamePrefix") or ""):
        return False
    prefix = req.get("ActionPrefix")
    kinds = ("OKActions", "AlarmActions", "InsufficientDataActions")
    actions = [action for kind in kinds for action in alarm.settings.get(kind, [])]
    return not prefix or any(action.startswith(prefix) for action in actions)


def _relatives(ctx: Context, req: Mapping[str, Any], found: list[Alarm]) -> list[Alarm]:
    """Keep the children or the parents of an alarm, of all kinds, where these are asked for."""
    child, parent = req.get("ParentsOfAlarmName"), req.get("ChildrenOfAlarmName")
    if child:
        return transitions.composites_of(alarm_named(ctx, child))
    if not parent:
        return found
    alarm = alarm_named(ctx, parent)
    if not alarm.composite:
        return []
    named = set(rules.alarms_in(rules.parse(alarm.settings["AlarmRule"])))
    return [one for one in alarms_of(ctx).order_by("name") if named & {one.name, one.arn}]


def _check_json(text: str) -> None:
    if not notices.is_json(text):
        raise InvalidFormat("StateReasonData was not syntactically valid JSON")
