"""Held long polls of one process: who waits for which resource, and until when."""

from collections import deque
from heapq import heappop, heappush
from itertools import count
from typing import Generic, Protocol, TypeVar

from messaging.kernel.clock import wall_ms
from messaging.kernel.waiting import Wait
from messaging.kernel.world import World

Key = tuple[int, str]


class Waiting(Protocol):
    """What is held: it can be given up by its caller, and be told that its own time is up."""

    patience_ends: int

    def abandoned(self) -> bool: ...

    def give_up(self) -> None: ...


W = TypeVar("W", bound=Waiting)


class Waiters(Generic[W]):
    """Long polls by (sandbox, ARN), in the order in which they came. Used by the writer only."""

    def __init__(self) -> None:
        self._held: dict[Key, deque[W]] = {}
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
        key = (world.id, wait.arn)
        self._held.setdefault(key, deque()).append(waiter)
        heappush(self._alarms, (alarm, next(self._order), key, waiter))

    def wake(self, key: Key, number: int) -> None:
        """Let up to ``number`` waiters of ``key`` try again, longest waiting first."""
        held = self._held.get(key)
        while held and number > 0:
            waiter = held.popleft()
            if not waiter.abandoned():
                self._ready.append((key, waiter))
                number -= 1
        if held is not None and not held:
            del self._held[key]

    def wake_sandbox(self, sandbox: int) -> None:
        """Let everybody in a sandbox try again: its clock has changed."""
        for key in [key for key in self._held if key[0] == sandbox]:
            self._ready += [(key, waiter) for waiter in self._held.pop(key)]

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
        waiters += [waiter for held in self._held.values() for waiter in held]
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
        held = self._held.get(key)
        if held is None or waiter not in held:
            return False
        held.remove(waiter)
        if not held:
            del self._held[key]
        return True
