"""Charts in a browser: they draw, follow, have a table twin, and stay in the panel."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.browser.soundness import assert_sound_in_both_themes
from tests.fixtures.server import RunningServer

pytestmark = pytest.mark.needs("chromium")
INKED = """(selector) => [...document.querySelectorAll(`${selector} canvas`)].every((canvas) =>
  canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((v) => v > 0))
  && document.querySelectorAll(`${selector} canvas`).length"""


def test_the_page_draws_three_charts_and_says_the_same_in_words_and_rows(sight: Sight) -> None:
    sight.page.goto(f"{sight.url}/s/{DEMO}/charts/")
    assert sight.until(INKED, ".chart") == 3
    sight.page.wait_for_selector("#charts-summary:has-text('visible')")
    sight.page.click(".charts-twin summary")
    sight.until("() => document.querySelectorAll('#charts-rows tr').length > 50")
    sight.page.click("button:has-text('1 h')")
    sight.page.wait_for_selector("[name=span][value='1h'][aria-pressed=true]")
    assert sight.until(INKED, ".chart") == 3


def test_hold_stops_the_requests(sight: Sight) -> None:
    sight.page.goto(f"{sight.url}/s/{DEMO}/charts/")
    sight.until(INKED, ".chart")
    sight.page.click("#charts-hold")
    asked: list[str] = []
    sight.page.on("request", lambda request: asked.append(request.url))
    sight.page.wait_for_timeout(2_500)
    assert [url for url in asked if "/charts/data/" in url] == []


def test_the_panels_chart_survives_a_swap_and_a_theme(sight: Sight) -> None:
    sight.open(DEMO, select="orders")
    assert sight.until(INKED, "#panel queue-chart") == 1
    sight.page.click("#panel .panel-acts button:has-text('Receive')")
    sight.page.wait_for_selector(".toast")
    sight.page.click("[data-theme-switch]")
    assert sight.until(INKED, "#panel queue-chart") == 1


def test_axe_finds_nothing_in_what_a_command_answered(page: Page, site: RunningServer) -> None:
    page.goto(f"{site.url}/s/{DEMO}/requests/")
    page.keyboard.press("Control+k")
    page.fill("#palette-line", "aws sqs list-queues")
    page.keyboard.press("Enter")
    page.wait_for_selector("#palette-output:has-text('QueueUrls')")
    page.fill("#palette-line", "open")
    assert_sound_in_both_themes(page, "#palette")
