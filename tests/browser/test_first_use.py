"""What the first picture does not need comes when a person first moves, and nothing is lost."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Request, Route, expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.fixtures.server import RunningServer

pytestmark = pytest.mark.needs("chromium")

HTMX = re.compile(r"/htmx\.min\.js")
CHECK_STYLES = (
    "() => [...document.styleSheets].some((sheet) => (sheet.href ?? '').includes('inspector.css'))"
)


@pytest.fixture
def asked(sight: Sight) -> Iterator[list[str]]:
    """Return the addresses that the page asks for, in their order."""
    addresses: list[str] = []

    def note(request: Request) -> None:
        addresses.append(request.url)

    sight.page.on("request", note)
    yield addresses


def count(asked: list[str], what: str) -> int:
    return sum(what in address for address in asked)


def test_nothing_of_the_panels_comes_before_a_person_moves(sight: Sight, asked: list[str]) -> None:
    page = sight.open(DEMO).page
    page.wait_for_load_state("load")
    assert page.evaluate("() => 'htmx' in window") is False
    assert page.evaluate(CHECK_STYLES) is False
    page.mouse.move(300, 300)
    sight.until("() => Boolean(window.htmx && window.Idiomorph)")
    assert page.evaluate(CHECK_STYLES) is True
    page.mouse.move(320, 320)
    page.keyboard.press("n")
    expect(page.locator("#panel form").first).to_be_visible()
    assert count(asked, "htmx.min.js") == count(asked, "idiomorph-ext") == 1
    assert count(asked, "inspector.css") == 1


def test_what_is_pressed_first_by_keyboard_waits_for_it(sight: Sight) -> None:
    """Each of these is the first that a page hears of a person."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page = sight.page
    page.route(HTMX, hold)
    sight.open(DEMO)
    before = page.locator("#world-toggle").get_attribute("data-state")
    with page.expect_request(HTMX):
        page.keyboard.press(".")
    assert page.locator("#world-toggle").get_attribute("data-state") == before
    held.pop().continue_()
    other = "paused" if before == "running" else "running"
    expect(page.locator("#world-toggle")).to_have_attribute("data-state", other)
    page.keyboard.press(".")
    expect(page.locator("#world-toggle")).to_have_attribute("data-state", str(before))


@pytest.mark.parametrize(("key", "place"), [("n", "#panel form"), ("m", "#lifespans .gantt")])
def test_a_first_key_opens_what_it_opens(sight: Sight, key: str, place: str) -> None:
    page = sight.open(DEMO).page
    page.keyboard.press(key)
    expect(page.locator(place).first).to_be_visible()


def test_the_speed_that_is_chosen_first_is_heard(sight: Sight) -> None:
    page = sight.open("playground").page
    speed = "() => window.signalbox.session.live.rate"
    page.keyboard.press("]")
    sight.until(f"() => ({speed})() === 2")
    page.keyboard.press("[")
    sight.until(f"() => ({speed})() === 1")


def test_without_a_network_the_first_use_says_so_and_the_next_one_works(
    context: Callable[..., BrowserContext], site: RunningServer, playground: Any
) -> None:
    playground.create_queue(QueueName="later")
    opened = context(viewport={"width": 1440, "height": 900})
    page = opened.new_page()
    sight = Sight(page, site.url).open("playground")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.route(HTMX, lambda route: route.abort())
    page.keyboard.press("n")
    expect(page.locator("#toasts")).to_contain_text("Not sent. The server does not answer")
    page.unroute(HTMX)
    page.keyboard.press("n")
    expect(page.locator("#panel form").first).to_be_visible()
    assert sight.state["nodes"]["later"] == "queue"
    assert wrong == []
