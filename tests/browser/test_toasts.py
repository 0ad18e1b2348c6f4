"""What an answer says reaches the person, whatever has become of the button that asked."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.sight import Sight
from tests.live.clients.connect import counters

pytestmark = pytest.mark.needs("chromium")


@pytest.mark.parametrize("is_replaced", [False, True])
def test_it_is_said_once_though_the_button_is_gone(
    sight: Sight, playground: Any, is_replaced: bool
) -> None:
    name = f"said-{is_replaced}".lower()
    url = playground.create_queue(QueueName=name)["QueueUrl"]
    playground.send_message(QueueUrl=url, MessageBody="x")
    sight.open("playground")
    sight.wait_for("counters", name, [1, 0, 0])
    page = sight.page
    page.evaluate("""() => {
        window.said = [];
        document.body.addEventListener("toast", ({detail}) => window.said.push(detail.text));
    }""")
    page.get_by_role("button", name=f"{name}, ").press("Enter")
    receive = page.locator("#panel").get_by_role("button", name="Receive +1")
    expect(receive).to_be_visible()

    def answer(route: Route) -> None:
        if is_replaced and route.request.method == "POST":
            page.evaluate("() => document.querySelector('#panel').replaceChildren()")
        route.continue_()

    page.route("**/s/playground/**", answer)
    receive.click()
    sight.until("() => window.said.length > 0")
    assert counters(playground, url) == (0, 1, 0)
    assert page.evaluate("window.said") == [
        "Received, not gone. Comes back in 30 s unless you delete it."
    ]
