"""The track of time draws whatever it knows: nothing yet, or traffic that goes on under a part."""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.sight import Sight

pytestmark = pytest.mark.needs("chromium")

MARKERS = re.compile(r"/markers/")
LENGTH = "() => { const {track} = window.signalbox.time; return track.end - track.from; }"


def test_it_can_be_used_before_its_markers_have_come(sight: Sight) -> None:
    """The page's own errors fail this test, as any other."""
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        held.append(route) if is_held else route.continue_()

    page = sight.page
    page.route(MARKERS, hold)
    sight.open("playground")
    assert page.evaluate("() => window.signalbox.time.track.data") is None
    use(sight)
    page.set_viewport_size({"width": 1200, "height": 900})
    is_held = False
    for route in held:
        route.continue_()
    assert sight.until(f"() => window.signalbox.time.track.data && ({LENGTH})() >= 0 && 1") == 1
    use(sight)


def test_traffic_goes_on_under_a_part_of_it(sight: Sight, playground: Any) -> None:
    url = playground.create_queue(QueueName="busy")["QueueUrl"]
    page = sight.open("playground").page
    sight.until("() => window.signalbox.time.track.data !== null")
    for number in range(4):
        playground.send_message_batch(
            QueueUrl=url,
            Entries=[{"Id": str(each), "MessageBody": "x"} for each in range(10)],
        )
        sight.wait_for("counters", "busy", [10 * (number + 1), 0, 0])
        use(sight)
        assert page.evaluate(LENGTH) >= 0
    before = page.evaluate("() => window.signalbox.time.track.data.to")
    sight.until("(before) => window.signalbox.time.track.data.to > before", before)


def use(sight: Sight) -> None:
    """Everything that makes it draw: wheel, keys, pointer, theme."""
    page = sight.page
    box = page.locator("#track").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.wheel(0, -120)
    page.mouse.wheel(120, 0)
    page.locator("#track").focus()
    for key in ("+", "+", "-"):
        page.keyboard.press(key)
    page.locator("[data-theme-switch]").click()
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + 20)
    page.locator("#track").focus()
    page.keyboard.press("End")
    expect(page.locator("#past")).to_be_hidden()
