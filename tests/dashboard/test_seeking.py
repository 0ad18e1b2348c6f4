"""What a seek costs, counted: few events are folded, however long the log and deep the queue."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.history import chronicle, log, shelf
from dashboard.history.ahead import Ahead, ahead
from dashboard.history.chronicle import MARKS_MAX, SPACING, Chronicle
from dashboard.history.pages import Pages
from dashboard.topology.fold import Logged
from dashboard.topology.snapshot import read_head
from messaging.kernel.ids import compose
from messaging.kernel.models import Event, Sandbox
from tests.dashboard.conftest import Desk
from tests.fixtures.engine import START_MS

SENT = 8_000
TAKEN = 4_000
LAST = 1 + SENT + 2 * TAKEN

# The kind and the data of an event.
Told = tuple[str, dict[str, Any]]


@pytest.fixture(autouse=True)
def _new_process() -> Iterator[None]:
    shelf.forget()
    yield
    shelf.forget()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list to which each look into the log adds how many events it read."""
    counted: list[int] = []
    events = log.events

    def counting(sandbox: int, after: int, until: int) -> list[Logged]:
        found = events(sandbox, after, until)
        counted.append(len(found))
        return found

    monkeypatch.setattr(log, "events", counting)
    return counted


@pytest.fixture
def deep(desk: Desk) -> Desk:
    """Return a sandbox with a deep queue: sent, then half of it received and deleted."""
    told: list[Told] = [("sqs.QueueCreated", {"attributes": {}})]
    told += [("sqs.MessageSent", {"m": m, "is": "v", "n": 0}) for m in range(1, SENT + 1)]
    for m in range(1, TAKEN + 1):
        told.append(("sqs.MessageReceived", {"m": m, "was": "v", "is": "f", "n": 1, "until": 9}))
        told.append(("sqs.MessageDeleted", {"m": m, "was": "f", "n": 1}))
    write(desk, told)
    return desk


def write(desk: Desk, told: list[Told]) -> None:
    """Write events into the log as the engine would."""
    first = desk.last_seq() + 1
    arn = desk.arn("deep")
    rows = [
        Event(id=compose(desk.sandbox.pk, first + nth), at=START_MS + first + nth, kind=kind,
              arn=arn, data=json.dumps(data))
        for nth, (kind, data) in enumerate(told)
    ]  # fmt: skip
    Event.objects.bulk_create(rows, batch_size=500)
    Sandbox.objects.filter(pk=desk.sandbox.pk).update(last_seq=first + len(told) - 1)


def held(seq: int) -> tuple[int, int]:
    """Return how many messages are visible and in flight after an event."""
    sent, taken = min(seq - 1, SENT), max(0, seq - 1 - SENT)
    return sent - (taken + 1) // 2, taken % 2


def test_a_seek_folds_no_more_than_one_stretch_of_a_deep_queues_log(
    deep: Desk, read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chronicle, "SPACING", 100)
    head = read_head(deep.sandbox.pk)
    assert head is not None
    told = Chronicle(head)
    told.follow(head)
    # Every keyframe by itself would hold thousands: they share what did not change between them.
    assert told.spacing == 100
    assert told.weight() < MARKS_MAX / 2
    chance = random.Random(1)
    for seq in [LAST, LAST - 1, *(chance.randrange(1, LAST) for _ in range(60))]:
        read.clear()
        past = told.at(seq)
        assert (len(read), sum(read) <= 100) == (1, True), f"at event {seq}"
        assert past.cells[deep.arn("deep")].counters()[:2] == held(seq)


def test_what_was_put_together_ahead_is_not_read_by_the_first_seek(
    deep: Desk, read: list[int]
) -> None:
    Ahead(list).look(deep.sandbox.pk)
    assert sum(read) >= LAST
    read.clear()
    assert deep.get("at/", seq=str(LAST // 2)).status_code == 200
    # The stretch after its keyframe, and the event itself, of which the page tells.
    assert len(read) == 2
    assert sum(read) <= SPACING + 1


def test_it_is_carried_on_while_somebody_looks(deep: Desk, read: list[int]) -> None:
    watching = Ahead(lambda: [deep.sandbox.pk])
    watching.look()
    assert read == []
    watching.look(deep.sandbox.pk)
    more: list[Told] = [
        ("sqs.MessageSent", {"m": SENT + n, "is": "v", "n": 0}) for n in range(1, 2_001)
    ]
    write(deep, more)
    watching.look()
    read.clear()
    found = deep.get("at/", seq=str(LAST + 2_000))
    assert sum(read) <= SPACING + 1
    assert json.loads(found.content)["ctr"] == [
        [0, SENT - TAKEN + 2_000, 0, 0, START_MS + 2 + TAKEN]
    ]


def test_the_page_of_a_sandbox_begins_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(ahead, "notice", asked.append)
    assert desk.get("").status_code == 200
    assert asked == [desk.sandbox.pk]


def test_copies_of_pages_go_on_by_themselves() -> None:
    chance = random.Random(3)
    pages, plain = Pages[int](), dict[int, int]()
    copies = []
    for step in range(4_000):
        number = chance.randrange(500)
        if chance.random() < 0.4:
            assert pages.pop(number, None) == plain.pop(number, None)
        else:
            pages[number] = plain[number] = step
        assert (pages.get(number), number in pages) == (plain.get(number), number in plain)
        if step % 250 == 0:
            copies.append((pages.copy(), plain.copy()))
            pages = pages.copy() if step % 500 else pages
    for copy, expected in [*copies, (pages, plain)]:
        assert dict(copy.items()) == expected
        assert len(copy) == len(expected)
    assert copies[0][0].unshared(copies[0][0]) == 0
