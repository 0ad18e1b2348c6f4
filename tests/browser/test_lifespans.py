"""M opens the lifetimes under the map: bars and messages light each other."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight

pytestmark = pytest.mark.needs("chromium")

LIT = """() => {
  const {lit} = window.signalbox.session.stage.scene.unlit;
  return lit ? [...lit.values()].flatMap((hits) => [...hits]) : [];
}"""
SPOT = """(label) => {
  const {session} = window.signalbox;
  const {stage} = session;
  const node = [...session.shown.nodes.values()].find((each) => each.label === label);
  const box = stage.scene.boxes.get(node.i);
  const frame = document.getElementById("map").getBoundingClientRect();
  const {k, x, y} = stage.view;
  return [frame.left + x + (box.x + 21) * k, frame.top + y + (box.y + 64) * k];
}"""


def test_bars_and_messages_light_each_other(sight: Sight, sqs: Any) -> None:
    sight.open(DEMO)
    sight.page.keyboard.press(".")
    sight.until("() => document.getElementById('world-toggle').dataset.state === 'paused'")
    url = sqs.create_queue(QueueName="lived")["QueueUrl"]
    for body in ("one", "two"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    sight.wait_for("counters", "lived", [2, 0, 0])
    sight.settle()
    page = sight.page
    page.keyboard.press("0")
    page.evaluate(
        "(label) => { const {session, selection} = window.signalbox; selection.choose("
        "[...session.shown.nodes.values()].find((node) => node.label === label).i); }",
        "lived",
    )
    page.keyboard.press("m")
    rows = page.locator("#lifespans .life-row")
    expect(rows).to_have_count(2)
    number = int((rows.last.get_attribute("id") or "").removeprefix("life-"))
    rows.last.hover()
    sight.until(f"() => ({LIT})().join() === '{number}'")
    expect(page.locator("#lifespans .life-row.chosen")).to_have_attribute("id", f"life-{number}")
    # And from the map: the first message in its lane.
    x, y = page.evaluate(SPOT, "lived")
    page.mouse.move(x, y)
    first = sight.until(f"() => ({LIT})()[0]")
    expect(page.locator("#lifespans .life-row.chosen")).to_have_attribute("id", f"life-{first}")
    rows.first.click()
    expect(page.locator("#panel")).to_contain_text("Why is it here?")
    page.keyboard.press("m")
    expect(page.locator("#lifespans")).to_be_hidden()
    assert page.evaluate(LIT) == []
