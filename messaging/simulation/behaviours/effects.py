"""What a consumer's work brings about outside: each message's side effect, counted once or twice.

A program remembers the ids of what it has finished. With an idempotency store it looks there first;
without one the memory only serves to count what was done twice.
"""

from typing import Any, Final

from messaging.simulation.behaviours.labour import Settings
from messaging.simulation.stage import Stage

REMEMBERED: Final = 512
_ID_CHARS: Final = 8


def is_known(stage: Stage, message_id: str) -> bool:
    """Tell whether a message has been finished before."""
    return message_id[:_ID_CHARS] in stage.memory.get("ids", ())


def take_effect(stage: Stage, settings: Settings, job: dict[str, Any]) -> None:
    """Let the side effect of a finished message happen, once for each time it is worked on."""
    if job.get("did"):
        return
    job["did"] = True
    told = {"by": stage.caller.actor, "id": job["id"], "queue": settings.source}
    if not is_known(stage, job["id"]):
        kept = stage.memory.get("ids", [])[1 - REMEMBERED :]
        stage.memory["ids"] = [*kept, job["id"][:_ID_CHARS]]
        stage.count("once")
    elif settings.idempotent:
        stage.count("skipped")
        stage.emit("actor.Skipped", told)
    else:
        stage.count("twice")
        stage.emit("actor.Repeated", told)
