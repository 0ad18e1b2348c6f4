"""Redrives out of a queue: how far they are, told every second while one runs."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.console import door
from dashboard.console.desk import QueueDesk
from dashboard.people import of_sandbox
from messaging.kernel.models import Sandbox

LISTED: Final = 10
# The status with which htmx ends its polling.
_ENOUGH: Final = 286


@require_safe
@of_sandbox
def progress(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the redrives of the queue that ``?arn=`` names."""
    desk = QueueDesk.open(request, sandbox, request.GET.get("arn", ""))
    if desk is None:
        return HttpResponse(status=_ENOUGH)
    moves = context(desk)
    shown = {"sandbox": {"slug": sandbox.slug}, "queue": {"arn": desk.arn}, "moves": moves}
    status = 200 if moves["runs"] else _ENOUGH
    return render(request, "services/sqs/moves.html", shown, status=status)


def context(desk: QueueDesk) -> dict[str, Any]:
    """Return the newest redrives, and whether one of them runs."""
    asked = {"SourceArn": desk.arn, "MaxResults": LISTED}
    found = door.look(desk.caller, "ListMessageMoveTasks", asked)["Results"]
    tasks = [
        {
            "status": task["Status"],
            "moved": task["ApproximateNumberOfMessagesMoved"],
            "to_move": task["ApproximateNumberOfMessagesToMove"],
            "to": task.get("DestinationArn", "").rpartition(":")[2],
            "rate": task.get("MaxNumberOfMessagesPerSecond"),
            "failure": task.get("FailureReason", ""),
            "handle": task.get("TaskHandle", ""),
            "runs": task["Status"] in ("RUNNING", "CANCELLING"),
        }
        for task in found
    ]
    return {"tasks": tasks, "runs": any(task["runs"] for task in tasks)}
