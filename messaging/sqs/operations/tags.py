"""Tags of queues."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.kernel.tags import merge_tags, remove_tags
from messaging.sqs.addressing import queue_of
from messaging.sqs.errors import MissingParameter
from messaging.sqs.models import Queue
from messaging.sqs.tagging import check_tags


def list_queue_tags(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a queue's tags; none are left out of the answer, as AWS does."""
    queue = queue_of(ctx, req, "ListQueueTags")
    tags = Queue.objects.values_list("tags", flat=True).get(pk=queue.id)
    return {"Tags": tags} if tags else {}


def tag_queue(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags; a tag with the same key takes the new value."""
    queue = queue_of(ctx, req, "TagQueue")
    tags = req.get("Tags")
    if not tags:
        raise MissingParameter.of("Tags")
    existing = Queue.objects.values_list("tags", flat=True).get(pk=queue.id)
    check_tags(tags, existing)
    _store(ctx, queue.id, queue.arn, merge_tags(existing, tags))
    return {}


def untag_queue(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Remove tags by key; keys that are not there do not matter."""
    queue = queue_of(ctx, req, "UntagQueue")
    keys = req.get("TagKeys")
    if not keys:
        raise MissingParameter.of("TagKeys")
    existing = Queue.objects.values_list("tags", flat=True).get(pk=queue.id)
    _store(ctx, queue.id, queue.arn, remove_tags(existing, keys))
    return {}


def _store(ctx: Context, queue_id: int, arn: str, tags: dict[str, str]) -> None:
    Queue.objects.filter(pk=queue_id).update(tags=tags)
    ctx.reconfigured()
    ctx.emit("sqs.TagsSet", arn, {"by": ctx.caller.actor, "tags": tags})
