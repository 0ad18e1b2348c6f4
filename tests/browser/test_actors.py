"""Actors and faults on the page: by keyboard and by mouse, seen on the map."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight

pytestmark = pytest.mark.needs("chromium")


def test_an_actor_is_made_changed_broken_and_deleted(sight: Sight, sqs: Any) -> None:
    work = sqs.create_queue(QueueName="actors-work")["QueueUrl"]
    sight.open(DEMO)
    sight.wait_for("nodes", "actors-work", "queue")
    page, panel = sight.page, sight.page.locator("#panel")
    page.keyboard.press("a")
    expect(panel.get_by_role("heading", name="New actor")).to_be_visible()
    panel.get_by_role("button", name="Fleet").click()
    expect(panel.get_by_label("Backlog per worker")).to_be_visible()
    panel.get_by_label("Name").fill("crew")
    panel.get_by_label("Works on", exact=True).select_option(label="actors-work")
    expect(panel.get_by_label("95 of 100 within")).to_be_hidden()
    panel.get_by_label("Time for a message").select_option("lognormal")
    expect(panel.get_by_label("95 of 100 within")).to_be_visible()
    panel.get_by_label("Takes at most").fill("11")
    panel.get_by_role("button", name="Add fleet").click()
    expect(panel.get_by_text("Use 1 to 10.")).to_be_visible()
    panel.get_by_label("Takes at most").fill("10")
    panel.get_by_role("button", name="Add fleet").click()
    sight.wait_for("nodes", "crew", "fleet")
    sight.wait_for_edge("actors-work", "receive", "crew")
    expect(panel.get_by_role("heading", name="crew")).to_be_visible()

    panel.get_by_text("Let something go wrong here").click()
    panel.get_by_role("button", name="Start fault").click()
    expect(panel.locator(".faults")).to_contain_text("Crash")
    node = page.locator(".node", has_text="crew")
    expect(node.locator(".fault")).to_have_count(1)
    panel.get_by_role("button", name="Stop Crash on crew").click()
    expect(node.locator(".fault")).to_have_count(0)

    # Onto another node, by mouse and by keyboard; the panel stays where it is.
    other = page.locator(".node", has_text="actors-work")
    panel.get_by_role("button", name="Throttle", exact=True).drag_to(other.locator(".box"))
    expect(other.locator(".fault")).to_have_count(1)
    expect(panel.locator(".faults")).to_contain_text("Throttle on actors-work")
    with pytest.raises(ClientError) as refused:
        sqs.send_message(QueueUrl=work, MessageBody="x")
    assert refused.value.response["Error"]["Code"] == "RequestThrottled"
    panel.get_by_role("button", name="Latency", exact=True).press("Enter")
    panel.get_by_label("Latency on").select_option(label="crew")
    panel.get_by_role("button", name="Start", exact=True).press("Enter")
    expect(node.locator(".fault")).to_have_count(1)
    expect(panel.get_by_role("heading", name="crew")).to_be_visible()

    panel.get_by_role("button", name="Edit").click()
    panel.get_by_label("Name").fill("gang")
    panel.get_by_role("button", name="Save settings").click()
    sight.wait_for("nodes", "gang", "fleet")
    panel.get_by_text("Delete fleet…").click()
    panel.get_by_role("button", name="Delete fleet", exact=True).click()
    sight.until("() => ![...window.signalbox.session.shown.nodes.values()]"
                ".some((node) => node.kind === 'fleet')")  # fmt: skip
