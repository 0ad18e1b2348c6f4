"""What a consumer does with messages in its hands: keep them hidden, finish, delete, forget."""

from typing import Any, Final

from messaging.kernel.errors import AwsError
from messaging.simulation.behaviours.effects import take_effect
from messaging.simulation.behaviours.labour import Settings
from messaging.simulation.faults import DROP
from messaging.simulation.stage import Stage, is_transient

_TRIES_MAX: Final = 5

Job = dict[str, Any]


def finish(stage: Stage, settings: Settings) -> None:
    """Delete what has been worked on; drop what it failed on."""
    jobs = stage.memory.setdefault("jobs", [])
    done = [job for job in jobs if job["done"] <= stage.now and not job.get("over")]
    if not done:
        return
    for job in done:
        if not job["fails"]:
            take_effect(stage, settings, job)
        if "lot" in job:
            job["over"] = True
    for job in [job for job in done if "lot" not in job]:
        jobs.remove(job)
        if job["fails"]:
            _fail(stage, settings, job, job["fails"])
        elif _is_sent(stage, settings, job):
            _delete(stage, settings, job)
    for number in dict.fromkeys(job["lot"] for job in done if "lot" in job):
        lot = [job for job in jobs if job.get("lot") == number]
        if all(job.get("over") for job in lot):
            stage.memory["jobs"] = jobs = [job for job in jobs if job.get("lot") != number]
            _close(stage, settings, lot)
            jobs = stage.memory["jobs"]


def beat(stage: Stage, settings: Settings) -> None:
    """Hide messages for longer that are still worked on, as a heartbeat does."""
    for job in stage.memory["jobs"]:
        if job.get("beat", stage.now + 1) > stage.now:
            continue
        job["beat"] = stage.now + round(settings.heartbeat * 1000)
        params = {
            "QueueUrl": stage.queue_url(settings.source),
            "ReceiptHandle": job["handle"],
            "VisibilityTimeout": settings.heartbeat_for,
        }
        try:
            stage.call("sqs", "ChangeMessageVisibility", params)
        except AwsError as error:
            stage.note("ChangeMessageVisibility", error)
            if not is_transient(error):
                del job["beat"]
        else:
            stage.count("extended")


def _close(stage: Stage, settings: Settings, lot: list[Job]) -> None:
    """Finish messages that were received together."""
    failed = [job for job in lot if job["fails"]]
    spoilt = "batch" if failed and settings.deletes == "all-or-none" else ""
    for job in lot:
        if job["fails"] or spoilt:
            _fail(stage, settings, job, job["fails"] or spoilt)
    good = [] if spoilt else [job for job in lot if not job["fails"]]
    sent = [job for job in good if _is_sent(stage, settings, job)]
    if len(sent) == 1:
        _delete(stage, settings, sent[0])
    elif sent:
        _delete_together(stage, settings, sent)


def _is_sent(stage: Stage, settings: Settings, job: Job) -> bool:
    """Tell whether its deletion reaches AWS: it may be forgotten, or get lost on the way."""
    told = {"by": stage.caller.actor, "id": job["id"], "queue": settings.source}
    if settings.forget_share and stage.dice.random() < settings.forget_share:
        stage.count("forgotten")
        stage.emit("actor.Forgot", told)
        return False
    if stage.faults.hits(DROP):
        # The program believes that it deleted.
        stage.count("deleted")
        stage.count("dropped")
        stage.emit("chaos.Dropped", told)
        return False
    return True


def _delete(stage: Stage, settings: Settings, job: Job) -> None:
    url = stage.queue_url(settings.source)
    try:
        stage.call("sqs", "DeleteMessage", {"QueueUrl": url, "ReceiptHandle": job["handle"]})
    except AwsError as error:
        stage.note("DeleteMessage", error)
        _again(stage, settings, [job], error)
    else:
        stage.count("deleted")


def _delete_together(stage: Stage, settings: Settings, jobs: list[Job]) -> None:
    entries = [{"Id": str(place), "ReceiptHandle": job["handle"]} for place, job in enumerate(jobs)]
    params = {"QueueUrl": stage.queue_url(settings.source), "Entries": entries}
    try:
        result = stage.call("sqs", "DeleteMessageBatch", params)
    except AwsError as error:
        stage.note("DeleteMessageBatch", error)
        _again(stage, settings, jobs, error)
        return
    refused = {entry["Id"]: entry["Code"] for entry in result.get("Failed", ())}
    stage.count("deleted", len(jobs) - len(refused))
    for place, job in enumerate(jobs):
        if str(place) in refused:
            _fail(stage, settings, job, refused[str(place)])


def _again(stage: Stage, settings: Settings, jobs: list[Job], error: AwsError) -> None:
    """Try a deletion again later where an SDK would, else let go of the messages."""
    for job in jobs:
        job["tries"] += 1
        if is_transient(error) and job["tries"] < _TRIES_MAX:
            # On its own from here on: what it was received with is finished.
            alone = {name: value for name, value in job.items() if name not in ("lot", "over")}
            stage.memory["jobs"].append({**alone, "done": stage.backoff(job["tries"])})
        else:
            _fail(stage, settings, job, error.code)


def _fail(stage: Stage, settings: Settings, job: Job, why: str) -> None:
    """Let go of a message without deleting it."""
    stage.count("failed")
    stage.emit("actor.Failed", {"from": settings.source, "id": job["id"], "why": why})
