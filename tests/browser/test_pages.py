"""Every page, in both themes and on a phone: no errors, nothing for axe, nothing sideways."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.places import PLACES, Place
from tests.browser.sight import Sight
from tests.browser.soundness import NARROW, SMALL, WIDE, WIDTH, assert_sound
from tests.fixtures.browser import SEEN_HINTS
from tests.fixtures.server import RunningServer

# A page that is not there, and a form that is wrong, are reported by the browser itself.
EXPECTED = ("a status of 404", "a status of 422")

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture
def look(browser: Browser, site: RunningServer) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a place; what the page says to the console must be nothing."""
    said: list[str] = []
    with ExitStack() as opened:

        def open_place(place: Place, **settings: Any) -> Page:
            context = browser.new_context(locale="en-GB", timezone_id="UTC", **settings)
            opened.callback(context.close)
            if not place.is_new:
                context.add_init_script(SEEN_HINTS)
            page = context.new_page()
            if not place.is_lost:
                page.on("pageerror", lambda error: said.append(str(error)))
                page.on("console", lambda line: said.append(f"{line.type}: {line.text}"))
            page.goto(site.url + place.path)
            if place.is_live:
                Sight(page, site.url).settle()
            if place.is_selected:
                page.locator("#panel .panel-head h2").wait_for()
            if place.act:
                place.act(page)
            return page

        yield open_place
    troubles = [line for line in said if line.startswith(("error", "warning", "Uncaught"))]
    assert [line for line in troubles if not any(each in line for each in EXPECTED)] == []


@pytest.mark.parametrize("name", PLACES)
def test_a_place_is_sound_in_both_themes_and_both_widths(
    look: Callable[..., Page], name: str
) -> None:
    assert_sound(look(PLACES[name], viewport=WIDE))


@pytest.mark.parametrize("name", ["home", "map", "queue", "keys", "queue, settings", "performance"])
def test_a_finger_finds_large_targets(look: Callable[..., Page], name: str) -> None:
    page = look(PLACES[name], viewport=NARROW, has_touch=True)
    small = page.evaluate(SMALL)
    assert small == []
    assert page.evaluate(WIDTH) <= NARROW["width"]


def test_with_reduced_motion_nothing_flies_and_rates_are_written(
    look: Callable[..., Page], site: RunningServer
) -> None:
    page = look(PLACES["map"], viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    sight = Sight(page, site.url)
    sight.watch()
    sight.until(
        "() => [...document.querySelectorAll('#scene text')]"
        ".some((text) => /^[0-9.]+\\/s$/.test(text.textContent))"
    )
    assert page.evaluate("() => window.signalbox.session.stage.particles.count") == 0
    assert page.evaluate("() => window.flown") == []


def test_at_twice_the_size_nothing_is_lost(look: Callable[..., Page]) -> None:
    page = look(PLACES["home"], viewport={"width": 640, "height": 450}, device_scale_factor=2)
    assert page.evaluate(WIDTH) <= 640
    for link in page.get_by_role("link").all():
        assert link.bounding_box() is not None
