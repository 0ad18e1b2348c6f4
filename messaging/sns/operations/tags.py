"""Tags of topics."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.kernel.tags import merge_tags, remove_tags
from messaging.sns.addressing import find_topic
from messaging.sns.errors import ResourceNotFound
from messaging.sns.models import Topic
from messaging.sns.store.topics import TopicRecord
from messaging.sns.tagging import check_tags, listed, read_tags


def list_tags_for_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a topic's tags."""
    return {"Tags": listed(_tags_of(_topic(ctx, req)))}


def tag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags; a tag with the same key takes the new value."""
    topic = _topic(ctx, req)
    tags, existing = read_tags(req["Tags"]), _tags_of(topic)
    check_tags(tags, existing)
    _store(ctx, topic, merge_tags(existing, tags))
    return {}


def untag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Remove tags by key; keys that are not there do not matter."""
    topic = _topic(ctx, req)
    _store(ctx, topic, remove_tags(_tags_of(topic), req["TagKeys"]))
    return {}


def _topic(ctx: Context, req: Mapping[str, Any]) -> TopicRecord:
    topic = find_topic(ctx, req["ResourceArn"], "ResourceArn")
    if topic is None or topic.account != ctx.account:
        raise ResourceNotFound
    return topic


def _tags_of(topic: TopicRecord) -> dict[str, str]:
    tags: dict[str, str] = Topic.objects.values_list("tags", flat=True).get(pk=topic.id)
    return tags


def _store(ctx: Context, topic: TopicRecord, tags: dict[str, str]) -> None:
    Topic.objects.filter(pk=topic.id).update(tags=tags)
    ctx.emit("sns.TagsSet", topic.arn, {"by": ctx.caller.actor, "tags": tags})
