"""The buttons of a queue's panel. Each is one AWS call; what it was is shown as CLI and boto3."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.console import door, handles
from dashboard.console.equivalents import equivalent
from dashboard.console.forms import CreateForm, SendForm, SettingsForm, changed
from dashboard.console.queues import QueueDesk, queue_arns, receive_params, render_panel
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
    form = SendForm(desk.request.POST, fifo=desk.is_fifo)
    if not form.is_valid():
        return render_panel(desk, send=form)
    params = {"QueueUrl": desk.url, **form.params()}
    try:
        door.act(desk.caller, "SendMessage", params)
    except AwsError as error:
        form.refuse(error)
        return render_panel(desk, send=form)
    made = {"send": equivalent("sqs", "SendMessage", params)}
    return toast(render_panel(desk, made=made), f"Sent to {desk.name}.")


@on_queue
def receive(desk: QueueDesk) -> HttpResponse:
    """ReceiveMessage: one, without waiting."""
    params = receive_params(desk)
    messages = door.act(desk.caller, "ReceiveMessage", params).get("Messages", [])
    handles.keep(desk.request, messages)
    text = "Nothing was received. No message is visible."
    if messages:
        timeout = desk.attributes.get("VisibilityTimeout", "30")
        text = f"Received, not gone. Comes back in {timeout} s unless you delete it."
    return toast(render_panel(desk), text)


@on_queue
def delete(desk: QueueDesk) -> HttpResponse:
    """DeleteMessage, by the handle that this browser received."""
    handle = desk.request.POST.get("receipt_handle", "")
    params = {"QueueUrl": desk.url, "ReceiptHandle": handle}
    door.act(desk.caller, "DeleteMessage", params)
    handles.drop(desk.request, handle)
    made = {"delete": equivalent("sqs", "DeleteMessage", params)}
    return toast(render_panel(desk, made=made), "Message deleted.")


@on_queue
def attributes(desk: QueueDesk) -> HttpResponse:
    """SetQueueAttributes: those that were changed."""
    form = SettingsForm(desk.request.POST, queues=desk.neighbours(), fifo=desk.is_fifo)
    if not form.is_valid():
        return render_panel(desk, settings=form)
    wanted = changed(desk.attributes, form.attributes())
    if not wanted:
        return toast(render_panel(desk), "Nothing to save: all settings are as they were.")
    params = {"QueueUrl": desk.url, "Attributes": wanted}
    try:
        door.act(desk.caller, "SetQueueAttributes", params)
    except AwsError as error:
        form.refuse(error)
        return render_panel(desk, settings=form)
    made = {"attributes": equivalent("sqs", "SetQueueAttributes", params)}
    fresh = QueueDesk.open(desk.request, desk.sandbox, desk.arn) or desk
    return toast(render_panel(fresh, made=made), f"Settings of {desk.name} saved.")


@on_queue
def purge(desk: QueueDesk) -> HttpResponse:
    """PurgeQueue."""
    door.act(desk.caller, "PurgeQueue", {"QueueUrl": desk.url})
    return toast(render_panel(desk), f"{desk.name} purged.")


@on_queue
def queue_delete(desk: QueueDesk) -> HttpResponse:
    """DeleteQueue."""
    door.act(desk.caller, "DeleteQueue", {"QueueUrl": desk.url})
    page = render(desk.request, "partials/gone.html", {"name": desk.name})
    return toast(page, f"Queue {desk.name} deleted. Its name is free again in 60 s.")


@require_http_methods(["GET", "POST"])
@of_sandbox
def create(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the form of CreateQueue, or call it."""
    caller = door.newcomer(request, sandbox)
    arns = queue_arns(caller)
    if request.method == "GET":
        return _create_page(request, sandbox, CreateForm(queues=arns))
    form = CreateForm(request.POST, queues=arns)
    if not form.is_valid():
        return _create_page(request, sandbox, form)
    params = form.params()
    try:
        url: str = door.act(caller, "CreateQueue", params)["QueueUrl"]
    except AwsError as error:
        form.refuse(error)
        return _create_page(request, sandbox, form)
    name = url.rpartition("/")[2]
    desk = QueueDesk.open(request, sandbox, f"arn:aws:sqs:{caller.region}:{caller.account}:{name}")
    if desk is None:
        return render(request, "partials/gone.html", {"name": name})
    made = {"create": equivalent("sqs", "CreateQueue", params)}
    return toast(render_panel(desk, made=made), f"Queue {name} created.")


def toast(response: HttpResponse, text: str, *, kind: str = "ok") -> HttpResponse:
    """Let the page say something; header values are ASCII, so the rest is escaped."""
    message: dict[str, Any] = {"toast": {"text": text, "kind": kind}}
    response.headers["HX-Trigger"] = json.dumps(message)
    return response


def _create_page(request: HttpRequest, sandbox: Sandbox, form: CreateForm) -> HttpResponse:
    context = {"sandbox": {"slug": sandbox.slug}, "form": form}
    return render(request, "services/sqs/create.html", context, status=422 if form.errors else 200)
