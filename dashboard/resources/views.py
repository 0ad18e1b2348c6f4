"""Panels of resources, and the forms of their services' operations."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.console.answers import Answer
from dashboard.console.bench import there
from dashboard.people import of_sandbox
from dashboard.resources import samples
from dashboard.resources.calling import call, judge
from dashboard.resources.desk import Desk
from dashboard.resources.forms import ResourceForm, filled, form_of
from dashboard.resources.kinds import grouped, kind_of, operations
from dashboard.resources.removing import known
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox

_GONE: Final = "partials/gone.html"
_PARTS: Final = "services/aws/"


def panel(request: HttpRequest, sandbox: Sandbox, arn: str) -> HttpResponse | None:
    """Show a resource; None where its kind has no panel of this sort."""
    kind = kind_of(arn)
    if kind is None:
        return None
    desk = Desk.at(request, sandbox, kind.service, arn)
    name = desk.resource.removeprefix("alarm:").removeprefix("function:").rpartition("/")[2]
    try:
        sections = kind.tell(desk)
    except AwsError:
        return render(request, _GONE, {"name": name})
    main = filled(desk, kind.main, kind.fill(desk))
    context = _context(desk, kind.main, main) | {
        "kind": kind,
        "has_samples": samples.has_samples(desk),
        "name": name,
        "sections": sections,
        "groups": grouped(kind.service),
        "call": judge(main.as_it_stands()),
    }
    return render(request, f"{_PARTS}panel.html", context)


@require_safe
@of_sandbox
def index(request: HttpRequest, sandbox: Sandbox, service: str) -> HttpResponse:
    """List the operations of a service."""
    desk = Desk.at(request, sandbox, service, request.GET.get("arn", ""))
    context = _context(desk, "", None) | {"groups": grouped(service)}
    return render(request, f"{_PARTS}operations.html", context)


@require_http_methods(["GET", "POST"])
@of_sandbox
def operation(request: HttpRequest, sandbox: Sandbox, service: str, key: str) -> HttpResponse:
    """Show the form of an operation, or make its call."""
    desk = _desk(request, sandbox, service, key)
    if request.method == "GET":
        return _page(desk, key, _found(desk, key))
    form = form_of(service, key)(request.POST, desk=desk)
    answer = call(form)
    status = 200 if answer is not None and answer.is_done else 422
    return _page(desk, key, form, answer=answer, status=status)


@require_POST
@of_sandbox
def check(request: HttpRequest, sandbox: Sandbox, service: str, key: str) -> HttpResponse:
    """Say what the wire would refuse of a form that somebody is filling in, and its call."""
    desk = _desk(request, sandbox, service, key)
    form = form_of(service, key)(request.POST, desk=desk)
    made = judge(form)
    touched = request.POST.get("touched", "").split()
    says = [
        (f"{field.auto_id}_error", [str(error) for error in field.errors])
        for field in form.visible_fields()
        if field.html_name in touched or field.value()
    ]
    context = {"key": key, "form": form, "call": made, "says": there(form, says)}
    return render(request, "services/sqs/check.html", context)


def _desk(request: HttpRequest, sandbox: Sandbox, service: str, key: str) -> Desk:
    if key not in operations(service):
        raise Http404(_("There is no operation %(name)s here.") % {"name": f"{service}:{key}"})
    given = request.GET if request.method == "GET" else request.POST
    return Desk.at(request, sandbox, service, given.get("arn", ""))


def _found(desk: Desk, key: str) -> ResourceForm:
    """Return the form with what the resource tells, and with what the address says of it."""
    kind = kind_of(desk.arn) if desk.arn else None
    told = known(desk, kind, key) if kind is not None else {}
    given = {name: value for name, value in desk.request.GET.items() if name != "arn"}
    return filled(desk, key, told | given)


def _context(desk: Desk, key: str, form: ResourceForm | None) -> dict[str, Any]:
    return {
        "sandbox": {"slug": desk.sandbox.slug},
        "service": desk.service,
        "arn": desk.arn,
        "key": key,
        "form": form,
    }


def _page(
    desk: Desk, key: str, form: ResourceForm, *, answer: Answer | None = None, status: int = 200
) -> HttpResponse:
    context = _context(desk, key, form) | {
        "answer": answer,
        "call": answer.call if answer else judge(form.as_it_stands()),
    }
    # The tab of the first call of a kind has its form alone, without the way to all others.
    alone = desk.request.headers.get("HX-Target") == "bench-main"
    part = "form.html" if alone else "bench.html"
    return render(desk.request, f"{_PARTS}{part}", context, status=status)
