"""The secret access key on screen: masked until somebody asks, copied without being shown."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DEMO
from tests.fixtures.server import RunningServer

pytestmark = pytest.mark.needs("chromium")

SHOW = "Show secret"


@pytest.fixture
def page(context: Callable[..., BrowserContext], site: RunningServer) -> Iterator[Page]:
    """Return the demo's page with the endpoint dialog open."""
    opened = context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    opened.goto(f"{site.url}/s/{DEMO}/")
    opened.get_by_role("banner").get_by_role("button", name="Endpoint").click()
    yield opened


@pytest.fixture
def secret(site: RunningServer) -> str:
    return site.aws["AWS_SECRET_ACCESS_KEY"]


def test_show_and_hide_by_keyboard(page: Page, secret: str) -> None:
    dialog = page.get_by_role("dialog")
    lines = dialog.get_by_label("Environment variables")
    show = dialog.get_by_role("button", name=SHOW)
    expect(show).to_have_attribute("aria-pressed", "false")
    assert secret not in page.content()
    show.focus()
    page.keyboard.press("Enter")
    expect(lines).to_contain_text(f"export AWS_SECRET_ACCESS_KEY={secret}\n")
    expect(show).to_have_attribute("aria-pressed", "true")
    expect(show).to_be_focused()
    page.keyboard.press("Space")
    expect(show).to_have_attribute("aria-pressed", "false")
    assert secret not in page.content()


def test_closing_masks_it_again(page: Page, secret: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=SHOW).click()
    expect(page.get_by_role("dialog")).to_contain_text(secret)
    page.keyboard.press("Escape")
    expect(page.locator("#endpoint [data-secret]")).not_to_contain_text(secret)
    assert secret not in page.content()


def test_copy_takes_the_four_lines_and_shows_nothing(
    page: Page, site: RunningServer, secret: str
) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Four lines copied.")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.splitlines() == [f"export {name}={value}" for name, value in site.aws.items()]
    assert secret not in page.content()


def test_it_is_in_no_address_no_frame_and_no_log(
    context: Callable[..., BrowserContext], site: RunningServer, secret: str
) -> None:
    page = context().new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(f"{request.url} {request.post_data}"))
    page.on("console", lambda message: seen.append(message.text))
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: seen.append(str(frame))),
    )
    page.goto(f"{site.url}/s/{DEMO}/")
    rest = page.locator("#panel")
    rest.get_by_role("button", name=SHOW).click()
    expect(rest).to_contain_text(secret)
    assert any("/secret/" in line for line in seen)
    assert not [line for line in seen if secret in line]
    assert secret not in page.url
    logged = site.output.splitlines()
    assert [line for line in logged if secret in line and "export " not in line] == []


def test_a_server_that_does_not_answer_is_said(page: Page, secret: str) -> None:
    page.route("**/secret/", lambda route: route.abort())
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=SHOW).click()
    expect(page.get_by_text("Not shown.")).to_be_visible()
    expect(dialog.get_by_role("button", name=SHOW)).to_have_attribute("aria-pressed", "false")
    dialog.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Not copied. The server does not answer")).to_be_visible()
