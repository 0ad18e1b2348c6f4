"""Rows of a copied sandbox that are put back to a moment, and what is counted of them."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from django.db.models import Count, Max, Q, QuerySet

from messaging.kernel.ids import number_of
from messaging.sqs import limits
from messaging.sqs.domain.attributes import settings_of
from messaging.sqs.domain.fifo import dedup_token
from messaging.sqs.models import (
    Dedup,
    DeletedQueue,
    Group,
    Message,
    MoveTask,
    Queue,
    ReceiveAttempt,
    Tenant,
)

CHUNK: Final = 500
_OF_QUEUE: Final = (Message, Group, Tenant, Dedup, ReceiveAttempt, MoveTask)


class Stored(NamedTuple):
    """A message's row without what never changes and may be large: its body and attributes."""

    id: int
    queue_id: int
    extra: str | None
    sent_at: int
    kept_since: int
    visible_at: int
    hidden: int
    receives: int
    first_at: int | None
    received_at: int | None
    group_id: str | None
    tenant: str | None
    dedup_id: str | None
    position: int
    last_event: int


def stored(sandbox: int) -> list[Stored]:
    """Return all messages of a sandbox."""
    rows = Message.objects.filter(sandbox=sandbox).values_list(*Stored._fields)
    return [Stored(*row) for row in rows.iterator()]


def put(row: Stored) -> None:
    """Write a message's columns."""
    Message.objects.filter(pk=row.id).update(**row._asdict())


def remove(ids: Sequence[int]) -> None:
    """Delete messages."""
    for start in range(0, len(ids), CHUNK):
        Message.objects.filter(pk__in=ids[start : start + CHUNK]).delete()


def forget_queues(sandbox: int, ids: Sequence[int], at: int) -> None:
    """Delete queues that were not there yet, and what belongs to later times than ``at``."""
    for table in _OF_QUEUE[1:]:
        table.objects.filter(queue_id__in=ids).delete()
    Queue.objects.filter(pk__in=ids).delete()
    DeletedQueue.objects.filter(
        Q(until__lte=at) | Q(until__gt=at + limits.DELETED_RECENTLY_S * 1000), sandbox=sandbox
    ).delete()
    MoveTask.objects.filter(sandbox=sandbox, started_at__gt=at).delete()
    for table, lasts_s in (
        (Dedup, limits.DEDUPLICATION_S),
        (ReceiveAttempt, limits.RECEIVE_ATTEMPT_S),
    ):
        table.objects.filter(sandbox=sandbox, until__gt=at + lasts_s * 1000).delete()


def free_name(queue: Queue) -> None:
    """Let a queue that is there have its name."""
    DeletedQueue.objects.filter(
        sandbox=queue.sandbox, account=queue.account, region=queue.region, name=queue.name
    ).delete()


def resume_task(sandbox: int, source_arn: str, started_at: int, *, moved: int) -> None:
    """Let a move task that has ended since go on."""
    task = MoveTask.objects.filter(
        sandbox=sandbox, source_arn=source_arn, started_at=started_at
    ).first()
    if task is not None:
        task.status, task.moved, task.failure, task.next_at = "RUNNING", moved, "", started_at
        task.save(update_fields=["status", "moved", "failure", "next_at"])


def recount(sandbox: int, at: int) -> None:
    """Count anew what queues, groups and tenants know of their messages."""
    messages = Message.objects.filter(sandbox=sandbox)
    _count_states(sandbox, messages)
    for table in (Group, Tenant):
        table.objects.filter(sandbox=sandbox).delete()
    Group.objects.bulk_create(_groups(sandbox, messages), batch_size=CHUNK)
    Tenant.objects.bulk_create(_tenants(sandbox, messages, at), batch_size=CHUNK)
    Dedup.objects.bulk_create(
        _remembered(sandbox, messages, at), batch_size=CHUNK, ignore_conflicts=True
    )


def _count_states(sandbox: int, messages: QuerySet[Message]) -> None:
    Queue.objects.filter(sandbox=sandbox).update(visible=0, in_flight=0, delayed=0)
    counted = messages.values_list("queue_id", "hidden").annotate(Count("id")).order_by()
    for queue_id, hidden, count in counted:
        column = ("visible", "in_flight", "delayed")[hidden]
        Queue.objects.filter(pk=queue_id).update(**{column: count})


def _groups(sandbox: int, messages: QuerySet[Message]) -> Iterator[Group]:
    rows = (
        messages.filter(group_id__isnull=False)
        .order_by("queue_id", "group_id", "position")
        .values_list("queue_id", "group_id", "position", "visible_at", "hidden", "receives")
    )
    for (queue_id, name), found in groupby(rows.iterator(), key=lambda row: row[:2]):
        members = list(found)
        flying = sum(hidden == 1 for *_, hidden, _ in members)
        # While one is in flight, the first of those to come back frees the group (F1).
        received = [row[3] for row in members if row[5] > 0]
        yield Group(
            sandbox=sandbox, queue_id=queue_id, name=name, head=members[0][2], size=len(members),
            flying=flying, ready_at=min(received) if flying and received else members[0][3],
        )  # fmt: skip


def _tenants(sandbox: int, messages: QuerySet[Message], at: int) -> Iterator[Tenant]:
    counted = (
        messages.filter(tenant__isnull=False)
        .values("queue_id", "tenant")
        .annotate(
            waiting=Count("id", filter=Q(hidden=0)),
            flying=Count("id", filter=Q(hidden=1)),
            sent=Max("sent_at"),
        )
        .order_by()
    )
    for row in counted:
        yield Tenant(
            sandbox=sandbox, queue_id=row["queue_id"], name=row["tenant"] or "",
            waiting=row["waiting"], flying=row["flying"], busy_since=at, last_sent_at=row["sent"],
        )  # fmt: skip


def _remembered(sandbox: int, messages: QuerySet[Message], at: int) -> Iterator[Dedup]:
    """Yield what FIFO queues remember of the messages that they hold."""
    scopes = {
        queue.pk: settings_of(queue.attributes).dedup_scope
        for queue in Queue.objects.filter(sandbox=sandbox, fifo=True)
    }
    lasts_ms = limits.DEDUPLICATION_S * 1000
    recent = messages.filter(queue_id__in=scopes, dedup_id__isnull=False, sent_at__gt=at - lasts_ms)
    for row in recent.only("queue_id", "extra", "group_id", "dedup_id", "sent_at", "position"):
        if row.extra and '"source"' in row.extra:
            continue
        token = dedup_token(scopes[row.queue_id], row.group_id or "", row.dedup_id or "")
        yield Dedup(
            sandbox=sandbox, queue_id=row.queue_id, token=token, until=row.sent_at + lasts_ms,
            message=number_of(row.pk), position=row.position,
        )  # fmt: skip
