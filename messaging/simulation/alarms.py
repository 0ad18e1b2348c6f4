"""When to move which world: wall-clock alarms, as values. Knows no thread and no database."""

from dataclasses import dataclass
from typing import Final

# A world that acts every millisecond is moved this often: finer than a picture can show.
TICK_MS: Final = 10
STUCK_MS: Final = 1_000
RENEW_MS: Final = 1_000


@dataclass(slots=True)
class Alarm:
    """One world. ``at`` is the wall time at which it wants to be moved, None when it does not.

    ``progress`` is what the world looked like at its last move; ``seq`` its last event then.
    """

    at: int | None = None
    seq: int = -1
    progress: tuple[object, ...] = ()
    moved_at: int = 0
    lease_until: int = 0
    is_busy: bool = False


class Alarms:
    """The alarms of one process. The caller holds a lock."""

    def __init__(self) -> None:
        self._alarms: dict[int, Alarm] = {}

    def __getitem__(self, sandbox: int) -> Alarm:
        alarm = self._alarms.get(sandbox)
        if alarm is None:
            alarm = self._alarms[sandbox] = Alarm()
        return alarm

    def set(self, sandbox: int, at: int | None, *, seq: int, progress: tuple[object, ...]) -> None:
        """Note when a world wants to be moved next, after each commit in which it took part.

        Worlds are moved at most every TICK_MS, and rarely while moving them changes nothing.
        """
        alarm = self[sandbox]
        if at is not None:
            is_behind = at <= alarm.moved_at
            if is_behind and progress == alarm.progress:
                at = alarm.moved_at + STUCK_MS
            elif not is_behind:
                at = max(at, alarm.moved_at + TICK_MS)
        alarm.at, alarm.seq, alarm.progress = at, seq, progress

    def notice(self, sandbox: int, *, seq: int, until: int) -> None:
        """Look at a world when its lease ends, unless it is as we last saw it."""
        alarm = self[sandbox]
        if alarm.seq != seq and not alarm.is_busy and (alarm.at is None or alarm.at > until):
            alarm.at = until

    def take_due(self, wall: int) -> tuple[list[int], list[int]]:
        """Return the worlds to move now: those whose lease holds, and those that need one first."""
        ready: list[int] = []
        unleased: list[int] = []
        for sandbox, alarm in self._alarms.items():
            if alarm.at is None or alarm.at > wall or alarm.is_busy:
                continue
            # The commit of the move sets the next alarm; a world that is gone sets none.
            alarm.at, alarm.is_busy, alarm.moved_at = None, True, wall
            (ready if alarm.lease_until - wall > RENEW_MS else unleased).append(sandbox)
        return ready, unleased

    def free(self, sandbox: int, *, again_at: int | None = None) -> None:
        """Count a move as done; ``again_at`` asks for another one."""
        alarm = self[sandbox]
        alarm.is_busy = False
        if again_at is not None:
            alarm.at = again_at

    def next_at(self) -> int | None:
        """Return the wall time of the next alarm."""
        times = [
            alarm.at
            for alarm in self._alarms.values()
            if alarm.at is not None and not alarm.is_busy
        ]
        return min(times, default=None)
