"""Access keys by hand: issued on the page, used by boto3, withdrawn, refused."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.live.clients.connect import client

pytestmark = pytest.mark.needs("chromium")

REGION = "eu-central-2"


def refusal(sqs: Any) -> tuple[int, str]:
    with pytest.raises(ClientError) as raised:
        sqs.list_queues()
    answer = raised.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def test_a_key_is_issued_used_and_refused_at_once_when_it_is_withdrawn(sight: Sight) -> None:
    page = sight.page
    page.goto(f"{sight.url}/s/{DEMO}/keys/")
    page.get_by_label("What it is for").fill("night batch")
    page.get_by_role("button", name="Issue a key").click()
    fresh = page.locator(".fresh")
    expect(fresh).to_contain_text("Copy its secret now")
    key_id = fresh.locator("b").inner_text()
    secret = page.locator("[data-fresh-secret]").inner_text()
    row = page.locator("#key-list tr").filter(has_text=key_id)
    expect(row).to_contain_text("night batch")

    with client(sight.url, key=key_id, secret=secret, region=REGION) as sqs:
        assert any(url.endswith("/orders") for url in sqs.list_queues()["QueueUrls"])
        page.reload()
        assert secret not in page.content()

        row.get_by_text("Withdraw…").click()
        row.get_by_role("button", name="Withdraw key").click()
        expect(row).to_contain_text("withdrawn")
        assert refusal(sqs) == (403, "InvalidClientTokenId")
    with client(sight.url, key=key_id, secret="guessed", region=REGION) as sqs:
        assert refusal(sqs) == (403, "InvalidClientTokenId")


def test_the_last_key_of_an_account_stays(sight: Sight) -> None:
    page = sight.page
    page.goto(f"{sight.url}/s/{DEMO}/keys/")
    row = page.locator("#key-list tbody tr").first
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    row.get_by_role("button", name="Withdraw key").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("issue another one first")
    expect(page.locator("#key-list tbody tr").first).not_to_contain_text("withdrawn")
