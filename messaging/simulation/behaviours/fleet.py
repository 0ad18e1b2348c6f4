"""Workers that are all alike, as many as the backlog asks for.

Follows "Scaling policy based on Amazon SQS" of EC2 Auto Scaling: backlog per instance is
ApproximateNumberOfMessages ÷ workers, and the fleet is sized so that it comes to the target. Every
``period`` seconds the fleet looks at the queue. A worker that is no longer needed finishes what it
holds. A crash takes one worker at a time, with what it holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Final

from messaging.kernel.errors import AwsError
from messaging.kernel.topology import Edge
from messaging.kernel.wording import gettext_noop as _
from messaging.simulation import crashes
from messaging.simulation.behaviours import consumer, labour
from messaging.simulation.fields import Fields, SettingsError
from messaging.simulation.stage import Stage

KIND: Final = "fleet"
COLUMN: Final = "consumers"
WORKERS_MAX: Final = 200
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Settings:
    """``worker`` is what each worker is like; ``slots`` are those of one of them."""

    worker: labour.Settings
    target_backlog: float
    least: int
    most: int
    period: float
    cooldown_out: float
    cooldown_in: float


def read(raw: Mapping[str, Any]) -> Settings:
    """Check settings; raises SettingsError."""
    fields = Fields(raw)
    least = fields.whole("least", 1, low=0, high=WORKERS_MAX)
    most = fields.whole("most", 10, low=1, high=WORKERS_MAX)
    if most < least:
        text = _("must be at least %(least)s, the smallest number of workers")
        raise SettingsError("most", text, least=least)
    settings = Settings(
        worker=labour.take(fields),
        target_backlog=fields.number("target_backlog", 10.0, low=0.1, high=1_000_000),
        least=least,
        most=most,
        period=fields.number("period", 10.0, low=1, high=_DAY_S),
        cooldown_out=fields.number("cooldown_out", 10.0, low=0, high=_DAY_S),
        cooldown_in=fields.number("cooldown_in", 60.0, low=0, high=_DAY_S),
    )
    fields.finish()
    return settings


def begin(stage: Stage, settings: Settings) -> int:
    """Start with the smallest number of workers."""
    memory = stage.memory
    memory["workers"], memory["down_workers"] = settings.least, []
    for name in ("out_at", "in_at"):
        memory.pop(name, None)
    memory["look_at"] = _look_at(stage, settings)
    next_at = consumer.begin(stage, replace(settings.worker, crash_every=0.0))
    _plan_crash(stage, settings)
    return next_at


def adapt(stage: Stage, settings: Settings) -> int:
    """Take up new settings; the number of workers is kept within its new limits."""
    memory = stage.memory
    workers = memory.setdefault("workers", settings.least)
    memory["workers"] = max(settings.least, min(settings.most, workers))
    memory.setdefault("down_workers", [])
    memory["look_at"] = _look_at(stage, settings)
    _plan_crash(stage, settings)
    return stage.now + 1


def act(stage: Stage, settings: Settings) -> int:
    """Bring back, crash, hire and let go of workers, and let the others work."""
    memory = stage.memory
    memory["down_workers"] = [at for at in memory["down_workers"] if at > stage.now]
    if crashes.is_due(stage):
        _crash_one(stage, settings)
    if memory["look_at"] <= stage.now:
        memory["look_at"] = _look_at(stage, settings)
        _scale(stage, settings)
    slots = settings.worker.slots * _up(memory)
    next_at = consumer.work(stage, replace(settings.worker, slots=slots))
    times = [memory["look_at"], *memory["down_workers"]]
    earliest: int = min(times if next_at is None else [*times, next_at])
    return max(stage.now + 1, earliest)


def picture(settings: Settings, memory: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the node shows."""
    workers = memory.get("workers", settings.least)
    up = max(0, workers - len(memory.get("down_workers", ())))
    shown = consumer.picture(replace(settings.worker, slots=settings.worker.slots * up), memory)
    crew = f"{workers} {'worker' if workers == 1 else 'workers'}"
    lost = f", {workers - up} down" if up < workers else ""
    return {**shown, "workers": workers, "meta": f"{crew}{lost} · {shown['busy']} busy"}


def resource(settings: Settings) -> str:
    """Return the ARN of what it works on."""
    return settings.worker.source


def edges(node: str, settings: Settings) -> list[Edge]:
    return consumer.edges(node, settings.worker)


def _scale(stage: Stage, settings: Settings) -> None:
    """Size the fleet by the backlog, unless it has just been sized."""
    backlog = _backlog(stage, settings)
    if backlog is None:
        return
    memory = stage.memory
    before: int = memory["workers"]
    wanted = ceil(backlog / settings.target_backlog)
    workers = max(settings.least, min(settings.most, wanted))
    name, rest = (
        ("out_at", settings.cooldown_out) if workers > before else ("in_at", settings.cooldown_in)
    )
    last = max(memory.get("out_at", 0), memory.get("in_at", 0))
    if workers == before or (last and stage.now < last + rest * 1000):
        return
    memory["workers"], memory[name] = workers, stage.now
    # Of those that are let go, the ones that are down go first.
    memory["down_workers"] = memory["down_workers"][:workers]
    _plan_crash(stage, settings)
    stage.emit("actor.Scaled", {
        "by": stage.caller.actor, "workers": workers, "before": before, "backlog": backlog,
        "target": settings.target_backlog,
    })  # fmt: skip


def _backlog(stage: Stage, settings: Settings) -> int | None:
    """Ask the queue how many messages wait; None where it does not answer."""
    name = "ApproximateNumberOfMessages"
    params = {"QueueUrl": stage.queue_url(settings.worker.source), "AttributeNames": [name]}
    try:
        found = stage.call("sqs", "GetQueueAttributes", params)
    except AwsError as error:
        stage.note("GetQueueAttributes", error)
        return None
    return int(found["Attributes"][name])


def _crash_one(stage: Stage, settings: Settings) -> None:
    """Let one worker fall, with its share of the messages."""
    memory = stage.memory
    up = _up(memory)
    if up:
        jobs = memory.get("jobs", [])
        unlucky = stage.dice.randrange(up)
        memory["jobs"] = [job for place, job in enumerate(jobs) if place % up != unlucky]
        until = stage.now + max(1, round(1000 * settings.worker.crash_down))
        memory["down_workers"].append(until)
        stage.count("crashes")
        held = len(jobs) - len(memory["jobs"])
        stage.emit("actor.Crashed", {
            "by": stage.caller.actor, "why": "dice", "held": held, "until": until,
        })  # fmt: skip
    _plan_crash(stage, settings)


def _plan_crash(stage: Stage, settings: Settings) -> None:
    every = settings.worker.crash_every
    if not every:
        stage.memory.pop("crash_at", None)
        return
    # Looked at again when the number of workers changes; with none up, after a while.
    crashes.plan(stage, every, programs=max(1, _up(stage.memory)))


def _up(memory: Mapping[str, Any]) -> int:
    workers: int = memory["workers"]
    return max(0, workers - len(memory["down_workers"]))


def _look_at(stage: Stage, settings: Settings) -> int:
    return stage.now + max(1, round(1000 * settings.period))
