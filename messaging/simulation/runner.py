"""From wall seconds to moments: one thread that asks the executor to move the worlds that are due.

It learns from every commit when a world wants to be moved next, and sleeps until the first alarm;
with nothing due it does not wake at all. On a database that processes share it also looks, twice a
minute, for worlds that others move: should their owner vanish, they are taken over as their lease
ends.
"""

import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, Final

from django.db import connection

from messaging.commands import Job
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.clock import wall_ms
from messaging.kernel.errors import AwsError
from messaging.kernel.world import World
from messaging.simulation import engine, leases
from messaging.simulation.alarms import Alarms

LOOK_AROUND_MS: Final = 30_000
NAP_MAX_S: Final = 60.0
NEVER: Final = 1 << 62
RETRY_MS: Final = 1_000


class Runner:
    """Moves the worlds of one process. ``tick`` does the work; ``start`` gives it a thread."""

    def __init__(self, executor: Executor, *, owner: str | None = None) -> None:
        self.owner = owner or secrets.token_hex(16)
        self._executor = executor
        self._alarms = Alarms()
        self._changed = threading.Condition()
        self._sleeps_until = 0
        self._looks_around_at: int | None = 0
        self._is_stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen to the executor and move what is due, in a thread of its own."""
        if self._thread is not None:
            return
        self._is_stopping = False
        self._looks_around_at = 0
        self.listen()
        self._thread = threading.Thread(target=self._work, name="signalbox-time", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop moving time, and leave the worlds to other processes."""
        if self._thread is None:
            return
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        self._thread.join()
        self._thread = None
        self._executor.listeners.remove(self.hear)
        self._alarms = Alarms()
        self._executor.run_sync(self._release)

    def listen(self) -> None:
        """Learn from the executor when worlds want to be moved."""
        self._executor.listeners.append(self.hear)

    def hear(self, world: World) -> None:
        """Note a world's next moment; the writer calls this after every commit."""
        due = engine.alarm(world)
        at = None if due is None else world.clock.wall_at(due)
        progress = (due, world.now, world.last_seq)
        with self._changed:
            self._alarms.set(world.id, at, seq=world.last_seq, progress=progress)
            at = self._alarms[world.id].at
            if at is not None and at < self._sleeps_until:
                self._changed.notify()

    def tick(self, wall: int) -> int | None:
        """Ask for what is due at wall time ``wall``; return when to look again, if ever."""
        if self._looks_around_at is not None and self._looks_around_at <= wall:
            self._looks_around_at = wall + LOOK_AROUND_MS if _is_shared() else None
            self._post(self._look_around, (), done=self._found)
        with self._changed:
            ready, unleased = self._alarms.take_due(wall)
        if unleased:
            job, done = partial(self._claim, unleased), partial(self._claimed, unleased)
            self._post(job, (), done=done, about=unleased)
        self._move(ready)
        with self._changed:
            return _earlier(self._alarms.next_at(), self._looks_around_at)

    def _work(self) -> None:
        while not self._is_stopping:
            until = self.tick(wall_ms())
            with self._changed:
                # What came in during the tick has set its alarm, but could not wake us.
                until = _earlier(until, self._alarms.next_at())
                if not self._is_stopping:
                    self._sleep(until)

    def _sleep(self, until: int | None) -> None:
        """Wait for the wall time ``until`` or for an earlier alarm. The lock is held."""
        pause = None if until is None else (until - wall_ms()) / 1000
        if pause is None or pause > 0:
            self._sleeps_until = NEVER if until is None else until
            # A machine that was suspended, or whose clock was set, is noticed within a minute.
            self._changed.wait(None if pause is None else min(pause, NAP_MAX_S))
            self._sleeps_until = 0

    def _move(self, sandboxes: Iterable[int]) -> None:
        """Enter sandboxes: that alone moves them (``engine.advance``)."""
        for sandbox in sandboxes:
            done = partial(self._moved, sandbox)
            self._post(_do_nothing, (sandbox,), done=done, about=(sandbox,))

    def _moved(self, sandbox: int, outcome: None) -> None:
        with self._changed:
            self._alarms.free(sandbox)

    def _claim(self, sandboxes: list[int], batch: Batch) -> leases.Claims:
        return leases.claim(batch.db, sandboxes, owner=self.owner, wall=batch.wall)

    def _claimed(self, asked: list[int], claims: leases.Claims) -> None:
        with self._changed:
            for sandbox, until in claims.ours.items():
                self._alarms[sandbox].lease_until = until
            for sandbox in claims.ours.keys() ^ asked:
                # Should its owner vanish, the world is looked at when the lease ends.
                self._alarms.free(sandbox, again_at=claims.others.get(sandbox))
        self._move(claims.ours)

    def _look_around(self, batch: Batch) -> list[tuple[int, int, int]]:
        return leases.playing(batch.db)

    def _found(self, worlds: list[tuple[int, int, int]]) -> None:
        with self._changed:
            for sandbox, seq, until in worlds:
                self._alarms.notice(sandbox, seq=seq, until=until)

    def _release(self, batch: Batch) -> None:
        leases.release(batch.db, owner=self.owner)

    def _post(
        self,
        job: Job,
        entered: Sequence[int],
        *,
        done: Callable[[Any], None],
        about: Sequence[int] = (),
    ) -> None:
        """Queue a job; ``about`` are the worlds that are looked at again should it fail."""
        try:
            future = self._executor.post(job, entered)
        except AwsError:
            self._postpone(about)
        else:
            future.add_done_callback(partial(self._answered, done, about))

    def _answered(
        self, done: Callable[[Any], None], about: Sequence[int], future: "Future[Any]"
    ) -> None:
        """Take up the outcome of a job; the writer calls this."""
        if future.exception() is None:
            done(future.result())
        else:
            self._postpone(about)
        with self._changed:
            self._changed.notify()

    def _postpone(self, sandboxes: Sequence[int]) -> None:
        with self._changed:
            for sandbox in sandboxes:
                self._alarms.free(sandbox, again_at=wall_ms() + RETRY_MS)


def _do_nothing(batch: Batch) -> None:
    """Leave everything to the advance that precedes every job."""


def _is_shared() -> bool:
    """Tell whether other processes may use the same database."""
    return connection.vendor != "sqlite"


def _earlier(one: int | None, other: int | None) -> int | None:
    return min((time for time in (one, other) if time is not None), default=None)
