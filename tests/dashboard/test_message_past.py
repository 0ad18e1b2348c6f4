"""The page of a message at a moment of the past; what ties messages together; pinned messages."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.history import shelf
from dashboard.inspector import cutting
from dashboard.inspector.lifetimes import FLIGHT, WAITING, Life, Overlap, Segment, Work
from dashboard.models import Arrangement
from messaging.kernel.tracing import root_of
from messaging.simulation import control
from tests.dashboard.conftest import Desk, text_of
from tests.dashboard.test_commands import do, undo
from tests.dashboard.test_inspector import path, receive, sent
from tests.dashboard.test_neighbours import rows, shown

ROOT = "1-5759e988-bd862e3fe1be46a994272793"


@pytest.fixture(autouse=True)
def _fresh_shelf() -> Iterator[None]:
    shelf.forget()
    yield
    shelf.forget()


def traced(header: str) -> dict[str, Any]:
    value = {"DataType": "String", "StringValue": header}
    return {"MessageSystemAttributes": {"AWSTraceHeader": value}}


def redriven(desk: Desk) -> tuple[int, int]:
    """Let a message die and be moved back; return its number before and after."""
    dlq = desk.create("orders-dlq")
    policy = json.dumps({"deadLetterTargetArn": dlq, "maxReceiveCount": 1})
    desk.create("orders", RedrivePolicy=policy, VisibilityTimeout="0")
    m = sent(desk)
    receive(desk)
    desk.call("ReceiveMessage", QueueUrl=desk.url("orders"))
    desk.call("StartMessageMoveTask", SourceArn=dlq)
    control.skip(desk.sandbox.pk)
    return m, int(desk.events("sqs.MessageSent")[-1]["m"])


def test_a_message_is_shown_as_it_was(desk: Desk) -> None:
    desk.create("orders", VisibilityTimeout="30")
    before = desk.last_seq()
    m = sent(desk, "hello")
    born = desk.last_seq()
    handle = receive(desk)["ReceiptHandle"]
    taken = desk.last_seq()
    desk.call("DeleteMessage", QueueUrl=desk.url("orders"), ReceiptHandle=handle)
    assert "Deleted at" in text_of(desk.get(path(m)))

    flying = desk.get(path(m), at=str(taken))
    words = text_of(flying)
    for said in ("in flight, receive 1", "You are here.", "30.0 s left",
                 "Its body comes from the log.", "the log keeps no attributes"):  # fmt: skip
        assert said in words
    assert "Deleted at" not in words
    page = flying.content.decode()
    assert f'data-fork-seq="{taken}"' in page
    assert f'class="turning later" id="e-{taken + 1}"' in page
    assert f'class="" id="e-{taken}"' in page
    assert 'hx-trigger="every 2s"' not in page.partition("<main")[2].partition('id="moment"')[0]
    assert "hx-post" not in page.partition("<main")[2].partition('id="moment"')[0]

    waiting = text_of(desk.get(path(m), at=str(born)))
    assert "visible" in waiting
    assert "Nobody asks for it: no consumer receives from this queue." in waiting
    unborn = text_of(desk.get(path(m), at=str(before)))
    assert "Not sent yet" in unborn
    assert "It has not been sent yet." in unborn
    assert "Deleted at" in text_of(desk.get(path(m), at=str(desk.last_seq())))


def test_a_moment_that_the_log_does_not_have_is_said(desk: Desk) -> None:
    desk.create()
    m = sent(desk)
    lost = text_of(desk.get(path(m), at="999999"))
    assert "That moment is not in the log. This is the message as it is now." in lost
    assert "It is here." in lost
    assert desk.get(path(99), at="1").status_code == 404


def test_a_locked_group_of_the_past_names_its_blocker(desk: Desk) -> None:
    desk.create("line.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    first = sent(desk, "1", "line.fifo", MessageGroupId="A")
    second = sent(desk, "2", "line.fifo", MessageGroupId="A")
    receive(desk, "line.fifo")
    moment = desk.last_seq()
    desk.call("PurgeQueue", QueueUrl=desk.url("line.fifo"))
    then = text_of(desk.get(path(second), at=str(moment)))
    assert f"Its group A is locked: message {first} of it is in flight." in then


def test_bars_end_at_the_moment_and_the_rest_is_dashed(desk: Desk) -> None:
    desk.create("orders", VisibilityTimeout="5")
    m = sent(desk)
    receive(desk)
    taken = desk.last_seq()
    control.skip(desk.sandbox.pk)
    other = sent(desk, "sent later")
    control.skip(desk.sandbox.pk)
    live = shown(desk, m)
    assert rows(live) == [m, other]
    assert 'class="seg-retry"' in live
    then = shown(desk, m, at=str(taken))
    assert rows(then) == [m]
    assert 'class="seg-retry"' not in then
    assert 'class="next-left"' in then


def test_a_life_is_cut_and_goes_on() -> None:
    whole = Life(
        1,
        segments=[Segment(WAITING, 0, 1_000), Segment(FLIGHT, 1_000, 31_000, 1),
                  Segment(WAITING, 31_000, 40_000)],
        overlaps=[Overlap(10_000, 20_000)],
        work=[Work("a", 1_000, 20_000), Work("b", 10_000), Work("c", 32_000)],
    )  # fmt: skip
    then = cutting.as_of(Life(1), whole, at=15_000)
    assert then.work == [Work("a", 1_000, 15_000), Work("b", 10_000)]
    assert then.overlaps == [Overlap(10_000, 15_000)]
    assert cutting.rest(whole, at=15_000) == [
        Segment("left", 15_000, 31_000), Segment(WAITING, 31_000, 40_000),
    ]  # fmt: skip
    assert cutting.rest(whole, at=40_000) == []


def test_the_root_of_a_trace_header() -> None:
    assert root_of(f"Root={ROOT};Parent=53995c3f42cd8ad8;Sampled=1") == ROOT
    assert root_of(f"Sampled=1; Root={ROOT}") == ROOT
    assert root_of("of our own") == "of our own"
    assert len(root_of("x" * 500)) == 96


def test_by_trace_shows_what_carries_the_same_root(desk: Desk) -> None:
    desk.create("orders")
    desk.create("billing")
    first = sent(desk, "1", **traced(f"Root={ROOT};Sampled=1"))
    second = sent(desk, "2", "billing", **traced(f"Root={ROOT};Parent=53995c3f42cd8ad8"))
    alone = sent(desk, "3", "billing", **traced("Root=1-00000000-000000000000000000000000"))
    bare = sent(desk, "4")
    for number in (first, second):
        page = shown(desk, number, by="trace")
        assert sorted(rows(page)) == [first, second]
        assert f"Trace {ROOT}: 2 messages." in page
    page = shown(desk, alone, by="trace")
    assert rows(page) == [alone]
    assert "No other message in the log that is kept does" in page
    page = shown(desk, bare, by="trace")
    assert rows(page) == [bare]
    assert "Nothing ties it to another message: it was sent without an AWSTraceHeader" in page
    handle = receive(desk)["ReceiptHandle"]
    desk.call("DeleteMessage", QueueUrl=desk.url("orders"), ReceiptHandle=handle)
    assert sorted(rows(shown(desk, second, by="trace"))) == [first, second]


def test_by_trace_follows_causes(desk: Desk) -> None:
    old, new = redriven(desk)
    other = sent(desk, "a stranger")
    for number in (old, new):
        page = shown(desk, number, by="trace")
        assert sorted(rows(page)) == [old, new]
        assert "2 messages tied by cause: what happened to one sent the other." in page
    assert rows(shown(desk, other, by="trace")) == [other]


def test_a_pinned_message_stays_in_the_pictures(desk: Desk) -> None:
    desk.create("other")
    desk.create()
    pinned = sent(desk, "kept in sight", "other")
    m = sent(desk)
    assert rows(shown(desk, m)) == [m]
    assert f'data-pin="{pinned}" aria-pressed="false"' in shown(desk, pinned)
    done = do(desk, "pin", messages={str(pinned): True})
    assert done["text"].startswith("Pinned: it stays in the lifetimes of its time")
    page = shown(desk, m)
    assert sorted(rows(page)) == [pinned, m]
    assert page.count('<path class="pinned"') == 1
    assert rows(shown(desk, m, by="trace")) == [m]
    assert f'data-pin="{pinned}" aria-pressed="true"' in shown(desk, pinned)
    for _ in range(201):
        desk.send("filler")
    assert f'id="life-{pinned}"' in desk.get("lifetimes/").content.decode()
    assert undo(desk, done)["text"] == "No longer pinned."
    assert f'id="life-{pinned}"' not in desk.get("lifetimes/").content.decode()


def test_pins_of_messages_have_bounds_and_belong_to_a_run(desk: Desk) -> None:
    desk.create()
    m = sent(desk)
    do(desk, "pin", status=422, messages={"one": True})
    do(desk, "pin", status=422, messages={str(m): 1})
    do(desk, "pin", status=422, messages={str(n): True for n in range(13)})
    do(desk, "pin", places={desk.arn("orders"): [1, 2]})
    do(desk, "pin", messages={str(m): True})
    kept = Arrangement.objects.get()
    assert kept.places == {desk.arn("orders"): [1.0, 2.0]}
    assert list(kept.messages.values()) == [[m]]
    assert desk.post("reset/", name="desk").status_code == 302
    desk.sandbox.refresh_from_db()
    desk.create()
    again = sent(desk)
    assert re.search(rf'data-pin="{again}" aria-pressed="false"', shown(desk, again))
