"""The engine's end of a link: calls come in from a process that speaks HTTP, outcomes go out.

The other end is ``messaging.remote``. A frame from there is a list of requests, each a tuple of a
number, a word and its arguments:

    CALL   caller, service, operation, parameters      an AWS call
    GONE                                               nobody waits for that number any more
    ASK    name, arguments                             a question to the engine itself (``Desk``)

A frame from here is a list of outcomes: number, whether it went well, value or error. Number 0 is
news that nobody asked for: the keys that open the doors (``Doors``).
"""

import logging
import socket
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from messaging import dispatch
from messaging.commands import Command
from messaging.inbox import LinkEnded
from messaging.kernel.access import Key
from messaging.kernel.errors import AwsError, InternalFailure
from messaging.kernel.frames import Unpacker, pack

logger: Final = logging.getLogger(__name__)

CALL: Final = "call"
GONE: Final = "gone"
ASK: Final = "ask"
NEWS: Final = 0

_CHUNK: Final = 1 << 20
_LAST_WORDS_SECONDS: Final = 1.0

Outcome = tuple[int, bool, Any]
# Answers a question: what is known, or what will be.
Desk = Callable[[str, tuple[Any, ...]], "Future[Any]"]


@dataclass(frozen=True, slots=True)
class Doors:
    """Who is let in: issued keys by id, the accounts of one's own machine by number, our names."""

    keys: dict[str, Key]
    accounts: dict[str, Key]
    hosts: list[str]


class Reply:
    """Where a call's outcome goes. Stands in for the future of a command."""

    __slots__ = ("_is_done", "_link", "_number")

    def __init__(self, link: "Link", number: int) -> None:
        self._link = link
        self._number = number
        self._is_done = False

    def done(self) -> bool:
        return self._is_done

    def set_result(self, result: Any) -> None:
        self._is_done = True
        self._link.send(self._number, result, is_well=True)

    def set_exception(self, error: BaseException) -> None:
        self._is_done = True
        self._link.send(self._number, error, is_well=False)

    def abandon(self) -> None:
        self._is_done = True


class Link:
    """One process at the other end of ``sock``. Belongs to the writer once it is attached."""

    def __init__(self, sock: socket.socket, desk: Desk) -> None:
        sock.setblocking(False)
        self._socket = sock
        self._desk = desk
        self._unpacker = Unpacker()
        self._replies: dict[int, Reply] = {}
        self._outcomes: list[Outcome] = []
        self._unsent = b""

    @property
    def unsent(self) -> bool:
        """Tell whether something waits for room in the socket."""
        return bool(self._unsent)

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self) -> list[Command]:
        """Return the calls that have come; raises LinkEnded."""
        try:
            data = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return []
        except OSError as error:
            raise LinkEnded from error
        if not data:
            raise LinkEnded
        commands: list[Command] = []
        for requests in self._unpacker.feed(data):
            for number, word, *arguments in requests:
                if word == CALL:
                    self._call(number, arguments, commands)
                elif word == GONE:
                    self._forget(number)
                else:
                    self._ask(number, *arguments)
        return commands

    def send(self, number: int, value: Any, *, is_well: bool) -> None:
        """Keep an outcome for the next ``flush``."""
        self._replies.pop(number, None)
        self._outcomes.append((number, is_well, value))

    def tell(self, doors: Doors) -> None:
        """Say at once who is let in from now on."""
        self.send(NEWS, doors, is_well=True)
        with suppress(LinkEnded):  # whoever reads from the link will find out
            self.flush()

    def flush(self) -> None:
        """Send the outcomes, as much as there is room for; raises LinkEnded."""
        if self._outcomes:
            outcomes, self._outcomes = self._outcomes, []
            self._unsent += _packed(outcomes)
        if self._unsent:
            try:
                self._unsent = self._unsent[self._socket.send(self._unsent) :]
            except BlockingIOError:
                return
            except OSError as error:
                raise LinkEnded from error

    def close(self) -> None:
        """Give up all that waits at the other end, and say the last words."""
        for reply in self._replies.values():
            reply.abandon()
        self._replies.clear()
        with suppress(OSError):
            self._socket.settimeout(_LAST_WORDS_SECONDS)
            self._socket.sendall(self._unsent)
        self._unsent = b""
        self._socket.close()

    def _call(self, number: int, arguments: list[Any], commands: list[Command]) -> None:
        caller, service, operation, params = arguments
        try:
            call = dispatch.prepare(caller, service, operation, params)
        except AwsError as error:
            self.send(number, error, is_well=False)
            return
        reply = self._replies[number] = Reply(self, number)
        commands.append(Command(call=call, sandboxes=(caller.sandbox,), future=reply))

    def _forget(self, number: int) -> None:
        reply = self._replies.pop(number, None)
        if reply is not None:
            reply.abandon()

    def _ask(self, number: int, name: str, arguments: tuple[Any, ...]) -> None:
        def tell(future: "Future[Any]") -> None:
            error = future.exception()
            self.send(number, error or future.result(), is_well=error is None)

        self._desk(name, arguments).add_done_callback(tell)


def _packed(outcomes: list[Outcome]) -> bytes:
    """Return a frame; an outcome that cannot leave this process is our failure, not the others'."""
    try:
        return pack(outcomes)
    except Exception:
        return b"".join(pack([_portable(outcome)]) for outcome in outcomes)


def _portable(outcome: Outcome) -> Outcome:
    try:
        pack(outcome)
    except Exception:
        logger.exception("An outcome cannot leave the engine's process")
        return outcome[0], False, InternalFailure()
    return outcome
