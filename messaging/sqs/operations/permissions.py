"""AddPermission and RemovePermission: statements of a queue's policy by label."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.sqs.addressing import queue_of
from messaging.sqs.domain import permissions
from messaging.sqs.domain.attributes import attribute_map, change_settings
from messaging.sqs.errors import MissingParameter
from messaging.sqs.models import Queue
from messaging.sqs.store.queues import QueueRecord


def add_permission(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let other accounts call some actions of a queue."""
    queue = queue_of(ctx, req, "AddPermission")
    policy = permissions.add_permission(
        queue.settings.policy,
        queue_arn=queue.arn,
        label=_label(req),
        account_ids=req.get("AWSAccountIds") or (),
        actions=req.get("Actions") or (),
    )
    _store(ctx, queue, policy)
    return {}


def remove_permission(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take back the statement that AddPermission gave a label."""
    queue = queue_of(ctx, req, "RemovePermission")
    _store(ctx, queue, permissions.remove_permission(queue.settings.policy, label=_label(req)))
    return {}


def _label(req: Mapping[str, Any]) -> str:
    label = req.get("Label")
    if not label:
        raise MissingParameter.of("Label")
    return str(label)


def _store(ctx: Context, queue: QueueRecord, policy: str) -> None:
    settings = change_settings(queue.settings, {"Policy": policy})
    Queue.objects.filter(pk=queue.id).update(
        attributes=attribute_map(settings), modified_at=ctx.now
    )
    ctx.reconfigured()
    ctx.emit(
        "sqs.AttributesSet", queue.arn, {"by": ctx.caller.actor, "attributes": {"Policy": policy}}
    )
