"""From ASGI to a Request, and the watch for callers that have gone."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from typing import Any, Final, TypeVar

from messaging.kernel.errors import AwsError, RequestEntityTooLarge
from messaging.wire.request import Request

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Answer = TypeVar("Answer")

# Most calls are answered sooner, so that watching costs them one timer and no task.
PATIENCE_SECONDS: Final = 0.2
_MAX_NAMES: Final = 1024


class Gone(Exception):
    """The caller has closed the connection."""


class InvalidLength(AwsError):
    code = "InvalidRequest"
    text = "The Content-Length header is not a number."


def request_of(scope: MutableMapping[str, Any]) -> Request:
    """Build a Request without its body. Texts hold the bytes as sent: each letter is one byte."""
    pairs = scope["headers"]
    headers = {_names[name]: value.decode("latin-1") for name, value in pairs}
    if len(headers) != len(pairs):
        headers = _joined(pairs)
    raw_path = scope.get("raw_path")
    path = raw_path.decode("latin-1") if raw_path else scope["path"].encode().decode("latin-1")
    client = scope.get("client")
    host = headers.get("host")
    if host is None:
        host = headers["host"] = _server(scope)
    return Request(
        method=scope["method"],
        path=path,
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        scheme=scope.get("scheme", "http"),
        host=host,
        client=client[0] if client else "",
    )


class _Names(dict[bytes, str]):
    """The same few header names come with every request: they are decoded once."""

    def __missing__(self, name: bytes) -> str:
        text = name.decode("latin-1")
        if len(self) < _MAX_NAMES:
            self[name] = text
        return text


_names = _Names()


def _joined(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    return headers


async def read_body(receive: Receive, request: Request, limit: int) -> bytes:
    """Return the whole body; raises Gone, or AwsError for one that is too large."""
    stated = request.headers.get("content-length")
    if stated is not None:
        if not (stated.isascii() and stated.isdecimal()):
            raise InvalidLength()
        if len(stated) > len(str(limit)) or int(stated) > limit:
            raise RequestEntityTooLarge()
    message = await receive()
    body: bytes = _part(message)
    if not message.get("more_body"):
        return body
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        parts.append(_part(message))
        size += len(parts[-1])
        if size > limit:
            raise RequestEntityTooLarge()
    return b"".join(parts)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that gives ``body`` first, for an application that comes after."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def watch(work: Coroutine[Any, Any, Answer], receive: Receive) -> Answer:
    """Await ``work``, but cancel it when the caller goes; raises Gone then.

    A long poll that is given up must not take messages with it.
    """
    watcher = _Watcher(receive)
    timer = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, watcher.start)
    try:
        return await work
    except asyncio.CancelledError:
        if watcher.gone:
            raise Gone from None
        raise
    finally:
        timer.cancel()
        watcher.stop()


class _Watcher:
    """Listens for the end of a connection and cancels the task that answers on it."""

    def __init__(self, receive: Receive) -> None:
        self.gone = False
        self._receive = receive
        self._answering = asyncio.current_task()
        self._listening: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._listening = asyncio.get_running_loop().create_task(self._listen())

    def stop(self) -> None:
        if self._listening is not None:
            self._listening.cancel()

    async def _listen(self) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                break
        self.gone = True
        if self._answering is not None:
            self._answering.cancel()


def _part(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise Gone
    part: bytes = message.get("body", b"")
    return part


def _server(scope: MutableMapping[str, Any]) -> str:
    server = scope.get("server") or ("", None)
    return f"{server[0]}:{server[1]}" if server[1] else str(server[0])
