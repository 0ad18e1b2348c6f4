"""The tags of a queue among its settings: what is there, one more, one less."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from dashboard.console.answers import call
from dashboard.console.bench import gone
from dashboard.console.desk import QueueDesk
from dashboard.console.operations.tags import TagQueue, UntagQueue, tags_of
from dashboard.people import of_sandbox
from messaging.kernel.models import Sandbox


@require_POST
@of_sandbox
def change(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """TagQueue with what was typed, or UntagQueue with the one that was pressed."""
    desk = QueueDesk.open(request, sandbox, request.POST.get("arn", ""))
    if desk is None:
        return gone(request, request.POST.get("arn", ""))
    form = (UntagQueue if "TagKeys" in request.POST else TagQueue)(request.POST, desk=desk)
    answer = call(form)
    context = {
        "sandbox": {"slug": sandbox.slug},
        "queue": {"arn": desk.arn},
        "tags": tags_of(desk),
        "answer": answer,
        "problems": [str(error) for errors in form.errors.values() for error in errors],
        "typed": request.POST.get("Tags", "") if form.errors else "",
        "is_change": True,
    }
    status = 422 if form.errors else 200
    return render(request, "services/sqs/tags.html", context, status=status)
