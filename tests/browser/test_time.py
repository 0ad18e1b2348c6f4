"""The time bar: a moment of the past is seen as it was, and live catches up; all of it by keys."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.live.clients.connect import bodies

pytestmark = pytest.mark.needs("chromium")

MOMENT = "() => new URLSearchParams(location.search).get('at')"


def story(sqs: Any, name: str) -> str:
    """Send one, receive it, send another: (1, 1, 0) at the end."""
    url = str(sqs.create_queue(QueueName=name)["QueueUrl"])
    sqs.send_message(QueueUrl=url, MessageBody="first")
    bodies(sqs, url)
    sqs.send_message(QueueUrl=url, MessageBody="second")
    return url


def seqs(sight: Sight, name: str, kind: str) -> list[int]:
    """Return a queue's latest events of a kind, as the page would find them."""
    last = sight.state["q"]
    found = []
    for seq in range(max(1, last - 12), last + 1):
        past = sight.page.evaluate(
            "async (url) => (await (await fetch(url)).json()).past", f"/s/{DEMO}/at/?seq={seq}"
        )
        if past["node"].endswith(f":{name}") and past["kind"] == kind:
            found.append(seq)
    return found


def moment(sight: Sight) -> int:
    return int(sight.until(MOMENT))


def banner(page: Page) -> str:
    return page.locator("#past").inner_text()


@pytest.fixture
def still(sight: Sight, sqs: Any) -> Sight:
    """Look at the demo with its world paused, so that every event is ours."""
    return sight.open(DEMO).pause()


def test_the_past_is_shown_and_live_catches_up(still: Sight, sqs: Any) -> None:
    url = story(sqs, "remembered")
    still.wait_for("counters", "remembered", [1, 1, 0])
    [received] = seqs(still, "remembered", "received")
    still.open(DEMO, at=str(received - 1))
    still.wait_for("counters", "remembered", [1, 0, 0])
    assert still.page.locator("#past").is_visible()
    assert "the world runs on" in banner(still.page)
    assert "Editing is off" in banner(still.page)
    still.page.keyboard.press("ArrowRight")
    still.wait_for("counters", "remembered", [0, 1, 0])
    # What happens meanwhile is folded, not shown, and there at once when we are back.
    sqs.send_message(QueueUrl=url, MessageBody="meanwhile")
    still.until(f"() => window.signalbox.session.live.q > {received + 1}")
    assert still.state["counters"]["remembered"] == [0, 1, 0]
    still.page.get_by_role("button", name="Back to live").click()
    still.wait_for("counters", "remembered", [2, 1, 0])
    assert not still.page.locator("#past").is_visible()
    assert "at=" not in still.page.url


def test_a_deleted_queue_is_there_again(still: Sight, sqs: Any) -> None:
    url = story(sqs, "short-lived")
    still.wait_for("nodes", "short-lived", "queue")
    before = still.state["q"]
    sqs.delete_queue(QueueUrl=url)
    still.until("() => ![...window.signalbox.session.shown.nodes.values()]"
                ".some((node) => node.label === 'short-lived')")  # fmt: skip
    still.open(DEMO, at=str(before))
    still.wait_for("nodes", "short-lived", "queue")
    still.until("() => document.querySelector('#scene').textContent.includes('short-lived')")
    still.page.keyboard.press("l")
    still.until("() => !document.querySelector('#scene').textContent.includes('short-lived')")


def test_the_keyboard_walks_through_time(still: Sight, sqs: Any) -> None:
    story(sqs, "walked")
    still.wait_for("counters", "walked", [1, 1, 0])
    [received] = seqs(still, "walked", "received")
    page = still.page
    page.keyboard.press("Shift+ArrowLeft")
    still.until("(seq) => new URLSearchParams(location.search).get('at') === seq", str(received))
    page.keyboard.press("ArrowLeft")
    still.until("(at) => new URLSearchParams(location.search).get('at') === at", str(received - 1))
    page.keyboard.press("Shift+ArrowRight")
    still.until("(at) => new URLSearchParams(location.search).get('at') === at", str(received))
    page.keyboard.press("Home")
    still.until("() => window.signalbox.session.shown.nodes.size === 0")
    assert "before the first event" in banner(page)
    page.keyboard.press("Escape")
    still.wait_for("counters", "walked", [1, 1, 0])


def test_the_track_seeks_by_pointer(still: Sight) -> None:
    still.until("() => document.getElementById('track').getAttribute('aria-valuenow') > 10")
    box = still.page.locator("#track").bounding_box()
    assert box is not None
    still.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 12)
    first = moment(still)
    still.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 12)
    still.page.mouse.down()
    still.page.mouse.move(box["x"] + 20, box["y"] + 12, steps=4)
    still.page.mouse.up()
    still.until("(at) => Number(new URLSearchParams(location.search).get('at')) < at", first)
    said = still.page.locator("#track").get_attribute("aria-valuetext") or ""
    assert re.match(r"\d\d:\d\d:\d\d\.\d, ", said)


def test_editing_is_off_in_the_past_and_a_fork_is_a_copy(still: Sight) -> None:
    page = still.page
    page.keyboard.press("ArrowLeft")
    moment(still)
    still.until("() => document.body.hasAttribute('data-past')")
    assert page.locator(".tools [data-command=create]").is_disabled()
    page.keyboard.press("n")
    assert not page.locator("#panel form[hx-post$='/sqs/create/']").count()
    page.keyboard.press("f")
    dialog = page.get_by_role("dialog", name="Fork from here")
    assert "the clock paused there" in dialog.inner_text()
    dialog.get_by_label("Name of the copy").fill("a fork")
    dialog.get_by_role("button", name="Copy the sandbox as it is now").click()
    page.wait_for_url("**/s/a-fork/**")


def test_markers_are_filtered_and_remembered(still: Sight) -> None:
    box = still.page.locator("label[data-kind=deleted]")
    still.until("() => document.querySelector('label[data-kind=sent]').title.includes('×')")
    box.click()
    assert not still.page.locator("[data-marker=deleted]").is_checked()
    still.open(DEMO)
    assert not still.page.locator("[data-marker=deleted]").is_checked()
    still.page.locator("label[data-kind=deleted]").click()


def test_the_world_is_run_until_a_condition_by_keyboard(still: Sight) -> None:
    page = still.page
    before = page.evaluate("() => window.signalbox.session.live.ts")
    page.locator("#until-open").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Condition").select_option("time")
    page.get_by_label("How many").fill("90")
    page.get_by_label("How many").press("Enter")
    still.until("(ts) => window.signalbox.session.live.ts === ts", before + 90_000)
    assert page.locator("#world-toggle").get_attribute("data-state") == "paused"
    page.keyboard.press("Escape")
    page.locator("#track").focus()
    page.keyboard.press("]")
    still.until("() => document.getElementById('world-speed').value === '2'")
    page.keyboard.press("[")
    page.keyboard.press(",")
    still.until("(ts) => window.signalbox.session.live.ts > ts", before + 90_000)


def test_what_waiting_clients_go_through_is_said(still: Sight) -> None:
    line = "() => document.getElementById('clients-line').textContent"
    assert still.until(line) == "Calls are answered at once; timers stand still."
