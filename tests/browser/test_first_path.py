"""From boto3 to the screen: what a person's own code does is seen while it happens."""

from time import perf_counter
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.live.clients.connect import bodies, counters, eventually

pytestmark = pytest.mark.needs("chromium")

CLIENT = "boto3 · python"


def test_the_page_is_live_within_two_seconds(sight: Sight) -> None:
    sight.open(DEMO)
    best = 9.0
    for _ in range(3):
        began = perf_counter()
        sight.page.goto(f"{sight.url}/s/{DEMO}/")
        sight.until("() => window.signalbox?.session.shown.nodes.size > 0")
        best = min(best, perf_counter() - began)
    assert best < 2


def test_a_message_from_boto3_is_followed_to_its_end(sight: Sight, sqs: Any) -> None:
    sight.open(DEMO)
    dlq = sqs.create_queue(QueueName="first-dlq")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dlq, AttributeNames=["QueueArn"])["Attributes"]
    redrive = f'{{"deadLetterTargetArn":"{arn["QueueArn"]}","maxReceiveCount":2}}'
    url = sqs.create_queue(
        QueueName="first", Attributes={"VisibilityTimeout": "3", "RedrivePolicy": redrive}
    )["QueueUrl"]
    sight.wait_for("nodes", "first", "queue")
    sight.wait_for_edge("first", "dlq", "first-dlq")

    # The first call draws the client and its edge; messages fly on edges that are laid out.
    sqs.send_message(QueueUrl=url, MessageBody="look at me")
    sight.wait_for("nodes", CLIENT, "client")
    sight.wait_for_edge(CLIENT, "send", "first")
    sight.wait_for("counters", "first", [1, 0, 0])
    sight.wait_for("messages", "first", [["v", 0]])
    sight.settle()
    assert sight.wait_for_ink("first", "visible") > 0
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    sight.wait_for_edge("first", "receive", CLIENT)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    sight.wait_for("counters", "first", [0, 0, 0])
    sight.settle()

    # Particle out, dot in the queue, particle in, ring that runs out, and back.
    sight.watch()
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    sight.wait_for_particle(CLIENT, "v", "first")
    sight.until("() => window.inked")
    assert bodies(sqs, url) == ["poison"]
    sight.wait_for_particle("first", "f", CLIENT)
    sight.wait_for("messages", "first", [["f", 1]])
    full = sight.wait_for_ink("first", "flight")
    assert sight.wait_for_ink("first", "flight", most=full * 2 // 3) < full
    sight.wait_for("messages", "first", [["v", 1]])
    assert sight.wait_for_ink("first", "visible") > 0

    # After the second receive it is dead: the next one moves it down the siding.
    assert bodies(sqs, url) == ["poison"]
    sight.wait_for("messages", "first", [["f", 2]])
    sight.wait_for("messages", "first", [["v", 2]])
    assert bodies(sqs, url) == []
    sight.wait_for_particle("first", "x", "first-dlq")
    sight.wait_for("counters", "first", [0, 0, 0])
    sight.wait_for("counters", "first-dlq", [1, 0, 0])
    assert sight.wait_for_ink("first-dlq", "dead") > 0
    assert counters(sqs, dlq) == (1, 0, 0)


def test_the_requests_strip_names_caller_operation_target_and_status(
    sight: Sight, sqs: Any
) -> None:
    url = sqs.create_queue(QueueName="asked")["QueueUrl"]
    bodies(sqs, url)
    sight.open(DEMO)
    sight.wait_for_edge("asked", "receive", CLIENT)
    # Each is looked for at once: the busy demo pushes older rows out of the strip.
    mine = sight.page.locator("#requests li").filter(has_text=CLIENT)
    assert bodies(sqs, url, wait=1) == []
    received = mine.filter(has_text="ReceiveMessage").filter(has_text="200")
    expect(received.first).to_contain_text("asked")
    with pytest.raises(sqs.exceptions.ReceiptHandleIsInvalid):
        sqs.delete_message(QueueUrl=url, ReceiptHandle="nonsense")
    expect(mine.filter(has_text="ReceiptHandleIsInvalid").first).to_contain_text("DeleteMessage")


def test_counters_equal_the_servers_when_the_world_stands_still(sight: Sight, sqs: Any) -> None:
    sight.open(DEMO)
    sight.page.get_by_role("button", name="Pause the world").click()
    sight.until("() => window.signalbox.session.clock.rate === 0")
    try:
        urls = sqs.list_queues()["QueueUrls"]
        told = {url.rpartition("/")[2]: list(counters(sqs, url)) for url in urls}
        assert {"orders", "shipments.fifo"} <= told.keys()
        eventually(lambda: sight.state["counters"] == told)
        page = sight.page.locator("#totals dd").all_text_contents()
        alive = [name for name in told if "dlq" not in name]
        assert int(page[1].replace(",", "")) == sum(told[name][1] for name in told)
        assert int(page[0].replace(",", "")) == sum(told[name][0] for name in alive)
    finally:
        sight.page.get_by_role("button", name="Run the world").click()
        sight.until("() => window.signalbox.session.clock.rate === 1")
