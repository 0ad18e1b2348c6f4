"""Queues put back to a moment of the past, in a copy of their sandbox.

Who lies where in which state is folded by the map; here are the rows that this takes. Bodies come
from the rows that still exist, else from what the log keeps of them. What is in no log begins
anew: the consumed time of fair queues, and deduplication ids of messages that are gone.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import orjson

from messaging.kernel.batch import Batch
from messaging.kernel.ids import compose, number_of, seeded_uuid
from messaging.kernel.moment import Kept, Losses, Moment
from messaging.kernel.world import World
from messaging.sqs.domain.attributes import settings_of
from messaging.sqs.domain.fifo import content_dedup_id
from messaging.sqs.models import Message, Queue
from messaging.sqs.store import rebuilding
from messaging.sqs.store.messages import STATES
from messaging.sqs.store.rebuilding import Stored
from messaging.sqs.traces import QueueTrace, Trace, Traces

BARE: Final = "[This body is not in the log any more.]"
_SENDERS: Final = ("sender", "trace")


class Place(NamedTuple):
    """A message at the moment: its queue, how it lay there, and what the log tells besides."""

    number: int
    queue: Queue
    kept: Kept
    trace: Trace | None


class Rewind:
    """Folds the log up to the moment, then puts the rows of a copy back."""

    def __init__(self, queues: Mapping[str, Queue], held: Mapping[str, Mapping[int, Kept]]) -> None:
        self._queues = queues
        self._held = {arn: rows for arn, rows in held.items() if arn in queues}
        self._traces = Traces({m for rows in self._held.values() for m in rows})
        self.take = self._traces.take

    def losses(self, sandbox: int) -> Losses:
        """Return what would not come back as it was, if it were done now."""
        stored = {number_of(row.id) for row in rebuilding.stored(sandbox)}
        return self._losses(stored)

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Put queues, messages and what is counted of them back."""
        queues = self._restore_queues(world, moment)
        stored = {number_of(row.id): row for row in rebuilding.stored(world.id)}
        places = list(self._places(queues))
        kept = {place.number for place in places}
        rebuilding.remove([row.id for number, row in stored.items() if number not in kept])
        positions = _positions(world, places, stored)
        missing = []
        for place in places:
            row = stored.get(place.number)
            if row is None:
                missing.append(_from_log(world, place, positions, moment))
            elif not _is_as_it_was(row, place):
                rebuilding.put(_from_row(world, row, place, positions, moment))
        Message.objects.bulk_create(missing, batch_size=500)
        rebuilding.recount(world.id, moment.at)
        for arn, told in self._traces.queues.items():
            if told.moving_since is not None:
                rebuilding.resume_task(world.id, arn, told.moving_since, moved=told.moved)
        return self._losses(set(stored))

    def _losses(self, stored: set[int]) -> Losses:
        numbers = [m for rows in self._held.values() for m in rows]
        gone = [self._traces.messages.get(m) for m in numbers if m not in stored]
        return Losses(
            len(numbers),
            len(gone),
            sum(trace is not None and trace.is_cut for trace in gone),
            sum(trace is None or trace.body is None for trace in gone),
        )

    def _places(self, queues: Mapping[str, Queue]) -> Iterator[Place]:
        for arn, rows in self._held.items():
            for number, kept in rows.items():
                yield Place(number, queues[arn], kept, self._traces.messages.get(number))

    def _restore_queues(self, world: World, moment: Moment) -> dict[str, Queue]:
        stored = {queue.arn: queue for queue in Queue.objects.filter(sandbox=world.id)}
        gone = [queue.pk for arn, queue in stored.items() if arn not in self._queues]
        rebuilding.forget_queues(world.id, gone, moment.at)
        found = {}
        for arn, known in self._queues.items():
            told = self._traces.queues.get(arn, QueueTrace())
            queue = _queue(world, known, stored.get(arn), told, moment)
            queue.save(force_insert=arn not in stored)
            rebuilding.free_name(queue)
            found[arn] = queue
        return found


def _queue(
    world: World, known: Queue, row: Queue | None, told: QueueTrace, moment: Moment
) -> Queue:
    """Return a queue's row as it was: its settings from the log, its tags as far as it has them."""
    created = told.created_at
    if created is None:
        created = row.created_at if row is not None else moment.at
    tags = told.tags
    if tags is None:
        tags = row.tags if row is not None else {}
    if row is not None:
        queue_id = row.pk
    else:
        world.last_id += 1
        queue_id = compose(world.id, world.last_id)
    return Queue(
        id=queue_id, sandbox=world.id, account=known.account, region=known.region,
        name=known.name, arn=known.arn, fifo=known.fifo, attributes=known.attributes, tags=tags,
        created_at=created, modified_at=told.modified_at or created, purged_at=told.purged_at,
    )  # fmt: skip


def _is_as_it_was(row: Stored, place: Place) -> bool:
    """Tell whether nothing has happened to a message since the moment."""
    if row.queue_id != place.queue.pk:
        return False
    if place.trace is not None:
        return row.last_event == place.trace.last_event
    kept = place.kept
    return (STATES[row.hidden], row.receives) == (kept.state, kept.receives)


def _from_row(
    world: World, row: Stored, place: Place, positions: Mapping[int, int], moment: Moment
) -> Stored:
    """Return the columns of a message that still exists, as they were."""
    told = place.trace or Trace()
    same_queue = row.queue_id == place.queue.pk
    return row._replace(
        queue_id=place.queue.pk,
        extra=row.extra if same_queue and place.trace is None else _extra(row.extra, told),
        sent_at=row.sent_at,
        dedup_id=row.dedup_id if same_queue else _dedup_id(world, place, row.dedup_id),
        position=positions.get(place.number, row.position),
        **_state(place, moment, row),
    )


def _from_log(world: World, place: Place, positions: Mapping[int, int], moment: Moment) -> Message:
    """Return the row of a message that is gone since."""
    told = place.trace or Trace()
    sent_at = place.kept.since if told.sent_at is None else told.sent_at
    fields = _state(place, moment, None)
    return Message(
        id=compose(world.id, place.number), sandbox=world.id, queue_id=place.queue.pk,
        body=told.body or BARE, extra=_extra(None, told), sent_at=sent_at,
        dedup_id=_dedup_id(world, place, None),
        position=positions.get(place.number, place.number), **fields,
    )  # fmt: skip


def _state(place: Place, moment: Moment, row: Stored | None) -> dict[str, Any]:
    """Return the columns that say in which state a message was, and since when."""
    kept, told = place.kept, place.trace or Trace()
    shown_at = told.shown_at or (row.visible_at if row is not None and not row.hidden else 0)
    # A timer that began before the log did is not known: it ends at once.
    visible_at = (kept.until or moment.at) if kept.state != "v" else (shown_at or kept.since)
    fifo = place.queue.fifo
    return {
        "kept_since": kept.since,
        "visible_at": visible_at,
        "hidden": STATES.index(kept.state),
        "receives": kept.receives,
        "first_at": told.first_at or (kept.since if kept.receives else None),
        "received_at": told.received_at or (kept.since if kept.receives else None),
        "group_id": kept.group if fifo else None,
        "tenant": None if fifo else kept.group,
        "last_event": told.last_event,
    }


def _extra(text: str | None, told: Trace) -> str | None:
    """Return what is stored beside the columns: who sent it, and which queue gave it up."""
    extra = {key: value for key, value in orjson.loads(text or "{}").items() if key in _SENDERS}
    if told.source:
        extra |= {"source": told.source, "moved_at": told.entered_at}
    return orjson.dumps(extra).decode() if extra else None


def _dedup_id(world: World, place: Place, known: str | None) -> str | None:
    """Return the deduplication id; where it is lost, the one that a moved message gets."""
    if not place.queue.fifo:
        return None
    told = place.trace or Trace()
    if told.source:
        return seeded_uuid(world.secret, place.number)
    if known is not None:
        return known
    by_content = settings_of(place.queue.attributes).content_dedup
    if by_content and told.body is not None and not told.is_cut:
        return content_dedup_id(told.body)
    return seeded_uuid(world.secret, place.number)


def _positions(
    world: World, places: Iterable[Place], stored: Mapping[int, Stored]
) -> dict[int, int]:
    """Return new positions for FIFO queues in which the log does not tell one of them.

    A message that was sent has its own number; one that was moved in has a later one, which only
    its row knows. The order is that in which they came in.
    """
    unclear: dict[int, list[Place]] = {}
    for place in places:
        if place.queue.fifo:
            unclear.setdefault(place.queue.pk, []).append(place)
    found: dict[int, int] = {}
    for queue_id, members in unclear.items():
        if all(_has_position(place, stored.get(place.number)) for place in members):
            found |= {place.number: place.number for place in members
                      if not _lies_there(stored.get(place.number), queue_id)}  # fmt: skip
            continue
        members.sort(key=lambda place: (place.trace.entered if place.trace else 0, place.number))
        for place in members:
            world.last_id += 1
            found[place.number] = world.last_id
    return found


def _has_position(place: Place, row: Stored | None) -> bool:
    if _lies_there(row, place.queue.pk):
        return True
    return place.trace is not None and not place.trace.source


def _lies_there(row: Stored | None, queue_id: int) -> bool:
    return row is not None and row.queue_id == queue_id
