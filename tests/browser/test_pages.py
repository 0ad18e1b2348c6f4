"""Every page, in both themes and on a phone: no errors, nothing for axe, nothing sideways."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.places import PLACES, Place
from tests.browser.sight import Sight
from tests.fixtures.browser import SEEN_HINTS
from tests.fixtures.server import ROOT, RunningServer

AXE = (ROOT / "tests/vendor/axe-core@4.14.1/axe.min.js").read_text(encoding="utf-8")
# Colours that are still changing are no colours of the theme.
RUN_AXE = """async (part) => {
  await new Promise(requestAnimationFrame);
  const ends = Promise.allSettled(document.getAnimations().map((each) => each.finished));
  // What moves inside closed details stands still and never ends.
  await Promise.race([ends, new Promise((done) => setTimeout(done, 2000))]);
  const {violations} = await window.axe.run(part ?? document, {resultTypes: ["violations"]});
  return violations.map(({id, nodes}) =>
    `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}"""
RUN_COLOURS = RUN_AXE.replace(
    "{resultTypes:", "{runOnly: {type: 'rule', values: ['color-contrast']}, resultTypes:"
)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
WIDTH = "() => document.documentElement.scrollWidth"
# Buttons, links that look like one, and fields that a finger would miss: under 24 pixels.
SMALL = """() => [...document.querySelectorAll("button,.btn,select,input:not([type=hidden])")]
  .filter((each) => each.checkVisibility({visibilityProperty: true}))
  .map((each) => [each, (each.closest("label") ?? each).getBoundingClientRect()])
  .filter(([, {width, height}]) => width && height && (width < 23.9 || height < 23.9))
  .map(([each, {width, height}]) => `${each.id || each.textContent.trim()} ${width}x${height}`)"""
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
    page = look(PLACES[name], viewport=WIDE)
    page.evaluate(AXE)
    page.emulate_media(color_scheme="light")
    assert page.evaluate(RUN_AXE) == [], "light"
    assert page.evaluate(WIDTH) <= WIDE["width"]
    # A theme is other colours and nothing else.
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(RUN_COLOURS) == [], "dark"
    page.set_viewport_size(NARROW)
    assert page.evaluate(RUN_AXE) == [], "narrow"
    assert page.evaluate(WIDTH) <= NARROW["width"]


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
