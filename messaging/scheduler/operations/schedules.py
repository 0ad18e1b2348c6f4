"""Create, change, look at and delete schedules."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.kernel.context import Context
from messaging.kernel.deliveries import withdraw
from messaging.kernel.errors import NotModelled
from messaging.scheduler import transitions
from messaging.scheduler.addressing import find_schedule, group_of, schedule_arn, schedule_of
from messaging.scheduler.domain import targets, timing
from messaging.scheduler.errors import ConflictException
from messaging.scheduler.limits import AGE_DEFAULT_S, DEFAULT_GROUP, RETRIES_DEFAULT
from messaging.scheduler.listing import paged
from messaging.scheduler.models import Schedule

SETTINGS: Final = (
    "ActionAfterCompletion",
    "Description",
    "EndDate",
    "FlexibleTimeWindow",
    "KmsKeyArn",
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "StartDate",
    "State",
    "Target",
)


def create_schedule(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create a schedule; the same ClientToken again returns the one that it made (SC1)."""
    group, name = req.get("GroupName") or DEFAULT_GROUP, req["Name"]
    settings = _read_settings(req)
    group_of(ctx, group)
    existing = find_schedule(ctx, group, name)
    token = req.get("ClientToken") or ""
    if existing is not None:
        if token and existing.token == token:
            return {"ScheduleArn": existing.arn}
        raise ConflictException(f"Schedule {name} already exists.")
    schedule = Schedule(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, group=group,
        name=name, arn=schedule_arn(ctx, group, name), settings=settings, token=token,
        created_at=ctx.now, modified_at=ctx.now,
    )  # fmt: skip
    transitions.plan(ctx, schedule, after=ctx.now)
    schedule.save(force_insert=True)
    _announce(ctx, "scheduler.ScheduleCreated", schedule)
    return {"ScheduleArn": schedule.arn}


def update_schedule(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Replace all of a schedule's settings: what is left out takes its default again."""
    schedule = schedule_of(ctx, req)
    schedule.settings = _read_settings(req)
    schedule.modified_at = ctx.now
    transitions.plan(ctx, schedule, after=ctx.now)
    schedule.save(update_fields=("settings", "modified_at", "next_at", "due_at"))
    _announce(ctx, "scheduler.ScheduleUpdated", schedule)
    return {"ScheduleArn": schedule.arn}


def get_schedule(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schedule with its settings."""
    schedule = schedule_of(ctx, req)
    return {
        **schedule.settings,
        "Arn": schedule.arn,
        "GroupName": schedule.group,
        "Name": schedule.name,
        "CreationDate": schedule.created_at,
        "LastModificationDate": schedule.modified_at,
    }


def list_schedules(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return schedules by group and name."""
    found = Schedule.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    if req.get("GroupName"):
        group_of(ctx, req["GroupName"])
        found = found.filter(group=req["GroupName"])
    prefix, state = req.get("NamePrefix") or "", req.get("State")
    items = [
        schedule
        for schedule in sorted(found, key=lambda schedule: schedule.arn)
        if schedule.name.startswith(prefix) and state in (None, schedule.settings["State"])
    ]
    chosen, token = paged(req, items, f"schedules of {req.get('GroupName')}")
    return {"Schedules": [_summary(schedule) for schedule in chosen], "NextToken": token}


def delete_schedule(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a schedule; what still waits for another try is not tried again."""
    schedule = schedule_of(ctx, req)
    schedule.delete()
    withdraw(ctx, schedule.arn)
    ctx.reconfigured()
    ctx.emit("scheduler.ScheduleDeleted", schedule.arn, {"by": ctx.caller.actor})
    return {}


def _read_settings(req: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a request asks for, checked and with its defaults; raises AwsError."""
    settings = {name: req[name] for name in SETTINGS if req.get(name) is not None}
    settings.setdefault("State", "ENABLED")
    settings.setdefault("ScheduleExpressionTimezone", "UTC")
    settings.setdefault("ActionAfterCompletion", "NONE")
    timing.read(settings)
    timing.check_span(settings)
    timing.check_window(settings["FlexibleTimeWindow"])
    target = settings["Target"] = dict(settings["Target"])
    targets.check(target)
    if targets.is_universal(target):
        raise NotModelled("Signalbox does not model universal targets of EventBridge Scheduler.")
    retries = {"MaximumEventAgeInSeconds": AGE_DEFAULT_S, "MaximumRetryAttempts": RETRIES_DEFAULT}
    target["RetryPolicy"] = retries | target.get("RetryPolicy", {})
    return settings


def _announce(ctx: Context, kind: str, schedule: Schedule) -> None:
    ctx.reconfigured()
    told = {name: value for name, value in schedule.settings.items() if name in _TOLD}
    ctx.emit(kind, schedule.arn, {"by": ctx.caller.actor, **told, "target": _target(schedule)})


_TOLD: Final = ("ScheduleExpression", "ScheduleExpressionTimezone", "State")


def _target(schedule: Schedule) -> dict[str, str]:
    target = schedule.settings["Target"]
    dead = target.get("DeadLetterConfig", {}).get("Arn")
    return {"Arn": target["Arn"]} | ({"DeadLetter": dead} if dead else {})


def _summary(schedule: Schedule) -> dict[str, Any]:
    return {
        "Arn": schedule.arn,
        "GroupName": schedule.group,
        "Name": schedule.name,
        "State": schedule.settings["State"],
        "CreationDate": schedule.created_at,
        "LastModificationDate": schedule.modified_at,
        "Target": {"Arn": schedule.settings["Target"]["Arn"]},
    }
