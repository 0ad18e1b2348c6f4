"""Callers that go, slow bodies and a server that stops."""

import asyncio
from typing import Any

import pytest

from messaging.wire.gateway import Gateway
from tests.wire.fakes import JSON_HEADERS, MESSAGE, FakeEngine, pages, run


async def test_a_caller_that_goes_ends_its_long_poll() -> None:
    cancelled = []
    started = asyncio.Event()

    async def wait(params: Any) -> Any:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    gone = asyncio.Event()
    first = [{"type": "http.request", "body": MESSAGE, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if first:
            return first.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    gateway = Gateway(FakeEngine(answer=wait), pages)
    answering = asyncio.create_task(gateway(_scope(), receive, send))
    await started.wait()
    gone.set()
    await answering

    assert cancelled == [True]
    assert sent == []


async def test_a_caller_that_goes_before_its_body_is_complete_is_forgotten() -> None:
    engine = FakeEngine()
    incoming = [
        {"type": "http.request", "body": MESSAGE[:10], "more_body": True},
        {"type": "http.disconnect"},
    ]

    reply = await run(Gateway(engine, pages), _scope(), incoming)

    assert (reply.status, engine.calls) == (0, [])


async def test_a_stopping_server_cancels_the_answer() -> None:
    async def wait(params: Any) -> Any:
        await asyncio.Event().wait()

    gateway = Gateway(FakeEngine(answer=wait), pages)
    incoming = [{"type": "http.request", "body": MESSAGE, "more_body": False}]
    answering = asyncio.create_task(run(gateway, _scope(), incoming))
    for _ in range(5):
        await asyncio.sleep(0)
    answering.cancel()

    with pytest.raises(asyncio.CancelledError):
        await answering


def _scope() -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [
            (name.encode(), value.encode())
            for name, value in {**JSON_HEADERS, "host": "127.0.0.1"}.items()
        ],
        "client": None,
        "server": ("127.0.0.1", 8000),
    }
