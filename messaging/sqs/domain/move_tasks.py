"""Message move tasks: redrive out of a dead-letter queue (rule L6).

RUNNING → COMPLETED (nothing is left) | FAILED (the destination is gone, or 36 hours are over)
RUNNING → CANCELLING → CANCELLED; what was moved stays moved
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from typing import Any, Literal

from messaging.sqs.errors import InvalidParameterValue, ResourceNotFoundException
from messaging.sqs.limits import MOVE_RATE_MAX, MOVE_TASK_S_MAX, MOVE_TASKS_PER_ACCOUNT_MAX

Status = Literal["RUNNING", "COMPLETED", "CANCELLING", "CANCELLED", "FAILED"]

DESTINATION_GONE = "AWS.SimpleQueueService.NonExistentQueue"
NO_SOURCE = "CouldNotDetermineMessageSource"
TOO_LONG = "The message movement task ran for more than 36 hours."


@dataclass(frozen=True, slots=True)
class MoveTask:
    """One StartMessageMoveTask; ``to_move`` is what lay in the source queue when it started.

    ``rate`` is messages per second; None leaves it to SQS, which we model as the fastest it allows.
    """

    task_id: str
    source_arn: str
    destination_arn: str | None
    rate: int | None
    started_at: int
    to_move: int
    moved: int = 0
    status: Status = "RUNNING"
    failure: str = ""


def check_rate(rate: int | None) -> None:
    """Check MaxNumberOfMessagesPerSecond; raises InvalidParameterValue."""
    if rate is not None and not 1 <= rate <= MOVE_RATE_MAX:
        raise InvalidParameterValue(
            "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter "
            f"a number that's between 1 and {MOVE_RATE_MAX}."
        )


def check_start(*, is_dlq: bool, source_busy: bool, active_in_account: int) -> None:
    """Check that a task may start on a source queue that exists; raises InvalidParameterValue."""
    if not is_dlq:
        raise InvalidParameterValue("Source queue must be configured as a Dead Letter Queue.")
    if source_busy:
        raise InvalidParameterValue(
            "There is already a task running. Only one active task is allowed for a source queue "
            "arn at a given time."
        )
    if active_in_account >= MOVE_TASKS_PER_ACCOUNT_MAX:
        raise InvalidParameterValue(
            f"Only {MOVE_TASKS_PER_ACCOUNT_MAX} active message movement tasks are allowed per "
            "account."
        )


def is_active(task: MoveTask) -> bool:
    """Tell whether the task still keeps others from starting on its source."""
    return task.status in ("RUNNING", "CANCELLING")


def due_count(task: MoveTask, now_ms: int) -> int:
    """Return how many messages the rate lets move now."""
    if task.status != "RUNNING":
        return 0
    allowed = (now_ms - task.started_at) * _rate(task) // 1000
    return max(0, min(allowed, task.to_move) - task.moved)


def next_due(task: MoveTask) -> int | None:
    """Return the millisecond in which something happens next, None where nothing will."""
    if task.status == "CANCELLING":
        return task.started_at
    if task.status != "RUNNING":
        return None
    if task.moved >= task.to_move:
        return task.started_at
    # rounded up: a millisecond earlier due_count would still be 0
    after = -((task.moved + 1) * -1000 // _rate(task))
    return task.started_at + min(after, MOVE_TASK_S_MAX * 1000)


def record_moved(task: MoveTask, count: int, *, source_empty: bool, now_ms: int) -> MoveTask:
    """Return the task after ``count`` messages moved, with the state that follows."""
    moved = task.moved + count
    if task.status == "CANCELLING":
        return replace(task, moved=moved, status="CANCELLED")
    if task.status != "RUNNING":
        return task
    if source_empty or moved >= task.to_move:
        return replace(task, moved=moved, status="COMPLETED")
    if now_ms >= task.started_at + MOVE_TASK_S_MAX * 1000:
        return replace(task, moved=moved, status="FAILED", failure=TOO_LONG)
    return replace(task, moved=moved)


def cancel(task: MoveTask) -> MoveTask:
    """Return the task on its way to CANCELLED; raises where it is no longer running."""
    if task.status != "RUNNING":
        raise ResourceNotFoundException("Task does not exist.")
    return replace(task, status="CANCELLING")


def fail(task: MoveTask, reason: str = DESTINATION_GONE) -> MoveTask:
    """Return the task as FAILED; what was moved stays moved."""
    return replace(task, status="FAILED", failure=reason) if is_active(task) else task


def encode_task_handle(task: MoveTask) -> str:
    """Return the TaskHandle: base64 of JSON with AWS's two members."""
    text = json.dumps({"taskId": task.task_id, "sourceArn": task.source_arn}, separators=(",", ":"))
    return b64encode(text.encode()).decode()


def decode_task_handle(handle: str) -> tuple[str, str]:
    """Return (task id, source ARN); raises InvalidParameterValue where it is no handle."""
    try:
        content = json.loads(b64decode(handle, validate=True))
        task_id, source_arn = content["taskId"], content["sourceArn"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InvalidParameterValue("Value for parameter TaskHandle is invalid.") from None
    if not isinstance(task_id, str) or not isinstance(source_arn, str):
        raise InvalidParameterValue("Value for parameter TaskHandle is invalid.")
    return task_id, source_arn


def render(task: MoveTask) -> dict[str, Any]:
    """Return the task as ListMessageMoveTasks shows it: the handle only while it runs."""
    shown: dict[str, Any] = {
        "Status": task.status,
        "SourceArn": task.source_arn,
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.to_move,
        "StartedTimestamp": task.started_at,
    }
    if task.status == "RUNNING":
        shown["TaskHandle"] = encode_task_handle(task)
    if task.destination_arn:
        shown["DestinationArn"] = task.destination_arn
    if task.rate is not None:
        shown["MaxNumberOfMessagesPerSecond"] = task.rate
    if task.failure:
        shown["FailureReason"] = task.failure
    return shown


def _rate(task: MoveTask) -> int:
    return task.rate or MOVE_RATE_MAX
