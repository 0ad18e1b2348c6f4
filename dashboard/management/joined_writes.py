"""uvicorn's HTTP protocol, writing the head and the body of a response in one system call.

uvicorn hands them to the socket one after the other. Each write wakes the client, which for short
answers costs more than everything else about sending them.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# What is longer goes out at once: joining it would only copy it.
JOINED_MAX: Final = 1 << 16


class JoinedWrites:
    """A transport that keeps what is written until the event loop's next turn."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self._loop = asyncio.get_running_loop()
        self._kept: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)

    def write(self, data: bytes) -> None:
        """Write ``data`` with what else is written in this turn."""
        if not self._kept:
            self._loop.call_soon(self.flush)
        self._kept.append(data)
        if len(data) > JOINED_MAX:
            self.flush()

    def flush(self) -> None:
        """Hand everything that was kept to the socket."""
        if self._kept:
            data = self._kept[0] if len(self._kept) == 1 else b"".join(self._kept)
            self._kept.clear()
            self.transport.write(data)

    def close(self) -> None:
        """Close the connection once everything is written."""
        self.flush()
        self.transport.close()


class JoiningProtocol(HttpToolsProtocol):
    """uvicorn's httptools protocol on such a transport; websockets get the plain one."""

    transport: Any

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(JoinedWrites(transport))  # type: ignore[arg-type]

    def handle_websocket_upgrade(self) -> None:
        self.transport.flush()
        self.transport = self.transport.transport
        super().handle_websocket_upgrade()
