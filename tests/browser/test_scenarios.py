"""Starting, sharing and switching sandboxes in a browser; words with cards; the first steps."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.fixtures.server import RunningServer

pytestmark = pytest.mark.needs("chromium")

DONE = "() => localStorage.getItem('signalbox.hints')"


POST_WITH_THE_TOKEN_OF_THE_PAGE = """async () => {
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  headers["Content-Type"] = "application/x-www-form-urlencoded";
  const path = location.pathname + "clock/";
  return (await fetch(path, {method: "POST", body: "action=pause", headers})).status;
}"""


@pytest.fixture
def allowed(context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """Return a page that may use the clipboard."""
    yield context(permissions=["clipboard-read", "clipboard-write"]).new_page()


def test_one_click_starts_a_template(page: Page, site: RunningServer, sight: Sight) -> None:
    page.goto(site.url)
    page.get_by_role("button", name="Start Retry storm").click()
    page.wait_for_url("**/s/retry-storm/")
    sight.settle()
    assert sight.state["nodes"]["thumbnails"] == "queue"
    assert sight.state["nodes"]["resizer"] == "consumer"


def test_a_link_carries_a_scenario_and_asks_first(allowed: Page, site: RunningServer) -> None:
    page = allowed
    page.goto(f"{site.url}/s/{DEMO}/about/")
    page.get_by_role("button", name="Copy as link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert link.startswith(f"{site.url}/new/#s=") and len(link) < 8_000
    page.goto(link)
    arrival = page.get_by_role("region", name="A scenario came with the link")
    expect(arrival).to_contain_text("queues: 4, actors: 5, messages: 0")
    slugs = page.request.get(f"{site.url}/switcher/").text().count("<li>")
    arrival.get_by_role("button", name="Create sandbox").click()
    expect(page.get_by_role("heading", name=f"{DEMO}: live topology")).to_be_attached()
    assert page.url.partition("?")[0] == f"{site.url}/s/{DEMO}-2/"
    assert page.request.get(f"{site.url}/switcher/").text().count("<li>") == slugs + 1


def test_a_link_says_what_routes_are_in_it(allowed: Page, site: RunningServer) -> None:
    page = allowed
    page.goto(f"{site.url}/s/order-fan-out/about/")
    page.get_by_role("button", name="Copy as link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    page.goto(page.evaluate("() => navigator.clipboard.readText()"))
    arrival = page.get_by_role("region", name="A scenario came with the link")
    expect(arrival).to_contain_text("queues: 5, actors: 3, messages: 0")
    expect(arrival).to_contain_text("topics: 2, buses: 1, schedules: 0")
    expect(arrival).to_contain_text("functions: 3, pipes: 1, alarms: 1")


@pytest.mark.parametrize("packed", ["x", "AAAA", "%00", "7cEBAQ"])
def test_a_broken_link_is_said(page: Page, site: RunningServer, packed: str) -> None:
    page.goto(f"{site.url}/new/#s={packed}")
    expect(page.get_by_text("The link holds no scenario that can be read.")).to_be_visible()
    expect(page.locator("#arrival")).to_be_hidden()


def test_a_link_that_unfolds_to_gigabytes_is_refused(page: Page, site: RunningServer) -> None:
    page.goto(f"{site.url}/new/")
    page.evaluate(
        """async () => {
          const zeros = new Blob([new Uint8Array(32 * 1024 * 1024)]).stream();
          const small = zeros.pipeThrough(new CompressionStream("deflate-raw"));
          const bytes = new Uint8Array(await new Response(small).arrayBuffer());
          const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
          location.hash = "s=" + btoa(letters).replaceAll("+", "-").replaceAll("/", "_");
        }"""
    )
    expect(page.get_by_text("The scenario in the link is over 2 MiB.")).to_be_visible()


def test_a_pasted_document_that_is_wrong_says_where(page: Page, site: RunningServer) -> None:
    page.goto(f"{site.url}/new/")
    queue = {"name": "a", "attributes": {"DelaySeconds": 901}}
    wrong = {"signalbox": 1, "name": "x", "queues": [queue]}
    page.get_by_label("Scenario document").fill(json.dumps(wrong))
    page.get_by_role("button", name="Import scenario").click()
    expect(page.get_by_role("alert").filter(has_text="queues[0]")).to_contain_text("DelaySeconds")
    expect(page.get_by_label("Scenario document")).to_have_value(json.dumps(wrong))


def test_the_switcher_by_keyboard(page: Page, site: RunningServer, sight: Sight) -> None:
    sight.open("playground")
    sight.open(DEMO)
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="Switch sandbox")
    links = dialog.get_by_role("listitem").get_by_role("link")
    expect(links.first).to_contain_text(DEMO)
    expect(links.nth(1)).to_contain_text("playground")
    page.keyboard.type("playg")
    expect(links).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/s/playground/")


def test_the_switcher_offers_what_it_does_not_find(page: Page, site: RunningServer) -> None:
    page.goto(site.url)
    page.get_by_role("button", name="Switch sandbox").click()
    page.get_by_label("Find", exact=True).fill("night shift")
    page.get_by_role("button", name="Create night shift").click()
    page.wait_for_url("**/s/night-shift/")


def test_a_word_shows_its_card(page: Page, site: RunningServer, sight: Sight) -> None:
    sight.open(DEMO)
    word = page.locator(".legend dfn[data-term=in-flight]")
    card = page.locator("#term-card")
    word.hover()
    expect(card).to_contain_text("Received and not deleted yet.")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    word.focus()
    expect(card).to_be_visible()
    expect(word).to_have_attribute("aria-describedby", "term-card")
    page.keyboard.press("Tab")
    expect(card).to_contain_text("at most 900 s")
    page.get_by_role("heading", name="Requests").click()
    expect(card).to_be_hidden()


def test_the_first_steps_are_shown_once(
    context: Callable[..., BrowserContext], site: RunningServer
) -> None:
    opened = context(viewport={"width": 1440, "height": 900})
    page = opened.new_page()
    page.goto(f"{site.url}/help/")
    page.get_by_role("button", name="Show the first steps again").click()
    assert page.evaluate(DONE) is None
    # Not by going there: the tests' own script would mark them as seen on every new page.
    page.goto(f"{site.url}/s/{DEMO}/")
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_role("button", name="Show the first steps").click()
    steps = page.get_by_role("region", name="First steps")
    expect(steps.get_by_role("heading")).to_have_text("Each dot is a message.")
    for count in ("1 of 4", "2 of 4", "3 of 4"):
        expect(steps).to_contain_text(count)
        steps.get_by_role("button", name="Next").click()
    expect(steps).to_contain_text("4 of 4")
    steps.get_by_role("button", name="Got it").click()
    expect(steps).to_be_hidden()
    assert page.evaluate(DONE) == "done"
    page.reload()
    expect(page.locator("#stage")).to_have_attribute("data-link", "live")
    expect(steps).to_be_hidden()


def test_an_embedded_sandbox_is_looked_at_only(
    context: Callable[..., BrowserContext], site: RunningServer
) -> None:
    page = context().new_page()
    Sight(page, site.url).open(DEMO, embed="1")
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#world-toggle")).to_be_hidden()
    for key in ("n", ":", "s", "?"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    answer = page.evaluate(POST_WITH_THE_TOKEN_OF_THE_PAGE)
    assert answer == 403


def test_every_snippet_shows_and_copies_its_secret(allowed: Page, site: RunningServer) -> None:
    page = allowed
    page.goto(f"{site.url}/s/{DEMO}/keys/")
    secret = site.aws["AWS_SECRET_ACCESS_KEY"]
    assert secret not in page.content()
    page.get_by_role("button", name="Copy Terraform").click()
    expect(page.get_by_text("Copied, with its secret.")).to_be_visible()
    assert f'secret_key                  = "{secret}"' in page.evaluate(
        "() => navigator.clipboard.readText()"
    )
    assert secret not in page.content()
    page.get_by_role("button", name="Show secret in Go (SDK v2)").click()
    expect(page.get_by_label("Go (SDK v2)", exact=True)).to_contain_text(secret)
