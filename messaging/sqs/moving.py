"""Message move tasks at work: messages leave a dead-letter queue at a bounded rate (L6)."""

import orjson

from messaging.kernel.context import Context
from messaging.kernel.ids import SEQUENCE_MASK, number_of, seeded_uuid
from messaging.sqs import limits, transitions
from messaging.sqs.delivering import extra_of, of_groups
from messaging.sqs.domain import move_tasks
from messaging.sqs.domain.fifo import dedup_token
from messaging.sqs.models import MoveTask
from messaging.sqs.store import messages, queues
from messaging.sqs.store.memory import DEDUP
from messaging.sqs.store.messages import Row
from messaging.sqs.store.queues import QueueRecord
from messaging.sqs.transitions import Draft

STEP_MS = 100
STEP_MESSAGES = 100


def as_task(ctx: Context, stored: MoveTask) -> move_tasks.MoveTask:
    """Return a stored task as the value that the rules are about."""
    return move_tasks.MoveTask(
        task_id=seeded_uuid(ctx.world.secret, number_of(stored.pk)),
        source_arn=stored.source_arn,
        destination_arn=stored.destination_arn or None,
        rate=stored.max_per_second,
        started_at=stored.started_at,
        to_move=stored.to_move,
        moved=stored.moved,
        status=stored.status,  # type: ignore[arg-type]
        failure=stored.failure,
    )


def store(ctx: Context, stored: MoveTask, task: move_tasks.MoveTask) -> None:
    """Write a task back, with the moment of its next step."""
    due = move_tasks.next_due(task)
    stored.status, stored.moved, stored.failure = task.status, task.moved, task.failure
    # several messages a step: one step a message would be 500 steps a second
    stored.next_at = None if due is None else max(due, ctx.now + STEP_MS)
    stored.save(update_fields=["status", "moved", "failure", "next_at"])
    if stored.next_at is not None:
        ctx.due(stored.next_at)
    else:
        ctx.emit("sqs.MoveTaskFinished", stored.source_arn, {
            "status": task.status, "moved": task.moved, "failure": task.failure,
        })  # fmt: skip


def run_due(ctx: Context) -> None:
    """Let every task that is due take its next step."""
    for stored in MoveTask.objects.filter(sandbox=ctx.sandbox, next_at__lte=ctx.now).order_by("id"):
        store(ctx, stored, _step(ctx, stored))


def _step(ctx: Context, stored: MoveTask) -> move_tasks.MoveTask:
    task = as_task(ctx, stored)
    source = queues.by_arn(ctx, task.source_arn)
    if source is None:
        return move_tasks.fail(task)
    wanted = min(move_tasks.due_count(task, ctx.now), STEP_MESSAGES)
    rows = _movable(ctx, source, wanted) if wanted else []
    moved = 0
    for row in rows:
        home = task.destination_arn or extra_of(row).get("source", "")
        target = queues.by_arn(ctx, home)
        if target is None:
            done = move_tasks.record_moved(task, moved, source_empty=False, now_ms=ctx.now)
            reason = move_tasks.DESTINATION_GONE if home else move_tasks.NO_SOURCE
            return move_tasks.fail(done, reason)
        _redrive(ctx, source, target, row)
        moved += 1
    empty = bool(wanted) and len(rows) < wanted
    return move_tasks.record_moved(task, moved, source_empty=empty, now_ms=ctx.now)


def _movable(ctx: Context, source: QueueRecord, count: int) -> list[Row]:
    if source.fifo:
        return of_groups(ctx, source, count, held=sum(queues.counters(ctx, source.id)))
    return messages.select(ctx.db, messages.READY, source.id, ctx.now, count, lock=True)


def _redrive(ctx: Context, source: QueueRecord, target: QueueRecord, row: Row) -> None:
    """Move one message: it gets a new id, a new enqueue time and a new retention."""
    left = transitions.delete(ctx, source, [row], kind=transitions.MOVED, to=target.arn)
    extra = {key: value for key, value in extra_of(row).items() if key in ("sender", "trace")}
    draft = Draft(
        row.body,
        row.attributes,
        orjson.dumps(extra).decode() if extra else None,
        0,
        row.group_id or row.tenant,
        row.dedup_id,
    )
    [number] = transitions.send(ctx, target, [draft], cause=left)
    if target.fifo and row.group_id and row.dedup_id:
        token = dedup_token(target.settings.dedup_scope, row.group_id, row.dedup_id)
        until = ctx.now + limits.DEDUPLICATION_S * 1000
        ctx.insert(DEDUP, (ctx.sandbox, target.id, token, until, number, number & SEQUENCE_MASK))
    ctx.flush()
