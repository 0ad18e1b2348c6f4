"""Is what a page shows sound: for axe, in both themes and both widths, and under a finger?"""

from typing import Literal

from playwright.sync_api import Page, ViewportSize

from tests.fixtures.server import ROOT

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

_AXE = (ROOT / "tests/vendor/axe-core@4.14.1/axe.min.js").read_text(encoding="utf-8")
# Colours that are still changing are no colours of the theme.
_RUN = """async ([part, only]) => {
  await new Promise(requestAnimationFrame);
  const ends = Promise.allSettled(document.getAnimations().map((each) => each.finished));
  // What moves inside closed details stands still and never ends.
  await Promise.race([ends, new Promise((done) => setTimeout(done, 2000))]);
  const runOnly = only ? {runOnly: {type: "rule", values: [only]}} : {};
  const {violations} = await window.axe.run(
    part ?? document, {resultTypes: ["violations"], ...runOnly});
  return violations.map(({id, nodes}) =>
    `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}"""


def faults(page: Page, part: str | None = None, *, rule: str | None = None) -> list[str]:
    """Return what axe finds wrong in the page, or in a part of it, or by one rule only."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_AXE)
    return list(page.evaluate(_RUN, [part, rule]))


def assert_sound_in_both_themes(page: Page, part: str | None = None) -> None:
    """Fail where axe finds anything in either theme; the page is left in the dark one."""
    page.emulate_media(color_scheme="light")
    assert faults(page, part) == [], "light"
    # A theme is other colours and nothing else.
    page.emulate_media(color_scheme="dark")
    assert faults(page, part, rule="color-contrast") == [], "dark"


def assert_sound(page: Page) -> None:
    """Fail where axe finds anything, or something lies beyond the edge, wide and on a phone."""
    page.set_viewport_size(WIDE)
    assert_sound_in_both_themes(page)
    assert page.evaluate(WIDTH) <= WIDE["width"]
    page.set_viewport_size(NARROW)
    assert faults(page) == [], "narrow"
    assert page.evaluate(WIDTH) <= NARROW["width"]
