"""The tags of a queue: counted in the head of its panel, kept among its settings."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.sight import Sight

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture
def queue(playground: Any) -> Iterator[str]:
    url: str = playground.create_queue(QueueName="tagged")["QueueUrl"]
    yield url
    playground.delete_queue(QueueUrl=url)


def test_tags_are_counted_added_and_removed(sight: Sight, playground: Any, queue: str) -> None:
    page = sight.open("playground", select="tagged").page
    panel = page.locator("#panel")
    panel.get_by_role("button", name="no tags").click()
    expect(panel.get_by_label("First tag")).to_be_focused()
    page.keyboard.type("team=payments")
    page.keyboard.press("Enter")
    listed = panel.locator("#queue-tags li")
    expect(listed).to_have_text(["team=payments"])
    expect(panel.get_by_role("button", name="1 tag", exact=True)).to_be_visible()
    assert playground.list_queue_tags(QueueUrl=queue)["Tags"] == {"team": "payments"}
    panel.get_by_text("Raw request and response").first.click()
    expect(panel.get_by_label("Raw request", exact=True)).to_contain_text("AmazonSQS.TagQueue")

    panel.get_by_label("One more tag").fill("aws:owner=me")
    panel.get_by_role("button", name="Add tag").click()
    expect(panel.locator("#queue-tags .problem")).to_contain_text("InvalidParameterValue")
    expect(panel.get_by_label("One more tag")).to_have_value("aws:owner=me")
    panel.get_by_label("One more tag").fill("team=search")
    panel.get_by_role("button", name="Add tag").click()
    expect(listed).to_have_text(["team=search"])
    panel.get_by_role("button", name="Remove the tag team").click()
    expect(listed).to_have_count(0)
    expect(panel.get_by_role("button", name="no tags")).to_be_visible()
    assert "Tags" not in playground.list_queue_tags(QueueUrl=queue)


def test_the_operation_opens_the_settings_at_their_first_field(sight: Sight, queue: str) -> None:
    panel = sight.open("playground", select="tagged", tab="calls").page.locator("#panel")
    panel.get_by_role("button", name="SetQueueAttributes", exact=True).click()
    expect(panel.get_by_label("Visibility timeout").first).to_be_focused()
