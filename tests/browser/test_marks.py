"""The marks of the time bar: the last minute at live, kinds in proportion; the first steps; X."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight

pytestmark = pytest.mark.needs("chromium")

SPAN = "() => { const {track} = window.signalbox.time; return track.end - track.from; }"
# Kinds that the answer of the server has in what is shown, and those that have a mark.
KINDS = """() => {
  const {track} = window.signalbox.time;
  const of = (kind) => track.drawnMarks.filter((each) => each.kind === kind).length;
  const there = Object.keys(track.data.kinds).filter((kind) => track.data.kinds[kind].length);
  return Object.fromEntries(there.map((kind) => [kind, of(kind)]));
}"""
ALL_OF_IT = """() => {
  const {track} = window.signalbox.time;
  return track.zoom.window === null && track.data.from === track.zoom.whole.from;
}"""


@pytest.fixture
def ran(sight: Sight, sqs: Any) -> Sight:
    """Look at the demo after five minutes of its world, paused, with one rare event at the end."""
    page = sight.open(DEMO).page
    page.locator("#until-open").click()
    page.get_by_label("Condition").select_option("time")
    page.get_by_label("How many").fill("300")
    page.get_by_label("How many").press("Enter")
    # Hundreds of messages go through the engine meanwhile.
    expect(page.locator("#until")).to_be_hidden(timeout=60_000)
    sight.until("() => document.getElementById('world-toggle').dataset.state === 'paused'")
    sqs.create_queue(QueueName="rare")
    sight.wait_for("nodes", "rare", "queue")
    return sight


def whole(sight: Sight) -> Page:
    sight.page.locator("#track").dblclick(position={"x": 200, "y": 15})
    sight.until(ALL_OF_IT)
    return sight.page


def test_live_is_the_last_minute_and_zooming_out_shows_all(ran: Sight) -> None:
    ran.until(f"() => ({SPAN})() === 60000")
    ran.page.locator("#track").focus()
    for _ in range(8):
        ran.page.keyboard.press("-")
    ran.until(ALL_OF_IT)
    assert ran.page.evaluate(SPAN) >= 300_000
    ran.page.keyboard.press("+")
    ran.until(f"() => ({SPAN})() < 250000")


def test_the_window_follows_the_play_head_into_the_past(ran: Sight) -> None:
    ran.until(f"() => ({SPAN})() === 60000")
    ran.page.keyboard.press("Home")
    ran.until(
        "() => { const {track} = window.signalbox.time; return !track.head.live"
        " && track.from === track.zoom.whole.from && track.head.at <= track.end"
        " && track.data.from <= track.from && track.data.to < track.zoom.whole.to; }"
    )
    ran.page.keyboard.press("l")
    ran.until(
        "() => { const {track} = window.signalbox.time; return track.end === track.head.at; }"
    )


def test_marks_are_in_proportion_and_rare_ones_are_kept(ran: Sight) -> None:
    page = whole(ran)
    ran.until(f"() => ({KINDS})().config > 0")
    drawn = page.evaluate(KINDS)
    assert all(drawn.values()), drawn
    # Most of the traffic is sends, receives and deletes, and so are most of the marks.
    usual = drawn["sent"] + drawn["received"] + drawn["deleted"]
    assert usual > sum(drawn.values()) / 2, drawn
    assert drawn["sent"] > drawn["dead"]
    page.locator("label[data-kind=sent]").click()
    without = page.evaluate(KINDS)
    assert without["sent"] == 0 and without["deleted"] >= drawn["deleted"], (drawn, without)
    page.locator("label[data-kind=sent]").click()


def test_nothing_is_framed_on_a_fresh_page(site: Any, browser: Any) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB").new_page()
    Sight(page, site.url).open(DEMO)
    steps = page.get_by_role("region", name="First steps")
    expect(steps.get_by_role("heading")).to_have_text("Each dot is a message.")
    outline = "() => getComputedStyle(document.getElementById('stage')).outlineStyle"
    assert page.evaluate(outline) == "none"
    assert page.evaluate("() => document.querySelector(':focus-visible') === null")
    page.context.close()


def test_the_first_steps_on_a_phone_speak_of_the_table(site: Any, browser: Any) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB").new_page()
    Sight(page, site.url).open(DEMO)
    steps = page.get_by_role("region", name="First steps")
    expect(page.locator("#table")).to_be_visible()
    expect(steps.get_by_role("heading")).to_have_text("Each row is a part of the picture.")
    expect(steps).to_contain_text("1 of")
    page.context.close()


def test_a_letter_opens_the_chaos_tray(sight: Sight) -> None:
    page = sight.open(DEMO, select="orders").page
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="orders", exact=True)).to_be_visible()
    page.keyboard.press("x")
    expect(panel.get_by_role("tab", name="Settings")).to_have_attribute("aria-selected", "true")
    expect(panel.locator("[data-fault]").first).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Faults of the selected node").click()
    expect(panel.locator("[data-fault]").first).to_be_focused()
