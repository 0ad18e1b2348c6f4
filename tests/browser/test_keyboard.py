"""The keyboard alone: build a small system, run it, pause, inspect, step back, and fork."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.sight import Sight
from tests.live.clients.connect import eventually

pytestmark = pytest.mark.needs("chromium")

MOST_TABS = 80
NO_MOUSE = """() => {
  window.pointed = 0;
  for (const kind of ["pointerdown", "mousedown", "touchstart", "wheel"]) {
    window.addEventListener(kind, () => { window.pointed += 1; }, true);
  }
}"""


def tab_to(page: Page, target: Locator) -> Locator:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    target.wait_for()
    for _ in range(MOST_TABS):
        if target.evaluate("(element) => element === document.activeElement"):
            return target
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reached {target}.")


def fill(page: Page, label: str, text: str) -> None:
    tab_to(page, page.locator("#panel").get_by_label(label, exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list as its first letters are typed."""
    field = page.locator("#panel").get_by_label(label, exact=True)
    tab_to(page, field)
    page.keyboard.type(option)
    expect(field.locator("option:checked")).to_have_text(option)


def press(page: Page, target: Locator) -> None:
    tab_to(page, target)
    page.keyboard.press("Enter")


def queue(sight: Sight, name: str, dead: str = "") -> None:
    page = sight.page
    page.keyboard.press("n")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type(name)
    if dead:
        choose(page, "Dead-letter queue", dead)
        fill(page, "Maximum receives", "1")
    page.keyboard.press("Enter")
    sight.wait_for("nodes", name, "queue")
    # Its panel takes the place of the form.
    expect(page.locator("#panel .panel-head h2")).to_have_text(name)
    page.keyboard.press("Escape")


def actor(sight: Sight, kind: str, name: str, **settings: str) -> None:
    page = sight.page
    page.keyboard.press("a")
    expect(page.locator("#panel .actor-form")).to_be_visible()
    tab = page.locator("#panel").get_by_role("button", name=kind, exact=True)
    if tab.get_attribute("aria-pressed") != "true":
        press(page, tab)
        expect(tab).to_have_attribute("aria-pressed", "true")
    fill(page, "Name", name)
    for label, value in settings.items():
        field = page.locator("#panel").get_by_label(label.replace("_", " "), exact=True)
        is_list = field.evaluate("(element) => element.localName") == "select"
        (choose if is_list else fill)(page, label.replace("_", " "), value)
    press(page, page.locator("#panel").get_by_role("button", name=re.compile("^Add ")))
    sight.wait_for("nodes", name, kind.lower())
    page.keyboard.press("Escape")


def walk_to(sight: Sight, label: str) -> None:
    """Go to a node by the arrow keys: the map is one stop of Tab."""
    page = sight.page
    tab_to(page, page.locator("#scene [tabindex='0']"))
    names = r"() => document.activeElement.getAttribute('aria-label') ?? ''"
    page.keyboard.press("Home")
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp"):
        if str(page.evaluate(names)).startswith(f"{label}, "):
            return
        page.keyboard.press(key)
    pytest.fail(f"The arrows never reached {label}, but {page.evaluate(names)}.")


def test_a_system_is_built_run_and_forked_by_keys(sight: Sight, playground: Any) -> None:
    page = sight.page
    page.add_init_script(f"({NO_MOUSE})()")
    sight.open("playground", view="map")

    queue(sight, "dead-jobs")
    queue(sight, "jobs", dead="dead-jobs")
    sight.wait_for_edge("jobs", "dlq", "dead-jobs")
    actor(sight, "Producer", "maker", Sends_to="jobs", Rate="5")
    actor(sight, "Consumer", "worker", Works_on="jobs")
    sight.wait_for_edge("maker", "send", "jobs")
    sight.wait_for_edge("jobs", "receive", "worker")
    url = playground.get_queue_url(QueueName="jobs")["QueueUrl"]
    found = playground.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
    policy = json.loads(found["Attributes"]["RedrivePolicy"])
    assert policy["deadLetterTargetArn"].endswith(":dead-jobs")
    assert int(policy["maxReceiveCount"]) == 1

    # It runs: wait for work, then pause and go one event on.
    eventually(lambda: sum(sight.state["counters"]["jobs"]) > 0)
    page.keyboard.press(".")
    toggle = page.locator("#world-toggle")
    expect(toggle).to_have_attribute("data-state", "paused")
    before = sight.state["q"]
    page.keyboard.press(",")
    eventually(lambda: sight.state["q"] > before)

    # Inspect a message: node, list, message, story.
    walk_to(sight, "jobs")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .panel-head h2")).to_have_text("jobs")
    press(page, page.locator("#panel td a.num").first)
    expect(page.locator("#panel h2").first).to_contain_text("Message")
    expect(page.locator("#panel .story")).to_contain_text("maker sent it")
    page.keyboard.press("Escape")

    # Step back, and fork from there.
    live = sight.state["q"]
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#past")).to_contain_text("Viewing")
    page.keyboard.press("ArrowLeft")
    eventually(lambda: sight.state["q"] < live)
    page.keyboard.press("f")
    expect(page.locator("#fork")).to_be_visible()
    expect(page.locator("#fork-go")).to_be_enabled()
    press(page, page.locator("#fork-go"))
    page.wait_for_url(re.compile(r"/s/playground-copy/"))
    sight.settle()
    assert {"jobs", "dead-jobs", "maker", "worker"} <= set(sight.state["nodes"])
    assert ["jobs", "dlq", "dead-jobs"] in sight.state["edges"]
    expect(page.locator("#world-toggle")).to_have_attribute("data-state", "paused")
    assert page.evaluate("() => window.pointed") == 0
