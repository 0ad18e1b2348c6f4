"""Threads beside the writer: one looks for what is to be done, a few do it.

What is to be done are rows, taken and reported through the executor. What was taken and never
reported, because the process ended, is taken again.
"""

import logging
import threading
from abc import ABC, abstractmethod
from typing import Any, Final, NamedTuple

from django.db import connection

from messaging.executor import Executor
from messaging.kernel.clock import wall_ms
from messaging.kernel.world import World

logger = logging.getLogger(__name__)

RETRY_S: Final = 5.0
PATIENCE_S: Final = 0.1
# On a database that processes share, what another one has left when it ended is looked for.
LOOK_AROUND_S: Final = 30.0


class Look(NamedTuple):
    """What a look at the tables found, and when the next one is due (wall time)."""

    taken: list[Any]
    next_at: int | None


class Hands(ABC):
    """Does what one process's worlds leave; ``work`` does all that is there, in this thread.

    Who does something says what: ``begin`` before the first look, ``has_news`` of a world after a
    commit, ``look`` and ``do``.
    """

    name = "hands"
    count = 1
    # How much is taken at once; what is taken waits for a free hand.
    most = 1

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.stopping = threading.Event()
        self._free = threading.Semaphore(self.count)
        self._news = threading.Event()
        self._at_work: set[threading.Thread] = set()
        self._thread: threading.Thread | None = None

    @abstractmethod
    def begin(self) -> bool:
        """Put right what an earlier process has left; return whether anything may be done."""

    @abstractmethod
    def has_news(self, world: World) -> bool:
        """Tell, once, whether a world has left something."""

    @abstractmethod
    def look(self, limit: int) -> Look:
        """Take what is there, at most so much."""

    @abstractmethod
    def do(self, task: Any) -> None:
        """Do one thing and report what came of it."""

    def start(self) -> None:
        """Listen to the executor and do what it leaves, in threads of its own."""
        if self._thread is not None or not self.begin():
            return
        self.stopping.clear()
        self._news.set()
        self.executor.listeners.append(self._hear)
        self._thread = threading.Thread(
            target=self._run, name=f"signalbox-{self.name}", daemon=True
        )
        self._thread.start()

    def stop(self, *, wait: bool = False) -> None:
        """Begin nothing more, and ``wait`` for what was begun: it will be done again."""
        if self._thread is None:
            return
        self.executor.listeners.remove(self._hear)
        self.stopping.set()
        self._news.set()
        self._thread.join()
        for thread in list(self._at_work) if wait else ():
            thread.join()
        self._thread = None

    def work(self) -> int:
        """Do everything that waits, one after the other; return how much there was."""
        count = 0
        while taken := self.look(self.count).taken:
            for task in taken:
                self.do(task)
            count += len(taken)
        return count

    def _hear(self, world: World) -> None:
        if self.has_news(world):
            self._news.set()

    def _run(self) -> None:
        pause: float | None = None
        while not self.stopping.is_set():
            self._news.wait(pause)
            self._news.clear()
            if not self.stopping.is_set():
                pause = self._round()

    def _round(self) -> float | None:
        """Hand out what is there; return how many seconds to wait for more, if any comes."""
        try:
            while self._has_free_hand():
                # Nobody has it yet: who looks does not hold up who would begin.
                self._free.release()
                look = self.look(self.most)
                if not look.taken:
                    return _pause(look)
                for task in look.taken:
                    if not self._has_free_hand():
                        return None
                    self._hand_out(task)
        except Exception as error:
            logger.warning("Nothing is done outside for now (%s): %s", self.name, error)
            return RETRY_S
        return None

    def _has_free_hand(self) -> bool:
        """Wait until somebody is free; False when it is time to stop."""
        while not self.stopping.is_set():
            if self._free.acquire(timeout=PATIENCE_S):
                return True
        return False

    def _hand_out(self, task: Any) -> None:
        thread = threading.Thread(target=self._carry, args=(task,), daemon=True)
        self._at_work.add(thread)
        thread.start()

    def _carry(self, task: Any) -> None:
        try:
            self.do(task)
        except Exception:
            # It is still there, and is done once more.
            logger.exception("Something was not done (%s)", self.name)
        finally:
            self._at_work.discard(threading.current_thread())
            self._free.release()


def _pause(look: Look) -> float | None:
    around = None if connection.vendor == "sqlite" else LOOK_AROUND_S
    if look.next_at is None:
        return around
    pause = max(PATIENCE_S, (look.next_at - wall_ms()) / 1000)
    return pause if around is None else min(pause, around)
