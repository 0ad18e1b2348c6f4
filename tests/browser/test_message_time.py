"""The page of a message with its time: the bar at its foot, the pin, by trace, a fork of then."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.browser.soundness import SMALL, WIDE, assert_sound
from tests.browser.test_inspector import GLYPH, make

pytestmark = pytest.mark.needs("chromium")

MOMENT = "() => new URLSearchParams(location.search).get('at')"
LIVE = "() => window.signalbox?.session.live.epoch && window.signalbox.session.clock.known"
# The banner counts what has happened since: at least so much of it is the test's. That a program
# uses the queue is an event, too, and comes when it comes.
AHEAD = """([moment, least]) => {
  const count = window.signalbox.session.live.q - moment;
  const said = document.getElementById("past").textContent;
  return count >= least && said.includes(` ${count} event${count === 1 ? "" : "s"} ahead`);
}"""
HEADER = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"


@pytest.fixture
def still(sight: Sight) -> Sight:
    """Look at the demo with its world paused, so that every event is ours."""
    return sight.open(DEMO).pause()


def number_of(sight: Sight, name: str) -> int:
    """Return the number of a queue's newest message."""
    found = sight.until(
        "(label) => { const {shown} = window.signalbox.session;"
        " const node = [...shown.nodes.values()].find((each) => each.label === label);"
        " return node && Math.max(...(shown.msgs.get(node.i)?.keys() ?? [0])); }",
        name,
    )
    return int(found)


def visit(page: Page, sight: Sight, number: int, query: str = "") -> None:
    """Open the page of a message and wait until it follows the sandbox."""
    page.goto(f"{sight.url}/s/{DEMO}/message/{number}/{query}")
    page.wait_for_function(LIVE)


def received(sight: Sight, sqs: Any, name: str) -> tuple[int, int]:
    """Send a message and receive it; return its number, and the event of the receive."""
    url = make(sqs, name, '{"order":4471}', VisibilityTimeout="600")
    sight.wait_for("counters", name, [1, 0, 0])
    number = number_of(sight, name)
    sqs.receive_message(QueueUrl=url)
    sight.wait_for("counters", name, [0, 1, 0])
    return number, int(sight.state["q"])


def test_the_time_bar_shows_the_message_as_it_was(still: Sight, sqs: Any) -> None:
    number, taken = received(still, sqs, "seen-then")
    page = still.page
    visit(page, still, number)
    head = page.locator(".inspect-head")
    expect(head).to_contain_text("in flight, receive 1")
    page.keyboard.press("ArrowLeft")
    expect(head.locator(".titles")).to_contain_text("visible")
    assert int(page.evaluate(MOMENT)) == taken - 1
    expect(page.locator(".story .here")).to_contain_text("You are here.")
    expect(page.locator(".story .later")).to_contain_text("received it (receive 1)")
    page.wait_for_function(AHEAD, arg=[taken - 1, 1])
    expect(page.locator(".part.acts")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(head).to_contain_text("in flight, receive 1")
    page.reload()
    expect(page.locator("#past")).to_be_visible()
    assert int(page.evaluate(MOMENT)) == taken
    page.get_by_role("button", name="Back to live").click()
    expect(page.locator(".part.acts")).to_have_count(1)
    assert page.evaluate(MOMENT) is None


def test_a_time_of_the_story_and_the_track_lead_to_a_moment(still: Sight, sqs: Any) -> None:
    number, taken = received(still, sqs, "led-there")
    page = still.page
    visit(page, still, number)
    page.locator(".story a[data-seek]").first.click()
    expect(page.locator(f"#e-{taken}.later")).to_be_visible()
    expect(page.locator(".inspect-head .titles")).to_contain_text("visible")
    box = page.locator("#track").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 14, box["y"] + 12)
    expect(page.locator(".inspect-head .titles")).to_contain_text("Not sent yet")
    assert int(page.evaluate(MOMENT)) < taken - 1
    page.keyboard.press("Escape")
    expect(page.locator(".inspect-head")).to_contain_text("in flight, receive 1")


def test_what_happens_meanwhile_does_not_replace_the_past(still: Sight, sqs: Any) -> None:
    number, taken = received(still, sqs, "kept-apart")
    page = still.page
    visit(page, still, number, f"?at={taken - 1}")
    expect(page.locator("#past")).to_be_visible()
    url = sqs.get_queue_url(QueueName="kept-apart")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="another")
    page.wait_for_function(AHEAD, arg=[taken - 1, 2])
    expect(page.locator(".inspect-head .titles")).to_contain_text("visible")
    page.keyboard.press("l")
    expect(page.locator(".life-row")).to_have_count(2)
    # Back in the present it follows by itself again.
    sqs.send_message(QueueUrl=url, MessageBody="a third")
    expect(page.locator(".life-row")).to_have_count(3)


def test_fork_here_forks_at_the_moment_that_is_shown(still: Sight, sqs: Any) -> None:
    number, _taken = received(still, sqs, "forked-then")
    page = still.page
    visit(page, still, number)
    sent = str(page.locator(".story a[data-seek]").first.get_attribute("data-seek"))
    visit(page, still, number, f"?at={sent}")
    expect(page.locator("#past")).to_be_visible()
    page.get_by_role("button", name="Fork here").press("Enter")
    expect(page.locator("#fork-moment")).to_contain_text("sent to forked-then")
    assert page.locator("#fork-seq").input_value() == sent
    page.locator("#fork-name").fill("from then")
    page.locator("#fork-go").click()
    page.wait_for_url("**/s/from-then*/")
    still.settle()
    still.wait_for("counters", "forked-then", [1, 0, 0])


def test_a_pin_is_seen_in_every_window_and_on_the_map(
    still: Sight, sqs: Any, context: Callable[..., BrowserContext]
) -> None:
    make(sqs, "pinned", *(str(n) for n in range(14)))
    still.wait_for("counters", "pinned", [14, 0, 0])
    number = number_of(still, "pinned")
    page = still.page
    other = context(viewport=WIDE).new_page()
    for each in (page, other):
        visit(each, still, number)
    page.get_by_role("button", name="Pin", exact=True).press("Enter")
    expect(page.locator("[data-pin]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".toast").last).to_contain_text("marked on the map")
    expect(other.locator("[data-pin]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".life-row.chosen .pinned")).to_have_count(1)
    other.goto(f"{still.url}/s/{DEMO}/?view=map")
    there = Sight(other, still.url)
    there.settle()
    there.until("(m) => window.signalbox.session.shown.pinned.has(m)", number)
    # The newest of fourteen is drawn first, where otherwise the lane shows the oldest twelve.
    x, y = there.until(GLYPH, "pinned")
    other.mouse.click(x, y)
    expect(other.locator("#panel .inspect-head h2")).to_have_text(f"Message {number}")
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.locator("[data-pin]")).to_have_attribute("aria-pressed", "false")
    there.until("() => window.signalbox.session.shown.pinned.size === 0")


def test_by_trace_shows_what_is_tied_and_says_when_nothing_is(still: Sight, sqs: Any) -> None:
    header = {"AWSTraceHeader": {"DataType": "String", "StringValue": HEADER}}
    for name in ("traced-a", "traced-b"):
        url = make(sqs, name)
        sqs.send_message(QueueUrl=url, MessageBody=name, MessageSystemAttributes=header)
        still.wait_for("counters", name, [1, 0, 0])
    first, second = number_of(still, "traced-a"), number_of(still, "traced-b")
    make(sqs, "untraced", "alone")
    still.wait_for("counters", "untraced", [1, 0, 0])
    alone = number_of(still, "untraced")
    page = still.page
    visit(page, still, second)
    page.get_by_role("link", name="By trace").click()
    rows = page.locator(".life-row")
    expect(rows).to_have_count(2)
    expect(page.locator(f"#life-{first}")).to_be_visible()
    expect(page.locator("#tie")).to_have_text(
        "Trace 1-5759e988-bd862e3fe1be46a994272793: 2 messages."
    )
    visit(page, still, alone, "?by=trace")
    expect(page.locator("#tie")).to_contain_text("Nothing ties it to another message")
    expect(rows).to_have_count(1)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#past")).to_be_visible()
    assert page.get_by_role("link", name="By trace").get_attribute("aria-current") == "true"


def test_the_legend_stands_on_one_line(still: Sight, sqs: Any) -> None:
    number, _taken = received(still, sqs, "one-line")
    page = still.page
    page.set_viewport_size(WIDE)
    visit(page, still, number)
    tops = page.locator(".life .key li").evaluate_all(
        "(items) => items.map((item) => Math.round(item.getBoundingClientRect().top))"
    )
    assert len(tops) == 9
    assert len(set(tops)) == 1


def test_axe_finds_nothing_now_and_then(still: Sight, sqs: Any) -> None:
    number, taken = received(still, sqs, "sound")
    page = still.page
    for query in ("", f"?at={taken - 1}", f"?at={taken}&by=trace"):
        page.set_viewport_size(WIDE)
        visit(page, still, number, query)
        expect(page.locator("#past")).to_be_visible(visible="at=" in query)
        expect(page.locator(".life .pill")).to_be_in_viewport(ratio=1)
        assert_sound(page)
        assert page.evaluate(SMALL) == []
        visit(page, still, number, query)
        expect(page.locator(".life .pill")).to_be_in_viewport(ratio=1)
