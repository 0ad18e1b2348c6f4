"""From names and ARNs to schedules and groups."""

import re
from collections.abc import Mapping
from typing import Any, Final

from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context
from messaging.scheduler.errors import ResourceNotFoundException, ValidationException
from messaging.scheduler.limits import DEFAULT_GROUP
from messaging.scheduler.models import Group, Schedule

NAME: Final = re.compile(r"[0-9a-zA-Z\-_.]{1,64}")


def schedule_arn(ctx: Context, group: str, name: str) -> str:
    return build_arn(
        "scheduler", region=ctx.region, account=ctx.account, resource=f"schedule/{group}/{name}"
    )


def group_arn(ctx: Context, name: str) -> str:
    return build_arn(
        "scheduler", region=ctx.region, account=ctx.account, resource=f"schedule-group/{name}"
    )


def schedule_of(ctx: Context, req: Mapping[str, Any]) -> Schedule:
    """Return the schedule that a request names; raises ResourceNotFoundException."""
    group, name = req.get("GroupName") or DEFAULT_GROUP, req["Name"]
    found = find_schedule(ctx, group, name)
    if found is None:
        raise ResourceNotFoundException(f"Schedule {name} does not exist.")
    return found


def find_schedule(ctx: Context, group: str, name: str) -> Schedule | None:
    """Return a schedule, or None."""
    arn = schedule_arn(ctx, group, name)
    return Schedule.objects.filter(sandbox=ctx.sandbox, arn=arn).first()


def group_of(ctx: Context, name: str) -> Group:
    """Return a group; the default one has no row until it is changed. Raises if there is none."""
    arn = group_arn(ctx, name)
    found = Group.objects.filter(sandbox=ctx.sandbox, arn=arn).first()
    if found is not None:
        return found
    if name != DEFAULT_GROUP:
        raise ResourceNotFoundException(f"Schedule group {name} does not exist.")
    return default_group(ctx)


def default_group(ctx: Context) -> Group:
    """Return the group that is there from the beginning."""
    return Group(
        id=0, sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=DEFAULT_GROUP,
        arn=group_arn(ctx, DEFAULT_GROUP), created_at=ctx.now, modified_at=ctx.now,
    )  # fmt: skip


def group_of_arn(ctx: Context, arn: str) -> Group:
    """Return the group that an ARN names: only groups have tags. Raises when there is none."""
    _, _, resource = arn.partition(":schedule-group/")
    if not resource or not NAME.fullmatch(resource):
        raise ValidationException(f"Invalid resource ARN {arn}: only schedule groups have tags.")
    if arn != group_arn(ctx, resource):
        raise ResourceNotFoundException(f"Schedule group {resource} does not exist.")
    return group_of(ctx, resource)
