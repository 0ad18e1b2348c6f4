"""uvicorn's protocol on both sides of the passage, and the way back for what is no AWS call."""

import asyncio
import socket
from collections.abc import Callable, MutableMapping
from typing import Any, Final
from urllib.parse import quote

from uvicorn.server import Server

from dashboard.asgi import Receive, Scope, Send
from dashboard.front.moving import MAX_BYTES
from dashboard.management.joined_writes import JoiningProtocol

Move = Callable[[int, bytes], bool]

# An AWS call is signed, or has a header of AWS's; what has neither is rare enough to stay.
SIGNS: Final = (b"\r\nauthorization: aws4-", b"\r\nx-amz-")
CONNECTION: Final = "signalbox.connection"
_DROPPED: Final = (b"connection", b"content-length", b"expect", b"transfer-encoding")


class MovingProtocol(JoiningProtocol):
    """Moves a connection away between two requests, when the next one is an AWS call."""

    def __init__(self, move: Move, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._move = move
        self._is_inside = False

    def data_received(self, data: bytes) -> None:
        """Look at what begins a request; all other bytes pass."""
        is_idle = not self._is_inside and (self.cycle is None or self.cycle.response_complete)
        if not (is_idle and is_aws(data) and leave(self, self._move, data)):
            super().data_received(data)

    def on_message_begin(self) -> None:
        self._is_inside = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._is_inside = False
        super().on_message_complete()


class ArrivedProtocol(JoiningProtocol):
    """A connection that came from the other process: its first bytes have been read there."""

    def __init__(self, first: bytes, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._first = first
        self._application = self.app
        self.app = self._run

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        first, self._first = self._first, b""
        self.data_received(first)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[CONNECTION] = self
        await self._application(scope, receive, send)


class WayBack:
    """An ASGI application that gives requests back to the other process, connection and all."""

    def __init__(self, move: Move) -> None:
        self._move = move

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _whole_body(receive)
        connection: ArrivedProtocol = scope[CONNECTION]
        request = None if body is None else written(scope, body)
        if request is not None and leave(connection, self._move, request):
            return
        # The client tries again on a connection of its own, which stays where pages are answered.
        headers = [(b"content-length", b"0"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 421, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


class Arrivals:
    """Takes connections from the other process into a server of this one."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._tasks: set[asyncio.Task[Any]] = set()

    def take(self, connection: socket.socket, first: bytes) -> None:
        """Serve a connection of which ``first`` has been read."""
        loop = asyncio.get_running_loop()
        task = loop.create_task(loop.connect_accepted_socket(lambda: self._make(first), connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _make(self, first: bytes) -> ArrivedProtocol:
        server = self._server
        return ArrivedProtocol(
            first, config=server.config, server_state=server.server_state, app_state={}
        )


def is_aws(data: bytes) -> bool:
    """Tell whether these first bytes of a connection look like an AWS call."""
    head = data.partition(b"\r\n\r\n")[0].lower()
    return any(sign in head for sign in SIGNS)


def leave(protocol: JoiningProtocol, move: Move, data: bytes) -> bool:
    """Move a protocol's connection with ``data`` unread; here nothing is left of it."""
    transport = protocol.transport.transport
    sock = transport.get_extra_info("socket")
    if sock is None:
        return False
    transport.pause_reading()
    if not move(sock.fileno(), data):
        transport.resume_reading()
        return False
    if protocol.cycle is not None:
        protocol.cycle.disconnected = True
    # The other process holds the connection: this closes our name for it only.
    transport.abort()
    return True


def written(scope: MutableMapping[str, Any], body: bytes) -> bytes:
    """Return a request as it is written on the wire."""
    raw_path = scope.get("raw_path") or quote(scope["path"]).encode()
    query = scope["query_string"]
    target = raw_path + b"?" + query if query else raw_path
    lines = [b"%s %s HTTP/%s" % (scope["method"].encode(), target, scope["http_version"].encode())]
    lines += [b"%s: %s" % pair for pair in scope["headers"] if pair[0].lower() not in _DROPPED]
    if body:
        lines.append(b"content-length: %d" % len(body))
    return b"\r\n".join([*lines, b"", body])


async def _whole_body(receive: Receive) -> bytes | None:
    """Return the body, or None for one that cannot be moved."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)
        if len(body) > MAX_BYTES:
            return None
