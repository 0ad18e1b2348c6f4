"""The workbench in a browser: checks while typing, languages, answers, redrive, policy, keys."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.sight import Sight
from tests.browser.soundness import WIDTH, assert_sound_in_both_themes
from tests.browser.test_forms import say, tab_to
from tests.live.clients.connect import counters

pytestmark = pytest.mark.needs("chromium")

Attributes = dict[str, str]


@pytest.fixture
def queue(playground: Any) -> Iterator[str]:
    """Return the URL of a queue that is gone afterwards."""
    url: str = playground.create_queue(QueueName="bench")["QueueUrl"]
    yield url
    names = playground.list_queues().get("QueueUrls", [])
    for name in names:
        if "/bench" in name:
            playground.delete_queue(QueueUrl=name)


def bench(sight: Sight, operation: str = "", *, select: str = "bench") -> Locator:
    """Open the workbench of a queue, at an operation."""
    panel = sight.open("playground", select=select).page.locator("#panel")
    if operation == "Policy editor":
        panel.get_by_role("tab", name="Policy").click()
        expect(panel.get_by_role("heading", name=operation)).to_be_visible()
        return panel.locator("#bench-policy")
    panel.get_by_role("tab", name="Calls").click()
    place = panel.locator("#bench")
    if operation:
        place.get_by_role("button", name=operation, exact=True).click()
        expect(place.get_by_role("heading", name=operation)).to_be_focused()
    return place


def arn_of(playground: Any, url: str) -> str:
    told = playground.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(told["Attributes"]["QueueArn"])


def test_a_batch_is_checked_while_typing_and_answered_raw(
    sight: Sight, playground: Any, queue: str
) -> None:
    place = bench(sight, "SendMessageBatch")
    place.get_by_role("button", name="JSON", exact=True).click()
    entries = place.get_by_label("Entries")
    call = place.locator(".in-cli pre")
    entries.fill('[\n  {"Id": "one", "MessageBody": }\n]')
    field = place.locator(".field.bad")
    expect(field).to_contain_text("Line 2, column 32: a value is missing.")
    expect(entries).to_have_attribute("aria-invalid", "true")
    expect(place.locator(".gutter .bad")).to_have_text("2")
    entries.fill('[{"Id": "a b", "MessageBody": "x"}]')
    expect(field).to_contain_text("InvalidBatchEntryId")
    good = [{"Id": "one", "MessageBody": "x"}, {"Id": "two", "MessageBody": "y"}]
    entries.fill(json.dumps(good))
    expect(field).to_have_count(0)
    expect(entries).not_to_have_attribute("aria-invalid", "true")
    expect(call).to_contain_text('"MessageBody": "y"')
    place.get_by_role("button", name="Send batch").click()
    expect(place.get_by_role("status")).to_have_text("2 sent.")
    sight.wait_for("counters", "bench", [2, 0, 0])
    place.get_by_text("Raw request and response").click()
    expect(place.get_by_label("Raw request", exact=True)).to_contain_text(
        "X-Amz-Target: AmazonSQS.SendMessageBatch"
    )
    expect(place.get_by_label("Raw response", exact=True)).to_contain_text('"MD5OfMessageBody"')


def test_the_language_is_chosen_once(sight: Sight, queue: str) -> None:
    place = bench(sight, "TagQueue")
    place.get_by_role("button", name="JavaScript", exact=True).click()
    expect(place.locator(".in-javascript pre")).to_be_visible()
    expect(place.locator(".in-cli pre")).to_be_hidden()
    place.get_by_label("Tags").fill("team=pay")
    expect(place.locator(".in-javascript pre")).to_contain_text('team: "pay"')
    expect(place.locator(".in-javascript pre")).to_contain_text("new TagQueueCommand({")
    sight.page.reload()
    sight.settle()
    place = bench(sight, "ListQueueTags")
    expect(place.get_by_role("button", name="JavaScript", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(place.locator(".in-javascript pre")).to_be_visible()


def test_received_messages_are_hidden_longer_and_deleted_together(
    sight: Sight, playground: Any, queue: str
) -> None:
    for body in ("a", "b", "c"):
        playground.send_message(QueueUrl=queue, MessageBody=body)
    place = bench(sight, "ReceiveMessage")
    place.get_by_label("At most").fill("10")
    place.get_by_role("button", name="Receive messages").click()
    expect(place.get_by_role("status")).to_contain_text("Received 3")
    place.get_by_role("button", name="All operations").click()
    place.get_by_role("button", name="ChangeMessageVisibilityBatch").click()
    place.get_by_role("checkbox").first.check()
    place.get_by_label("Visibility timeout").fill("0")
    expect(place.locator(".in-cli pre")).to_contain_text('"VisibilityTimeout": 0')
    place.get_by_role("button", name="Change visibility").click()
    expect(place.get_by_role("status")).to_have_text("1 changed.")
    assert counters(playground, queue) == (1, 2, 0)
    place.get_by_role("button", name="All operations").click()
    place.get_by_role("button", name="DeleteMessageBatch").click()
    expect(place.get_by_role("checkbox")).to_have_count(3)
    for box in place.get_by_role("checkbox").all():
        box.check()
    place.get_by_role("button", name="Delete batch").click()
    expect(place.get_by_role("status")).to_contain_text("3 deleted.")
    sight.wait_for("counters", "bench", [0, 0, 0])


def test_a_redrive_moves_its_bar_and_is_cancelled(
    sight: Sight, playground: Any, queue: str
) -> None:
    policy = json.dumps({"deadLetterTargetArn": arn_of(playground, queue), "maxReceiveCount": 1})
    playground.create_queue(QueueName="bench-source", Attributes={"RedrivePolicy": policy})
    for number in range(10):
        playground.send_message(QueueUrl=queue, MessageBody=str(number))
    panel = sight.open("playground", select="bench").page.locator("#panel")
    panel.get_by_role("button", name="Redrive…").click()
    place = panel.locator("#bench")
    rate = place.get_by_label("At most")
    rate.fill("501")
    expect(place.locator(".field.bad")).to_contain_text("between 1 and 500")
    rate.fill("1")
    place.get_by_label("To", exact=True).select_option(label="bench-source")
    place.get_by_role("button", name="Start redrive").click()
    moves = place.locator("#moves")
    expect(moves).to_contain_text("Running")
    expect(moves).to_contain_text("of 10 moved, at most 1/s")
    expect(moves.get_by_role("progressbar")).not_to_have_js_property("value", 0)
    moves.get_by_role("button", name="Cancel").click()
    expect(place.get_by_role("status")).to_contain_text("stay moved.")
    expect(moves).to_contain_text("Cancelled")
    expect(moves.get_by_role("button", name="Cancel")).to_have_count(0)


def test_a_policy_is_written_tried_and_saved(sight: Sight, playground: Any, queue: str) -> None:
    place = bench(sight, "Policy editor")
    verdict = place.locator("#verdict")
    expect(verdict).to_contain_text("Implicit deny. There is no policy")
    place.get_by_role("button", name="Deny insecure").click()
    expect(place.locator(".in-cli pre")).to_contain_text("DenyInsecure")
    place.get_by_label("aws:SecureTransport").select_option("false")
    expect(verdict).to_contain_text("Explicit deny. Denied by statement 0 (DenyInsecure).")
    text = place.get_by_label("Policy", exact=True)
    text.fill(text.input_value().replace('"Deny"', '"Refuse"'))
    expect(place.locator(".field.bad")).to_contain_text("Line 6: statement 0: Effect must be")
    expect(place.locator(".gutter .bad")).to_have_text("6")
    expect(verdict).to_contain_text("Not evaluated.")
    place.get_by_role("button", name="SNS topic may send").click()
    expect(place.locator(".field.bad")).to_have_count(0)
    place.get_by_role("button", name="Save policy").click()
    expect(place.get_by_role("status")).to_have_text("Policy saved.")
    told = playground.get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"])
    assert "TopicMaySend" in told["Attributes"]["Policy"]


def test_the_policy_tab_is_in_the_address(sight: Sight, playground: Any, queue: str) -> None:
    page = sight.open("playground", select="bench").page
    panel = page.locator("#panel")
    panel.get_by_role("tab", name="Messages").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(panel.get_by_role("tab", name="Policy")).to_be_focused()
    expect(panel.get_by_role("textbox", name="Policy")).to_be_visible()
    assert "tab=policy" in page.url
    page.reload()
    sight.settle()
    expect(panel.get_by_role("tab", name="Policy")).to_have_attribute("aria-selected", "true")
    expect(panel.get_by_role("textbox", name="Policy")).to_be_visible()
    panel.get_by_role("tab", name="Messages").click()
    assert "tab=" not in page.url
    panel.get_by_role("tab", name="Calls").click()
    panel.get_by_role("button", name="Policy editor").click()
    expect(panel.get_by_role("tab", name="Policy")).to_have_attribute("aria-selected", "true")


def test_settings_and_a_new_queue_are_checked_while_typing(
    sight: Sight, playground: Any, queue: str
) -> None:
    page = sight.open("playground", select="bench").page
    panel = page.locator("#panel")
    panel.get_by_role("tab", name="Settings").click()
    panel.get_by_label("Largest message").fill("5")
    expect(panel.locator(".field.bad")).to_contain_text("MaximumMessageSize")
    panel.get_by_label("Largest message").fill("2048")
    expect(panel.locator(".field.bad")).to_have_count(0)
    expect(panel.locator("#page-settings .in-cli pre")).to_contain_text(
        '{"MaximumMessageSize": "2048"}'
    )
    panel.get_by_role("button", name="Save settings").click()
    say(page, "Settings of bench saved.")
    told = playground.get_queue_attributes(QueueUrl=queue, AttributeNames=["MaximumMessageSize"])
    assert told["Attributes"] == {"MaximumMessageSize": "2048"}
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    name = page.get_by_label("Name", exact=True)
    name.fill("no spaces")
    expect(panel.locator(".field.bad")).to_contain_text("alphanumeric characters")
    name.fill("bench-fresh")
    expect(panel.locator(".field.bad")).to_have_count(0)
    expect(panel.locator(".in-cli pre")).to_have_text(
        "aws sqs create-queue --queue-name bench-fresh"
    )


def test_by_keyboard_alone(sight: Sight, playground: Any, queue: str) -> None:
    page: Page = sight.open("playground", select="bench").page
    page.locator("#panel").get_by_role("tab", name="Messages").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Calls")).to_be_focused()
    tab_to(page, "AddPermission")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="AddPermission")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("x")
    tab = page.get_by_label("Accounts")
    page.keyboard.press("Tab")
    expect(tab).to_be_focused()
    page.keyboard.type("111122223333")
    page.keyboard.press("Enter")
    expect(page.locator("#bench").get_by_role("status")).to_contain_text("is in the policy.")
    told = playground.get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"])
    assert "111122223333" in told["Attributes"]["Policy"]


@pytest.mark.parametrize(
    "operation",
    ["", "SendMessageBatch", "DeleteMessageBatch", "AddPermission", "StartMessageMoveTask",
     "Policy editor", "PurgeQueue"],
)  # fmt: skip
def test_the_workbench_is_sound_in_both_themes(
    sight: Sight, playground: Any, queue: str, operation: str
) -> None:
    playground.send_message(QueueUrl=queue, MessageBody="x")
    place = bench(sight, operation)
    page = sight.page
    if operation in ("SendMessageBatch", "AddPermission", "PurgeQueue"):
        place.locator("form button.btn").last.click()
        expect(place.locator(".answer")).to_be_visible()
    assert_sound_in_both_themes(page, "#panel")
    assert page.evaluate(WIDTH) <= 1440
