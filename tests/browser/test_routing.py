"""The sandboxes of topics and buses: what a person sees of them, and the room that words have."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sight import Sight
from tests.fixtures.server import RunningServer

pytestmark = pytest.mark.needs("chromium")

FAN_OUT = "order-fan-out"
# Words on arrows that cover a part of a card, as they stand on the screen.
COVERED = """() => {
  const across = (a, b) => a.left < b.right - 1 && b.left < a.right - 1;
  const met = (a, b) => across(a, b) && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const {scene, view} = window.signalbox.session.stage;
  const field = scene.lines.layer.ownerSVGElement.getBoundingClientRect();
  const cards = [...scene.boxes.values()].map(({x, y, w, h}) => {
    const [left, top] = [field.left + x * view.k + view.x, field.top + y * view.k + view.y];
    return {left, top, right: left + w * view.k, bottom: top + h * view.k};
  });
  const words = [...document.querySelectorAll(".line .lb")].filter((each) => each.textContent);
  return words
    .filter((each) => cards.some((card) => met(each.getBoundingClientRect(), card)))
    .map((each) => each.textContent);
}"""


def hurry(sight: Sight) -> None:
    """Let a minute of the sandbox pass in six seconds."""
    sight.page.locator("#world-speed").select_option("10")


def test_the_second_demo_shows_a_topic_with_three_filtered_queues(
    page: Page, site: RunningServer, sight: Sight
) -> None:
    page.goto(site.url)
    page.get_by_role("link", name=FAN_OUT, exact=True).click()
    page.wait_for_url(f"**/s/{FAN_OUT}/")
    sight.settle()
    assert sight.state["nodes"]["orders"] == "topic"
    for queue in ("gold-orders", "big-orders", "all-orders"):
        sight.wait_for_edge("orders", "subscription", queue)
    sight.watch()
    hurry(sight)
    sight.wait_for_particle("shop", "v", "orders")
    for queue in ("gold-orders", "big-orders", "all-orders"):
        sight.wait_for_particle("orders", "v", queue)
    # What the filters keep out stops there; nothing is kept from the queue without one.
    for queue in ("gold-orders", "big-orders"):
        sight.wait_for_particle("orders", "s", queue)
    assert ["orders", "s", "all-orders"] not in page.evaluate("() => window.flown")


def test_the_second_demo_goes_on_to_a_pipe_functions_and_an_alarm(
    sight: Sight, site: RunningServer
) -> None:
    sight.open(FAN_OUT)
    kinds = sight.state["nodes"]
    found = [kinds[name] for name in ("risk-check", "risk", "default", "orders-unbilled", "Inbox")]
    assert found == ["pipe", "function", "bus", "alarm", "inbox"]
    for edge in (
        ("big-orders", "receive", "risk-check"), ("risk-check", "target", "risk"),
        ("risk-check", "target", "default"), ("default", "rule", "to-review"),
        ("to-rewards", "target", "rewards"), ("all-orders", "receive", "billing"),
        ("all-orders-dlq", "watch", "orders-unbilled"), ("orders-unbilled", "target", "ops"),
        ("ops", "subscription", "Inbox"),
    ):  # fmt: skip
        sight.wait_for_edge(*edge)


def test_the_template_of_events_shows_rules_a_schedule_and_dead_letters(
    page: Page, site: RunningServer, sight: Sight
) -> None:
    page.goto(site.url)
    page.get_by_role("button", name="Start Event routing").click()
    page.wait_for_url("**/s/event-routing/")
    sight.settle()
    kinds = sight.state["nodes"]
    found = [kinds[name] for name in ("shop", "orders-placed", "close-of-day", "refunds-dlq")]
    assert found == ["bus", "rule", "schedule", "queue"]
    for edge in (
        ("web-shop", "send", "shop"), ("close-of-day", "target", "shop"),
        ("shop", "rule", "orders-placed"), ("orders-placed", "target", "packing"),
        ("payments-failed", "dlq", "refunds-dlq"),
    ):  # fmt: skip
        sight.wait_for_edge(*edge)
    sight.watch()
    hurry(sight)
    sight.wait_for_particle("web-shop", "v", "shop")
    sight.wait_for_particle("orders-placed", "v", "packing")
    sight.wait_for_particle("payments-failed", "x", "refunds-dlq")
    assert sight.wait_for_ink("refunds-dlq", "dead") > 0
    assert sight.state["counters"]["refunds"] == [0, 0, 0]


@pytest.mark.parametrize("slug", [FAN_OUT, "event-routing"])
def test_words_on_arrows_cover_no_card(sight: Sight, site: RunningServer, slug: str) -> None:
    page = sight.page
    page.set_viewport_size({"width": 1440, "height": 900})
    if slug != FAN_OUT and page.request.get(f"{site.url}/s/{slug}/").status != 200:
        page.goto(site.url)
        page.get_by_role("button", name="Start Event routing").click()
    sight.open(slug)
    expect(page.locator(".line .lb").filter(has_text="/s").first).to_be_attached()
    assert page.evaluate(COVERED) == []


def test_the_gallery_draws_what_routes(page: Page, site: RunningServer) -> None:
    page.goto(f"{site.url}/new/")
    card = page.get_by_role("article").filter(has_text="One bus, three rules")
    counts = {kind: card.locator(f"rect.{kind}").count()
              for kind in ("source", "place", "rule", "queue", "dead", "consumer")}  # fmt: skip
    assert counts == {
        "source": 2, "place": 1, "rule": 3, "queue": 3, "dead": 1, "consumer": 3,
    }  # fmt: skip
