"""Groups of schedules, and their tags."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.kernel.tags import find_problem, merge_tags, remove_tags
from messaging.scheduler.addressing import (
    default_group,
    group_arn,
    group_of,
    group_of_arn,
)
from messaging.scheduler.errors import ConflictException, ValidationException
from messaging.scheduler.limits import DEFAULT_GROUP
from messaging.scheduler.listing import paged
from messaging.scheduler.models import Group, Schedule


def create_schedule_group(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create a group; raises ConflictException where the name is taken."""
    name, arn = req["Name"], group_arn(ctx, req["Name"])
    taken = Group.objects.filter(sandbox=ctx.sandbox, arn=arn).exists()
    if taken or name == DEFAULT_GROUP:
        raise ConflictException(f"Schedule group {name} already exists.")
    tags = _read_tags(req.get("Tags", ()), {})
    Group.objects.create(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=name,
        arn=arn, tags=tags, created_at=ctx.now, modified_at=ctx.now,
    )  # fmt: skip
    ctx.emit("scheduler.GroupCreated", arn, {"by": ctx.caller.actor})
    return {"ScheduleGroupArn": arn}


def get_schedule_group(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a group."""
    return _shown(group_of(ctx, req["Name"]))


def list_schedule_groups(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return groups by name, the default group among them."""
    found = list(Group.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region))
    if all(group.name != DEFAULT_GROUP for group in found):
        found.append(default_group(ctx))
    prefix = req.get("NamePrefix") or ""
    names = sorted(
        (group for group in found if group.name.startswith(prefix)), key=lambda group: group.name
    )
    chosen, token = paged(req, names, "groups")
    return {"ScheduleGroups": [_shown(group) for group in chosen], "NextToken": token}


def delete_schedule_group(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a group with all of its schedules."""
    name = req["Name"]
    if name == DEFAULT_GROUP:
        raise ValidationException("Deletion of the default schedule group is not allowed.")
    group = group_of(ctx, name)
    for schedule in Schedule.objects.filter(
        sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, group=name
    ):
        ctx.emit("scheduler.ScheduleDeleted", schedule.arn, {"by": ctx.caller.actor})
        schedule.delete()
    group.delete()
    ctx.reconfigured()
    ctx.emit("scheduler.GroupDeleted", group.arn, {"by": ctx.caller.actor})
    return {}


def tag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags to a group."""
    group = group_of_arn(ctx, req["ResourceArn"])
    _save_tags(ctx, group, _read_tags(req["Tags"], group.tags))
    return {}


def untag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take tags from a group."""
    group = group_of_arn(ctx, req["ResourceArn"])
    _save_tags(ctx, group, remove_tags(group.tags, req["TagKeys"]))
    return {}


def list_tags_for_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a group's tags."""
    tags = group_of_arn(ctx, req["ResourceArn"]).tags
    return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]}


def _save_tags(ctx: Context, group: Group, tags: dict[str, str]) -> None:
    group.tags = tags
    if not group.pk:
        group.id = ctx.new_id()
        group.save(force_insert=True)
    else:
        group.save(update_fields=("tags",))
    ctx.emit("scheduler.TagsSet", group.arn, {"by": ctx.caller.actor, "tags": tags})


def _read_tags(pairs: Any, existing: Mapping[str, str]) -> dict[str, str]:
    tags = {pair["Key"]: pair["Value"] for pair in pairs}
    problem = find_problem(tags, existing=existing)
    if problem is not None:
        raise ValidationException(problem.text)
    return merge_tags(existing, tags)


def _shown(group: Group) -> dict[str, Any]:
    return {
        "Arn": group.arn,
        "Name": group.name,
        "State": "ACTIVE",
        "CreationDate": group.created_at,
        "LastModificationDate": group.modified_at,
    }
