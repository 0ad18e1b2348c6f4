"""Another website open in the same browser reaches nothing, by whatever means it tries."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.fixtures.server import RunningServer
from tests.live.clients.connect import PLAYGROUND, client
from tests.live.clients.raw import ask

EVIL = "https://evil.example"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.CreateQueue"}
QUERY = urlencode({"Action": "CreateQueue", "Version": "2012-11-05", "QueueName": "taken"})

pytestmark = pytest.mark.parametrize(
    "live_server_process", ["uvicorn", "daphne"], indirect=True, scope="session"
)


@pytest.fixture
def url(live_server_process: RunningServer) -> Iterator[str]:
    """Return the server's address; what a test does there changes nothing."""
    with client(live_server_process.url) as sqs:
        sqs.create_queue(QueueName="untouched")
        before = sqs.list_queues()["QueueUrls"]
        yield live_server_process.url
        assert sqs.list_queues()["QueueUrls"] == before


@pytest.mark.parametrize(
    "told",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Referer": f"{EVIL}/page"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "localhost.evil.example:8000"},
    ],
    ids=str,
)
@pytest.mark.parametrize("way", ["form", "get", "json", "reset"])
def test_a_foreign_page_is_refused_whatever_it_sends(
    url: str, way: str, told: dict[str, str]
) -> None:
    requests: dict[str, dict[str, Any]] = {
        "form": {"url": url, "method": "POST", "body": QUERY, "headers": {**FORM, **told}},
        "get": {"url": f"{url}/?{QUERY}", "headers": told},
        "json": {
            "url": url,
            "method": "POST",
            "body": '{"QueueName":"taken"}',
            "headers": {**JSON, **told},
        },
        "reset": {
            "url": f"{url}/_signalbox/reset",
            "method": "POST",
            "headers": {"X-Signalbox": "1", **told},
        },
    }
    answer = ask(**requests[way])
    assert answer.status == 403
    assert "AccessDenied" in answer.text
    assert "access-control-allow-origin" not in answer.headers


def test_a_browser_that_asks_first_is_told_no(url: str) -> None:
    for path in ("/", "/_signalbox/reset", f"/s/{PLAYGROUND}/sqs/create/"):
        answer = ask(
            url + path,
            method="OPTIONS",
            headers={
                "Origin": EVIL,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "x-amz-target,x-signalbox",
            },
        )
        assert not any(name.startswith("access-control-") for name in answer.headers)


def test_a_name_that_was_rebound_to_us_gets_no_page(url: str) -> None:
    for path in ("/", f"/s/{PLAYGROUND}/"):
        answer = ask(url + path, headers={"Host": f"evil.example:{urlsplit(url).port}"})
        assert answer.status == 400
        assert PLAYGROUND not in answer.text


def test_forms_of_our_pages_need_our_token(url: str) -> None:
    for headers in ({"Origin": EVIL}, {}):
        answer = ask(
            f"{url}/s/{PLAYGROUND}/sqs/create/",
            method="POST",
            body="QueueName=taken",
            headers={**FORM, **headers},
        )
        assert answer.status == 403


def test_a_foreign_page_opens_no_stream(url: str) -> None:
    address = f"{url.replace('http', 'ws', 1)}/stream/{PLAYGROUND}/"
    with pytest.raises(InvalidStatus) as refused, connect(address, origin=Origin(EVIL)):
        pass
    assert refused.value.response.status_code == 403
    with connect(address, origin=Origin(url)) as socket:
        socket.send('{"t":"hello","v":1}')
        assert str(socket.recv(timeout=10)).startswith('{"t":"')


def test_names_of_this_machine_and_its_own_pages_are_let_in(url: str) -> None:
    asked = f"{url}/?{urlencode({'Action': 'ListQueues', 'Version': '2012-11-05'})}"
    port = urlsplit(url).port
    for headers in (
        {"Host": f"localhost:{port}"},
        {"Host": f"sqs.us-east-1.localhost:{port}"},
        {"Origin": url},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ):
        assert ask(asked, headers=headers).status == 200
