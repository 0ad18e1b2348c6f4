"""Which messages the lifetimes show, and their events. It never writes."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import orjson
from django.db.models import Q, QuerySet

from dashboard.inspector import entries, reading
from dashboard.inspector.lifetimes import Life, lives
from dashboard.topology import pins
from messaging.kernel.models import Event, Sandbox

MESSAGES_MAX: Final = 200
# How much of the log one picture reads: the rest is older than all that it shows, or too much.
EVENTS_MAX: Final = 50_000
BIRTHS: Final = (entries.SENT, entries.ARRIVED)
_BETWEEN: Final = (*entries.OF_MESSAGES, *entries.OF_QUEUES, entries.GAVE_UP)


class Filter(NamedTuple):
    """What is asked for: a queue's ARN, a message group, words of a body; empty means any."""

    queue: str = ""
    group: str = ""
    text: str = ""


class Part(NamedTuple):
    """The part of the log that is read, by row ids; ``last`` 0 means up to now."""

    first: int
    last: int = 0

    def of(self, rows: "QuerySet[Event]") -> "QuerySet[Event]":
        """Return the rows that lie in it."""
        rows = rows.filter(id__gte=self.first)
        return rows.filter(id__lte=self.last) if self.last else rows


def newest(sandbox: Sandbox, wanted: Filter, *, most: int = MESSAGES_MAX) -> list[Life]:
    """Return the newest messages that a filter lets through, oldest first."""
    part = Part(oldest_read(sandbox))
    numbers = numbers_of(sandbox, wanted, most, part)
    if not any(wanted):
        numbers |= set(pins.pinned_of(sandbox))
    return of_numbers(sandbox, numbers, part)


def of_numbers(
    sandbox: Sandbox, numbers: set[int], part: Part, *, now: int | None = None
) -> list[Life]:
    """Return the lives of messages, as far as the part of the log that is read reaches."""
    queues = reading.queues_of(sandbox)
    by_id = reading.busy_of(sandbox)
    busy = {m: by_id.get(reading.message_id(sandbox, m), ()) for m in numbers} if by_id else {}
    found = lives(
        _events(sandbox, numbers, part),
        now=reading.now_of(sandbox) if now is None else now,
        dead_letter=[queue["arn"] for queue in queues if queue["dlq"]],
        busy=busy,
    )
    return sorted((life for life in found if life.segments), key=lambda life: life.start)


def numbers_of(
    sandbox: Sandbox, wanted: Filter, most: int, part: Part, *, order: str = "-id"
) -> set[int]:
    """Return the numbers of the newest messages that a filter lets through, or of the oldest."""
    rows = part.of(Event.objects.of_sandbox(sandbox.pk).filter(kind__in=BIRTHS))
    if wanted.queue:
        rows = rows.filter(arn=wanted.queue)
    if wanted.group:
        rows = rows.filter(data__contains=f'"g":{_quoted(wanted.group)}')
    if wanted.text:
        # The log holds the body's beginning as JSON text.
        rows = rows.filter(data__icontains=_quoted(wanted.text)[1:-1])
    found: set[int] = set()
    for data in rows.order_by(order).values_list("data", flat=True)[: 4 * most].iterator():
        read = orjson.loads(data)
        if not wanted.text or wanted.text.casefold() in str(read.get("b", "")).casefold():
            found.add(read["m"])
        if len(found) >= most:
            break
    return found


def _events(sandbox: Sandbox, numbers: set[int], part: Part) -> Iterator[entries.Entry]:
    if not numbers:
        return
    rows = (
        part._replace(first=_from(sandbox, numbers, part))
        .of(Event.objects.of_sandbox(sandbox.pk).filter(kind__in=_BETWEEN))
        .order_by("id")
        .values_list(*reading.COLUMNS)
    )
    names = {reading.message_id(sandbox, m): m for m in numbers}
    for entry in reading.as_entries(_named(rows.iterator(), numbers)):
        if entry.kind == entries.GAVE_UP:
            number = names.get(str(entry.data.get("id")))
            if number is not None:
                yield entry._replace(data={**entry.data, "m": number})
        else:
            yield entry


def _named(rows: Any, numbers: set[int]) -> Iterator[tuple[Any, ...]]:
    """Leave out what other messages say, before its text is read: it begins with the number."""
    for row in rows:
        if row[2] not in entries.OF_MESSAGES or _number_in(row[5]) in numbers:
            yield row


def _number_in(data: str) -> int:
    head = data[:32].partition(":")[2].partition(",")[0]
    return int(head) if head.isdigit() else 0


def _from(sandbox: Sandbox, numbers: set[int], part: Part) -> int:
    """Return the id of the first event that has to be read."""
    named = Q(data__startswith=f'{{"m":{min(numbers)},')
    rows = part.of(Event.objects.of_sandbox(sandbox.pk).filter(named))
    first = rows.order_by("id").values_list("id", flat=True).first()
    return first if first is not None else part.first


def oldest_read(sandbox: Sandbox) -> int:
    """Return the id from which on one picture reads the log."""
    last = Event.objects.of_sandbox(sandbox.pk).order_by("-id").values_list("id", flat=True).first()
    return max(0, (last or 0) - EVENTS_MAX + 1)


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()
