"""The buttons of a message. Each is one AWS call of the console, with its cost beside it."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.console import door, handles
from dashboard.console.actions import toast
from dashboard.inspector import reading
from dashboard.inspector.views import render_message
from dashboard.people import of_sandbox
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox

Action = Callable[[HttpRequest, Caller, Mapping[str, Any], Mapping[str, Any]], str]
_LONGEST_S: Final = 43_200


def on_message(action: Action) -> Callable[..., HttpResponseBase]:
    """Make a POST view for a message; the action returns what it has to say."""

    @require_POST
    @of_sandbox
    @wraps(action)
    def view(request: HttpRequest, sandbox: Sandbox, number: int) -> HttpResponse:
        message = reading.message_of(sandbox, number)
        if message is None:
            answer = render_message(request, sandbox, number)
            return toast(answer, _("Not done: the message is gone."), kind="error")
        caller = door.owner_of(request, sandbox, message["arn"])
        queue = {"QueueUrl": door.queue_url(caller, message["arn"])}
        try:
            text, kind = action(request, caller, queue, message), "ok"
        except AwsError as error:
            text, kind = str(error), "error"
        return toast(render_message(request, sandbox, number), text, kind=kind)

    return view


@on_message
def receive(
    request: HttpRequest, caller: Caller, queue: Mapping[str, Any], message: Mapping[str, Any]
) -> str:
    """ReceiveMessage on the message's queue: SQS chooses what it hands out."""
    params = {**queue, "MaxNumberOfMessages": 1, "WaitTimeSeconds": 0}
    found = door.act(caller, "ReceiveMessage", params).get("Messages", [])
    handles.keep(request, found, arn=message["arn"])
    if not found:
        return _("Nothing was received. SQS hands out no message of this queue now.")
    if found[0]["MessageId"] != message["id"]:
        return _(
            "SQS handed out another message, %(id)s. It is in flight now; a receive cannot choose."
        ) % {"id": found[0]["MessageId"][:8]}
    return _("Received, not gone. This was receive %(count)s; it comes back unless deleted.") % {
        "count": message["receives"] + 1
    }


@on_message
def delete(
    request: HttpRequest, caller: Caller, queue: Mapping[str, Any], message: Mapping[str, Any]
) -> str:
    """DeleteMessage, by the handle that this browser received."""
    handle = handles.of(request, message["id"])
    door.act(caller, "DeleteMessage", {**queue, "ReceiptHandle": handle})
    handles.drop(request, handle)
    sandbox = Sandbox.objects.get(pk=caller.sandbox)
    if reading.message_of(sandbox, message["m"]) is not None:
        return _("SQS answered 200, but the message stays: a later receive replaced your handle.")
    return _("Message deleted.")


@on_message
def visibility(
    request: HttpRequest, caller: Caller, queue: Mapping[str, Any], message: Mapping[str, Any]
) -> str:
    """ChangeMessageVisibility, by the handle that this browser received."""
    seconds = _seconds(request.POST.get("seconds", ""))
    if seconds is None:
        return _("Nothing changed. Use a whole number from 0 to %(most)s.") % {"most": _LONGEST_S}
    handle = handles.of(request, message["id"])
    params = {**queue, "ReceiptHandle": handle, "VisibilityTimeout": seconds}
    door.act(caller, "ChangeMessageVisibility", params)
    if seconds == 0:
        return _("Given back: it is visible again.")
    return _("Hidden for %(seconds)s s from now.") % {"seconds": seconds}


def _seconds(text: str) -> int | None:
    """Return a number that was typed; SQS itself judges whether it is too large."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("43200") else None
