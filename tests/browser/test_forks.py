"""Fork from a past moment in the browser; boto3 finds the messages and counts of that moment."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.fixtures.server import RunningServer
from tests.live.clients.connect import client

pytestmark = pytest.mark.needs("chromium")

LONG = "a long story " * 20


def paused(sight: Sight) -> Sight:
    """Look at the demo with its world paused, so that every event is ours."""
    return sight.open(DEMO).pause()


def received(sqs: Any, url: str) -> dict[str, int]:
    """Receive what there is: body → receive count."""
    answer = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    )
    return {
        message["Body"]: int(message["Attributes"]["ApproximateReceiveCount"])
        for message in answer.get("Messages", ())
    }


def key_of(page: Page) -> tuple[str, str]:
    """Return the access key that the page of a sandbox shows, and its secret."""
    lines = page.locator("#panel pre.code")
    page.locator("#panel").get_by_role("button", name="Show secret").click()
    expect(lines).to_contain_text(re.compile(r"AWS_SECRET_ACCESS_KEY=[\w+/]"))
    found = re.findall(r"AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY)=(\S+)", lines.inner_text())
    return str(found[0]), str(found[1])


def test_a_fork_holds_what_the_moment_held(sight: Sight, site: RunningServer, sqs: Any) -> None:
    still = paused(sight)
    url = str(sqs.create_queue(QueueName="forked")["QueueUrl"])
    sqs.send_message(QueueUrl=url, MessageBody="stays")
    for _ in range(2):
        assert sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"]
    sqs.send_message(QueueUrl=url, MessageBody=LONG)
    still.wait_for("counters", "forked", [2, 0, 0])
    moment = still.state["q"]
    sqs.purge_queue(QueueUrl=url)
    sqs.send_message(QueueUrl=url, MessageBody="much later")
    still.wait_for("counters", "forked", [1, 0, 0])

    still.open(DEMO, at=str(moment))
    still.wait_for("counters", "forked", [2, 0, 0])
    page = still.page
    page.get_by_role("button", name="Fork…").click()
    dialog = page.get_by_role("dialog", name="Fork from here")
    expect(dialog.locator("#fork-losses")).to_contain_text("are gone since and come from the log")
    expect(dialog.locator("#fork-losses")).to_contain_text("1 body is cut to its first 96")
    assert dialog.get_by_role("button", name="Copy the sandbox as it is now").is_visible()
    dialog.get_by_label("Name of the copy").fill("what was")
    dialog.get_by_role("button", name="Fork from this moment").click()
    page.wait_for_url("**/s/what-was/**")
    expect(page.locator("body")).to_contain_text("1 body is cut to its first 96 characters.")
    still.settle()
    still.wait_for("counters", "forked", [2, 0, 0])
    assert page.locator("#world-toggle").get_attribute("data-state") == "paused"

    key, secret = key_of(page)
    region = site.aws["AWS_DEFAULT_REGION"]
    with client(site.url, key=key, secret=secret, region=region) as forked:
        assert received(forked, url) == {"stays": 3, LONG[:96]: 1}
    still.wait_for("counters", "forked", [0, 2, 0])
    # The world that it was forked from has gone its own way.
    assert received(sqs, url) == {"much later": 1}


def test_the_dialog_opens_by_key_and_says_when_nothing_is_lost(sight: Sight, sqs: Any) -> None:
    still = paused(sight)
    url = str(sqs.create_queue(QueueName="whole")["QueueUrl"])
    sqs.send_message(QueueUrl=url, MessageBody=LONG)
    still.wait_for("counters", "whole", [1, 0, 0])
    page = still.page
    page.keyboard.press("ArrowLeft")
    still.wait_for("counters", "whole", [0, 0, 0])
    page.keyboard.press("ArrowRight")
    still.wait_for("counters", "whole", [1, 0, 0])
    page.keyboard.press("ArrowLeft")
    still.until("() => document.body.hasAttribute('data-past')")
    page.keyboard.press("f")
    expect(page.locator("#fork-losses")).not_to_contain_text("Reading")
    expect(page.locator("#fork-go")).to_be_enabled()
    page.keyboard.press("Escape")
    expect(page.locator("#fork")).not_to_be_visible()
