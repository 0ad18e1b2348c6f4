"""A program that receives messages, works on them in slots, and deletes what it has finished.

A message that it fails on is left alone: its visibility timeout brings it back, as after a crash.
"""

from collections.abc import Mapping
from typing import Any, Final

from messaging.kernel.topology import Edge
from messaging.simulation import crashes
from messaging.simulation.behaviours import finishing, labour, polling
from messaging.simulation.behaviours.labour import Settings
from messaging.simulation.stage import Stage

KIND: Final = "consumer"
COLUMN: Final = "consumers"

read = labour.read


def begin(stage: Stage, settings: Settings) -> int:
    """Return when it first polls: at the next moment, with nothing in its hands."""
    crashes.forget(stage.memory)
    crashes.plan(stage, settings.crash_every)
    return stage.now + 1


def adapt(stage: Stage, settings: Settings) -> int:
    """Take up new settings, with the work that is in its hands; return when to act again."""
    crashes.plan(stage, settings.crash_every)
    return stage.now + 1


def act(stage: Stage, settings: Settings) -> int | None:
    """Finish what is done, poll for more; return when to act again."""
    if crashes.is_due(stage):
        return crashes.crash(stage, settings.crash_down)
    return work(stage, settings)


def work(stage: Stage, settings: Settings) -> int | None:
    """Act as a program that does not crash."""
    finishing.finish(stage, settings)
    finishing.beat(stage, settings)
    polling.answer(stage, settings)
    polling.ask(stage, settings)
    return _next(stage, settings)


def picture(settings: Settings, memory: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the node shows."""
    busy = len(memory.get("jobs", ()))
    poll = memory.get("poll")
    return {
        "meta": f"{busy} of {settings.slots} busy",
        "busy": busy,
        "slots": settings.slots,
        "waitUntil": poll["until"] if poll else 0,
        "deleted": memory.get("deleted", 0),
        "failed": memory.get("failed", 0),
    }


def resource(settings: Settings) -> str:
    """Return the ARN of what it works on."""
    return settings.source


def edges(node: str, settings: Settings) -> list[Edge]:
    return [Edge(settings.source, node, "receive")]


def _next(stage: Stage, settings: Settings) -> int | None:
    """Return the first of: a job done, a heartbeat, the poll over, time to poll again, a crash."""
    memory = stage.memory
    times = [job["done"] for job in memory["jobs"] if not job.get("over")]
    times += [job["beat"] for job in memory["jobs"] if "beat" in job]
    poll = memory.get("poll")
    if poll:
        times.append(poll["until"])
    elif len(memory["jobs"]) < settings.slots:
        times.append(memory.get("again", 0))
    if "crash_at" in memory:
        times.append(memory["crash_at"])
    earliest: int | None = min(times, default=None)
    return None if earliest is None else max(stage.now + 1, earliest)
