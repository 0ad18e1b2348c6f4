"""What a schedule goes through: planned, fired, delivered or refused, tried again, given up."""

import json
from typing import Any, Final

from messaging.kernel.context import Context
from messaging.kernel.errors import AwsError
from messaging.kernel.ids import seeded_uuid
from messaging.kernel.packets import Packet
from messaging.scheduler.domain import retries, targets, timing
from messaging.scheduler.domain.targets import Firing
from messaging.scheduler.models import Schedule

DELETE: Final = "DELETE"


def plan(ctx: Context, schedule: Schedule, *, after: int) -> None:
    """Set when the schedule is due next, behind ``after``; the row is not saved here."""
    schedule.next_at = schedule.due_at = None
    if schedule.settings["State"] != "ENABLED":
        return
    named = timing.next_time(schedule.settings, after, schedule.created_at)
    if named is not None:
        schedule.next_at = named
        schedule.due_at = timing.firing_time(schedule.settings, named, _share(ctx, schedule))
        ctx.due(schedule.due_at)


def _share(ctx: Context, schedule: Schedule) -> float:
    """Throw the dice for a place in the flexible window, where there is one."""
    flexible = schedule.settings["FlexibleTimeWindow"].get("Mode") == "FLEXIBLE"
    return ctx.rng.random() if flexible else 0.0


def fire(ctx: Context, schedule: Schedule) -> None:
    """Invoke the target of a schedule that is due, and plan its next time."""
    target = schedule.settings["Target"]
    named = schedule.next_at or ctx.now
    number = ctx.new_number()
    firing = Firing(schedule.arn, named, seeded_uuid(ctx.world.secret, number))
    fired = ctx.emit("scheduler.Fired", schedule.arn, {"m": number, "to": target["Arn"]})
    plan(ctx, schedule, after=max(named, ctx.now))
    is_over = schedule.next_at is None
    if is_over and schedule.settings["ActionAfterCompletion"] == DELETE:
        schedule.delete()
        ctx.reconfigured()
        ctx.emit("scheduler.ScheduleDeleted", schedule.arn, {"by": "engine"}, cause=fired)
    else:
        schedule.save(update_fields=("next_at", "due_at"))
    note = {"target": target, "m": number, "named": named, "execution": firing.execution}
    ctx.deliver(_packet(schedule.arn, target, firing, fired, ctx.now, note))


def settle(ctx: Context, packet: Packet, error: AwsError | None) -> None:
    """Take note of what became of an invocation; try again, or give it up."""
    note: dict[str, Any] = json.loads(packet.note)
    told = {"m": note["m"], "to": packet.target}
    if error is None:
        ctx.emit("scheduler.Delivered", packet.via, told, cause=packet.cause)
        return
    verdict = retries.judge(
        note["target"]["RetryPolicy"],
        attempts=packet.attempts + 1,
        age_ms=ctx.now - packet.first_at,
        code=error.code,
        status=error.status,
    )
    told |= {"code": error.code, "attempt": packet.attempts + 1}
    if verdict.after_ms is None:
        ctx.emit("scheduler.DeliveryFailed", packet.via, told, cause=packet.cause)
        _give_up(ctx, packet, note, error, verdict.exhausted)
        return
    told["next"] = ctx.now + verdict.after_ms
    ctx.emit("scheduler.DeliveryFailed", packet.via, told, cause=packet.cause)
    attempts = packet.attempts + 1
    firing = Firing(packet.via, note["named"], note["execution"])
    text = targets.said(note["target"], firing, attempts + 1)
    again = packet._replace(attempts=attempts, body=targets.body(note["target"], text))
    ctx.deliver(again, after_ms=verdict.after_ms)


def _packet(
    arn: str,
    target: dict[str, Any],
    firing: Firing,
    cause: int,
    now: int,
    note: dict[str, Any],
) -> Packet:
    return Packet(
        target["Arn"],
        targets.body(target, targets.said(target, firing, 1)),
        cause,
        principal=target["RoleArn"],
        via=arn,
        origin=arn,
        first_at=now,
        note=json.dumps(note),
    )


def _give_up(
    ctx: Context, packet: Packet, note: dict[str, Any], error: AwsError, exhausted: str
) -> None:
    """Put what could not be delivered into the dead-letter queue, or drop it."""
    dead = note["target"].get("DeadLetterConfig", {}).get("Arn")
    told = {"m": note["m"], "to": dead or "", "code": error.code}
    if not dead:
        ctx.emit("scheduler.Dropped", packet.via, told, cause=packet.cause)
        return
    attributes = {
        "ERROR_CODE": error.code,
        "ERROR_MESSAGE": error.message or error.code,
        "EXECUTION_ID": note["execution"],
        "RETRY_ATTEMPTS": str(packet.attempts),
        "SCHEDULE_ARN": packet.via,
        "TARGET_ARN": packet.target,
    } | ({"EXHAUSTED_RETRY_CONDITION": exhausted} if exhausted else {})
    letter = {
        "MessageBody": packet.body,
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    }
    cause = ctx.emit("scheduler.DeadLettered", packet.via, told, cause=packet.cause)
    try:
        ctx.deliver(
            Packet(dead, json.dumps(letter), cause, principal=packet.principal, via=packet.via)
        )
    except AwsError as refusal:
        ctx.emit("scheduler.Dropped", packet.via, told | {"code": refusal.code}, cause=cause)
