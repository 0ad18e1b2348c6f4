"""A program that receives messages, works on them in slots, and deletes what it has finished.

A message that it fails on is left alone: its visibility timeout brings it back, as after a crash.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from messaging.kernel.arns import is_arn
from messaging.kernel.errors import AwsError
from messaging.kernel.topology import Edge
from messaging.kernel.waiting import Wait
from messaging.simulation.fields import Fields, SettingsError
from messaging.simulation.stage import Stage, is_transient

KIND: Final = "consumer"
COLUMN: Final = "consumers"
SLOTS_MAX: Final = 1_000
RECEIVE_MAX: Final = 10
_DAY_S: Final = 86_400
_TRIES_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class Settings:
    """``work`` is how the time for a message is thrown, with mean ``seconds``.

    ``fixed``; ``uniform`` from ``seconds`` to ``seconds_most``; ``exponential``. A share
    ``failure_rate`` of the attempts fails, and every attempt on a body that holds ``poison``.
    ``wait`` > 0 is a long poll; ``pause`` is the time between short polls that bring nothing.
    """

    source: str
    slots: int
    batch: int
    wait: int
    pause: float
    visibility: int | None
    work: str
    seconds: float
    seconds_most: float
    failure_rate: float
    poison: str


def read(raw: Mapping[str, Any]) -> Settings:
    """Check settings; raises SettingsError."""
    fields = Fields(raw)
    source = fields.text("source", required=True)
    if not is_arn(source):
        raise SettingsError("source", "must be the ARN of a queue")
    visibility = fields.whole("visibility", -1, low=-1, high=43_200)
    seconds = fields.number("seconds", 1.0, low=0.001, high=_DAY_S)
    settings = Settings(
        source=source,
        slots=fields.whole("slots", 1, low=1, high=SLOTS_MAX),
        batch=fields.whole("batch", 1, low=1, high=RECEIVE_MAX),
        wait=fields.whole("wait", 20, low=0, high=20),
        pause=fields.number("pause", 1.0, low=0.001, high=_DAY_S),
        visibility=None if visibility < 0 else visibility,
        work=fields.choice("work", "exponential", of=("exponential", "fixed", "uniform")),
        seconds=seconds,
        seconds_most=fields.number("seconds_most", seconds, low=seconds, high=_DAY_S),
        failure_rate=fields.number("failure_rate", 0.0, low=0, high=1),
        poison=fields.text("poison"),
    )
    fields.finish()
    return settings


def begin(stage: Stage, settings: Settings) -> int:
    """Return when it first polls: at the next moment, with nothing in its hands."""
    for name in ("jobs", "poll", "again", "tries"):
        stage.memory.pop(name, None)
    return stage.now + 1


def adapt(stage: Stage, settings: Settings) -> int:
    """Take up new settings, with the work that is in its hands; return when to act again."""
    return stage.now + 1


def act(stage: Stage, settings: Settings) -> int:
    """Finish what is done, poll for more; return when to act again."""
    _finish(stage, settings)
    _answer(stage, settings)
    _ask(stage, settings)
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


def _finish(stage: Stage, settings: Settings) -> None:
    """Delete what has been worked on; drop what it failed on."""
    jobs = stage.memory.setdefault("jobs", [])
    done = [job for job in jobs if job["done"] <= stage.now]
    if not done:
        return
    stage.memory["jobs"] = [job for job in jobs if job["done"] > stage.now]
    for job in done:
        if job["fails"]:
            _fail(stage, settings, job, job["fails"])
        else:
            _delete(stage, settings, job)


def _delete(stage: Stage, settings: Settings, job: dict[str, Any]) -> None:
    url = stage.queue_url(settings.source)
    try:
        stage.call("sqs", "DeleteMessage", {"QueueUrl": url, "ReceiptHandle": job["handle"]})
    except AwsError as error:
        stage.note("DeleteMessage", error)
        job["tries"] += 1
        if is_transient(error) and job["tries"] < _TRIES_MAX:
            stage.memory["jobs"].append({**job, "done": stage.backoff(job["tries"])})
        else:
            _fail(stage, settings, job, error.code)
    else:
        stage.count("deleted")


def _fail(stage: Stage, settings: Settings, job: dict[str, Any], why: str) -> None:
    """Let go of a message without deleting it."""
    stage.count("failed")
    stage.emit("actor.Failed", {"from": settings.source, "id": job["id"], "why": why})


def _answer(stage: Stage, settings: Settings) -> None:
    """Ask again for a long poll that was woken or whose time is over."""
    poll = stage.memory.get("poll")
    if poll and (stage.woken or poll["until"] <= stage.now):
        del stage.memory["poll"]
        _receive(stage, settings, poll["most"], since=poll["since"])


def _ask(stage: Stage, settings: Settings) -> None:
    """Poll while there are free slots and something comes."""
    while True:
        free = settings.slots - len(stage.memory["jobs"])
        if not free or "poll" in stage.memory or stage.memory.get("again", 0) > stage.now:
            return
        _receive(stage, settings, min(free, settings.batch), since=stage.now)


def _receive(stage: Stage, settings: Settings, most: int, *, since: int) -> None:
    try:
        result = _call(stage, settings, most, since)
    except AwsError as error:
        stage.note("ReceiveMessage", error)
        stage.count("tries")
        stage.memory["again"] = stage.backoff(stage.memory["tries"])
        return
    stage.memory["tries"] = 0
    if isinstance(result, Wait):
        stage.memory["poll"] = {
            "arn": result.arn, "since": since, "until": result.until, "most": most,
        }  # fmt: skip
        return
    messages = result.get("Messages", ())
    if messages:
        stage.count("received", len(messages))
        stage.memory["jobs"] += [_job(stage, settings, message) for message in messages]
        return
    stage.count("empty")
    # An empty answer that took no time would be asked for again for ever.
    if since == stage.now:
        stage.memory["again"] = stage.now + max(1, round(settings.pause * 1000))


def _call(stage: Stage, settings: Settings, most: int, since: int) -> Any:
    params: dict[str, Any] = {
        "QueueUrl": stage.queue_url(settings.source),
        "MaxNumberOfMessages": most,
        "WaitTimeSeconds": settings.wait,
    }
    if settings.visibility is not None:
        params["VisibilityTimeout"] = settings.visibility
    is_over = since + settings.wait * 1000 <= stage.now
    return stage.call("sqs", "ReceiveMessage", params, since=since, last=is_over)


def _job(stage: Stage, settings: Settings, message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the work on one message, its end already thrown."""
    fails = ""
    if settings.poison and settings.poison in message["Body"]:
        fails = "poison"
    elif stage.dice.random() < settings.failure_rate:
        fails = "failure"
    return {
        "done": stage.now + max(1, round(_work_seconds(stage, settings) * 1000)),
        "handle": message["ReceiptHandle"],
        "id": message["MessageId"],
        "fails": fails,
        "tries": 0,
    }


def _work_seconds(stage: Stage, settings: Settings) -> float:
    if settings.work == "fixed":
        return settings.seconds
    if settings.work == "uniform":
        return stage.dice.uniform(settings.seconds, settings.seconds_most)
    return stage.dice.expovariate(1 / settings.seconds)


def _next(stage: Stage, settings: Settings) -> int:
    """Return the first of: a job done, the poll over, time to poll again."""
    times = [job["done"] for job in stage.memory["jobs"]]
    poll = stage.memory.get("poll")
    if poll:
        times.append(poll["until"])
    elif len(stage.memory["jobs"]) < settings.slots:
        times.append(stage.memory.get("again", 0))
    earliest: int = min(times)
    return max(stage.now + 1, earliest)
