"""Tags of buses and rules."""

from collections.abc import Mapping
from typing import Any

from messaging.events.addressing import bus_of, find_rule
from messaging.events.checking import check
from messaging.events.domain.names import bus_name, bus_of_rule, last_name
from messaging.events.errors import ResourceNotFoundException, ValidationException
from messaging.events.models import EventBus, Rule
from messaging.events.tagging import read_tags, write_tags
from messaging.events.transitions import put_to_use
from messaging.kernel.context import Context
from messaging.kernel.tags import merge_tags, remove_tags


def list_tags_for_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tags of a bus or a rule."""
    check("ListTagsForResource", req)
    tagged = _tagged(ctx, req["ResourceARN"], "ListTagsForResource")
    return {"Tags": [] if tagged is None else write_tags(tagged.tags)}


def tag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags; a tag with the same key takes the new value."""
    check("TagResource", req)
    tagged = _used(ctx, req["ResourceARN"], "TagResource")
    added = read_tags(req["Tags"], tagged.tags)
    _store(ctx, tagged, merge_tags(tagged.tags, added))
    return {}


def untag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Remove tags by key; keys that are not there do not matter."""
    check("UntagResource", req)
    tagged = _used(ctx, req["ResourceARN"], "UntagResource")
    _store(ctx, tagged, remove_tags(tagged.tags, req["TagKeys"]))
    return {}


def _used(ctx: Context, arn: str, action: str) -> EventBus | Rule:
    """Return what has this ARN; a default bus is in use from now on."""
    tagged = _tagged(ctx, arn, action)
    return tagged or EventBus.objects.get(pk=put_to_use(ctx, bus_of(ctx, arn, action)).id)


def _tagged(ctx: Context, arn: str, action: str) -> EventBus | Rule | None:
    """Return what has this ARN; None for a default bus that nobody has used yet."""
    home = bus_of_rule(arn)
    if home is not None:
        name, bus = last_name(arn), bus_of(ctx, home, action)
        rule = find_rule(ctx, bus, name)
        if rule is None:
            raise ResourceNotFoundException.rule(name, bus.name)
        return rule
    if not bus_name(arn):
        raise ValidationException.of("ResourceARN")
    return EventBus.objects.filter(pk=bus_of(ctx, arn, action).id).first()


def _store(ctx: Context, tagged: EventBus | Rule, tags: dict[str, str]) -> None:
    type(tagged)._default_manager.filter(pk=tagged.pk).update(tags=tags)
    ctx.reconfigured()
    ctx.emit("events.TagsSet", tagged.arn, {"by": ctx.caller.actor, "tags": tags})
