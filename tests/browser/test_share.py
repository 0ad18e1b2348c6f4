"""Sharing what the page shows: the view, its scenario, a frame, files."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.browser.soundness import assert_sound_in_both_themes
from tests.fixtures.server import RunningServer

pytestmark = pytest.mark.needs("chromium")

COPIED = "() => navigator.clipboard.readText()"


@pytest.fixture
def allowed(context: Callable[..., BrowserContext], site: RunningServer) -> Iterator[Sight]:
    """Look at the demo with a page that may use the clipboard."""
    permissions = ["clipboard-read", "clipboard-write"]
    page = context(permissions=permissions, viewport={"width": 1440, "height": 900}).new_page()
    yield Sight(page, site.url).open(DEMO, select="orders")


def share(page: Page) -> Locator:
    page.get_by_role("link", name="Share").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Share")
    expect(dialog).to_be_visible()
    return dialog


def test_the_view_is_shared_with_its_selection_and_moment(allowed: Sight) -> None:
    page = allowed.page
    dialog = share(page)
    assert "/about/" not in page.url
    link = dialog.get_by_label("This view", exact=True)
    asked = parse_qs(urlparse(link.input_value()).query)
    assert asked["select"][0].endswith("orders") and "at" not in asked
    dialog.get_by_label("At this moment").check()
    dialog.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    copied = page.evaluate(COPIED)
    assert copied == link.input_value()
    page.goto(copied)
    allowed.settle()
    seq = parse_qs(urlparse(copied).query)["at"][0]
    allowed.until("(seq) => window.signalbox.time.traveller.moment?.seq === Number(seq)", seq)
    expect(page.locator("#past")).to_be_visible()
    expect(page.locator("#panel").get_by_role("heading", name="orders")).to_be_visible()
    expect(share(page).get_by_label("At this moment")).to_be_checked()


def test_the_scenario_the_frame_and_the_files(allowed: Sight, site: RunningServer) -> None:
    page = allowed.page
    dialog = share(page)
    scenario = dialog.get_by_label("Its scenario, packed into a link")
    expect(dialog.get_by_role("button", name="Copy scenario link")).to_be_enabled()
    assert scenario.input_value().startswith(f"{site.url}/new/#s=")
    frame = dialog.get_by_label("In another page").input_value()
    assert frame.startswith(f'<iframe src="{site.url}/s/{DEMO}/?') and "embed=1" in frame
    expect(dialog).to_contain_text("No site may frame it yet")
    for name, ending in (("Scenario JSON", ".scenario.json"), ("SVG", ".svg"), ("PNG", ".png")):
        with page.expect_download() as download:
            dialog.get_by_text(name, exact=True).click()
        assert download.value.suggested_filename.endswith(ending)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Share")).to_be_focused()


def test_the_dialog_is_sound_in_both_themes(allowed: Sight) -> None:
    page = allowed.page
    share(page)
    assert_sound_in_both_themes(page, "#sharing")
    page.set_viewport_size({"width": 390, "height": 844})
    box = page.get_by_role("dialog", name="Share").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
