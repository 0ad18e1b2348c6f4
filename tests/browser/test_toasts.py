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


def test_a_late_answer_takes_no_place_of_what_was_opened_since(
    sight: Sight, playground: Any
) -> None:
    sight.open("playground")
    page, held = sight.page, list[Route]()
    page.keyboard.press("n")
    name = page.get_by_label("Name", exact=True)
    expect(name).to_be_focused()
    page.keyboard.type("slow")

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route("**/s/playground/**", hold)
    with page.expect_request(lambda request: request.method == "POST"):
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(name).to_be_focused()
    expect(name).to_have_value("")
    page.keyboard.type("next")
    for route in held:
        route.continue_()
    expect(page.locator("#toasts .toast")).to_contain_text("Queue slow created.")
    sight.wait_for("nodes", "slow", "queue")
    expect(name).to_be_focused()
    expect(name).to_have_value("next")
