"""What a person does on the page: by mouse, and by keyboard alone."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sight import Sight
from tests.live.clients.connect import bodies, counters

pytestmark = pytest.mark.needs("chromium")

NAMED = "() => document.activeElement.ariaLabel || document.activeElement.textContent.trim()"
MOST_TABS = 80


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if str(page.evaluate(NAMED)).startswith(name):
            return
    pytest.fail(f"{name!r} cannot be reached by Tab")


def say(page: Page, text: str) -> None:
    """Wait for a toast."""
    expect(page.locator("#toasts .toast")).to_contain_text(text)


def test_a_queue_by_mouse_from_creation_to_deletion(sight: Sight, playground: Any) -> None:
    page = sight.open("playground").page
    panel = page.locator("#panel")
    page.get_by_role("button", name="Create a queue").click()
    panel.get_by_label("Name", exact=True).fill("clicked")
    panel.get_by_label("Visibility timeout").fill("45")
    panel.get_by_role("button", name="Create queue").click()
    say(page, "Queue clicked created.")
    sight.wait_for("nodes", "clicked", "queue")
    url = playground.get_queue_url(QueueName="clicked")["QueueUrl"]

    panel.get_by_role("button", name="Send…").first.click()
    panel.get_by_label("Body").fill("by hand")
    panel.get_by_role("button", name="Send message").click()
    say(page, "Sent to clicked.")
    sight.wait_for("counters", "clicked", [1, 0, 0])
    panel.get_by_role("tab", name="Messages").click()
    expect(panel.locator("tbody tr")).to_contain_text("by hand")
    # Looking is free: no receive was counted.
    panel.get_by_role("button", name="Peek").click()
    assert sight.state["messages"]["clicked"] == [["v", 0]]

    panel.get_by_role("button", name="Receive +1").click()
    say(page, "Received, not gone. Comes back in 45 s unless you delete it.")
    sight.wait_for("messages", "clicked", [["f", 1]])
    expect(panel.locator("[data-until]")).to_have_text(re.compile(r"^(4[0-5]|3\d) s$"))
    panel.get_by_role("button", name=re.compile("^Delete message")).click()
    say(page, "Message deleted.")
    sight.wait_for("counters", "clicked", [0, 0, 0])

    playground.send_message(QueueUrl=url, MessageBody="x")
    panel.get_by_role("tab", name="Settings").click()
    panel.get_by_role("spinbutton", name="Delay").fill("7")
    panel.get_by_role("button", name="Save settings").click()
    say(page, "Settings of clicked saved.")
    told = playground.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])
    assert told["Attributes"] == {"DelaySeconds": "7"}
    panel.get_by_text("Purge…").click()
    panel.get_by_role("button", name=re.compile(r"^Purge \d")).click()
    say(page, "clicked purged.")
    assert counters(playground, url) == (0, 0, 0)
    panel.get_by_text("Delete queue…").click()
    panel.get_by_role("button", name="Delete queue", exact=True).click()
    say(page, "Queue clicked deleted.")
    sight.until("() => ![...window.signalbox.session.shown.nodes.values()]"
                ".some((node) => node.label === 'clicked')")  # fmt: skip


def test_a_queue_by_keyboard_from_creation_to_deletion(sight: Sight, playground: Any) -> None:
    page = sight.open("playground").page
    page.keyboard.press("n")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("typed")
    page.keyboard.press("Enter")
    say(page, "Queue typed created.")
    sight.wait_for("nodes", "typed", "queue")
    expect(page.locator("#panel .panel-head h2")).to_have_text("typed")
    url = playground.get_queue_url(QueueName="typed")["QueueUrl"]

    tab_to(page, "Send…")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Body")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("n, l and 0 are letters here")
    tab_to(page, "Send message")
    page.keyboard.press("Enter")
    say(page, "Sent to typed.")
    sight.wait_for("counters", "typed", [1, 0, 0])
    assert bodies(playground, url, VisibilityTimeout=0) == ["n, l and 0 are letters here"]

    sight.settle()
    page.keyboard.press("Escape")
    sight.until("() => document.activeElement.closest('#scene .node') !== null")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .panel-head h2")).to_have_text("typed")
    tab_to(page, "Receive")
    page.keyboard.press("Enter")
    say(page, "Received, not gone.")
    assert counters(playground, url) == (0, 1, 0)
    tab_to(page, "Send…")
    tab_to(page, "Send")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Messages")).to_be_focused()
    tab_to(page, "Delete message")
    page.keyboard.press("Enter")
    say(page, "Message deleted.")
    sight.wait_for("counters", "typed", [0, 0, 0])
    tab_to(page, "Messages")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Settings")).to_have_attribute("aria-selected", "true")
    tab_to(page, "Delete queue…")
    page.keyboard.press("Enter")
    tab_to(page, "Delete queue")
    page.keyboard.press("Enter")
    say(page, "Queue typed deleted.")


def test_errors_stand_beside_their_fields(sight: Sight, playground: Any) -> None:
    playground.create_queue(QueueName="taken", Attributes={"VisibilityTimeout": "9"})
    page = sight.open("playground").page
    page.keyboard.press("n")
    name = page.get_by_label("Name", exact=True)
    delay = page.get_by_role("spinbutton", name="Delay")
    delay.fill("5")
    for wrong, label, words in (
        ("no spaces", "Name", "alphanumeric characters, hyphens, or underscores"),
        ("taken", "Delay", "A queue already exists with the same name and a different value"),
    ):
        name.fill(wrong)
        page.keyboard.press("Enter")
        field = page.locator("#panel .field.bad")
        expect(field).to_contain_text(words)
        expect(field).to_have_count(1)
        expect(field.locator("label")).to_have_text(label)
        expect(field.locator("input")).to_have_attribute("aria-invalid", "true")
        expect(name).to_have_value(wrong)
    # The browser knows the range and sends nothing that is outside it.
    delay.fill("901")
    name.fill("fresh")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.querySelector('#panel :invalid[name]').name") == (
        "DelaySeconds"
    )
    assert "fresh" not in str(playground.list_queues()["QueueUrls"])


def test_a_fifo_queue_has_its_own_fields_and_lanes(sight: Sight, playground: Any) -> None:
    page = sight.open("playground").page
    page.keyboard.press("n")
    page.get_by_label("Name", exact=True).fill("lined.fifo")
    page.get_by_label("FIFO: deduplicate by the body's content").check()
    page.get_by_role("button", name="Create queue").nth(-1).click()
    sight.wait_for("nodes", "lined.fifo", "fifo")
    page.locator("#panel").get_by_role("button", name="Send…").first.click()
    expect(page.get_by_label("Deduplication id")).to_be_visible()
    page.get_by_label("Message group").fill("")
    page.get_by_role("button", name="Send message").click()
    expect(page.locator("#panel .field.bad")).to_contain_text("MessageGroupId")
    page.get_by_label("Message group").fill("g1")
    page.get_by_role("button", name="Send message").click()
    sight.wait_for("counters", "lined.fifo", [1, 0, 0])


def test_the_calls_tab_shows_what_would_do_the_same(sight: Sight, playground: Any) -> None:
    url = playground.create_queue(QueueName="shown")["QueueUrl"]
    page = sight.open("playground", select="shown").page
    panel = page.locator("#panel")
    panel.get_by_role("tab", name="Calls").click()
    expect(panel).to_contain_text("aws sqs receive-message")
    expect(panel).to_contain_text("sqs.receive_message(")
    expect(panel).to_contain_text(url)


def test_the_table_has_what_the_map_has(sight: Sight, playground: Any) -> None:
    url = playground.create_queue(QueueName="tabled")["QueueUrl"]
    playground.send_message(QueueUrl=url, MessageBody="x")
    page = sight.open("playground").page
    page.keyboard.press("t")
    row = page.get_by_role("row").filter(has_text="tabled")
    expect(row.get_by_role("cell").nth(1)).to_have_text("1")
    names = page.locator("#table tbody th").all_text_contents()
    assert sorted(names) == sorted(sight.state["nodes"])
    page.get_by_role("button", name="Visible").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Visible")
    row.get_by_role("button", name="tabled").click()
    expect(page.locator("#panel .panel-head h2")).to_have_text("tabled")
    playground.send_message(QueueUrl=url, MessageBody="y")
    expect(row.get_by_role("cell").nth(1)).to_have_text("2")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(page.locator("#map")).to_be_visible()


def test_the_theme_is_switched_and_kept(sight: Sight) -> None:
    page = sight.open("playground").page
    light = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Switch to the dark theme").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    dark = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.reload()
    sight.settle()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.get_by_role("button", name="Switch to the light theme").click()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == light


def test_a_sandbox_is_made_renamed_copied_and_deleted(sight: Sight) -> None:
    page = sight.page
    page.goto(sight.url)
    page.get_by_label("New sandbox").fill("Payments <trial>")
    page.get_by_role("button", name="Create sandbox").click()
    sight.settle()
    assert page.title().startswith("Payments <trial>")
    page.goto(f"{sight.url}{urlsplit(page.url).path}about/")
    page.get_by_label("Name", exact=True).fill("Billing")
    page.get_by_role("button", name="Rename sandbox").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Billing")
    page.locator("form").filter(has_text="Delete sandbox").get_by_role("textbox").fill("wrong")
    page.get_by_role("button", name="Delete sandbox").click()
    expect(page.locator(".field.bad")).to_have_count(1)
    page.locator("form").filter(has_text="Delete sandbox").get_by_role("textbox").fill("Billing")
    page.get_by_role("button", name="Delete sandbox").click()
    page.wait_for_url(f"{sight.url}/")
    expect(page.get_by_role("link", name="Billing")).to_have_count(0)
