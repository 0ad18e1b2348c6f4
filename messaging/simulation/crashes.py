"""A program that is down: it holds nothing, does nothing, and begins anew when it is up again."""

from collections.abc import Callable
from typing import Any, Final

from messaging.simulation.faults import CRASH
from messaging.simulation.stage import Stage

HANDS: Final = ("jobs", "poll", "again", "tries", "unsent", "left")
_STATE: Final = ("down", "down_until", "crash_at")

Act = Callable[[Stage, Any], int | None]


def act(stage: Stage, settings: Any, *, begin: Act, work: Act) -> int | None:
    """Let an actor act, unless it is down; one that comes up again begins anew."""
    memory = stage.memory
    until: int = max(memory.get("down_until", 0), stage.faults.until(CRASH))
    if until > stage.now:
        if "down" not in memory:
            _fall(stage, "fault", until)
        memory["down"] = until
        return until
    if memory.pop("down", None) is None:
        return work(stage, settings)
    memory.pop("down_until", None)
    stage.emit("actor.Restarted", {"by": stage.caller.actor})
    return begin(stage, settings)


def plan(stage: Stage, every_s: float, *, programs: int = 1) -> None:
    """Throw when the next crash happens; ``every_s`` is the mean time between two of a program."""
    if every_s and programs:
        gap = stage.dice.expovariate(programs / (1000 * every_s))
        stage.memory["crash_at"] = stage.now + max(1, round(gap))
    else:
        stage.memory.pop("crash_at", None)


def is_due(stage: Stage) -> bool:
    """Tell whether the crash that was planned happens now."""
    at: int | None = stage.memory.get("crash_at")
    return at is not None and at <= stage.now


def crash(stage: Stage, down_s: float) -> int:
    """Crash by one's own dice; return when the program is up again."""
    until = stage.now + max(1, round(1000 * down_s))
    stage.memory["down_until"] = stage.memory["down"] = until
    _fall(stage, "dice", until)
    return until


def forget(memory: dict[str, Any]) -> None:
    """Take everything out of the hands of a program that is switched off."""
    for name in (*HANDS, *_STATE):
        memory.pop(name, None)


def _fall(stage: Stage, why: str, until: int) -> None:
    held = len(stage.memory.get("jobs", ()))
    for name in HANDS:
        stage.memory.pop(name, None)
    stage.memory.pop("crash_at", None)
    stage.count("crashes")
    stage.emit(
        "actor.Crashed", {"by": stage.caller.actor, "why": why, "held": held, "until": until}
    )
