"""The inspector in a browser: beside the map, on its own page, and the lifetimes."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.browser.soundness import assert_sound, faults
from tests.fixtures.server import RunningServer

pytestmark = pytest.mark.needs("chromium")

# The middle of the first message that lies in a node's lane, on the screen.
GLYPH = """(label) => {
  const {session} = window.signalbox;
  const node = [...session.shown.nodes.values()].find((each) => each.label === label);
  const box = node && session.stage.scene.boxes.get(node.i);
  if (!box || !session.shown.msgs.get(node.i)?.size) return null;
  const frame = document.getElementById("map").getBoundingClientRect();
  const {k, x, y} = session.stage.view;
  return [(box.x + 21) * k + x + frame.left, (box.y + 64) * k + y + frame.top];
}"""


def make(sqs: Any, name: str, *bodies: str, **attributes: str) -> str:
    """Create a queue with messages and return its URL."""
    url = str(sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body)
    return url


def select(sight: Sight, name: str) -> None:
    """Open the sandbox with a queue chosen."""
    sight.open(DEMO, select=name)
    sight.page.locator("#panel .letters a").first.wait_for()


def test_a_message_of_the_list_opens_in_the_panel_and_leads_back(sight: Sight, sqs: Any) -> None:
    make(sqs, "looked-into", '{"order":1}')
    select(sight, "looked-into")
    page = sight.page
    page.locator("#panel .letters a").first.click()
    panel = page.locator("#panel")
    expect(panel.locator(".inspect-head h2")).to_contain_text("Message")
    expect(panel).to_contain_text("sent it to looked-into.")
    expect(panel.locator("pre.code").last).to_contain_text('"order": 1')
    link = panel.locator(".story li a").first
    assert "?at=" in str(link.get_attribute("href"))
    assert faults(page, "#panel") == []
    panel.get_by_role("button", name="Back to the queue").click()
    expect(panel.locator("h2").first).to_have_text("looked-into")


def test_a_message_on_the_map_opens_in_the_panel(sight: Sight, sqs: Any) -> None:
    make(sqs, "clicked-on", "hello")
    sight.open(DEMO, view="map")
    sight.wait_for("counters", "clicked-on", [1, 0, 0])
    sight.settle()
    x, y = sight.until(GLYPH, "clicked-on")
    sight.page.mouse.click(x, y)
    expect(sight.page.locator("#panel .inspect-head h2")).to_contain_text("Message")
    expect(sight.page.locator("#panel .story")).to_contain_text("sent it to clicked-on.")


def test_receive_counts_and_peek_does_not(sight: Sight, sqs: Any) -> None:
    url = make(sqs, "counted", "hello", VisibilityTimeout="600")
    select(sight, "counted")
    panel = sight.page.locator("#panel")
    panel.locator(".letters a").first.click()
    panel.get_by_role("button", name="Peek").click()
    names = ["ApproximateNumberOfMessagesNotVisible"]
    held = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    assert held == {names[0]: "0"}
    panel.locator(".act").get_by_role("button", name="Receive").click()
    expect(panel.locator(".inspect-head")).to_contain_text("in flight, receive 1")
    panel.get_by_role("button", name="30 s").click()
    expect(panel.locator(".story")).to_contain_text("set its visibility timeout to 30 s")
    panel.get_by_role("button", name="Delete", exact=True).click()
    expect(panel.locator(".inspect-head")).to_contain_text("Deleted at")
    expect(panel.locator(".story")).to_contain_text("The console deleted it.")


def test_the_page_counts_down_and_does_not_disturb_who_types(sight: Sight, sqs: Any) -> None:
    make(sqs, "counting", "hello", VisibilityTimeout="600")
    select(sight, "counting")
    page = sight.page
    href = page.locator("#panel .letters a").first.get_attribute("href")
    page.goto(f"{sight.url}{href}")
    page.locator(".act").get_by_role("button", name="Receive").click()
    timer = page.locator(".facts dd[data-until]").first
    before = timer.text_content()
    expect(timer).not_to_have_text(str(before), timeout=90_000)
    page.locator("#inspect-seconds").fill("123")
    with page.expect_event("console", lambda said: said.text == "held", timeout=10_000):
        page.evaluate(
            "() => document.body.addEventListener('htmx:beforeRequest',"
            " (event) => event.defaultPrevented && console.log('held'))"
        )
    expect(page.locator("#inspect-seconds")).to_have_value("123")


def test_the_page_forks_from_now_and_copies_the_call(sight: Sight, sqs: Any) -> None:
    make(sqs, "forked-here", "hello")
    select(sight, "forked-here")
    page = sight.page
    href = page.locator("#panel .letters a").first.get_attribute("href")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{sight.url}{href}")
    page.get_by_role("button", name="Copy as CLI").click()
    expect(page.locator(".toast").last).to_contain_text("aws sqs send-message")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith("aws sqs send-message")
    assert "--message-body hello" in copied
    page.get_by_role("button", name="Fork here").press("Enter")
    expect(page.locator("#fork-moment")).to_contain_text("now")
    expect(page.locator("#fork-losses")).to_contain_text("message")
    page.locator("#fork-name").fill("went on")
    page.locator("#fork-go").click()
    page.wait_for_url("**/s/*/")
    expect(page.locator(".top")).to_contain_text("went on")


def test_the_lifetimes_are_walked_by_keys_and_held(sight: Sight, sqs: Any) -> None:
    make(sqs, "lived", "a", "b", "c")
    page = sight.page
    page.goto(f"{sight.url}/s/{DEMO}/lifetimes/?queue=&text=&group=")
    page.locator(".life-row").first.wait_for()
    page.get_by_role("button", name="Hold the picture").click()
    rows = page.locator(".life-row")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Home")
    expect(rows.first).to_be_focused()
    assert page.locator('.life-row[tabindex="0"]').count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/message/**")
    expect(page.locator("h1")).to_contain_text("Message")


def test_bars_rows_and_a_message_are_sound(page: Page, site: RunningServer, sqs: Any) -> None:
    url = make(sqs, "seen", '{"a":[1,2],"b":"<script>alert(1)</script>\u202e"}')
    sqs.receive_message(QueueUrl=url)
    for query in ("?view=table&text=script", "?text=script"):
        page.goto(f"{site.url}/s/{DEMO}/lifetimes/{query}")
        page.locator(".gantt,.life-twin").first.wait_for()
        assert_sound(page)
    page.goto(f"{site.url}{page.locator('.life-row').first.get_attribute('href')}")
    page.locator(".gantt").first.wait_for()
    expect(page.locator(".life-row.chosen .hand")).to_have_text("boto3 · python")
    assert page.locator("pre.code").first.inner_text().count("⟨U+202E⟩") == 1
    assert_sound(page)
