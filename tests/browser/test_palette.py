"""The command palette in a browser: by keyboard alone, with real lines of the AWS CLI."""

import json
from typing import Any

import pytest

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight

pytestmark = pytest.mark.needs("chromium")
HOSTILE = "<img src=x onerror=window.hurt=1>"


def opened(sight: Sight, *, by: str = ":") -> None:
    sight.page.keyboard.press(by)
    sight.page.wait_for_selector("#palette[open]")


def run(sight: Sight, line: str) -> str:
    """Type a line, run it, and return its answer."""
    count = sight.page.locator("#palette-output .asked").count()
    sight.page.fill("#palette-line", line)
    sight.page.keyboard.press("Enter")
    sight.until(
        "(count) => document.querySelectorAll('#palette-output .asked').length > count"
        " && !document.getElementById('palette').hasAttribute('aria-busy')",
        count,
    )
    return sight.page.locator("#palette-output .answer").last.inner_text()


def test_commands_run_by_keyboard(sight: Sight) -> None:
    sight.open(DEMO)
    opened(sight)
    sight.page.keyboard.type("show table")
    sight.page.keyboard.press("Enter")
    assert sight.page.locator("#palette[open]").count() == 0
    assert sight.page.get_attribute("#stage", "data-view") == "table"
    opened(sight, by="Control+k")
    sight.page.keyboard.type("select orders")
    sight.page.keyboard.press("Enter")
    sight.page.wait_for_selector("#panel h2:has-text('orders')")
    opened(sight)
    sight.page.keyboard.press("Escape")
    assert sight.page.locator("#palette[open]").count() == 0


def test_lines_of_the_cli_run_and_are_remembered(sight: Sight, sqs: Any) -> None:
    sight.open(DEMO)
    opened(sight)
    made = json.loads(run(sight, "aws sqs create-queue --queue-name from-palette"))
    assert made["QueueUrl"].endswith("/from-palette")
    line = f"aws sqs send-message --queue-url from-palette --message-body '{HOSTILE}'"
    assert "MessageId" in run(sight, line)
    answer = run(sight, "aws sqs receive-message --queue-url from-palette")
    assert json.loads(answer)["Messages"][0]["Body"] == HOSTILE
    assert sight.page.evaluate("window.hurt") is None
    assert "maybe you meant" in run(sight, "aws sqs recieve-message")
    sight.page.keyboard.press("ArrowUp")
    sight.page.keyboard.press("ArrowUp")
    assert sight.page.input_value("#palette-line").startswith("aws sqs receive-message")
    sight.page.reload()
    sight.settle()
    opened(sight)
    sight.page.keyboard.press("ArrowUp")
    assert sight.page.input_value("#palette-line") == "aws sqs recieve-message"


def test_completion(sight: Sight) -> None:
    sight.open(DEMO)
    opened(sight)
    sight.page.keyboard.type("aws sqs rec")
    sight.page.wait_for_selector("#palette-list [role=option]:has-text('receive-message')")
    sight.page.keyboard.press("Tab")
    sight.page.keyboard.press("Tab")
    value = sight.page.input_value("#palette-line")
    assert value == "aws sqs receive-message --queue-url "
    sight.page.keyboard.type("order")
    assert sight.page.locator("#palette-list [role=option]").count() > 0


def test_a_long_poll_holds_up_no_page(sight: Sight) -> None:
    sight.open(DEMO)
    opened(sight)
    run(sight, "aws sqs create-queue --queue-name slow")
    sight.page.fill(
        "#palette-line", "aws sqs receive-message --queue-url slow --wait-time-seconds 20"
    )
    sight.page.keyboard.press("Enter")
    sight.page.wait_for_selector("#palette[aria-busy]")
    assert sight.page.request.get(f"{sight.url}/s/{DEMO}/requests/", timeout=5_000).ok
    assert sight.page.locator("#palette[aria-busy]").count() == 1


def test_requests_are_listed_and_replayed(sight: Sight) -> None:
    sight.open(DEMO)
    opened(sight)
    run(sight, "aws sqs create-queue --queue-name again")
    run(sight, "aws sqs send-message --queue-url again --message-body twice")
    sight.page.goto(f"{sight.url}/s/{DEMO}/requests/?text=twice")
    sight.page.click("#requests-log tbody button")
    sight.page.click("text=Replay…")
    assert "aws sqs send-message" in sight.page.inner_text("#request-call")
    sight.page.click("button:has-text('Run SendMessage')")
    sight.page.wait_for_selector(".requests-outcome:has-text('MessageId')")
    sight.until("() => document.querySelectorAll('#requests-log tbody tr').length >= 2")
    sight.page.click("text=Pause the list")
    sight.page.wait_for_selector("text=Follow the log")


def test_in_the_past_no_line_runs(sight: Sight) -> None:
    sight.open(DEMO)
    opened(sight)
    sight.page.evaluate("document.getElementById('panel').inert = true")
    assert "The map shows the past" in run(sight, "aws sqs create-queue --queue-name too-late")
    sight.page.evaluate("document.getElementById('panel').inert = false")
    assert "NonExistentQueue" in run(sight, "aws sqs get-queue-url --queue-name too-late")
