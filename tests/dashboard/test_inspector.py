"""The inspector's pages: a message alive or gone, its buttons, and the lifetimes."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import override_settings

from dashboard.inspector import newest
from dashboard.palette.line import order_of
from messaging import sandboxes
from messaging.kernel.ids import compose
from messaging.simulation import control
from tests.dashboard.conftest import Desk, text_of, toast_of
from tests.fixtures.engine import ACCOUNT, REGION, START_MS

RUDE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202eevil"


def path(m: int, action: str = "") -> str:
    return f"message/{m}/{action}"


def sent(desk: Desk, body: str = "hello", name: str = "orders", **params: Any) -> int:
    """Send a message and return its number."""
    desk.send(body, name, **params)
    return int(desk.events("sqs.MessageSent")[-1]["m"])


def receive(desk: Desk, name: str = "orders", **params: Any) -> dict[str, Any]:
    answer = desk.call("ReceiveMessage", QueueUrl=desk.url(name), **params)
    return dict(answer["Messages"][0])


def test_a_look_is_free_and_shows_everything(desk: Desk) -> None:
    desk.create()
    m = sent(
        desk,
        '{"order": 4471, "amount": 89.50}',
        MessageAttributes={"tier": {"DataType": "String", "StringValue": "gold"}},
    )
    before = desk.last_seq()
    page = desk.get(path(m))
    shown = text_of(page)
    assert page.status_code == 200
    for words in (f"Message {m}", "JSON", "89.50", "tier", "gold", "MD5OfBody", "SentTimestamp",
                  "MD5OfMessageAttributes", "test sent it to orders.", "It is here."):  # fmt: skip
        assert words in shown
    assert "ApproximateFirstReceiveTimestamp" not in shown
    assert desk.last_seq() == before


def test_the_story_links_each_sentence_to_its_moment(desk: Desk) -> None:
    desk.create()
    m = sent(desk)
    receive(desk)
    page = desk.get(path(m)).content.decode()
    seq = desk.last_seq()
    assert f'href="/s/{desk.sandbox.slug}/message/{m}/?at={seq}"' in page
    panel = {"HX-Target": "panel"}
    beside = desk.client.get(f"/s/{desk.sandbox.slug}/message/{m}/", headers=panel)
    assert f'href="/s/{desk.sandbox.slug}/?at={seq}"' in beside.content.decode()
    assert "test received it (receive 1) and has until 14:13:50.0" in text_of(desk.get(path(m)))
    assert "In flight: somebody received it." in page


def test_the_head_forks_from_now_and_copies_the_call_that_sends_its_like(desk: Desk) -> None:
    desk.create()
    attribute = {"DataType": "String", "StringValue": "gold"}
    m = sent(desk, "it's $HOME", MessageAttributes={"tier": attribute})
    page = desk.get(path(m))
    call = next(iter(re.findall(r'data-copy="(aws sqs send-message[^"]*)"', page.content.decode())))
    order = order_of(unescape(call).replace("\\\n", ""))
    assert order.operation == "SendMessage"
    assert order.params["MessageBody"] == "it's $HOME"
    assert order.params["MessageAttributes"] == {"tier": attribute}
    assert order.params["QueueUrl"].endswith("/orders")
    assert f'data-fork-seq="{desk.last_seq()}"' in page.content.decode()
    huge = desk.get(path(sent(desk, "x" * 20_001))).content.decode()
    assert 'data-copy="aws sqs send-message' not in huge
    assert 'data-copy="aws sqs receive-message' in huge
    handle = receive(desk)["ReceiptHandle"]
    desk.call("DeleteMessage", QueueUrl=desk.url("orders"), ReceiptHandle=handle)
    gone = desk.get(path(m)).content.decode()
    assert f'data-fork-seq="{desk.last_seq() - 1}"' in gone
    assert "Fork before its end" in gone


def test_a_lapse_and_a_dead_letter_are_told(desk: Desk) -> None:
    dlq = desk.create("orders-dlq")
    policy = json.dumps({"deadLetterTargetArn": dlq, "maxReceiveCount": 2})
    desk.create("orders", RedrivePolicy=policy, VisibilityTimeout="5")
    m = sent(desk)
    for _ in range(2):
        receive(desk)
        control.skip(desk.sandbox.pk)
    assert desk.call("ReceiveMessage", QueueUrl=desk.url("orders")) == {}
    shown = text_of(desk.get(path(m)))
    assert "receive 2 of 2" in shown
    assert "nobody deleted it within 5 s, so it became visible again." in shown
    assert "maxReceiveCount of orders is 2, so SQS moved it to orders-dlq." in shown
    assert "start-message-move-task" in shown
    assert "began the receive count anew at 0" in shown
    assert "A redrive moves the dead letters back to orders" in shown


def test_a_redriven_message_keeps_its_story(desk: Desk) -> None:
    dlq = desk.create("orders-dlq")
    policy = json.dumps({"deadLetterTargetArn": dlq, "maxReceiveCount": 1})
    desk.create("orders", RedrivePolicy=policy, VisibilityTimeout="0")
    m = sent(desk)
    receive(desk)
    desk.call("ReceiveMessage", QueueUrl=desk.url("orders"))
    desk.call("StartMessageMoveTask", SourceArn=dlq)
    control.skip(desk.sandbox.pk)
    new = int(desk.events("sqs.MessageSent")[-1]["m"])
    assert new != m
    old = desk.get(path(m))
    assert "A redrive took it out of orders-dlq and sends it to orders." in text_of(old)
    assert f"/message/{new}/" in old.content.decode()
    shown = text_of(desk.get(path(new)))
    assert "maxReceiveCount of orders is 1, so SQS moved it to orders-dlq." in shown
    assert "It entered orders as a new message" in shown


@pytest.mark.parametrize("operation", ["PurgeQueue", "DeleteQueue"])
def test_a_message_that_went_with_its_queue(desk: Desk, operation: str) -> None:
    desk.create()
    m = sent(desk)
    desk.call(operation, QueueUrl=desk.url("orders"))
    shown = text_of(desk.get(path(m)))
    assert "The message is in no queue any more." in shown
    assert "test sent it to orders." in shown
    assert ("purged orders" if operation == "PurgeQueue" else "deleted the queue orders") in shown


def test_a_deleted_message_says_so(desk: Desk) -> None:
    desk.create()
    m = sent(desk)
    handle = receive(desk)["ReceiptHandle"]
    desk.call("DeleteMessage", QueueUrl=desk.url("orders"), ReceiptHandle=handle)
    shown = text_of(desk.get(path(m)))
    assert "test deleted it. It is gone for good." in shown
    assert "Deleted at 14:13:20" in shown
    assert toast_of(desk.post(path(m, "receive/")))["text"] == "Not done: the message is gone."


def test_a_locked_group_names_its_blocker(desk: Desk) -> None:
    desk.create("line.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    first = sent(desk, "1", "line.fifo", MessageGroupId="A")
    second = sent(desk, "2", "line.fifo", MessageGroupId="A")
    assert f"Message {first} of its group A comes first." in text_of(desk.get(path(second)))
    receive(desk, "line.fifo")
    page = desk.get(path(second))
    assert f"Its group A is locked: message {first} of it is in flight." in text_of(page)
    assert f"/message/{first}/" in page.content.decode()


def test_receive_delete_and_change_visibility_are_calls(desk: Desk) -> None:
    desk.create()
    m = sent(desk)
    assert "receipt handle" not in text_of(desk.get(path(m)))
    assert "This was receive 1" in toast_of(desk.post(path(m, "receive/")))["text"]
    assert "this browser holds a receipt handle" in text_of(desk.get(path(m)))
    assert toast_of(desk.post(path(m, "visibility/"), seconds="90"))["text"].startswith("Hidden")
    assert desk.events("sqs.VisibilityChanged")[0]["until"] == START_MS + 90_000
    assert "Use a whole number" in toast_of(desk.post(path(m, "visibility/"), seconds="x"))["text"]
    refused = toast_of(desk.post(path(m, "visibility/"), seconds="43201"))
    assert refused["kind"] == "error"
    assert "43201" in refused["text"]
    assert toast_of(desk.post(path(m, "visibility/"), seconds="0"))["text"].startswith("Given back")
    desk.post(path(m, "receive/"))
    assert toast_of(desk.post(path(m, "delete/")))["text"] == "Message deleted."
    assert len(desk.events("sqs.MessageDeleted")) == 1


def test_a_delete_with_an_old_handle_says_that_the_message_stays(desk: Desk) -> None:
    desk.create("orders", VisibilityTimeout="5")
    m = sent(desk)
    desk.post(path(m, "receive/"))
    control.skip(desk.sandbox.pk)
    receive(desk)
    assert "the message stays" in toast_of(desk.post(path(m, "delete/")))["text"]
    assert "a later receive had replaced that handle" in text_of(desk.get(path(m)))


def test_bodies_and_names_are_text_and_nothing_else(desk: Desk) -> None:
    desk.create()
    attribute = {"DataType": "String", "StringValue": RUDE}
    m = sent(desk, RUDE, MessageGroupId="<b>x</b>", MessageAttributes={"rude": attribute})
    for page in (desk.get(path(m)), desk.get("lifetimes/"), desk.get("lifetimes/", view="table")):
        shown = page.content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "<b>x</b>" not in shown
    page = desk.get(path(m)).content.decode()
    code = page.partition('<pre class="code"')[2].partition("</pre>")[0]
    assert "&lt;script&gt;alert(1)" in code
    assert "\u202e" not in code
    assert "⟨U+202E⟩" in code
    saved = desk.get(path(m, "body/"))
    assert saved.content.decode() == RUDE
    assert saved.headers["Content-Type"].startswith("text/plain")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"


def test_a_huge_body_is_cut_and_can_be_saved(desk: Desk) -> None:
    desk.create()
    m = sent(desk, "x" * 200_000)
    page = desk.get(path(m))
    assert len(page.content) < 80_000
    assert "more characters are not shown" in text_of(page)
    assert len(desk.get(path(m, "body/")).content) == 200_000


def test_what_htmx_asks_for_is_a_part(desk: Desk) -> None:
    desk.create()
    m = sent(desk)
    url = f"/s/{desk.sandbox.slug}/message/{m}/"
    panel = desk.client.get(url, headers={"HX-Target": "panel"}).content.decode()
    assert "<html" not in panel
    assert "data-close" in panel
    assert 'class="gantt"' not in panel
    live = desk.client.get(url, headers={"HX-Target": "message-live"}).content.decode()
    assert live.lstrip().startswith('<div id="message-live"')
    assert 'class="gantt"' in live


def test_what_nobody_knows_is_said(desk: Desk) -> None:
    assert desk.get(path(99)).status_code == 404
    part = desk.client.get(f"/s/{desk.sandbox.slug}/message/99/", headers={"HX-Target": "panel"})
    assert part.status_code == 200
    assert "No message 99." in text_of(part)


def test_another_sandbox_is_out_of_reach(desk: Desk) -> None:
    other = sandboxes.create(
        "other", accounts=(ACCOUNT,), regions=(REGION,), seed=8, starts_at=START_MS, paused=True
    )
    stranger = Desk(desk.client, other)
    stranger.create()
    m = sent(stranger, "pineapple")
    # The number that would compose to the other sandbox's row.
    reach = compose(other.pk, m) ^ compose(desk.sandbox.pk, 0)
    for number in (m, reach, 2**70):
        assert desk.get(path(number)).status_code == 404
        assert desk.get(path(number, "body/")).status_code == 404
    assert "pineapple" not in text_of(desk.get("lifetimes/", view="table"))


@override_settings(MODE="classroom")
def test_only_who_may_see_the_sandbox(desk: Desk) -> None:
    desk.create()
    m = sent(desk)
    for page in (path(m), path(m, "body/"), "lifetimes/"):
        assert desk.get(page).status_code == 302
    assert desk.post(path(m, "receive/")).status_code == 302
    assert desk.events("sqs.MessageReceived") == []


def test_lifetimes_show_bars_groups_and_filters(desk: Desk) -> None:
    desk.create("line.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    desk.create()
    a = sent(desk, "apple", "line.fifo", MessageGroupId="A")
    b = sent(desk, "banana", "line.fifo", MessageGroupId="B")
    c = sent(desk, "cherry")
    receive(desk, "line.fifo")
    page = desk.get("lifetimes/").content.decode()
    for number in (a, b, c):
        assert f'href="/s/{desk.sandbox.slug}/message/{number}/"' in page
    assert "seg-flight" in page
    assert 'class="group"' in page
    assert "style=" not in page.partition("<main")[2]
    narrowed = desk.get("lifetimes/", group="B", view="table").content.decode()
    assert f"twin-{b}" in narrowed
    assert f"twin-{a}" not in narrowed
    assert f"twin-{c}" in desk.get("lifetimes/", text="CHERRY", view="table").content.decode()
    assert (
        f"twin-{a}"
        not in desk.get("lifetimes/", queue=desk.arn("orders"), view="table").content.decode()
    )
    part = desk.client.get(
        f"/s/{desk.sandbox.slug}/lifetimes/", headers={"HX-Target": "lifetimes-live"}
    )
    assert b"<html" not in part.content


def test_lifetimes_show_the_newest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.create()
    numbers = [sent(desk, str(n)) for n in range(5)]
    shown = newest.newest(desk.sandbox, newest.Filter(), most=3)
    assert [life.m for life in shown] == numbers[2:]
    monkeypatch.setattr(newest, "EVENTS_MAX", 2)
    assert len(newest.newest(desk.sandbox, newest.Filter())) == 2


def test_the_page_shows_a_message_among_those_of_its_queue_at_its_time(desk: Desk) -> None:
    desk.create("other")
    desk.create()
    first, m = sent(desk, "1"), sent(desk, "2")
    sent(desk, "3", "other")
    handle = receive(desk)["ReceiptHandle"]
    desk.call("DeleteMessage", QueueUrl=desk.url("orders"), ReceiptHandle=handle)
    for number in (first, m):
        page = desk.get(path(number)).content.decode()
        assert page.count('class="life-row') == 2
        assert f'class="life-row chosen" href="/s/{desk.sandbox.slug}/message/{number}/"' in page
    assert 'class="now"' in desk.get(path(m)).content.decode()


@override_settings(LANGUAGE_CODE="en")
def test_an_empty_sandbox_offers_a_way_on(desk: Desk) -> None:
    assert "Each message that is sent gets a bar here." in text_of(desk.get("lifetimes/"))
    assert "No message of the log fits" in text_of(desk.get("lifetimes/", group="none"))
