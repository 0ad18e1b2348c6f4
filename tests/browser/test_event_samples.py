"""An event of an AWS service is sent from the panel of the default bus, by keyboard alone."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.sight import Sight
from tests.browser.soundness import assert_sound
from tests.fixtures.server import RunningServer
from tests.live.clients.connect import ACCOUNT, REGION, client

pytestmark = pytest.mark.needs("chromium")

BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"


@pytest.fixture(autouse=True)
def rule(site: RunningServer) -> Iterator[Any]:
    """Let a rule of the default bus wait for instances that stop."""
    with ExitStack() as opened:
        events = opened.enter_context(client(site.url, "events"))
        pattern = {"source": ["aws.ec2"], "detail": {"state": ["stopped", "terminated"]}}
        events.put_rule(Name="stopped-instances", EventPattern=json.dumps(pattern))
        yield events


@pytest.fixture
def samples(sight: Sight) -> Locator:
    """Return the page of samples in the panel of the default bus."""
    sight.open("playground", view="map")
    sight.wait_for("nodes", "default", "bus")
    sight.until(
        "(label) => { const {session, selection} = window.signalbox;"
        " const node = [...session.shown.nodes.values()].find((each) => each.label === label);"
        " if (node) selection.choose(node.i); return node; }",
        "default",
    )
    tab = sight.page.get_by_role("tab", name="Samples")
    tab.focus()
    tab.press("Enter")
    part = sight.page.locator("#bench-samples")
    expect(part.get_by_role("button", name="Send the event")).to_be_visible()
    return part


def test_an_event_of_ec2_is_sent_and_flies(sight: Sight, samples: Locator) -> None:
    choice = samples.get_by_label("Sample", exact=True)
    choice.select_option("aws.ec2 · EC2 Instance State-change Notification")
    detail = samples.get_by_label("Detail")
    expect(detail).to_have_value(json.dumps(
        {"instance-id": "i-0abcd1234ef567890", "state": "stopped"}, indent=2,
    ))  # fmt: skip
    sight.watch()
    samples.get_by_role("button", name="Send the event").press("Enter")
    expect(samples.get_by_role("status")).to_contain_text(
        "Sent as ec2.amazonaws.com. Rules that matched: stopped-instances"
    )
    sight.wait_for_particle("", "v", "default")
    sight.wait_for_particle("default", "v", "stopped-instances")


def test_what_is_wrong_stands_beside_its_field(page: Page, samples: Locator) -> None:
    detail = samples.get_by_label("Detail")
    detail.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("[1]")
    problem = samples.locator("#SampleForm-Detail_error .problem")
    expect(problem).to_have_text("The detail of an event is an object in braces.")
    expect(detail).to_have_attribute("aria-invalid", "true")
    assert_sound(page)


def test_the_samples_look_right_in_both_themes_and_on_a_phone(
    page: Page, samples: Locator, site: RunningServer
) -> None:
    samples.get_by_role("button", name="Send the event").press("Enter")
    expect(samples.get_by_role("status")).to_contain_text("No rule matched it.")
    samples.get_by_text("The event as rules see it").click()
    assert_sound(page)
    page.goto(f"{site.url}/s/playground/matcher/?service=events&against=samples")
    expect(page.get_by_text("aws.ecr · ECR Image Action")).to_be_visible()
    assert_sound(page)
