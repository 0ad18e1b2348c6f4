"""Brings packets to programs outside, in threads of its own.

Errands are rows (``kernel.errands``). After a commit that left some, a thread takes them, a few
others bring them, and what came of each goes back through the executor to the service that asked.
What was taken and never reported, because the process ended, is taken again a minute later, and at
the next start where no other process can have taken it.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.db import connection

from messaging import calls, dispatch
from messaging.executor import Executor
from messaging.kernel import errands
from messaging.kernel.batch import Batch
from messaging.kernel.clock import wall_ms
from messaging.kernel.errands import Errand
from messaging.kernel.errors import AwsError
from messaging.kernel.world import World

logger = logging.getLogger(__name__)

HANDS: Final = 8
TAKEN_MS: Final = 60_000
RETRY_S: Final = 5.0
PATIENCE_S: Final = 0.2
# On a database that processes share, what another one has left when it ended is looked for.
LOOK_AROUND_S: Final = 30.0

Bring = Callable[[str, str], AwsError | None]


class Look(NamedTuple):
    """What a look at the table found, and when the next one is due (wall time)."""

    taken: list[Errand]
    next_at: int | None


class Courier:
    """Brings what one process's worlds leave; ``work`` does all that is there, in this thread."""

    def __init__(self, executor: Executor, *, bring: Bring = calls.post) -> None:
        self._executor = executor
        self._bring = bring
        self._free = threading.Semaphore(HANDS)
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen to the executor and bring what it leaves, in threads of its own."""
        if self._thread is not None:
            return
        self._stopping.clear()
        # What the last process has left is looked for first.
        if connection.vendor == "sqlite":
            self._executor.run_sync(lambda batch: errands.give_back(batch.db))
        self._news.set()
        self._executor.listeners.append(self._hear)
        self._thread = threading.Thread(target=self._run, name="signalbox-courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Bring nothing more. What is on its way is not waited for: it will be brought again."""
        if self._thread is None:
            return
        self._executor.listeners.remove(self._hear)
        self._stopping.set()
        self._news.set()
        self._thread.join()
        self._thread = None

    def work(self) -> int:
        """Bring everything that waits, one after the other; return how much there was."""
        count = 0
        while taken := self._look().taken:
            for errand in taken:
                self._do(errand)
            count += len(taken)
        return count

    def _hear(self, world: World) -> None:
        if world.id in errands.news:
            errands.news.discard(world.id)
            self._news.set()

    def _run(self) -> None:
        pause: float | None = None
        while not self._stopping.is_set():
            self._news.wait(pause)
            self._news.clear()
            if not self._stopping.is_set():
                pause = self._round()

    def _round(self) -> float | None:
        """Hand out what is there; return how many seconds to wait for more, if any comes."""
        try:
            look = self._look()
            while look.taken and not self._stopping.is_set():
                for errand in look.taken:
                    if not self._has_free_hand():
                        return None
                    threading.Thread(target=self._carry, args=(errand,), daemon=True).start()
                look = self._look()
        except Exception as error:
            logger.warning("Nothing is brought outside for now: %s", error)
            return RETRY_S
        around = None if connection.vendor == "sqlite" else LOOK_AROUND_S
        if look.next_at is None:
            return around
        pause = max(0.1, (look.next_at - wall_ms()) / 1000)
        return pause if around is None else min(pause, around)

    def _has_free_hand(self) -> bool:
        """Wait until somebody is free to go; False when it is time to stop."""
        while not self._stopping.is_set():
            if self._free.acquire(timeout=PATIENCE_S):
                return True
        return False

    def _carry(self, errand: Errand) -> None:
        try:
            self._do(errand)
        finally:
            self._free.release()

    def _look(self) -> Look:
        def job(batch: Batch) -> Look:
            wall = wall_ms()
            taken = errands.take(batch.db, wall=wall, until=wall + TAKEN_MS, limit=HANDS)
            return Look(taken, errands.next_at(batch.db))

        found: Look = self._executor.run_sync(job)
        return found

    def _do(self, errand: Errand) -> None:
        """Bring one packet and report what came of it."""
        error = self._bring(errand.packet.target, errand.packet.body)
        if self._stopping.is_set():
            return
        try:
            self._executor.run_sync(_reporting(errand, error), (errand.sandbox,))
        except AwsError as refusal:
            # It is still there, and is brought once more.
            logger.warning("What came of an errand could not be told: %s", refusal)


def _reporting(errand: Errand, error: AwsError | None) -> Callable[[Batch], Any]:
    def job(batch: Batch) -> None:
        world = batch.entered.get(errand.sandbox)
        if world is not None:
            dispatch.report(batch, world, errand, error)

    return job
