"""The console's long polls, and batches that are entered as rows."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.sight import Sight
from tests.live.clients.connect import bodies, counters

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture
def queue(playground: Any) -> Iterator[str]:
    url: str = playground.create_queue(QueueName="held")["QueueUrl"]
    yield url
    playground.delete_queue(QueueUrl=url)


def bench(sight: Sight, operation: str) -> Locator:
    """Open the form of an operation for the queue."""
    sight.open("playground")
    sight.page.locator("#scene .node").filter(has_text="held").click()
    sight.page.get_by_role("tab", name="Calls").click()
    sight.page.get_by_role("button", name=operation, exact=True).click()
    place = sight.page.locator("#bench")
    expect(place.locator("[data-bench]")).to_have_text(operation)
    return place


def test_a_held_poll_is_answered_by_the_first_message_and_holds_nothing_else(
    sight: Sight, playground: Any, queue: str
) -> None:
    place = bench(sight, "ReceiveMessage")
    place.get_by_label("Waits").fill("20")
    place.get_by_role("button", name="Receive messages").click()
    held = place.locator("[data-held]")
    expect(held).to_contain_text("The call is held.")
    expect(held).to_contain_text("19 s")
    # The page goes on: another panel part is asked for and comes.
    answer = sight.page.request.get(f"{sight.url}/s/playground/about/")
    assert answer.ok
    playground.send_message(QueueUrl=queue, MessageBody="here")
    expect(place.locator(".answer")).to_contain_text("Received 1")
    expect(held).to_be_hidden()
    assert counters(playground, queue) == (0, 1, 0)


def test_a_poll_that_is_given_up_takes_no_message(
    sight: Sight, playground: Any, queue: str
) -> None:
    place = bench(sight, "ReceiveMessage")
    place.get_by_label("Waits").fill("20")
    place.get_by_role("button", name="Receive messages").press("Enter")
    stop = place.get_by_role("button", name="Stop waiting")
    expect(stop).to_be_focused()
    stop.press("Enter")
    expect(place.locator("[data-held]")).to_be_hidden()
    expect(place.get_by_role("button", name="Receive messages")).to_be_enabled()
    # Long after the connection was closed: a page has come since.
    place = bench(sight, "ReceiveMessage")
    playground.send_message(QueueUrl=queue, MessageBody="kept")
    assert bodies(playground, queue) == ["kept"]

    place.get_by_label("Waits").fill("20")
    place.get_by_role("button", name="Receive messages").click()
    expect(place.locator("[data-held]")).to_be_visible()
    place.get_by_role("button", name="All operations").click()
    expect(place.get_by_role("button", name="TagQueue", exact=True)).to_be_visible()
    bench(sight, "TagQueue")
    playground.send_message(QueueUrl=queue, MessageBody="kept too")
    assert bodies(playground, queue) == ["kept too"]


def test_a_batch_is_entered_as_rows(sight: Sight, playground: Any, queue: str) -> None:
    place = bench(sight, "SendMessageBatch")
    rows = place.locator(".batch-rows li")
    expect(rows).to_have_count(2)
    rows.nth(0).get_by_label("MessageBody").fill("alpha")
    rows.nth(1).get_by_role("button", name="Remove entry 2").press("Enter")
    expect(rows).to_have_count(1)
    place.get_by_role("button", name="Add an entry").press("Enter")
    sight.page.keyboard.type("beta")
    rows.nth(1).get_by_label("DelaySeconds").fill("7")
    rows.nth(1).get_by_label("Id").fill("one")
    expect(place.locator(".field.bad")).to_contain_text("BatchEntryIdsNotDistinct")
    rows.nth(1).get_by_label("Id").fill("late")
    expect(place.locator(".field.bad")).to_have_count(0)
    place.get_by_role("button", name="JSON", exact=True).click()
    written = json.loads(place.get_by_label("Entries").input_value())
    assert written == [
        {"Id": "one", "MessageBody": "alpha"},
        {"Id": "late", "MessageBody": "beta", "DelaySeconds": 7},
    ]
    written[0]["MessageAttributes"] = {"kind": {"DataType": "String", "StringValue": "gift"}}
    place.get_by_label("Entries").fill(json.dumps(written))
    place.get_by_role("button", name="Form", exact=True).click()
    expect(rows.nth(0)).to_contain_text("and MessageAttributes")
    rows.nth(0).get_by_label("MessageBody").fill("gamma")
    place.get_by_role("button", name="Send batch").click()
    expect(place.locator(".answer")).to_contain_text("2 sent.")
    (got,) = playground.receive_message(QueueUrl=queue, MessageAttributeNames=["All"])["Messages"]
    assert got["Body"] == "gamma"
    assert got["MessageAttributes"]["kind"]["StringValue"] == "gift"
    assert counters(playground, queue) == (0, 1, 1)
