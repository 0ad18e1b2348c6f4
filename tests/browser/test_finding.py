"""Expressions find the single messages inside queues, light them and count them."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight

pytestmark = pytest.mark.needs("chromium")

LIT = """() => {
  const {session} = window.signalbox;
  const {lit} = session.stage.scene.unlit;
  return lit && Object.fromEntries([...lit].map(([i, hits]) => {
    const list = session.shown.msgs.get(i);
    return [session.shown.nodes.get(i).label, [...hits].map((m) => list.get(m).receives)];
  }));
}"""


@pytest.fixture
def still(sight: Sight) -> Sight:
    return sight.open(DEMO).pause()


def test_messages_are_found_by_receives_and_group(still: Sight, sqs: Any) -> None:
    url = sqs.create_queue(QueueName="sought")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="tried twice")
    for _ in range(2):
        assert sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"]
    for number in range(3):
        sqs.send_message(QueueUrl=url, MessageBody=f"new {number}", MessageGroupId="ab"[number % 2])
    still.wait_for("counters", "sought", [4, 0, 0])
    page = still.page
    before = still.steady_ink("sought", "visible")
    page.locator("#find").fill("sought receives >= 2")
    expect(page.locator("#find-messages")).to_have_text("1 message in 1 node")
    assert still.until(LIT) == {"sought": [2]}
    # The others are faint now: less of their colour is left.
    still.wait_for_ink("sought", "visible", most=before // 2)
    page.locator("#find").fill("sought group = a")
    expect(page.locator("#find-messages")).to_have_text("2 messages in 1 node")
    page.locator("#find").fill("sought age > 30s")
    expect(page.locator("#find-messages")).to_have_text("0 messages in 0 nodes")
    page.locator("#find").fill("sought")
    expect(page.locator("#find-count")).to_have_text("1 match")
    assert page.evaluate(LIT) is None
    still.wait_for_ink("sought", "visible", least=before)


def test_messages_grow_into_an_age(still: Sight, sqs: Any) -> None:
    url = sqs.create_queue(QueueName="aged")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="old")
    page = still.page
    page.locator("#until-open").click()
    page.get_by_label("Condition").select_option("time")
    page.get_by_label("How many").fill("40")
    page.get_by_label("How many").press("Enter")
    expect(page.locator("#until")).to_be_hidden()
    sqs.send_message(QueueUrl=url, MessageBody="young")
    still.wait_for("counters", "aged", [2, 0, 0])
    page.locator("#find").fill("aged age > 30s")
    expect(page.locator("#find-messages")).to_have_text("1 message in 1 node")
