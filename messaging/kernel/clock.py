"""A sandbox's clock as a value, and the only read of the wall clock in the program."""

import time
from dataclasses import dataclass, replace


def wall_ms() -> int:
    """Return the wall clock in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Clock:
    """Sandbox time as a function of wall time.

    ``anchor_sim`` and ``anchor_wall`` are milliseconds since 1970; ``rate`` is sandbox milliseconds
    per wall millisecond. A paused clock stays at ``anchor_sim``.
    """

    anchor_sim: int
    anchor_wall: int
    rate: float = 1.0
    paused: bool = False

    def now(self, wall: int) -> int:
        """Return sandbox time at wall time ``wall``; it never runs backwards with that clock."""
        if self.paused:
            return self.anchor_sim
        return self.anchor_sim + max(0, int((wall - self.anchor_wall) * self.rate))

    def wall_at(self, sim: int) -> int | None:
        """Return the wall time at which ``sim`` is reached, or None while the clock is paused."""
        if sim <= self.anchor_sim:
            return self.anchor_wall
        if self.paused or self.rate <= 0:
            return None
        return self.anchor_wall + int((sim - self.anchor_sim) / self.rate) + 1

    def pause(self, wall: int) -> "Clock":
        return replace(self.at(self.now(wall), wall), paused=True)

    def play(self, wall: int) -> "Clock":
        return replace(self.at(self.now(wall), wall), paused=False)

    def at_rate(self, rate: float, wall: int) -> "Clock":
        return replace(self.at(self.now(wall), wall), rate=rate)

    def at(self, sim: int, wall: int) -> "Clock":
        """Return the same clock, showing ``sim`` at ``wall``."""
        return replace(self, anchor_sim=sim, anchor_wall=wall)
