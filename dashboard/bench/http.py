"""Plays scripts over HTTP/1.1: keep-alive connections, one request in flight on each."""

import asyncio
import ssl
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

Reply = tuple[int, bytes]
# Yields requests and is sent their replies; b"" when the next request is not known yet.
Script = Generator[bytes, Reply, None]

# What a script is sent instead of a reply when the connection ended before there was one.
LOST: Final[Reply] = (0, b"")
CONNECT_SECONDS: Final = 10

_END_OF_HEAD: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an endpoint listens. ``host`` is what the Host header says, ``path`` where to post."""

    name: str
    port: int
    host: str
    path: str
    secure: bool

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Take ``http://host:port/path`` apart; raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no http address")
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        return cls(parts.hostname, port, parts.netloc, parts.path or "/", secure)

    async def connect(self, protocol: asyncio.Protocol) -> asyncio.Transport:
        """Open a connection for ``protocol``; raises OSError."""
        context = ssl.create_default_context() if self.secure else None
        loop = asyncio.get_running_loop()
        # Not wait_for: in Python 3.11 that can swallow the cancelling which ends a script.
        async with asyncio.timeout(CONNECT_SECONDS):
            opening = loop.create_connection(lambda: protocol, self.name, self.port, ssl=context)
            transport, _ = await opening
        return transport


async def play(address: Address, script: Script) -> None:
    """Play a script to its end, on as many connections as the server makes it open.

    Raises OSError when there is no connection to be had. Cancelling ends the connection.
    """
    request = next(script, None)
    while request is not None:
        connection = Connection(script)
        transport = await address.connect(connection)
        try:
            connection.send(request)
            request = await connection.ended
        finally:
            transport.abort()
            connection.script = None


class Line:
    """A connection to ask on, one request after the other; opened anew when the server ended it."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._transport: asyncio.Transport | None = None
        self._connection: Connection | None = None
        self._answer: asyncio.Future[Reply] | None = None

    async def ask(self, request: bytes) -> Reply:
        """Send a request and return its reply; raises OSError."""
        if self._connection is None or self._connection.ended.done():
            await self._open()
        if self._connection is None:
            return LOST
        self._answer = asyncio.get_running_loop().create_future()
        self._connection.send(request)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    async def _open(self) -> None:
        self.close()
        script = self._listen()
        next(script)
        self._connection = Connection(script)
        self._transport = await self._address.connect(self._connection)

    def _listen(self) -> Script:
        """Hand each reply to whoever waits; what to send next is not known yet."""
        while True:
            reply = yield b""
            if self._answer is not None and not self._answer.done():
                self._answer.set_result(reply)


async def ask(address: Address, request: bytes) -> Reply:
    """Send one request on a connection of its own and return its reply; raises OSError."""
    line = Line(address)
    try:
        return await line.ask(request)
    finally:
        line.close()


class Connection(asyncio.Protocol):
    """One connection. ``ended`` gives the request to go on with elsewhere, or None at the end."""

    def __init__(self, script: Script) -> None:
        self.script: Script | None = script
        self.ended: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        self._transport: Any = None
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def send(self, request: bytes) -> None:
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        received = self._received + data if self._received else data
        parsed = parse(received)
        if parsed is None:
            self._received = received
            return
        self._received = b""
        status, body, keeps = parsed
        if status == 100:  # noqa: PLR2004 - "100 Continue" comes before the reply
            self.data_received(body)
        else:
            self._reply((status, body), keeps=keeps)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.ended.done():
            return
        head, end, body = self._received.partition(_END_OF_HEAD)
        ended_by_close = end and b"content-length:" not in head.lower()
        reply = (int(head[9:12]), body) if ended_by_close else LOST
        self._reply(reply, keeps=False)

    def _reply(self, reply: Reply, *, keeps: bool) -> None:
        if self.script is None or self.ended.done():
            return
        try:
            request = self.script.send(reply)
        except StopIteration:
            self.ended.set_result(None)
        except Exception as error:
            self.ended.set_exception(error)
        else:
            if keeps:
                self._transport.write(request)
            else:
                self.ended.set_result(request)


def parse(data: bytes) -> tuple[int, bytes, bool] | None:
    """Return (status, body, whether the connection is kept), or None while more is to come."""
    end = data.find(_END_OF_HEAD)
    if end < 0:
        return None
    head = data[:end].lower()
    status, start = int(head[9:12]), end + len(_END_OF_HEAD)
    keeps = b"connection: close" not in head and not head.startswith(b"http/1.0")
    if status == 100:  # noqa: PLR2004
        return (status, data[start:], keeps) if len(data) > start else None
    place = head.find(b"content-length:")
    if place >= 0:
        line = head.find(b"\r\n", place)
        length = int(head[place + 15 : line if line >= 0 else None])
        return (
            (status, data[start : start + length], keeps) if len(data) >= start + length else None
        )
    if b"transfer-encoding: chunked" not in head:
        return None
    body = _joined(data, start)
    return None if body is None else (status, body, keeps)


def _joined(data: bytes, start: int) -> bytes | None:
    """Return the body that the chunks from ``start`` make, or None while one is to come."""
    chunks: list[bytes] = []
    while (line := data.find(b"\r\n", start)) >= 0:
        size = int(data[start:line].partition(b";")[0], 16)
        start = line + 2
        if len(data) < start + size + 2:
            return None
        if not size:
            return b"".join(chunks)
        chunks.append(data[start : start + size])
        start += size + 2
    return None
