"""An alarm changes its state: its row, its history, its event, its actions, and who looks at it."""

import json
from typing import Any, Final

from messaging.cloudwatch.domain import notices, rules
from messaging.cloudwatch.domain.notices import Change, State
from messaging.cloudwatch.domain.verdicts import ALARM, INSUFFICIENT, OK
from messaging.cloudwatch.limits import HISTORY_MS
from messaging.cloudwatch.models import Alarm, HistoryItem
from messaging.kernel.arns import build_arn, parse_arn
from messaging.kernel.context import Context
from messaging.kernel.errors import AwsError
from messaging.kernel.packets import Packet

PRINCIPAL: Final = "cloudwatch.amazonaws.com"
# What a function's policy must let in.
_INVOKER: Final = "lambda.alarms.cloudwatch.amazonaws.com"
_ACTIONS: Final = {
    ALARM: "AlarmActions",
    INSUFFICIENT: "InsufficientDataActions",
    OK: "OKActions",
}
_FIELDS: Final = ("state", "reason", "reason_data", "updated_at", "turned_at")


def turn(ctx: Context, alarm: Alarm, state: str, reason: str, data: str) -> None:
    """Give an alarm a state; where it is another one, tell everybody who wants to know."""
    old = State(alarm.state, alarm.reason, alarm.reason_data, alarm.updated_at)
    is_other = alarm.state != state
    alarm.state, alarm.reason, alarm.reason_data = state, reason, data
    alarm.updated_at = ctx.now
    if is_other:
        alarm.turned_at = ctx.now
    alarm.save(update_fields=_FIELDS)
    if not is_other:
        return
    new = State(state, reason, data, ctx.now)
    record(ctx, alarm, "StateUpdate", f"Alarm updated from {old.value} to {state}", {
        "version": "1.0", "oldState": _kept(old), "newState": _kept(new),
    })  # fmt: skip
    seq = ctx.emit("cloudwatch.AlarmStateChanged", alarm.arn, {
        "by": ctx.caller.actor, "from": old.value, "to": state, "why": reason,
    })  # fmt: skip
    change = Change(
        alarm.name, alarm.arn, alarm.account, alarm.region, alarm.settings, alarm.configured_at,
        old, new,
    )  # fmt: skip
    _tell(ctx, alarm, change, cause=seq)
    look_at_composites(ctx, alarm)


def look_at_composites(ctx: Context, child: Alarm) -> None:
    """Evaluate the composite alarms that look at an alarm."""
    for alarm in composites_of(child):
        evaluate_composite(ctx, alarm, child)


def composites_of(child: Alarm) -> list[Alarm]:
    """Return the composite alarms whose rule names an alarm."""
    found = Alarm.objects.filter(
        sandbox=child.sandbox, account=child.account, region=child.region, composite=True
    )
    named = {child.name, child.arn}
    return [
        alarm
        for alarm in found.order_by("id")
        if named & set(rules.alarms_in(rules.parse(alarm.settings["AlarmRule"])))
    ]


def evaluate_composite(ctx: Context, alarm: Alarm, child: Alarm | None) -> None:
    """Find out whether a composite alarm's rule holds; ``child`` is what has changed."""
    states = {}
    found = Alarm.objects.filter(
        sandbox=alarm.sandbox, account=alarm.account, region=alarm.region
    ).values_list("name", "arn", "state")
    for name, arn, state in found:
        states[name] = states[arn] = state
    rule = rules.parse(alarm.settings["AlarmRule"])
    state = ALARM if rules.holds(rule, lambda key: states.get(key, "")) else OK
    if state == alarm.state:
        return
    if child is None:
        reason = f"{alarm.arn} was created and its alarm rule evaluates to {state}"
        turn(ctx, alarm, state, reason, "")
        return
    at = notices.stamp(ctx.now)
    reason = f"{child.arn} transitioned to {child.state} at {at}"
    triggers = [{"arn": child.arn, "state": {"value": child.state, "timestamp": at}}]
    turn(ctx, alarm, state, reason, json.dumps({"triggeringAlarms": triggers}))


def record(ctx: Context, alarm: Alarm, kind: str, summary: str, data: dict[str, Any]) -> None:
    """Add to an alarm's history; what is older than thirty days goes."""
    HistoryItem.objects.create(
        id=ctx.new_id(), sandbox=ctx.sandbox, arn=alarm.arn, name=alarm.name,
        composite=alarm.composite, at=ctx.now, kind=kind, summary=summary, data=json.dumps(data),
    )  # fmt: skip
    HistoryItem.objects.filter(sandbox=ctx.sandbox, at__lt=ctx.now - HISTORY_MS).delete()


def settle(ctx: Context, packet: Packet, error: AwsError | None) -> None:
    """Take note of what became of an action."""
    if not packet.note:
        return
    alarm = Alarm.objects.filter(sandbox=ctx.sandbox, arn=packet.origin).first()
    if alarm is None:
        return
    told: dict[str, Any] = {"to": packet.target, "state": packet.note}
    done = {"actionState": "Succeeded", "notificationResource": packet.target}
    if error is None:
        ctx.emit("cloudwatch.ActionDone", alarm.arn, told, cause=packet.cause)
        summary = f"Successfully executed action {packet.target}"
    else:
        told |= {"code": error.code}
        ctx.emit("cloudwatch.ActionFailed", alarm.arn, told, cause=packet.cause)
        text = error.message or error.code
        summary = f"Failed to execute action {packet.target}. Received error: {text}"
        done |= {"actionState": "Failed", "error": text}
    record(ctx, alarm, "Action", summary, {"stateUpdateTimestamp": alarm.updated_at, **done})


def _tell(ctx: Context, alarm: Alarm, change: Change, *, cause: int) -> None:
    """Send a change to the default bus, and to the actions of the new state."""
    bus = build_arn(
        "events", region=alarm.region, account=alarm.account, resource="event-bus/default"
    )
    _send(ctx, alarm, bus, notices.event(change), cause, note="")
    if not alarm.settings.get("ActionsEnabled", True):
        return
    for action in alarm.settings.get(_ACTIONS[change.new.value], []):
        is_topic = parse_arn(action).service == "sns"
        body = notices.notification(change, action) if is_topic else notices.invocation(change)
        _send(ctx, alarm, action, body, cause, note=change.new.value)


def _send(ctx: Context, alarm: Alarm, to: str, body: str, cause: int, *, note: str) -> None:
    principal = _INVOKER if parse_arn(to).service == "lambda" else PRINCIPAL
    ctx.deliver(Packet(to, body, cause, principal, alarm.arn, alarm.arn, 0, ctx.now, note))


def _kept(state: State) -> dict[str, Any]:
    found: dict[str, Any] = {"stateValue": state.value, "stateReason": state.reason}
    return found | ({"stateReasonData": json.loads(state.data)} if state.data else {})
