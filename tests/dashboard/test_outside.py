"""Panels of the inbox and of HTTP endpoints."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client

from messaging.kernel.models import Sandbox
from tests.dashboard.conftest import text_of

HOOK = "http://127.0.0.1:9/hook"


@pytest.fixture
def panel(sandbox: Sandbox) -> Callable[[str], HttpResponse]:
    """Return a function that opens a node's panel."""

    def open_node(node: str) -> HttpResponse:
        address = f"/s/{sandbox.slug}/node/?id={quote(node, safe='')}"
        answer = Client().get(address, SERVER_NAME="127.0.0.1")
        assert answer.status_code == 200
        return answer

    return open_node


@pytest.fixture
def topic(aws: Callable[..., Any]) -> tuple[Any, str]:
    sns = aws("sns")
    return sns, sns.create_topic(Name="news")["TopicArn"]


def test_the_inbox_shows_what_came_newest_first(
    panel: Callable[[str], HttpResponse], topic: tuple[Any, str]
) -> None:
    sns, arn = topic
    assert "Nothing has come yet." in text_of(panel("inbox:people"))
    sns.publish(PhoneNumber="+4915112345678", Message="code <b>1234</b>")
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="me@example.com")
    answer = panel("inbox:people")
    page, told = answer.content.decode(), text_of(answer)
    assert told.index("me@example.com") < told.index("+4915112345678")
    assert "code &lt;b&gt;1234" in page
    assert "Confirm the subscription" in told
    assert "Action=ConfirmSubscription&amp;TopicArn=" in page


def test_an_endpoint_says_whether_it_has_confirmed(
    panel: Callable[[str], HttpResponse], topic: tuple[Any, str]
) -> None:
    sns, arn = topic
    sns.subscribe(TopicArn=arn, Protocol="http", Endpoint=HOOK)
    told = text_of(panel(HOOK))
    assert arn in told
    assert "was asked to confirm, and has not yet" in told
    assert "was deleted" in text_of(panel("http://127.0.0.1:9/other"))
