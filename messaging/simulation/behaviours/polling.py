"""How a consumer comes by messages: long and short polls, a slot for each message it takes."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.kernel.errors import AwsError
from messaging.kernel.waiting import Wait
from messaging.simulation.behaviours.effects import is_known
from messaging.simulation.behaviours.labour import Settings
from messaging.simulation.stage import Stage

# What it takes to find out that a message is known.
LOOK_UP_MS: Final = 5


def answer(stage: Stage, settings: Settings) -> None:
    """Ask again for a long poll that was woken or whose time is over."""
    poll = stage.memory.get("poll")
    if poll and (stage.woken or poll["until"] <= stage.now):
        del stage.memory["poll"]
        _receive(stage, settings, poll["most"], since=poll["since"])


def ask(stage: Stage, settings: Settings) -> None:
    """Poll while there are free slots and something comes."""
    while True:
        free = settings.slots - len(stage.memory["jobs"])
        if free <= 0 or "poll" in stage.memory or stage.memory.get("again", 0) > stage.now:
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
        stage.count("lots")
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
    if settings.poison_attribute:
        params["MessageAttributeNames"] = [settings.poison_attribute]
    is_over = since + settings.wait * 1000 <= stage.now
    return stage.call("sqs", "ReceiveMessage", params, since=since, last=is_over)


def _job(stage: Stage, settings: Settings, message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the work on one message, its end already thrown."""
    fails = ""
    if settings.is_poison(message):
        fails = "poison"
    elif stage.dice.random() < settings.failure_rate:
        fails = "failure"
    lasts = max(1, round(settings.throw_seconds(stage.dice) * 1000))
    if settings.idempotent and is_known(stage, message["MessageId"]):
        fails, lasts = "", LOOK_UP_MS
    job = {
        "done": stage.now + lasts + stage.faults.latency_ms(),
        "handle": message["ReceiptHandle"],
        "id": message["MessageId"],
        "fails": fails,
        "tries": 0,
    }
    if settings.heartbeat:
        job["beat"] = stage.now + round(settings.heartbeat * 1000)
    if settings.deletes != "each":
        job["lot"] = stage.memory["lots"]
    return job
