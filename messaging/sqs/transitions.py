"""Every change of a message's state: its row, its queue's counters and its event, together.

Operations, the tick and deliveries from other services all go through these functions.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import orjson

from messaging.kernel.context import Context
from messaging.kernel.events import preview
from messaging.kernel.ids import SEQUENCE_MASK, seeded_uuid
from messaging.sqs import books, tenancy
from messaging.sqs.domain.redrive import sent_at_in_dlq
from messaging.sqs.domain.visibility import expires_at
from messaging.sqs.store import codec, messages
from messaging.sqs.store.messages import COUNTERS, MESSAGE, STATES, Row
from messaging.sqs.store.queues import QueueRecord

SENT: Final = "sqs.MessageSent"
RECEIVED: Final = "sqs.MessageReceived"
VISIBLE: Final = "sqs.MessageVisible"
CHANGED: Final = "sqs.VisibilityChanged"
DELETED: Final = "sqs.MessageDeleted"
MOVED: Final = "sqs.MessageMoved"
ARRIVED: Final = "sqs.MessageArrived"
DUPLICATED: Final = "sqs.MessageDuplicated"
EXPIRED: Final = "sqs.MessageExpired"

_VISIBLE: Final = 0
_IN_FLIGHT: Final = 1
_DELAYED: Final = 2


class Draft(NamedTuple):
    """A message that has passed every check and is about to enter a queue."""

    body: str
    attributes: str | None = None
    extra: str | None = None
    delay_s: int = 0
    group: str | None = None
    dedup: str | None = None


def send(
    ctx: Context, queue: QueueRecord, drafts: Sequence[Draft], *, cause: int | None = None
) -> list[int]:
    """Put messages into a queue and return their numbers."""
    now, sandbox, queue_id, fifo = ctx.now, ctx.sandbox, queue.id, queue.fifo
    by = ctx.caller.actor
    numbers, counts = [], [0, 0, 0]
    for body, attributes, extra, delay_s, group, dedup in drafts:
        row_id = ctx.new_id()
        number = row_id & SEQUENCE_MASK
        visible_at, hidden, state = now, _VISIBLE, '"is":"v"'
        if delay_s > 0:
            visible_at, hidden = now + delay_s * 1000, _DELAYED
            state = f'"is":"d","until":{visible_at}'
            ctx.due(visible_at)
        seq = ctx.emit(
            SENT,
            queue.arn,
            f'{{"m":{number},{state},"n":0,"g":{_quoted(group)},"by":"{by}"'
            f',"b":{preview(body)}{codec.traced(extra)}}}',
            cause=cause,
        )
        ctx.insert(MESSAGE, (
            row_id, sandbox, queue_id, body, attributes, extra, now,
            now, visible_at, hidden, 0, None, None,
            group if fifo else None, None if fifo else group, dedup, number, seq,
        ))  # fmt: skip
        numbers.append(number)
        counts[hidden] += 1
        if group is not None:
            books.join(ctx, queue, group, position=number, visible_at=visible_at)
    ctx.add(COUNTERS, queue_id, tuple(counts))
    books.keep(ctx, queue, now)
    if counts[_VISIBLE]:
        ctx.wake(queue.arn, counts[_VISIBLE])
    return numbers


def receive(ctx: Context, queue: QueueRecord, rows: Sequence[Row], *, until: int) -> None:
    """Put messages in flight until ``until``; each receive replaces the handles before it."""
    ending = f'"until":{until},"by":"{ctx.caller.actor}"}}'
    taken = [
        (row.id, ctx.emit(
            RECEIVED,
            queue.arn,
            f'{{"m":{row.id & SEQUENCE_MASK},"was":"{STATES[row.hidden]}","is":"f"'
            f',"n":{row.receives + 1},"g":{_quoted(row.group_id or row.tenant)},{ending}',
            cause=row.last_event,
        ))
        for row in rows
    ]  # fmt: skip
    ctx.add(COUNTERS, queue.id, books.moved_from(rows, to=_IN_FLIGHT))
    tenancy.shift(ctx, queue, rows, _IN_FLIGHT)
    messages.take(ctx.db, taken, now=ctx.now, until=until)
    ctx.due(until)
    books.lock(ctx, queue, rows, until=until)


def show(ctx: Context, queue: QueueRecord, rows: Sequence[Row]) -> None:
    """Make messages visible: their timeout has lapsed, or their delay is over."""
    shown = [
        (row.id, ctx.emit(
            VISIBLE,
            queue.arn,
            f'{{"m":{row.id & SEQUENCE_MASK},"was":"{row.state}","is":"v","n":{row.receives}'
            f',"g":{_group_of(row)},"by":"{ctx.caller.actor}"}}',
            cause=row.last_event,
        ))
        for row in rows
    ]  # fmt: skip
    ctx.add(COUNTERS, queue.id, books.moved_from(rows, to=_VISIBLE))
    tenancy.shift(ctx, queue, rows, _VISIBLE)
    messages.show(ctx.db, shown)
    books.settle(ctx, queue, rows, flying=lambda row: -(row.hidden == _IN_FLIGHT))
    ctx.wake(queue.arn, len(rows))


def hand_out_again(ctx: Context, queue: QueueRecord, rows: Sequence[Row]) -> None:
    """Leave messages visible although they were just received: a duplicate by our model (R5)."""
    for row in rows:
        seq = ctx.emit(
            DUPLICATED,
            queue.arn,
            f'{{"m":{row.id & SEQUENCE_MASK},"was":"f","is":"v","n":{row.receives + 1}'
            f',"g":{_group_of(row)},"model":true}}',
        )
        messages.set_visible_at(ctx.db, row.id, at=ctx.now, hidden=0, event=seq)
        held = row._replace(hidden=_IN_FLIGHT, received_at=ctx.now)
        ctx.add(COUNTERS, queue.id, books.moved_from([held], to=_VISIBLE))
        tenancy.shift(ctx, queue, [held], _VISIBLE)
        ctx.wake(queue.arn)


def change_visibility(ctx: Context, queue: QueueRecord, row: Row, *, until: int) -> None:
    """Let a received message come back at ``until``; now or earlier means at once."""
    back = until <= ctx.now
    state = '"is":"v"' if back else f'"is":"f","until":{until}'
    seq = ctx.emit(
        VISIBLE if back else CHANGED,
        queue.arn,
        f'{{"m":{row.id & SEQUENCE_MASK},"was":"{row.state}",{state},"n":{row.receives}'
        f',"g":{_group_of(row)},"by":"{ctx.caller.actor}"}}',
        cause=row.last_event,
    )
    hidden = _VISIBLE if back else _IN_FLIGHT
    at = ctx.now if back else until
    messages.set_visible_at(ctx.db, row.id, at=at, hidden=hidden, event=seq)
    ctx.add(COUNTERS, queue.id, books.moved_from([row], to=hidden))
    if hidden != row.hidden:
        tenancy.shift(ctx, queue, [row], hidden)
    if back:
        ctx.wake(queue.arn)
    else:
        ctx.due(until)
    books.settle(
        ctx, queue, [row], flying=lambda row: (hidden == _IN_FLIGHT) - (row.hidden == _IN_FLIGHT)
    )


def delete(
    ctx: Context, queue: QueueRecord, rows: Sequence[Row], *, kind: str = DELETED, to: str = ""
) -> int:
    """Take messages out of a queue for good; ``to`` names the queue that a copy goes to.

    Returns the last event.
    """
    if not rows:
        return 0
    ending = f',"to":"{to}"}}' if to else "}"
    for row in rows:
        seq = ctx.emit(
            kind,
            queue.arn,
            f'{{"m":{row.id & SEQUENCE_MASK},"was":"{row.state}","n":{row.receives}'
            f',"g":{_group_of(row)},"by":"{ctx.caller.actor}"{ending}',
            cause=row.last_event,
        )
    messages.remove(ctx.db, [row.id for row in rows])
    books.leave(ctx, queue, rows)
    return seq


def move_to_dead_letters(ctx: Context, queue: QueueRecord, row: Row, dlq: QueueRecord) -> None:
    """Move a message that was received too often (L2); the id stays, the handles die."""
    number = row.id & SEQUENCE_MASK
    left = ctx.emit(
        MOVED,
        queue.arn,
        f'{{"m":{number},"was":"{row.state}","n":{row.receives},"g":{_group_of(row)}'
        f',"to":"{dlq.arn}","by":"{ctx.caller.actor}"}}',
        cause=row.last_event,
    )
    arrived = ctx.emit(
        ARRIVED,
        dlq.arn,
        f'{{"m":{number},"is":"v","n":0,"g":{_group_of(row)},"from":"{queue.arn}"'
        f',"b":{preview(row.body)}}}',
        cause=left,
    )
    position = ctx.new_number()
    extra = {**json.loads(row.extra or "{}"), "source": queue.arn, "moved_at": ctx.now}
    kept_since = sent_at_in_dlq(row.kept_since, ctx.now, fifo=dlq.fifo)
    fields: dict[str, Any] = {"extra": json.dumps(extra), "kept_since": kept_since}
    if dlq.fifo:
        fields |= {"position": position, "dedup_id": seeded_uuid(ctx.world.secret, number)}
    messages.move(ctx.db, row, queue_id=dlq.id, now=ctx.now, event=arrived, fields=fields)
    books.leave(ctx, queue, [row])
    ctx.add(COUNTERS, dlq.id, (1, 0, 0))
    group = row.group_id or row.tenant
    if group is not None:
        books.join(ctx, dlq, group, position=position, visible_at=ctx.now)
        ctx.write()
    if expires_at(kept_since, dlq.settings.retention_s) <= ctx.now:
        gone = messages.by_ids(ctx.db, dlq.id, [row.id])
        delete(ctx, dlq, list(gone.values()), kind=EXPIRED)
        return
    books.keep(ctx, dlq, kept_since)
    ctx.wake(dlq.arn)


def delay(ctx: Context, queue: QueueRecord, rows: Iterable[Row], *, delay_s: int) -> None:
    """Let messages be delayed until ``delay_s`` after their sending (S2)."""
    for row in rows:
        at = row.sent_at + delay_s * 1000
        seq = ctx.emit(
            CHANGED,
            queue.arn,
            f'{{"m":{row.id & SEQUENCE_MASK},"was":"{row.state}","is":"d","until":{at}'
            f',"n":{row.receives},"g":{_group_of(row)},"by":"{ctx.caller.actor}"}}',
            cause=row.last_event,
        )
        messages.set_visible_at(ctx.db, row.id, at=at, hidden=_DELAYED, event=seq)
        ctx.add(COUNTERS, queue.id, books.moved_from([row], to=_DELAYED))
        books.settle(ctx, queue, [row], flying=lambda row: 0)
        ctx.due(at)


def _group_of(row: Row) -> str:
    return _quoted(row.group_id or row.tenant)


def _quoted(group: str | None) -> str:
    return "null" if group is None else orjson.dumps(group).decode()
