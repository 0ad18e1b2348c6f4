"""The buttons of a queue's panel. Each is one AWS call; what it was is shown as CLI and boto3."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.console import door, handles
from dashboard.console.answers import Answer, call, judge
from dashboard.console.desk import QueueDesk
from dashboard.console.equivalents import equivalent
from dashboard.console.operations.attributes import CreateQueue
from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.messages import SendMessage
from dashboard.console.operations.settings import SetQueueAttributes
from dashboard.console.queues import receive_params, render_panel
from dashboard.people import of_sandbox
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox

Action = Callable[[QueueDesk], HttpResponse]


def on_queue(action: Action) -> Callable[..., HttpResponseBase]:
    """Make a POST view for the queue that the field ``arn`` names."""

    @require_POST
    @of_sandbox
    @wraps(action)
    def view(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
        arn = request.POST.get("arn", "")
        desk = QueueDesk.open(request, sandbox, arn)
        if desk is None:
            return render(request, "partials/gone.html", {"name": arn.rpartition(":")[2]})
        try:
            return action(desk)
        except AwsError as error:
            return toast(render_panel(desk), str(error), kind="error")

    return view


@on_queue
def send(desk: QueueDesk) -> HttpResponse:
    """SendMessage."""
    form = SendMessage(desk.request.POST, desk=desk)
    answer = call(form)
    if answer is None or not answer.is_done:
        return render_panel(desk, send=form, answers={"send": answer})
    return toast(
        render_panel(desk, answers={"send": answer}), _("Sent to %(name)s.") % {"name": desk.name}
    )


@on_queue
def receive(desk: QueueDesk) -> HttpResponse:
    """ReceiveMessage: one, without waiting."""
    params = receive_params(desk)
    messages = door.act(desk.caller, "ReceiveMessage", params).get("Messages", [])
    handles.keep(desk.request, messages, arn=desk.arn)
    text = _("Nothing was received. No message is visible.")
    if messages:
        timeout = desk.attributes.get("VisibilityTimeout", "30")
        text = _("Received, not gone. Comes back in %(timeout)s s unless you delete it.") % {
            "timeout": timeout
        }
    return toast(render_panel(desk), text)


@on_queue
def delete(desk: QueueDesk) -> HttpResponse:
    """DeleteMessage, by the handle that this browser received."""
    handle = desk.request.POST.get("receipt_handle", "")
    params = {"QueueUrl": desk.url, "ReceiptHandle": handle}
    door.act(desk.caller, "DeleteMessage", params)
    handles.drop(desk.request, handle)
    made = {"delete": equivalent("sqs", "DeleteMessage", params)}
    return toast(render_panel(desk, made=made), _("Message deleted."))


@on_queue
def attributes(desk: QueueDesk) -> HttpResponse:
    """SetQueueAttributes: those that were changed."""
    form = SetQueueAttributes(desk.request.POST, desk=desk)
    if form.is_valid() and not form.given()["Attributes"]:
        return toast(render_panel(desk), _("Nothing to save: all settings are as they were."))
    answer = call(form)
    if answer is None or not answer.is_done:
        return render_panel(desk, settings=form, answers={"settings": answer})
    fresh = QueueDesk.open(desk.request, desk.sandbox, desk.arn) or desk
    old = {name: desk.attributes.get(name, "") for name in form.given()["Attributes"]}
    undo = {"op": "attributes", "args": {"id": desk.arn, "attributes": old}}
    return toast(render_panel(fresh, answers={"settings": answer}), answer.words, undo=undo)


@on_queue
def purge(desk: QueueDesk) -> HttpResponse:
    """PurgeQueue."""
    door.act(desk.caller, "PurgeQueue", {"QueueUrl": desk.url})
    return toast(render_panel(desk), _("%(name)s purged.") % {"name": desk.name})


@on_queue
def queue_delete(desk: QueueDesk) -> HttpResponse:
    """DeleteQueue."""
    door.act(desk.caller, "DeleteQueue", {"QueueUrl": desk.url})
    page = render(desk.request, "partials/gone.html", {"name": desk.name})
    return toast(
        page, _("Queue %(name)s deleted. Its name is free again in 60 s.") % {"name": desk.name}
    )


@require_http_methods(["GET", "POST"])
@of_sandbox
def create(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the form of CreateQueue, or call it."""
    desk = QueueDesk.blank(request, sandbox)
    if request.method == "GET":
        return _create_page(desk, CreateQueue.filled(desk))
    form = CreateQueue(request.POST, desk=desk)
    answer = call(form)
    if answer is None or not answer.is_done:
        return _create_page(desk, form, answer=answer, status=422)
    name = answer.result["QueueUrl"].rpartition("/")[2]
    caller = desk.caller
    arn = f"arn:aws:sqs:{caller.region}:{caller.account}:{name}"
    made = QueueDesk.open(request, sandbox, arn)
    if made is None:
        return render(request, "partials/gone.html", {"name": name})
    page = render_panel(made, answers={"create": answer})
    return toast(page, _("Queue %(name)s created.") % {"name": name})


def toast(
    response: HttpResponse, text: str, *, kind: str = "ok", undo: dict[str, Any] | None = None
) -> HttpResponse:
    """Let the page say something; header values are ASCII, so the rest is escaped.

    ``undo`` is the command of the map that takes back what was done (dashboard.topology.commands).
    """
    message: dict[str, Any] = {"toast": {"text": text, "kind": kind}}
    if undo is not None:
        message["undoable"] = {"text": text, "undo": undo}
    response.headers["HX-Trigger"] = json.dumps(message)
    return response


def _create_page(
    desk: QueueDesk, form: OperationForm, *, answer: Answer | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "sandbox": {"slug": desk.sandbox.slug},
        "form": form,
        "key": "CreateQueue",
        "call": answer.call if answer else judge(form.as_it_stands()),
        "answer": answer,
    }
    return render(desk.request, "services/sqs/create.html", context, status=status)
