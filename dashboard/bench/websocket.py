"""A lean websocket client: text frames in, small text frames out. https://www.rfc-editor.org/rfc/rfc6455"""

import asyncio
import base64
import secrets
import struct
from collections.abc import Callable
from typing import Any, Final

from dashboard.bench.http import Address

CONTINUED, TEXT, CLOSE, PING, PONG = 0x0, 0x1, 0x8, 0x9, 0xA
_FIN: Final = 0x80
_SHORT, _LONG = 126, 127
_SWITCHED: Final = b"HTTP/1.1 101"

OnText = Callable[[bytes], None]


class Websocket(asyncio.Protocol):
    """One connection. ``opened`` is done after the handshake; ``closed`` says that it has ended."""

    def __init__(self, address: Address, path: str, on_text: OnText) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = False
        self._address = address
        self._path = path
        self._on_text = on_text
        self._transport: Any = None
        self._received = b""
        self._parts: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self._transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: {self._address.host}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def say(self, text: bytes, opcode: int = TEXT) -> None:
        """Send a short frame (under 126 bytes), under a mask of zeros that leaves it as it is."""
        self._transport.write(bytes((_FIN | opcode, 0x80 | len(text))) + bytes(4) + text)

    def end(self) -> None:
        """Drop the connection."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self.opened.done():
            self._shake_hands()
        if self.opened.done() and not self.opened.exception():
            self._take_frames()

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("the websocket was refused"))

    def _shake_hands(self) -> None:
        head, end, rest = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        self._received = rest
        if head.startswith(_SWITCHED):
            self.opened.set_result(None)
        else:
            answer = head.partition(b"\r\n")[0].decode("latin-1")
            self.opened.set_exception(ConnectionError(f"the websocket was refused: {answer}"))

    def _take_frames(self) -> None:
        data, start = self._received, 0
        while (frame := _frame(data, start)) is not None:
            opcode, is_last, payload, start = frame
            self._take(opcode, is_last, payload)
        self._received = data[start:]

    def _take(self, opcode: int, is_last: bool, payload: bytes) -> None:
        if opcode == PING:
            self.say(payload, PONG)
        elif opcode == CLOSE:
            self.end()
        elif opcode in (TEXT, CONTINUED):
            self._parts.append(payload)
            if is_last:
                text, self._parts = b"".join(self._parts), []
                self._on_text(text)


def _frame(data: bytes, start: int) -> tuple[int, bool, bytes, int] | None:
    """Return (opcode, whether the message ends, payload, where the next frame starts) or None."""
    if len(data) < start + 2:
        return None
    first, length = data[start], data[start + 1]
    body = start + {_SHORT: 4, _LONG: 10}.get(length, 2)
    if len(data) < body:
        return None
    if length == _SHORT:
        (length,) = struct.unpack_from("!H", data, start + 2)
    elif length == _LONG:
        (length,) = struct.unpack_from("!Q", data, start + 2)
    if len(data) < body + length:
        return None
    return first & 0x0F, bool(first & _FIN), data[body : body + length], body + length
