"""Create, find, list, configure, purge and delete queues."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.arns import build_arn, parse_arn
from messaging.kernel.context import Context
from messaging.kernel.paging import BadToken, page
from messaging.sqs import limits, sweeping
from messaging.sqs.addressing import check_allowed, queue_of
from messaging.sqs.domain import redrive
from messaging.sqs.domain.attribute_queries import (
    QueueFacts,
    answer,
    asked_names,
    needs_counts,
)
from messaging.sqs.domain.attributes import (
    QueueSettings,
    attribute_map,
    change_settings,
    check_same,
    create_settings,
)
from messaging.sqs.domain.names import queue_url
from messaging.sqs.errors import (
    InvalidParameterValue,
    MissingParameter,
    PurgeQueueInProgress,
    QueueDeletedRecently,
    QueueDoesNotExist,
)
from messaging.sqs.models import DeletedQueue, MoveTask, Queue
from messaging.sqs.store import queues
from messaging.sqs.tagging import check_tags


def create_queue(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create a queue, or return the one that is there with the same attributes (Q1, Q2, Q7)."""
    name = req.get("QueueName")
    if name is None:
        raise MissingParameter.of("QueueName")
    attributes = req.get("Attributes") or {}
    settings = create_settings(name, attributes)
    existing = queues.by_name(ctx, ctx.account, ctx.region, name)
    if existing is not None:
        check_same(existing.settings, name, attributes)
        return {"QueueUrl": queue_url(ctx.caller.host, ctx.account, name)}
    _check_not_deleted_recently(ctx, name)
    arn = build_arn("sqs", region=ctx.region, account=ctx.account, resource=name)
    _check_redrive(ctx, arn, settings)
    tags = req.get("tags") or {}
    check_tags(tags, {})
    Queue.objects.create(
        id=ctx.new_id(),
        sandbox=ctx.sandbox,
        account=ctx.account,
        region=ctx.region,
        name=name,
        arn=arn,
        fifo=settings.fifo,
        attributes=attribute_map(settings),
        tags=tags,
        created_at=ctx.now,
        modified_at=ctx.now,
    )
    # Nothing that is known of other queues changes, but for whose dead letters go where.
    ctx.world.version += 1
    ctx.world.caches.pop("sqs.sources", None)
    told = {"by": ctx.caller.actor, "attributes": attributes}
    ctx.emit("sqs.QueueCreated", arn, {**told, "tags": tags} if tags else told)
    return {"QueueUrl": queue_url(ctx.caller.host, ctx.account, name)}


def get_queue_url(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the URL of a queue by its name and, for another account's queue, its owner."""
    name = req.get("QueueName")
    if name is None:
        raise MissingParameter.of("QueueName")
    owner = req.get("QueueOwnerAWSAccountId") or ctx.account
    queue = queues.by_name(ctx, owner, ctx.region, name)
    if queue is None:
        raise QueueDoesNotExist
    if owner != ctx.account:
        check_allowed(ctx, queue, "GetQueueUrl")
    return {"QueueUrl": queue_url(ctx.caller.host, owner, name)}


def list_queues(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return up to 1,000 queue URLs of the caller's account and Region, by name (Q7)."""
    limit = req.get("MaxResults")
    if limit is not None and not 1 <= limit <= limits.LIST_QUEUES_MAX:
        raise InvalidParameterValue.of(
            "MaxResults", limit, reason="MaxResults must be an integer between 1 and 1000."
        )
    found = Queue.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    prefix = req.get("QueueNamePrefix") or ""
    found = found.filter(name__startswith=prefix) if queues.is_storable(prefix) else found.none()
    # LIKE does not tell capitals from small letters on SQLite.
    names = [name for name in found.values_list("name", flat=True) if name.startswith(prefix)]
    names, token = _page(ctx, req, sorted(names), limit)
    result: dict[str, Any] = {}
    if names:
        result["QueueUrls"] = [queue_url(ctx.caller.host, ctx.account, name) for name in names]
    if token and limit is not None:
        result["NextToken"] = token
    return result


def get_queue_attributes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes that are asked for; counters are exact here (S7 says approximate)."""
    queue = queue_of(ctx, req, "GetQueueAttributes")
    asked = asked_names(req.get("AttributeNames") or ())
    counts = queues.counters(ctx, queue.id) if needs_counts(asked) else (0, 0, 0)
    facts = QueueFacts(queue.arn, queue.created_at // 1000, queue.modified_at // 1000, *counts)
    chosen = answer(asked, attribute_map(queue.settings), facts)
    return {"Attributes": chosen} if chosen else {}


def set_queue_attributes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change attributes; they take effect at once (S7 allows up to 60 s)."""
    queue = queue_of(ctx, req, "SetQueueAttributes")
    attributes = req.get("Attributes")
    if not attributes:
        raise MissingParameter.of("Attribute.Name")
    settings = change_settings(queue.settings, attributes)
    if "RedrivePolicy" in attributes:
        _check_redrive(ctx, queue.arn, settings)
    Queue.objects.filter(pk=queue.id).update(
        attributes=attribute_map(settings), modified_at=ctx.now
    )
    if queue.fifo and settings.delay_s != queue.settings.delay_s:
        sweeping.redelay(ctx, queue, settings.delay_s)
    if settings.retention_s < queue.settings.retention_s:
        ctx.flush()
        sweeping.expire(ctx, queue, settings.retention_s)
    ctx.reconfigured()
    ctx.emit("sqs.AttributesSet", queue.arn, {"by": ctx.caller.actor, "attributes": attributes})
    return {}


def delete_queue(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a queue with everything in it; its name is free again after 60 s (Q2)."""
    queue = queue_of(ctx, req, "DeleteQueue")
    sweeping.clear(ctx, queue)
    ctx.flush()
    MoveTask.objects.filter(queue_id=queue.id).delete()
    Queue.objects.filter(pk=queue.id).delete()
    DeletedQueue.objects.update_or_create(
        sandbox=ctx.sandbox,
        account=queue.account,
        region=queue.region,
        name=queue.name,
        defaults={"until": ctx.now + limits.DELETED_RECENTLY_S * 1000},
    )
    ctx.reconfigured()
    ctx.emit("sqs.QueueDeleted", queue.arn, {"by": ctx.caller.actor})
    ctx.wake(queue.arn, 1_000_000)
    return {}


def purge_queue(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete all messages, those in flight too, at most once every 60 s (Q3)."""
    queue = queue_of(ctx, req, "PurgeQueue")
    over = ctx.now - limits.PURGE_INTERVAL_S * 1000
    recently = queue.purged_at is not None and queue.purged_at > over
    if recently and not ctx.world.lenient:
        raise PurgeQueueInProgress.of(queue.name)
    count = sweeping.clear(ctx, queue)
    Queue.objects.filter(pk=queue.id).update(purged_at=ctx.now)
    ctx.reconfigured()
    ctx.emit("sqs.QueuePurged", queue.arn, {"by": ctx.caller.actor, "count": count})
    return {}


def _check_not_deleted_recently(ctx: Context, name: str) -> None:
    deleted = DeletedQueue.objects.filter(
        sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=name
    ).first()
    if deleted is None:
        return
    if deleted.until > ctx.now and not ctx.world.lenient:
        raise QueueDeletedRecently
    deleted.delete()


def _check_redrive(ctx: Context, arn: str, settings: QueueSettings) -> None:
    """Check that the dead-letter queue exists, fits, and lets this queue in (L1, L5)."""
    policy = settings.redrive
    if policy is None:
        return
    redrive.check_target(policy, parse_arn(arn))
    target = queues.by_arn(ctx, policy.dlq_arn)
    if target is None:
        raise redrive.target_missing(policy)
    if not redrive.allows_source(target.settings.redrive_allow, arn):
        raise redrive.target_refuses(policy)


def _page(
    ctx: Context, req: Mapping[str, Any], names: list[str], limit: int | None
) -> tuple[list[str], str | None]:
    scope = f"sqs:ListQueues:{ctx.account}:{ctx.region}:{req.get('QueueNamePrefix') or ''}"
    try:
        return page(
            names, req.get("NextToken"), limit or limits.LIST_QUEUES_MAX, key=str, scope=scope
        )
    except BadToken:
        raise InvalidParameterValue("Invalid or expired next token.") from None
