"""The workbench of a queue's panel: a form for each operation of SQS."""

from typing import Any, Final

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.console import moves, policy_trial
from dashboard.console.actions import toast
from dashboard.console.answers import Answer, call, judge
from dashboard.console.desk import QueueDesk
from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.catalogue import FORMS, GROUPS, POLICY
from dashboard.console.purging import waiting_time
from dashboard.people import of_sandbox
from messaging.kernel.models import Sandbox

_GONE: Final = "partials/gone.html"
_REDRIVES: Final = ("StartMessageMoveTask", "CancelMessageMoveTask", "ListMessageMoveTasks")


@require_safe
@of_sandbox
def index(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """List the operations."""
    arn = request.GET.get("arn", "")
    context = {"sandbox": {"slug": sandbox.slug}, "queue": {"arn": arn}, "groups": GROUPS}
    return render(request, "services/sqs/operations.html", context)


@require_http_methods(["GET", "POST"])
@of_sandbox
def operation(request: HttpRequest, sandbox: Sandbox, key: str) -> HttpResponse:
    """Show the form of an operation, or make its call."""
    form_class = _form_class(key)
    given = request.GET if request.method == "GET" else request.POST
    desk = QueueDesk.open(request, sandbox, given.get("arn", ""))
    if desk is None:
        return gone(request, given.get("arn", ""))
    if request.method == "GET":
        return _page(desk, key, form_class.filled(desk))
    form = form_class(request.POST, desk=desk)
    return outcome(desk, key, form, call(form))


def outcome(desk: QueueDesk, key: str, form: OperationForm, answer: Answer | None) -> HttpResponse:
    """Show what came of a form: its answer, or the form with what is wrong in it."""
    if answer is None or not answer.is_done:
        return _page(desk, key, form, answer=answer, status=422)
    fresh = QueueDesk.open(desk.request, desk.sandbox, desk.arn)
    if fresh is None:
        return toast(gone(desk.request, desk.arn), answer.words)
    if form.stays:
        return _page(fresh, key, type(form)(desk.request.POST, desk=fresh), answer=answer)
    return _page(fresh, key, type(form).filled(fresh), answer=answer)


@require_POST
@of_sandbox
def check(request: HttpRequest, sandbox: Sandbox, key: str) -> HttpResponse:
    """Say what the operation would refuse of a form that somebody is filling in, and its call."""
    form_class = _form_class(key)
    desk = QueueDesk.open(request, sandbox, request.POST.get("arn", ""))
    if desk is None:
        desk = QueueDesk.blank(request, sandbox)
        if key != "CreateQueue":
            return HttpResponse(status=204)
    form = form_class(request.POST, desk=desk)
    made = judge(form)
    context = {"key": key, "form": form, "call": made, "says": _says(form)}
    return render(request, "services/sqs/check.html", context)


def _says(form: OperationForm) -> list[tuple[str, list[str]]]:
    """Return what stands beside each field: nothing beside one that nobody has come to yet."""
    touched = form.data.get("touched", "").split()
    pairs: list[tuple[str, list[str]]] = []
    for field in form.visible_fields():
        is_met = field.html_name in touched or bool(field.value())
        pairs.append(
            (f"{field.auto_id}_error", [str(error) for error in field.errors] if is_met else [])
        )
    others = [str(error) for error in form.non_field_errors()]
    return there(form, [*pairs, (form.error_slot, others)])


def there(form: Form, pairs: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """Return those of the places for errors that the page has: a form can have fewer fields."""
    slots = form.data.get("slots")
    return pairs if slots is None else [pair for pair in pairs if pair[0] in slots.split()]


def _form_class(key: str) -> type[OperationForm]:
    if key not in FORMS:
        raise Http404(_("There is no form %(key)s.") % {"key": key})
    return FORMS[key]


def gone(request: HttpRequest, arn: str) -> HttpResponse:
    """Say in the whole panel that there is no such queue any more."""
    response = render(request, _GONE, {"name": arn.rpartition(":")[2]})
    response.headers["HX-Retarget"] = "#panel"
    return response


def _page(
    desk: QueueDesk,
    key: str,
    form: OperationForm,
    *,
    answer: Answer | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "sandbox": {"slug": desk.sandbox.slug},
        "queue": {"arn": desk.arn, "name": desk.name},
        "key": key,
        "form": form,
        "call": answer.call if answer and not form.stays else judge(form.as_it_stands()),
        "answer": answer,
        "trial": policy_trial.trial(desk) if key == POLICY else None,
        **(waiting_time(desk) if key == "PurgeQueue" else {}),
        "is_lenient": desk.sandbox.is_default,
        "moves": moves.context(desk) if key in _REDRIVES else None,
    }
    return render(desk.request, "services/sqs/bench.html", context, status=status)
