"""Connections that move between two processes, each with the bytes that were read from it."""

import os
import socket
from contextlib import suppress
from typing import Final

# One datagram carries them; what is longer stays where it is.
MAX_BYTES: Final = 1 << 16

READY: Final = b"ready"


class Ended(Exception):
    """The other process is gone."""


class Passage:
    """One end of the way between the processes (a seqpacket socket: whole messages, in order)."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self.socket = sock

    def say_ready(self) -> None:
        """Tell the other side that connections may come."""
        self.socket.send(READY)

    def send(self, connection: socket.socket | int, data: bytes) -> bool:
        """Move a connection; return False, with nothing moved, where that is not possible now."""
        number = connection if isinstance(connection, int) else connection.fileno()
        if len(data) > MAX_BYTES or not data:
            return False
        try:
            socket.send_fds(self.socket, [data], [number])
        except OSError:
            return False
        return True

    def receive(self) -> tuple[socket.socket | None, bytes] | None:
        """Return a connection with its bytes, or no connection with a word; None: nothing waits.

        Raises Ended.
        """
        try:
            data, numbers, _, _ = socket.recv_fds(self.socket, MAX_BYTES + 1, 1)
        except BlockingIOError:
            return None
        except OSError as error:
            raise Ended from error
        if not data:
            for number in numbers:
                os.close(number)
            raise Ended
        if not numbers:
            return None, data
        connection = socket.socket(fileno=numbers[0])
        connection.setblocking(False)
        return connection, data

    def close(self) -> None:
        with suppress(OSError):
            self.socket.close()


def passages() -> tuple[Passage, Passage]:
    """Return both ends of a new passage."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    return Passage(here), Passage(there)
