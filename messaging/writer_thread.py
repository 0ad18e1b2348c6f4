"""The writer's thread and its queue: whoever comes after its end is refused and never waits."""

import logging
import threading
from collections.abc import Callable
from queue import Empty
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connection, connections

from messaging.commands import Command, refuse
from messaging.inbox import Inbox
from messaging.kernel.errors import InternalFailure, ServiceUnavailable

logger: Final = logging.getLogger(__name__)

Serve = Callable[[Inbox, list[Command]], bool]

# So many failures in a row are no accident: refusing is better than failing for ever.
MAX_FAILURES: Final = 8


class WriterThread:
    """A thread that works off a queue, whatever goes wrong, until it is stopped.

    ``serve`` takes commands off the queue into the list that it is given, answers them, and tells
    whether to go on; ``give_up`` returns what it holds besides. ``ended`` is set before the queue
    is emptied, and looked at after a command was put: one of the two finds every command. A thread
    has a queue of its own, so nothing crosses to the next one.
    """

    def __init__(self, serve: Serve, give_up: Callable[[], list[Command]]) -> None:
        self.queue = Inbox()
        self.ended = False
        self._serve = serve
        self._give_up = give_up
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="signalbox-writer", daemon=True)
        self._thread.start()

    def put(self, command: Command) -> None:
        """Queue a command; it is refused at once when the thread has ended."""
        self.queue.put(command)
        if self.ended:
            self._turn_away()

    def join(self) -> None:
        """Let the thread finish what is queued, and wait for its end."""
        self._is_stopping = True
        self.queue.put(None)
        self._thread.join()

    def end(self) -> None:
        """Refuse what is queued, and from now on what comes; other processes are let go."""
        self.ended = True
        self._turn_away()
        self.queue.close()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException:  # a thread that ends in silence leaves its callers waiting for ever
            try:
                # Before the end, for then another thread may start, which holds them too.
                refuse(self._give_up(), ServiceUnavailable)
            finally:
                self.end()
            logger.critical("The writer has ended: calls are refused", exc_info=True)
        finally:
            connection.close()

    def _work(self) -> None:
        goes_on, failures = True, 0
        while goes_on:
            taken: list[Command] = []
            try:
                goes_on = self._serve(self.queue, taken)
                failures = 0
            except BaseException as error:  # nobody else would answer what was taken
                refuse(taken, InternalFailure)
                refuse(self._give_up(), InternalFailure)
                logger.critical("The writer failed, and goes on", exc_info=error)
                failures += 1
                if self._is_stopping or failures >= MAX_FAILURES:
                    raise
                _leave_connection()

    def _turn_away(self) -> None:
        try:
            while True:
                command = self.queue.get_nowait()
                if isinstance(command, Command):
                    refuse([command], ServiceUnavailable)
        except Empty:
            return


def _leave_connection() -> None:
    """Get a new connection: torn out of a transaction, this one might still think itself in it."""
    connection.close()
    del connections[DEFAULT_DB_ALIAS]
