"""The link breaks, the server goes and comes back: the page says so and is right again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.fixtures.server import RunningServer, drop_database, server
from tests.live.clients.connect import client, eventually

pytestmark = pytest.mark.needs("chromium")

KILL = "() => window.signalbox.session.stream.socket.close()"
# The page may have tried by itself meanwhile: the button is hidden then, and does no harm.
TRY_NOW = "() => document.getElementById('link-retry').click()"


def test_a_killed_socket_is_mended_and_nothing_is_missed(
    sight: Sight, site: RunningServer, playground: Any
) -> None:
    url = playground.create_queue(QueueName="mended")["QueueUrl"]
    sight.open("playground")
    sight.wait_for("counters", "mended", [0, 0, 0])
    epoch = sight.state["epoch"]
    for number in range(3):
        sight.page.evaluate(KILL)
        playground.send_message(QueueUrl=url, MessageBody=str(number))
        sight.wait_for("counters", "mended", [number + 1, 0, 0])
    sight.settle()
    # The frames that were missed were sent again: no new snapshot was needed.
    assert sight.state["epoch"] == epoch
    expect(sight.page.locator("#link")).to_be_hidden()


def test_without_a_network_the_page_keeps_its_last_picture_and_says_so(
    context: Callable[..., BrowserContext], site: RunningServer, playground: Any
) -> None:
    url = playground.create_queue(QueueName="kept")["QueueUrl"]
    opened = context(viewport={"width": 1440, "height": 900})
    sight = Sight(opened.new_page(), site.url).open("playground")
    sight.wait_for("counters", "kept", [0, 0, 0])
    opened.set_offline(True)
    sight.page.evaluate(KILL)
    banner = sight.page.locator("#link")
    expect(banner).to_contain_text("This is the last known state.")
    expect(banner.get_by_role("button", name="Try now")).to_be_visible()
    assert sight.page.locator("#stage").get_attribute("data-link") == "lost"
    assert "kept" in sight.state["nodes"]
    playground.send_message(QueueUrl=url, MessageBody="meanwhile")
    opened.set_offline(False)
    sight.page.evaluate(TRY_NOW)
    expect(banner).to_be_hidden()
    sight.wait_for("counters", "kept", [1, 0, 0])


def test_a_server_that_was_started_again_is_found_again(
    context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with server(home, "--server", "uvicorn", "--no-demo") as first:
        port = str(urlsplit(first.url).port)
        page: Page = context(viewport={"width": 1280, "height": 800}).new_page()
        sight = Sight(page, first.url).open("playground")
        with client(first.url) as sqs:
            url = sqs.create_queue(QueueName="stays")["QueueUrl"]
            sqs.send_message(QueueUrl=url, MessageBody="x")
        sight.wait_for("counters", "stays", [1, 0, 0])
        epoch = sight.state["epoch"]
    expect(page.locator("#link")).to_be_visible()
    with server(home, "--server", "uvicorn", "--no-demo", "--port", port) as second:
        with client(second.url) as sqs:
            sqs.send_message(QueueUrl=url, MessageBody="y")
        page.evaluate(TRY_NOW)
        expect(page.locator("#link")).to_be_hidden(timeout=15_000)
        sight.wait_for("counters", "stays", [2, 0, 0])
        assert sight.state["epoch"] != epoch
    drop_database(home)


def test_a_reset_from_outside_empties_the_page(sight: Sight, playground: Any) -> None:
    playground.create_queue(QueueName="swept")
    sight.open("playground")
    sight.wait_for("nodes", "swept", "queue")
    reset = """(url) => fetch(url, {method: "POST", headers: {"X-Signalbox": "1"}})"""
    sight.page.evaluate(reset, f"{sight.url}/_signalbox/reset")
    sight.until("() => window.signalbox.session.shown.nodes.size === 0")
    expect(sight.page.get_by_role("heading", name="No queues yet.")).to_be_visible()
    playground.create_queue(QueueName="anew")
    sight.wait_for("nodes", "anew", "queue")


def test_a_paused_view_holds_and_jumps_to_live(sight: Sight, playground: Any) -> None:
    url = playground.create_queue(QueueName="held")["QueueUrl"]
    sight.open("playground")
    sight.wait_for("counters", "held", [0, 0, 0])
    sight.page.get_by_role("button", name="Pause the view").click()
    playground.send_message(QueueUrl=url, MessageBody="x")
    expect(sight.page.locator("#held-count")).to_contain_text("behind")
    assert sight.state["counters"]["held"] == [0, 0, 0]
    sight.page.get_by_role("button", name="Jump to live").click()
    eventually(lambda: sight.state["counters"]["held"] == [1, 0, 0])


def test_two_windows_show_the_same(
    context: Callable[..., BrowserContext], site: RunningServer
) -> None:
    opened = context(viewport={"width": 1280, "height": 800})
    left, right = (Sight(opened.new_page(), site.url).open(DEMO) for _ in range(2))
    left.page.get_by_role("button", name="Pause the world").click()
    for sight in (left, right):
        sight.until("() => window.signalbox.session.clock.rate === 0")
    eventually(lambda: left.state == right.state)
    right.page.get_by_role("button", name="Run the world").click()
    left.until("() => window.signalbox.session.clock.rate === 1")
