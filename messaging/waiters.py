"""Held long polls of one process: who waits for which resource, and until when."""

from collections import deque
from heapq import heappop, heappush
from itertools import count
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from messaging.kernel.clock import Clock, wall_ms
from messaging.kernel.waiting import Wait
from messaging.kernel.world import World

Key = tuple[int, str]


class Waiting(Protocol):
    """What is held: it can be given up by its caller, and be told that its own time is up."""

    outcome: Any
    patience_ends: int

    @property
    def actor(self) -> str: ...

    def abandoned(self) -> bool: ...

    def give_up(self) -> None: ...


W = TypeVar("W", bound=Waiting)


class Poll(NamedTuple):
    """A held long poll as others may see it; ``until`` is the sandbox time of its end."""

    actor: str
    arn: str
    until: int


class Waiters(Generic[W]):
    """Long polls by sandbox and ARN, in the order in which they came.

    Used by the writer only; ``look`` is for everybody.
    """

    def __init__(self) -> None:
        self._held: dict[int, dict[str, deque[W]]] = {}
        self._alarms: list[tuple[int, int, Key, W]] = []
        self._order = count()
        self._ready: list[tuple[Key, W]] = []

    def park(self, waiter: W, wait: Wait, world: World) -> None:
        """Hold ``waiter`` until it is woken, its sandbox time comes, or its caller's time is up."""
        wall = wall_ms()
        if not waiter.patience_ends:
            waiter.patience_ends = wall + int(wait.seconds * 1000)
        due = world.clock.wall_at(wait.until)
        alarm = waiter.patience_ends if due is None else min(due, waiter.patience_ends)
        self._held.setdefault(world.id, {}).setdefault(wait.arn, deque()).append(waiter)
        heappush(self._alarms, (alarm, next(self._order), (world.id, wait.arn), waiter))

    def wake(self, key: Key, number: int) -> None:
        """Let up to ``number`` waiters of ``key`` try again, longest waiting first."""
        held = self._of(key)
        while held and number > 0:
            waiter = held.popleft()
            if not waiter.abandoned():
                self._ready.append((key, waiter))
                number -= 1
        if held is not None and not held:
            self._drop(key)

    def wake_sandbox(self, sandbox: int) -> None:
        """Let everybody in a sandbox try again: its clock has changed."""
        for arn, held in self._held.pop(sandbox, {}).items():
            self._ready += [((sandbox, arn), waiter) for waiter in held]

    def take_due(self) -> list[W]:
        """Return those who may try again now."""
        wall = wall_ms()
        ready = self._take_woken()
        while self._alarms and self._alarms[0][0] <= wall:
            _, _, key, waiter = heappop(self._alarms)
            if self._remove(key, waiter):
                ready.append(waiter)
        for waiter in ready:
            if waiter.patience_ends <= wall:
                waiter.give_up()
        return ready

    def take_all(self) -> list[W]:
        """Return everybody, for a last try."""
        waiters = [waiter for _, waiter in self._ready]
        by_arn = [held for queues in self._held.values() for held in queues.values()]
        waiters += [waiter for held in by_arn for waiter in held]
        self._held.clear()
        self._alarms.clear()
        self._ready = []
        for waiter in waiters:
            waiter.give_up()
        return waiters

    def seconds_to_next(self) -> float | None:
        """Return how long the writer may sleep, or None when nobody waits for time to pass."""
        if self._ready:
            return 0.0
        if not self._alarms:
            return None
        return max(0.0, (self._alarms[0][0] - wall_ms()) / 1000)

    def look(self, sandbox: int, clock: Clock) -> list[Poll]:
        """Return the long polls that are held in a sandbox; callable from any thread.

        A poll that is just being tried again is not among them.
        """
        polls = [_poll(arn, waiter, clock) for arn, waiter in self._copied(sandbox)]
        return [poll for poll in polls if poll is not None]

    def _copied(self, sandbox: int) -> list[tuple[str, W]]:
        """Return who is held, without a lock that would make the writer wait."""
        while True:
            try:
                queues = list(self._held.get(sandbox, {}).items())
                return [(arn, waiter) for arn, held in queues for waiter in list(held)]
            except RuntimeError:  # the writer has added or removed somebody meanwhile
                continue

    def _take_woken(self) -> list[W]:
        """Return those who were woken; who has left since passes the wake-up on."""
        woken: list[W] = []
        while self._ready:
            ready, self._ready = self._ready, []
            for key, waiter in ready:
                if waiter.abandoned():
                    self.wake(key, 1)
                else:
                    woken.append(waiter)
        return woken

    def _remove(self, key: Key, waiter: W) -> bool:
        held = self._of(key)
        if held is None or waiter not in held:
            return False
        held.remove(waiter)
        if not held:
            self._drop(key)
        return True

    def _of(self, key: Key) -> deque[W] | None:
        sandbox, arn = key
        queues = self._held.get(sandbox)
        return None if queues is None else queues.get(arn)

    def _drop(self, key: Key) -> None:
        """Forget a resource for which nobody waits any more."""
        sandbox, arn = key
        queues = self._held[sandbox]
        del queues[arn]
        if not queues:
            del self._held[sandbox]


def _poll(arn: str, waiter: Waiting, clock: Clock) -> Poll | None:
    wait = waiter.outcome
    if not isinstance(wait, Wait) or waiter.abandoned():
        return None
    # In slow motion the caller's own time is up before the sandbox's.
    ends = wait.until if clock.paused else min(wait.until, clock.now(waiter.patience_ends))
    return Poll(waiter.actor, arn, ends)
