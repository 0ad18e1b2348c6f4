"""What waits for the writer: commands of this process, and those that links bring from others."""

import select
import socket
from contextlib import suppress
from queue import SimpleQueue
from typing import Final, Protocol

from messaging.commands import Command
from messaging.waiters import Key

# A command, news for held long polls, or None: end when all before it is done.
Item = Command | dict[Key, int] | None

_BELL: Final = b"!"
_BELLS: Final = 4096


class Linked(Protocol):
    """What the inbox needs of a link. All but ``fileno`` are called by the writer only."""

    @property
    def unsent(self) -> bool: ...
    def fileno(self) -> int: ...
    def read(self) -> list[Command]: ...
    def flush(self) -> None: ...
    def close(self) -> None: ...


class LinkEnded(Exception):
    """The process at the other end is gone."""


class Inbox:
    """The writer's queue. It sleeps on a lock, or once there are links on their sockets.

    A link is read by the writer itself: a thread in between would cost each call two hand-overs of
    the interpreter's lock.
    """

    def __init__(self) -> None:
        self._items: SimpleQueue[Item] = SimpleQueue()
        self._links: list[Linked] = []
        self._is_parked = False
        self._bell: tuple[socket.socket, socket.socket] | None = None

    def put(self, item: Item) -> None:
        """Queue an item; callable from any thread."""
        self._items.put(item)
        if self._is_parked:
            self._ring()

    def get(self, timeout: float | None) -> Item:
        """Return the next item, waiting for it up to ``timeout`` seconds; raises queue.Empty."""
        if not self._links:
            return self._items.get(timeout=timeout)
        self._listen(timeout)
        return self._items.get_nowait()

    def get_nowait(self) -> Item:
        """Return the next item of those that are here; raises queue.Empty."""
        return self._items.get_nowait()

    def qsize(self) -> int:
        return self._items.qsize()

    def empty(self) -> bool:
        return self._items.empty()

    def attach(self, link: Linked) -> None:
        """Listen to ``link``, too; callable from any thread."""
        if self._bell is None:
            self._bell = socket.socketpair()
            for end in self._bell:
                end.setblocking(False)
        self._links.append(link)
        # Whoever sleeps on the lock looks up.
        self.put({})

    def close(self) -> None:
        """Send what is answered and let go of all links: nobody reads them any more."""
        for link in self._links:
            self._flush(link)
            link.close()
        self._links = []
        for end in self._bell or ():
            end.close()
        self._bell = None

    def _listen(self, timeout: float | None) -> None:
        """Send answers, then wait for links or a bell, and queue what the links bring."""
        poll = select.poll()
        links: dict[int, Linked] = {}
        for link in list(self._links):
            self._flush(link)
        for link in self._links:
            links[link.fileno()] = link
            poll.register(link.fileno(), select.POLLIN | (select.POLLOUT if link.unsent else 0))
        if self._bell is not None:
            poll.register(self._bell[0], select.POLLIN)
        self._is_parked = True
        try:
            # Whoever puts an item from now on rings.
            waits = 0 if self._items.qsize() else timeout
            ready = poll.poll(None if waits is None else waits * 1000)
        finally:
            self._is_parked = False
        for number, events in ready:
            link_or_none = links.get(number)
            if link_or_none is None:
                self._silence()
            elif events & ~select.POLLOUT:
                self._read(link_or_none)

    def _read(self, link: Linked) -> None:
        try:
            for command in link.read():
                self._items.put(command)
        except LinkEnded:
            self._drop(link)

    def _flush(self, link: Linked) -> None:
        try:
            link.flush()
        except LinkEnded:
            self._drop(link)

    def _drop(self, link: Linked) -> None:
        if link in self._links:
            self._links.remove(link)
            link.close()

    def _ring(self) -> None:
        bell = self._bell
        if bell is not None:
            with suppress(OSError):  # it has been ringing for long, or nobody sleeps here any more
                bell[1].send(_BELL)

    def _silence(self) -> None:
        if self._bell is not None:
            with suppress(BlockingIOError):
                self._bell[0].recv(_BELLS)
