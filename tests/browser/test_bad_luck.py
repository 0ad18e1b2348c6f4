"""Bad luck: enormous bodies, deep queues, two windows, a wrong clock, a hidden tab, no WebSocket.

A killed socket, a lost network and a server that is started again are in test_link.py.
"""

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.sight import Sight
from tests.fixtures.server import RunningServer
from tests.live.clients.connect import eventually

pytestmark = pytest.mark.needs("chromium")

WIDE: Any = {"width": 1440, "height": 900}
MEBIBYTE = 1_048_576
# What a page of the console may weigh, whatever the queue holds.
LIGHT = 150_000

SHOW = """(shown) => {
  const state = {hidden: !shown, visibilityState: shown ? "visible" : "hidden"};
  for (const [name, value] of Object.entries(state)) {
    Object.defineProperty(document, name, {value, configurable: true});
  }
  document.dispatchEvent(new Event("visibilitychange"));
}"""
# Frames from here on, and how many bytes they had.
COUNT_FRAMES = """() => {
  const {stream} = window.signalbox.session;
  window.frames = [];
  const take = stream.options.onFrame;
  stream.options.onFrame = (frame) => { window.frames.push(frame); take(frame); };
}"""
LEAP = """(ms) => {
  const real = Date.now;
  Date.now = () => real() + ms;
}"""


@pytest.mark.parametrize("size", [256 * 1024, MEBIBYTE])
def test_an_enormous_body_is_cut_on_screen_and_saved_whole(
    sight: Sight, playground: Any, size: int
) -> None:
    body = f"{size:07d}" + "ä" * ((size - 7) // 2)
    url = playground.create_queue(QueueName=f"enormous-{size}")["QueueUrl"]
    playground.send_message(QueueUrl=url, MessageBody=body)
    page = sight.page
    weights: dict[str, int] = {}
    page.on("response", lambda answer: weights.update({answer.url: len(answer.body())}))
    sight.open("playground", select=f"enormous-{size}")
    page.locator("#panel td a.num").click()
    letter = page.locator("#panel .letter")
    expect(letter).to_contain_text(body[:40])
    assert len(letter.inner_text()) < 40_000
    console = [weight for url, weight in weights.items() if "/node/" in url or "/message/" in url]
    assert console and max(console) < LIGHT
    with page.expect_download() as saved:
        letter.get_by_role("link", name="Save").click()
    whole = saved.value.path().read_bytes()
    assert hashlib.md5(whole).digest() == hashlib.md5(body.encode()).digest()


def test_ten_thousand_messages_are_counted_and_not_listed(sight: Sight, playground: Any) -> None:
    url = playground.create_queue(QueueName="deep")["QueueUrl"]
    entries = [{"Id": str(at), "MessageBody": str(at)} for at in range(10)]
    for _ in range(1_000):
        playground.send_message_batch(QueueUrl=url, Entries=entries)
    page = sight.page
    weights: dict[str, int] = {}
    page.on("response", lambda answer: weights.update({answer.url: len(answer.body())}))
    sight.open("playground", select="deep", view="table")
    sight.wait_for("counters", "deep", [10_000, 0, 0])
    expect(page.locator("#table tr", has_text="deep")).to_contain_text("10,000")
    expect(page.locator("#panel .counters")).to_contain_text("10000")
    rows = page.locator("#page-messages tbody tr").count()
    assert rows <= 50
    expect(page.locator("#panel .more")).to_contain_text(f"+{10_000 - rows}")
    assert max(weight for url, weight in weights.items() if "/node/" in url) < LIGHT
    assert len(sight.state["messages"]["deep"]) <= 32
    # Receives are as quick as ever, and the picture follows.
    assert playground.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    sight.wait_for("counters", "deep", [9_990, 10, 0])


def test_two_windows_at_one_queue_do_not_undo_each_other(
    context: Callable[..., BrowserContext], site: RunningServer, playground: Any
) -> None:
    url = playground.create_queue(QueueName="both")["QueueUrl"]
    opened = context(viewport=WIDE)
    left, right = (
        Sight(opened.new_page(), site.url).open("playground", select="both").page for _ in range(2)
    )
    for page in (left, right):
        page.locator("#panel").get_by_role("tab", name="Settings").click()
    _save(left, "Delay", "7")
    _save(right, "Visibility timeout", "45")
    asked = ["DelaySeconds", "VisibilityTimeout"]
    found = playground.get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"]
    assert found == {"DelaySeconds": "7", "VisibilityTimeout": "45"}
    # Both change the same: the second is told first.
    left.locator("#page-settings").get_by_label("Visibility timeout", exact=True).fill("60")
    left.locator("#panel").get_by_role("button", name="Save settings").click()
    expect(left.locator("#panel")).to_contain_text("Changed meanwhile by somebody else: 45.")
    left.locator("#panel").get_by_role("button", name="Save settings").click()
    asked = ["VisibilityTimeout"]
    eventually(
        lambda: (
            playground.get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"]
            == {"VisibilityTimeout": "60"}
        )
    )
    # One deletes what the other looks at.
    playground.delete_queue(QueueUrl=url)
    for page in (left, right):
        expect(page.locator("#panel h2").first).to_have_text("Gone")
        # The address follows a moment later.
        expect(page).not_to_have_url(re.compile("select="))


def _save(page: Page, label: str, value: str) -> None:
    page.locator("#page-settings").get_by_label(label, exact=True).fill(value)
    page.locator("#panel").get_by_role("button", name="Save settings").click()
    expect(page.locator("#toasts")).to_contain_text("Settings of both saved.")


def test_a_clock_that_was_changed_moves_neither_time_nor_rings(
    sight: Sight, playground: Any
) -> None:
    url = playground.create_queue(QueueName="timed", Attributes={"VisibilityTimeout": "600"})
    playground.send_message(QueueUrl=url["QueueUrl"], MessageBody="x")
    assert playground.receive_message(QueueUrl=url["QueueUrl"])["Messages"]
    sight.open("playground", select="timed")
    left = sight.page.locator("#page-messages [data-until]")
    for years in (1, -2):
        before = sight.page.evaluate("() => window.signalbox.session.now()")
        sight.page.evaluate(LEAP, years * 31_536_000_000)
        playground.send_message(QueueUrl=url["QueueUrl"], MessageBody="y")
        sight.page.wait_for_function(
            "(before) => window.signalbox.session.now() > before + 500", arg=before
        )
        after = sight.page.evaluate("() => window.signalbox.session.now()")
        assert 0 < after - before < 60_000
        expect(left.first).to_have_text("10 min")
    assert sight.state["link"] == "live"


def test_a_tab_in_the_back_for_an_hour_is_right_at_once(sight: Sight, playground: Any) -> None:
    settings = {"MessageRetentionPeriod": "3000", "VisibilityTimeout": "1200"}
    url = playground.create_queue(QueueName="back", Attributes=settings)["QueueUrl"]
    page = sight.open("playground").page
    sight.wait_for("counters", "back", [0, 0, 0])
    page.evaluate(COUNT_FRAMES)
    page.evaluate(SHOW, False)
    for at in range(300):
        playground.send_message(QueueUrl=url, MessageBody=str(at))
    playground.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    eventually(lambda: sight.state["counters"]["back"] == [290, 10, 0])
    # Behind the others a tab asks for one frame a second and for no dots.
    assert page.evaluate("() => window.frames.flatMap((frame) => frame.p ?? []).length") == 0
    assert page.evaluate("() => window.frames.filter((frame) => frame.t === 'b').length") < 30
    _pass_an_hour(page)
    page.evaluate(SHOW, True)
    eventually(lambda: sight.state["counters"]["back"] == [0, 0, 0])
    assert sight.state["link"] == "live"
    assert page.evaluate("() => window.signalbox.session.stage.particles.count") == 0
    playground.send_message(QueueUrl=url, MessageBody="after")
    sight.wait_for("counters", "back", [1, 0, 0])


def _pass_an_hour(page: Page) -> None:
    """Let an hour of the world pass in another tab, as fast as it can."""
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Run until something happens").click()
    other.get_by_label("Condition").select_option("time")
    other.locator("#until-number").fill("3600")
    other.locator("#until-go").click()
    toggle = other.locator("#world-toggle")
    expect(toggle).to_have_attribute("data-state", "paused", timeout=30_000)
    other.close()


def test_a_browser_without_websocket_is_told_and_the_rest_works(
    context: Callable[..., BrowserContext], site: RunningServer
) -> None:
    page = context(viewport=WIDE).new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.add_init_script("delete window.WebSocket")
    page.goto(f"{site.url}/s/playground/")
    banner = page.locator("#link")
    expect(banner).to_contain_text("This browser offers no WebSocket")
    expect(banner.get_by_role("button")).to_be_hidden()
    # What nobody could read is not shown as nothing.
    expect(page.locator("#totals")).to_be_hidden()
    expect(page.locator("#empty")).to_be_hidden()
    page.get_by_role("link", name="Requests", exact=True).click()
    expect(page.get_by_role("heading", name="Requests")).to_be_visible()
    assert troubles == []
