"""Tags of alarms."""

from collections.abc import Mapping
from typing import Any

from messaging.cloudwatch.addressing import alarm_of_arn
from messaging.cloudwatch.configuring import read_tags
from messaging.cloudwatch.models import Alarm
from messaging.kernel.context import Context
from messaging.kernel.tags import remove_tags


def tag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags to an alarm."""
    alarm = alarm_of_arn(ctx, req["ResourceARN"])
    _save(ctx, alarm, read_tags(req["Tags"], alarm.tags))
    return {}


def untag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take tags from an alarm."""
    alarm = alarm_of_arn(ctx, req["ResourceARN"])
    _save(ctx, alarm, remove_tags(alarm.tags, req["TagKeys"]))
    return {}


def list_tags_for_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return an alarm's tags."""
    tags = alarm_of_arn(ctx, req["ResourceARN"]).tags
    return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]}


def _save(ctx: Context, alarm: Alarm, tags: dict[str, str]) -> None:
    alarm.tags = tags
    alarm.save(update_fields=("tags",))
    ctx.emit("cloudwatch.TagsSet", alarm.arn, {"by": ctx.caller.actor, "tags": tags})
