"""A program that waits, a call that fails and a message from the page itself are seen."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.live.clients.connect import bodies

pytestmark = pytest.mark.needs("chromium")

CLIENT = "boto3 · python"
WORDS = "() => document.querySelector('.node.client').textContent.replaceAll('\u00a0', ' ')"


def test_a_waiting_client_wears_a_ring_that_runs_out(sight: Sight, sqs: Any) -> None:
    url = sqs.create_queue(QueueName="waited-for")["QueueUrl"]
    bodies(sqs, url)
    sight.open(DEMO)
    sight.wait_for_edge("waited-for", "receive", CLIENT)
    sight.settle()
    sight.wait_for_blank(CLIENT, "people")
    with ThreadPoolExecutor(1) as program:
        held = program.submit(bodies, sqs, url, wait=20)
        full = sight.wait_for_ink(CLIENT, "people")
        sight.until(f"() => ({WORDS})().includes('long poll')")
        assert sight.wait_for_ink(CLIENT, "people", most=full - 1) < full
        # Who comes late sees it too.
        sight.open(DEMO)
        assert sight.wait_for_ink(CLIENT, "people") > 0
        sqs.send_message(QueueUrl=url, MessageBody="here")
        assert held.result() == ["here"]
    sight.until(f"() => !({WORDS})().includes('long poll')")
    sight.wait_for_blank(CLIENT, "people")


def test_a_failed_call_flies_from_its_caller(sight: Sight, sqs: Any) -> None:
    url = sqs.create_queue(QueueName="misused")["QueueUrl"]
    bodies(sqs, url)
    sight.open(DEMO)
    sight.wait_for_edge("misused", "receive", CLIENT)
    sight.settle()
    sight.watch()
    with pytest.raises(sqs.exceptions.ReceiptHandleIsInvalid):
        sqs.delete_message(QueueUrl=url, ReceiptHandle="nonsense")
    sight.wait_for_particle("misused", "u", CLIENT)


def test_what_the_page_sends_comes_in_at_the_queue(sight: Sight, sqs: Any) -> None:
    sqs.create_queue(QueueName="written-to")
    sight.open(DEMO)
    sight.wait_for("nodes", "written-to", "queue")
    sight.settle()
    sight.watch()
    panel = sight.page.locator("#panel")
    sight.page.locator(".node", has_text="written-to").locator(".face").click()
    panel.get_by_role("button", name="Send…").first.click()
    panel.get_by_label("Body").fill("from the page")
    panel.get_by_role("button", name="Send message").click()
    sight.wait_for_particle("", "v", "written-to")
    sight.wait_for("counters", "written-to", [1, 0, 0])
