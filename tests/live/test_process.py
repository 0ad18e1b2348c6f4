"""The pieces around Django in one server process: static files, lifespan, who may connect."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory, RequestFactory, override_settings

from dashboard.asgi import Receive, Scope, Send
from dashboard.assets import Assets
from dashboard.lifespan import Lifespan, State
from dashboard.management import preflight
from dashboard.security import SameOrigin, content_security_policy

Sent = list[dict[str, Any]]


async def ask(application: Any, scope: Scope, *received: dict[str, Any]) -> Sent:
    """Run an ASGI application on one scope and return what it sent."""
    sent: Sent = []
    inbox = iter(received)

    async def receive() -> dict[str, Any]:
        return next(inbox)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    return sent


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand for whatever is behind the piece under test."""
    await send({"type": "reached"})


def http(path: str, *, method: str = "GET", **headers: str) -> Scope:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": path, "headers": pairs}


@pytest.fixture
def assets(tmp_path: Path) -> Iterator[Assets]:
    (tmp_path / "vendor" / "lib@1.2.3").mkdir(parents=True)
    (tmp_path / "vendor" / "lib@1.2.3" / "lib.js").write_text("export {}")
    (tmp_path / "app.css").write_text("body { margin: 0 }")
    with override_settings(STATICFILES_DIRS=[tmp_path], DEBUG=False):
        yield Assets(inner)


async def test_a_vendored_file_is_kept_for_ever(assets: Assets) -> None:
    start, body = await ask(assets, http("/static/vendor/lib@1.2.3/lib.js"))
    headers = dict(start["headers"])
    assert start["status"] == 200
    assert b"immutable" in headers[b"cache-control"]
    assert headers[b"content-type"].startswith(b"text/javascript")
    assert b"access-control-allow-origin" not in headers
    assert body["body"] == b"export {}"


async def test_our_own_file_is_asked_for_again_and_answered_with_304(assets: Assets) -> None:
    start, body = await ask(assets, http("/static/app.css"))
    headers = dict(start["headers"])
    assert headers[b"cache-control"] == b"max-age=0, public"
    assert body["body"] == b"body { margin: 0 }"
    tag = headers[b"etag"].decode()
    start, body = await ask(assets, http("/static/app.css", if_none_match=tag))
    assert start["status"] == 304
    assert body["body"] == b""


async def test_head_and_other_methods(assets: Assets) -> None:
    start, body = await ask(assets, http("/static/app.css", method="HEAD"))
    assert (start["status"], body["body"]) == (200, b"")
    start, _ = await ask(assets, http("/static/app.css", method="POST"))
    assert start["status"] == 405


@pytest.mark.parametrize(
    "path", ["/", "/static/", "/static/none.js", "/static/../manage.py", "/static//app.css"]
)
async def test_everything_else_is_handed_on(assets: Assets, path: str) -> None:
    assert await ask(assets, http(path)) == [{"type": "reached"}]


async def test_a_changed_file_is_seen_while_debugging(assets: Assets, tmp_path: Path) -> None:
    with override_settings(DEBUG=True):
        live = Assets(inner)
        (tmp_path / "app.css").write_text("body { margin: 1px }")
        _, body = await ask(live, http("/static/app.css"))
        assert body["body"] == b"body { margin: 1px }"


class Steps:
    """Counts starts and stops."""

    def __init__(self) -> None:
        self.done: list[str] = []

    async def start(self) -> None:
        await asyncio.sleep(0)
        self.done.append("start")

    async def stop(self) -> None:
        self.done.append("stop")


async def test_lifespan_starts_and_stops_the_engine_once() -> None:
    steps = Steps()
    application = Lifespan(inner, start=steps.start, stop=steps.stop)
    sent = await ask(
        application,
        {"type": "lifespan"},
        {"type": "lifespan.startup"},
        {"type": "lifespan.shutdown"},
    )
    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    await application.shutdown()
    assert steps.done == ["start", "stop"]
    assert application.state is State.STOPPED


async def test_requests_before_the_start_wait_for_it_and_later_ones_are_refused() -> None:
    steps = Steps()
    application = Lifespan(inner, start=steps.start, stop=steps.stop)
    answers = await asyncio.gather(*(ask(application, http("/")) for _ in range(3)))
    assert answers == [[{"type": "reached"}]] * 3
    assert steps.done == ["start"]
    await application.shutdown()
    start, _ = await ask(application, http("/"))
    assert start["status"] == 503
    refused = await ask(application, {"type": "websocket", "headers": []})
    assert refused == [{"type": "websocket.close", "code": 1012}]


async def test_a_failed_start_is_told_and_may_be_tried_again() -> None:
    async def fail() -> None:
        raise OSError("no room")

    application = Lifespan(inner, start=fail, stop=fail)
    with pytest.raises(OSError, match="no room"):
        await ask(application, {"type": "lifespan"}, {"type": "lifespan.startup"})
    assert application.state is State.NEW


@pytest.mark.parametrize(
    ("host", "origin", "is_let_in"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000", True),
        ("127.0.0.1:8000", None, True),
        ("localhost", "http://localhost", True),
        ("[::1]:8000", "http://[::1]:8000", True),
        ("box.localhost:443", "https://box.localhost", True),
        ("127.0.0.1:8000", "http://localhost:8000", False),
        ("localhost:8000", "http://localhost:3000", False),
        ("localhost:8000", "https://evil.example", False),
        ("localhost:8000", "null", False),
        ("localhost:8000", "http://[::1", False),
        ("localhost:8000", "http://localhost:8000/path", False),
        ("evil.example:8000", "http://evil.example:8000", False),
        ("", None, False),
    ],
)
async def test_a_websocket_opens_for_our_own_pages_only(
    host: str, origin: str | None, is_let_in: bool
) -> None:
    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    scope = {"type": "websocket", "path": "/", "headers": headers}
    sent = await ask(SameOrigin(inner), scope)
    assert sent[0]["type"] == ("reached" if is_let_in else "websocket.close")


def test_each_page_has_its_own_nonce_and_allows_nothing_inline() -> None:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.csp_nonce)  # type: ignore[attr-defined]
        return HttpResponse("page")

    middleware = content_security_policy(view)
    policies = [middleware(RequestFactory().get("/"))["Content-Security-Policy"] for _ in range(2)]
    assert seen[0] != seen[1]
    for nonce, policy in zip(seen, policies, strict=True):
        assert f"script-src 'self' 'nonce-{nonce}'" in policy
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


async def test_the_policy_is_there_on_asynchronous_pages_too() -> None:
    async def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.csp_nonce)  # type: ignore[attr-defined]

    response = await content_security_policy(view)(AsyncRequestFactory().get("/"))
    assert f"'nonce-{response.content.decode()}'" in response["Content-Security-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_port_of_the_administrator_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def bind(self: socket.socket, address: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(preflight.Refused, match="Port 80 is reserved for the administrator"):
        preflight.listen("127.0.0.1", 80)


def test_the_lock_is_free_again_when_its_holder_ends(tmp_path: Path) -> None:
    database = tmp_path / "box.sqlite3"
    with preflight.hold(database), pytest.raises(preflight.Refused, match="already runs"):
        preflight.hold(database)
    preflight.hold(database).close()


def test_names_of_this_machine_are_allowed_only_on_open_addresses() -> None:
    with preflight.listen("127.0.0.1", 0) as closed:
        assert preflight.own_names(closed) == ["127.0.0.1"]
        assert preflight.is_loopback(closed)
    with preflight.listen("0.0.0.0", 0) as open_to_all:
        assert socket.gethostname().lower() in preflight.own_names(open_to_all)
        assert not preflight.is_loopback(open_to_all)
