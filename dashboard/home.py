"""The start page: what this is, the gallery, the sandboxes, and how to point code at one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from dashboard import people
from dashboard.endpoint import endpoint_of
from dashboard.scenarios.forms import NewSandboxForm
from dashboard.scenarios.gallery import templates
from dashboard.scenarios.views import opened
from dashboard.topology.views import stream_url, summary
from messaging.kernel.models import Sandbox


@require_safe
@ensure_csrf_cookie
@people.page
def home(request: HttpRequest) -> HttpResponse:
    """Show the start page."""
    return _page(request, NewSandboxForm(initial={"template": "empty"}))


@require_POST
@people.page
def create(request: HttpRequest) -> HttpResponse:
    """Create a sandbox, from a template where one is named, and open it."""
    form = NewSandboxForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    return opened(request, form.create())


def _page(request: HttpRequest, form: NewSandboxForm, *, status: int = 200) -> HttpResponse:
    found = people.visible_to(request.user)
    sandboxes = list(found.prefetch_related("accounts")) if found is not None else []
    shown = _liveliest(sandboxes)
    context: dict[str, Any] = {
        "sandboxes": [summary(sandbox) for sandbox in sandboxes],
        "templates": templates(),
        "form": form,
        "live": None,
        "endpoint": None,
    }
    if shown is not None:
        context["live"] = summary(shown) | {"stream_url": stream_url(shown)}
        context["endpoint"] = endpoint_of(request, shown)
    return render(request, "home.html", context, status=status)


def _liveliest(sandboxes: list[Sandbox]) -> Sandbox | None:
    """Return the sandbox to show: the one with most going on, else the first."""
    return max(sandboxes, key=lambda sandbox: (sandbox.last_seq, -sandbox.pk), default=None)
