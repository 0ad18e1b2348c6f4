"""Does what services have to have done outside the writer, in threads of its own.

What is to be done are rows that a service has left (``Service.outside``). After the commit a thread
takes them, a few others do them, and what came of each goes back through the executor to the
service. What was taken and never reported is taken again: at the next start, or, where processes
share a database, when its time is over.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Final, NamedTuple

from django.db import connection

from messaging import dispatch, registry
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.clock import wall_ms
from messaging.kernel.errors import AwsError
from messaging.kernel.world import World

logger = logging.getLogger(__name__)

HANDS: Final = 4
RETRY_S: Final = 5.0
PATIENCE_S: Final = 0.2
LOOK_AROUND_S: Final = 30.0


class Look(NamedTuple):
    """What a look at the tables found, and when the next one is due (wall time)."""

    taken: list[tuple[ModuleType, Any]]
    next_at: int | None


class Workshop:
    """Does what one process's worlds leave; ``work`` does all that is there, in this thread."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._free = threading.Semaphore(HANDS)
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._at_work: set[threading.Thread] = set()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen to the executor and do what it leaves, in threads of its own.

        Where nothing may be done, what an earlier start has left is given up.
        """
        if self._thread is not None:
            return
        if not any(outside.is_allowed() for outside in _outsides()):
            self._executor.run_sync(_give_up)
            return
        self._stopping.clear()
        if connection.vendor == "sqlite":
            self._executor.run_sync(_give_back)
        self._news.set()
        self._executor.listeners.append(self._hear)
        self._thread = threading.Thread(target=self._run, name="signalbox-workshop", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop what is being done; it will be done again."""
        if self._thread is None:
            return
        self._executor.listeners.remove(self._hear)
        self._stopping.set()
        self._news.set()
        self._thread.join()
        for thread in list(self._at_work):
            thread.join()
        self._thread = None

    def work(self) -> int:
        """Do everything that waits, one after the other; return how much there was."""
        count = 0
        while taken := self._look().taken:
            for outside, task in taken:
                self._do(outside, task)
            count += len(taken)
        return count

    def _hear(self, world: World) -> None:
        for outside in _outsides():
            if world.id in outside.news:
                outside.news.discard(world.id)
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
            while self._has_free_hand():
                look = self._look(limit=1)
                if not look.taken:
                    self._free.release()
                    return _pause(look)
                self._hand_out(*look.taken[0])
        except Exception as error:
            self._free.release()
            logger.warning("Nothing is done outside for now: %s", error)
            return RETRY_S
        return None

    def _hand_out(self, outside: ModuleType, task: Any) -> None:
        thread = threading.Thread(target=self._carry, args=(outside, task), daemon=True)
        self._at_work.add(thread)
        thread.start()

    def _has_free_hand(self) -> bool:
        """Wait until somebody is free; False when it is time to stop."""
        while not self._stopping.is_set():
            if self._free.acquire(timeout=PATIENCE_S):
                return True
        return False

    def _carry(self, outside: ModuleType, task: Any) -> None:
        try:
            self._do(outside, task)
        except Exception:
            # It is still there, and is done once more after the next start.
            logger.exception("Something was not done")
        finally:
            self._at_work.discard(threading.current_thread())
            self._free.release()

    def _look(self, *, limit: int = HANDS) -> Look:
        def job(batch: Batch) -> Look:
            taken = [
                (outside, task)
                for outside in _outsides()
                for task in outside.take(batch, limit=limit)
            ]
            times = [outside.next_at(batch.db) for outside in _outsides()]
            return Look(taken, min((at for at in times if at is not None), default=None))

        found: Look = self._executor.run_sync(job)
        return found

    def _do(self, outside: ModuleType, task: Any) -> None:
        """Do one thing and report what came of it."""
        outcome = task.do(self._stopping)
        if outcome is None or self._stopping.is_set():
            return
        try:
            self._executor.run_sync(_reporting(outside, task, outcome), (task.sandbox,))
        except AwsError as refusal:
            logger.warning("What came of work outside could not be told: %s", refusal)


def _outsides() -> Iterator[ModuleType]:
    found = (service.outside for service in registry.SERVICES.values())
    return (outside for outside in found if outside is not None)


def _give_back(batch: Batch) -> None:
    for outside in _outsides():
        outside.give_back(batch.db)


def _give_up(batch: Batch) -> None:
    for outside in _outsides():
        outside.give_up(batch.db)


def _pause(look: Look) -> float | None:
    around = None if connection.vendor == "sqlite" else LOOK_AROUND_S
    if look.next_at is None:
        return around
    pause = max(PATIENCE_S, (look.next_at - wall_ms()) / 1000)
    return pause if around is None else min(pause, around)


def _reporting(outside: ModuleType, task: Any, outcome: Any) -> Callable[[Batch], None]:
    def job(batch: Batch) -> None:
        world = batch.entered.get(task.sandbox)
        if world is not None:
            batch.flush()
            outside.report(dispatch.engine_context(batch, world), task, outcome)

    return job
