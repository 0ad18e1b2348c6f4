"""daphne's side: twisted's connections move away and come back as uvicorn's do."""

import socket
from collections.abc import Callable
from functools import partial
from typing import Any

from daphne import http_protocol
from daphne.server import Server, reactor

from dashboard.front.protocols import Move, is_aws


class MovingFactory(http_protocol.HTTPFactory):  # type: ignore[misc]  # daphne ships no types
    """Makes channels that move away between two requests, when the next one is an AWS call."""

    def __init__(self, move: Move, server: Server) -> None:
        super().__init__(server)
        self._move = move

    def buildProtocol(self, addr: Any) -> Any:
        protocol = super().buildProtocol(addr)
        protocol.dataReceived = partial(self._take, protocol, protocol.dataReceived)
        return protocol

    def _take(self, protocol: Any, pass_on: Callable[[bytes], None], data: bytes) -> None:
        channel = protocol._channel
        is_idle = not channel.requests and not channel._buffer
        if not (is_idle and is_aws(data) and _leave(channel.transport, self._move, data)):
            pass_on(data)


class Channels:
    """Takes connections from the other process into daphne's server."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def take(self, connection: socket.socket, first: bytes) -> None:
        """Serve a connection of which ``first`` has been read; from now on it stays."""
        maker = _Maker(self._server)
        with connection:
            reactor.adoptStreamConnection(connection.fileno(), connection.family, maker)
        if maker.made is not None:
            maker.made.dataReceived(first)


class _Maker(http_protocol.HTTPFactory):  # type: ignore[misc]  # daphne ships no types
    """Makes one channel and remembers it."""

    made: Any = None

    def buildProtocol(self, addr: Any) -> Any:
        self.made = super().buildProtocol(addr)
        return self.made


def _leave(transport: Any, move: Move, data: bytes) -> bool:
    if not move(transport.socket.fileno(), data):
        return False
    # The other process holds the connection: this closes our name for it only.
    transport._shouldShutdown = False
    transport.loseConnection()
    return True
