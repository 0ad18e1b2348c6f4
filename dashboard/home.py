"""The start page: what this is, the sandboxes, and how to point code at it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from dashboard import people
from dashboard.endpoint import endpoint_of
from dashboard.sandbox_forms import NewSandboxForm
from dashboard.topology.views import stream_url, summary
from messaging.engine import engine
from messaging.kernel.models import Sandbox


@require_safe
@ensure_csrf_cookie
@people.page
def home(request: HttpRequest) -> HttpResponse:
    """Show the start page."""
    return _page(request, NewSandboxForm())


@require_POST
@people.page
def create(request: HttpRequest) -> HttpResponse:
    """Create a sandbox and open it."""
    form = NewSandboxForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    sandbox = form.create()
    people.own(request.user, sandbox)
    # The new key is known to the door of AWS calls from the next request on.
    engine().executor.run_sync(lambda batch: engine().load_keys())
    messages.success(request, f"Sandbox {sandbox.name} created.")
    return redirect("sandbox", sandbox.slug)


def _page(request: HttpRequest, form: NewSandboxForm, *, status: int = 200) -> HttpResponse:
    found = people.visible_to(request.user)
    sandboxes = list(found.prefetch_related("accounts")) if found is not None else []
    shown = _liveliest(sandboxes)
    context: dict[str, Any] = {
        "sandboxes": [summary(sandbox) for sandbox in sandboxes],
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
