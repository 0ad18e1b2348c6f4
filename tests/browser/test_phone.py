"""The sandbox on a phone, by touch alone: map, table, panel, time, console, sharing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Locator, Page, ViewportSize, expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.browser.test_pages import SMALL, WIDTH
from tests.fixtures.server import RunningServer
from tests.live.clients.connect import bodies

pytestmark = pytest.mark.needs("chromium")

PHONE: ViewportSize = {"width": 390, "height": 844}
VIEW = "() => ({...window.signalbox.session.stage.view})"
# The main actions of the page: a thumb wants 44 pixels. Nine tools share one row.
MAIN = "#world-toggle,#past-back,#world-step,#view-menu > summary,.top .acts .btn"
TOOL = (36, 44)


@pytest.fixture
def phone(context: Callable[..., BrowserContext], site: RunningServer) -> Iterator[Sight]:
    """Look at a sandbox on a phone."""
    page = context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    yield Sight(page, site.url)


@pytest.fixture
def queue(playground: Any) -> Iterator[str]:
    url: str = playground.create_queue(QueueName="touched")["QueueUrl"]
    yield url
    playground.delete_queue(QueueUrl=url)


def fingers(touch: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    """Put fingers on the screen, move them, or lift them all."""
    places = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(points)]
    touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": places})


def ground(page: Page) -> tuple[float, float]:
    """Return a point of the map where no node lies."""
    found = page.evaluate(
        """() => {
          const {left, right, top, bottom} = document.getElementById("map").getBoundingClientRect();
          const taken = ".node,.totals,.stage-bar";
          for (let y = bottom - 90; y > top + 90; y -= 12)
            for (let x = left + 60; x < right - 60; x += 12)
              if (!document.elementFromPoint(x, y).closest(taken)) return [x, y];
        }"""
    )
    return float(found[0]), float(found[1])


def fits(page: Page, place: Locator) -> None:
    """Expect a place to lie within the screen, with targets that a finger finds."""
    box = place.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    assert page.evaluate(SMALL) == []
    assert page.evaluate(WIDTH) <= PHONE["width"]


def test_the_map_is_panned_by_one_finger_and_zoomed_by_two(phone: Sight) -> None:
    page = phone.open(DEMO).page
    expect(page.locator("#table")).to_be_visible()
    page.get_by_role("button", name="Map", exact=True).tap()
    expect(page.locator("#map")).to_be_visible()
    phone.until("() => window.signalbox.session.stage.screen.width > 0")
    touch = page.context.new_cdp_session(page)
    x, y = ground(page)
    before = page.evaluate(VIEW)
    fingers(touch, "Start", (x, y))
    for step in (10, 25, 40):
        fingers(touch, "Move", (x + step, y - step))
    fingers(touch, "End")
    panned = page.evaluate(VIEW)
    assert (panned["k"], panned["x"] - before["x"] > 20) == (before["k"], True)
    assert before["y"] - panned["y"] > 20
    x, y = ground(page)
    fingers(touch, "Start", (x, y), (x + 30, y))
    for step in (20, 40, 60):
        fingers(touch, "Move", (x, y), (x + 30 + step, y))
    fingers(touch, "End")
    assert page.evaluate(VIEW)["k"] > 1.5 * panned["k"]
    page.get_by_role("button", name="Fit the map").tap()
    phone.until("(k) => window.signalbox.session.stage.view.k < k", 1.2 * before["k"])
    fits(page, page.locator("#stage"))


def test_a_node_of_the_map_and_a_row_of_the_table_open_the_panel(phone: Sight) -> None:
    page = phone.open(DEMO, view="map").page
    page.locator("#scene .node").filter(has_text="packer").first.tap()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="packer")).to_be_visible()
    fits(page, panel)
    panel.get_by_role("button", name="Close").tap()
    expect(panel).to_be_hidden()
    page.get_by_role("button", name="Table").tap()
    page.locator("#table").get_by_role("button", name="orders", exact=True).tap()
    expect(panel.get_by_role("heading", name="orders")).to_be_visible()
    for tab in ("Send", "Settings", "Policy", "Calls", "Messages"):
        panel.get_by_role("tab", name=tab).tap()
        expect(panel.get_by_role("tabpanel", name=tab)).to_be_visible()
        fits(page, panel)


def test_time_is_stopped_scrubbed_and_left_by_thumb(phone: Sight) -> None:
    page = phone.open(DEMO).page
    for target in page.locator(MAIN).all():
        box = target.bounding_box()
        if box is not None and target.is_visible():
            assert min(box["width"], box["height"]) >= 43.9, target.get_attribute("aria-label")
    for target in page.locator(".tools button:visible").all():
        box = target.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
        assert box["width"] >= TOOL[0] and box["height"] >= TOOL[1]
    page.get_by_role("button", name="Pause the world").tap()
    phone.until("() => document.getElementById('world-toggle').dataset.state === 'paused'")
    page.get_by_role("button", name="Step: run the next event").tap()
    box = page.locator("#track").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 3, box["y"] + 20)
    past = page.locator("#past")
    expect(past).to_be_visible()
    fits(page, past)
    page.get_by_role("button", name="Back to live").tap()
    expect(past).to_be_hidden()
    page.get_by_role("button", name="Run the world").tap()
    phone.until("() => document.getElementById('world-toggle').dataset.state === 'running'")


def test_a_message_is_sent_and_received_by_thumb(phone: Sight, playground: Any, queue: str) -> None:
    page = phone.open("playground").page
    page.locator("#table").get_by_role("button", name="touched", exact=True).tap()
    panel = page.locator("#panel")
    panel.get_by_role("button", name="Send…").first.tap()
    panel.get_by_label("Body").fill("by thumb")
    panel.get_by_role("button", name="Send message").tap()
    phone.wait_for("counters", "touched", [1, 0, 0])
    panel.get_by_role("button", name="Receive +1").tap()
    phone.wait_for("counters", "touched", [0, 1, 0])
    panel.get_by_role("tab", name="Calls").tap()
    panel.get_by_role("button", name="ListQueueTags", exact=True).tap()
    panel.get_by_role("button", name="List tags").tap()
    expect(panel.locator("#bench .answer")).to_contain_text("0 tags.")
    fits(page, panel)
    assert bodies(playground, queue) == []


def test_sharing_stands_in_the_menu_of_the_view(phone: Sight) -> None:
    page = phone.open(DEMO, select="orders").page
    page.locator("#panel").get_by_role("button", name="Close").tap()
    menu = page.locator("#view-menu")
    menu.locator("summary").tap()
    fits(page, menu.locator(".sheet"))
    menu.get_by_role("link", name="Share…").tap()
    dialog = page.get_by_role("dialog", name="Share")
    expect(dialog.get_by_label("Its scenario, packed into a link")).not_to_have_value("")
    fits(page, dialog)
    assert f"/s/{DEMO}/" in dialog.get_by_label("This view", exact=True).input_value()
    dialog.get_by_role("button", name="Close").tap()
    expect(dialog).to_be_hidden()
    assert "/about/" not in page.url
