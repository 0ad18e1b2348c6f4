"""Dead-letter queues: whose they are, and moving messages out of them."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.arns import parse_arn
from messaging.kernel.context import Context
from messaging.kernel.ids import number_of, seeded_uuid
from messaging.kernel.paging import BadToken, page
from messaging.sqs import limits, moving
from messaging.sqs.addressing import queue_of
from messaging.sqs.domain import move_tasks
from messaging.sqs.domain.names import queue_url
from messaging.sqs.errors import (
    InvalidParameterValue,
    MissingParameter,
    ResourceNotFoundException,
)
from messaging.sqs.models import MoveTask
from messaging.sqs.store import queues
from messaging.sqs.store.queues import QueueRecord

_ACTIVE = ("RUNNING", "CANCELLING")


def list_dead_letter_source_queues(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the URLs of the queues whose redrive policy names this queue."""
    queue = queue_of(ctx, req, "ListDeadLetterSourceQueues")
    limit = req.get("MaxResults")
    if limit is not None and not 1 <= limit <= limits.LIST_SOURCE_QUEUES_MAX:
        raise InvalidParameterValue.of(
            "MaxResults", limit, reason="MaxResults must be an integer between 1 and 1000."
        )
    names = [source.name for source in queues.sources_of(ctx, queue.arn)]
    try:
        names, token = page(
            names,
            req.get("NextToken"),
            limit or limits.LIST_SOURCE_QUEUES_MAX,
            key=str,
            scope=f"sqs:ListDeadLetterSourceQueues:{queue.arn}",
        )
    except BadToken:
        raise InvalidParameterValue("Invalid or expired next token.") from None
    urls = [queue_url(ctx.caller.host, queue.account, name) for name in names]
    return {"queueUrls": urls, "NextToken": token} if token else {"queueUrls": urls}


def start_message_move_task(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Begin to move messages out of a dead-letter queue, to their sources or one queue (L6)."""
    source = _source(ctx, req)
    rate = req.get("MaxNumberOfMessagesPerSecond")
    move_tasks.check_rate(rate)
    active = MoveTask.objects.filter(sandbox=ctx.sandbox, status__in=_ACTIVE)
    move_tasks.check_start(
        is_dlq=bool(queues.sources_of(ctx, source.arn)),
        source_busy=active.filter(source_arn=source.arn).exists(),
        active_in_account=active.filter(source_arn__contains=f":{ctx.account}:").count(),
    )
    destination = req.get("DestinationArn") or ""
    if destination:
        _check_destination(ctx, source, destination)
    visible, _, _ = queues.counters(ctx, source.id)
    stored = MoveTask.objects.create(
        id=ctx.new_id(),
        sandbox=ctx.sandbox,
        queue_id=source.id,
        source_arn=source.arn,
        destination_arn=destination,
        max_per_second=rate,
        status="RUNNING",
        to_move=visible,
        started_at=ctx.now,
        next_at=ctx.now + moving.STEP_MS,
    )
    ctx.due(ctx.now + moving.STEP_MS)
    ctx.emit("sqs.MoveTaskStarted", source.arn, {"by": ctx.caller.actor, "count": visible})
    return {"TaskHandle": move_tasks.encode_task_handle(moving.as_task(ctx, stored))}


def cancel_message_move_task(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Stop a running move task; what was moved stays moved (L6)."""
    handle = req.get("TaskHandle")
    if not handle:
        raise MissingParameter.of("TaskHandle")
    task_id, source_arn = move_tasks.decode_task_handle(handle)
    stored = _task(ctx, task_id, source_arn)
    task = move_tasks.cancel(moving.as_task(ctx, stored))
    moving.store(ctx, stored, task)
    ctx.emit("sqs.MoveTaskCancelled", source_arn, {"by": ctx.caller.actor, "moved": task.moved})
    return {"ApproximateNumberOfMessagesMoved": task.moved}


def list_message_move_tasks(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the newest move tasks of a queue: one, or up to ten if asked (L6)."""
    source = _source(ctx, req)
    limit = req.get("MaxResults", 1)
    if not 1 <= limit <= limits.MOVE_TASKS_LISTED_MAX:
        raise InvalidParameterValue(
            "Value for parameter MaxResults is invalid. Reason: You must enter a number that's"
            f" between 1 and {limits.MOVE_TASKS_LISTED_MAX}."
        )
    found = MoveTask.objects.filter(sandbox=ctx.sandbox, source_arn=source.arn)[:limit]
    return {"Results": [move_tasks.render(moving.as_task(ctx, stored)) for stored in found]}


def _source(ctx: Context, req: Mapping[str, Any]) -> QueueRecord:
    arn = req.get("SourceArn")
    if not arn:
        raise MissingParameter.of("SourceArn")
    try:
        parse_arn(arn)
    except ValueError:
        raise InvalidParameterValue.of("SourceArn", arn, reason="Not an ARN.") from None
    queue = queues.by_arn(ctx, arn)
    if queue is None or queue.account != ctx.account:
        raise ResourceNotFoundException.of("SourceArn")
    return queue


def _check_destination(ctx: Context, source: QueueRecord, arn: str) -> None:
    """Check that the messages of ``source`` can live in the queue ``arn``."""
    target = queues.by_arn(ctx, arn)
    if target is None or target.account != ctx.account:
        raise ResourceNotFoundException.of("DestinationArn")
    if target.fifo != source.fifo:
        raise InvalidParameterValue.of(
            "DestinationArn", arn, reason="The destination must be of the same type as the source."
        )


def _task(ctx: Context, task_id: str, source_arn: str) -> MoveTask:
    source = queues.by_arn(ctx, source_arn)
    tasks = MoveTask.objects.filter(queue_id=source.id) if source is not None else ()
    for stored in tasks:
        if seeded_uuid(ctx.world.secret, number_of(stored.pk)) == task_id:
            return stored
    raise ResourceNotFoundException("Task does not exist.")
