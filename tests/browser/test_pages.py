"""Every page, in both themes and on a phone: no errors, nothing for axe, nothing sideways."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
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
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTH = "() => document.documentElement.scrollWidth"
# A page that is not there is reported by the browser itself.
EXPECTED = "the server responded with a status of 404"

pytestmark = pytest.mark.needs("chromium")


def _stay(page: Page) -> None:
    """Do nothing more."""


def _press(key: str, then: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        page.keyboard.press(key)
        page.locator(then).wait_for()

    return press


@dataclass(frozen=True)
class Place:
    """A page, and what is done on it before it is looked at."""

    path: str
    is_live: bool = False
    act: Callable[[Page], None] = _stay


PLACES = {
    "home": Place("/"),
    "map": Place(f"/s/{DEMO}/?view=map", is_live=True),
    "table": Place(f"/s/{DEMO}/?view=table", is_live=True),
    "panel": Place(f"/s/{DEMO}/?select=orders", is_live=True),
    "actor": Place(f"/s/{DEMO}/?select=packer", is_live=True),
    "create": Place("/s/playground/", is_live=True, act=_press("n", "#panel form")),
    "keyboard": Place("/s/playground/", is_live=True, act=_press("?", "#help[open]")),
    "about": Place(f"/s/{DEMO}/about/"),
    "sign in": Place("/login/"),
    "nowhere": Place("/nowhere/"),
}


@pytest.fixture
def look(
    context: Callable[..., BrowserContext], site: RunningServer
) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a place; what the page says to the console must be nothing."""
    said: list[str] = []

    def open_place(place: Place, **settings: Any) -> Page:
        page = context(**settings).new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "console",
            lambda line: said.append(line.text) if line.type in ("error", "warning") else None,
        )
        page.goto(site.url + place.path)
        if place.is_live:
            Sight(page, site.url).settle()
        if "select=" in place.path:
            page.locator("#panel .panel-head h2").wait_for()
        place.act(page)
        return page

    yield open_place
    assert [line for line in said if EXPECTED not in line] == []


@pytest.mark.parametrize("name", PLACES)
def test_a_page_is_sound_in_both_themes(look: Callable[..., Page], name: str) -> None:
    page = look(PLACES[name], viewport={"width": 1440, "height": 900})
    page.evaluate(AXE)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        assert page.evaluate(RUN_AXE) == [], theme
    assert page.evaluate(WIDTH) <= 1440


@pytest.mark.parametrize("name", PLACES)
def test_a_page_is_sound_on_a_phone(look: Callable[..., Page], name: str) -> None:
    page = look(PLACES[name], viewport={"width": 390, "height": 844}, has_touch=True)
    assert page.evaluate(WIDTH) <= 390
    page.evaluate(AXE)
    assert page.evaluate(RUN_AXE) == []


def test_each_tab_of_a_panel_is_sound(look: Callable[..., Page]) -> None:
    place = Place(f"/s/{DEMO}/?select=shipments.fifo", is_live=True)
    page = look(place, viewport={"width": 1440, "height": 900})
    page.evaluate(AXE)
    for name in ("Messages", "Send", "Settings", "Calls"):
        page.locator("#panel").get_by_role("tab", name=name).click()
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            assert page.evaluate(RUN_AXE, "#panel") == [], (name, theme)


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
