"""From ASGI to a Request, and the watch for callers that have gone."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final, TypeVar

from messaging.kernel.errors import AwsError, RequestEntityTooLarge
from messaging.wire.request import Request

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Answer = TypeVar("Answer")

# Listening for a caller's end begins after one to two times this.
PATIENCE_SECONDS: Final = 0.1
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


class Watch:
    """Cancels work whose caller has gone: a long poll given up must not take messages with it.

    Most calls are answered before anybody need listen, so one timer serves all of them: it starts
    to listen for those that were there when it last came by.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._new: set[_Watcher] = set()
        self._old: set[_Watcher] = set()
        self._is_ticking = False

    async def over(self, work: Awaitable[Answer], receive: Receive) -> Answer:
        """Await ``work``; raises Gone when the caller goes before it is done."""
        watcher = _Watcher(receive)
        self._add(watcher)
        try:
            return await work
        except asyncio.CancelledError:
            if watcher.gone:
                raise Gone from None
            raise
        finally:
            self._new.discard(watcher)
            self._old.discard(watcher)
            watcher.stop()

    def _add(self, watcher: "_Watcher") -> None:
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._is_ticking = loop, False
            self._new, self._old = set(), set()
        self._new.add(watcher)
        if not self._is_ticking:
            self._is_ticking = True
            loop.call_later(PATIENCE_SECONDS, self._tick)

    def _tick(self) -> None:
        for watcher in self._old:
            watcher.start()
        self._old, self._new = self._new, set()
        self._is_ticking = bool(self._old)
        if self._is_ticking and self._loop is not None:
            self._loop.call_later(PATIENCE_SECONDS, self._tick)


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
