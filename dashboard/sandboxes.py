"""The page about a sandbox itself: name, keys, copy, reset, delete."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from dashboard import people
from dashboard.endpoint import endpoint_of
from dashboard.sandbox_forms import ConfirmForm, CopyForm, RenameForm
from dashboard.topology.views import summary
from messaging import sandboxes
from messaging.engine import engine
from messaging.kernel.batch import Batch
from messaging.kernel.models import Sandbox

_TEMPLATE = "sandboxes/about.html"
Form = Callable[..., forms.Form]


@require_safe
@ensure_csrf_cookie
@people.of_sandbox
def about(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show name, accounts, keys and what can be done with the sandbox as a whole."""
    return _page(request, sandbox)


@require_POST
@people.of_sandbox
def rename(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Give the sandbox another name."""
    form = RenameForm(request.POST)
    if not form.is_valid():
        return _page(request, sandbox, rename=form)
    name = form.cleaned_data["name"]
    _run(lambda batch: sandboxes.rename(sandbox, name), sandbox)
    messages.success(request, _("Sandbox renamed to %(name)s.") % {"name": name})
    return redirect("about", sandbox.slug)


@require_POST
@people.of_sandbox
def duplicate(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Copy the sandbox as it stands; the copy has keys of its own."""
    form = CopyForm(request.POST)
    if not form.is_valid():
        return _page(request, sandbox, copy=form)
    name = form.cleaned_data["name"]
    copy = _run(lambda batch: sandboxes.duplicate(batch, sandbox.pk, name), sandbox)
    people.own(request.user, copy)
    _run(lambda batch: engine().load_keys())
    messages.success(
        request, _("%(name)s copied to %(name2)s.") % {"name": sandbox.name, "name2": copy.name}
    )
    return redirect("sandbox", copy.slug)


@require_POST
@people.of_sandbox
def reset(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Empty the sandbox: resources, messages and log go, accounts and keys stay."""
    form = ConfirmForm(request.POST, expected=sandbox.name)
    if not form.is_valid():
        return _page(request, sandbox, reset=form)
    _run(lambda batch: sandboxes.reset(batch, sandbox.pk), sandbox)
    messages.success(
        request,
        _("%(name)s is empty. Its accounts and keys are as they were.") % {"name": sandbox.name},
    )
    return redirect("sandbox", sandbox.slug)


@require_POST
@people.of_sandbox
def delete(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Delete the sandbox with everything in it; the default one stays, for test/test reaches it."""
    if sandbox.is_default:
        messages.error(
            request, _("The default sandbox stays: unissued keys reach it. Reset it instead.")
        )
        return redirect("about", sandbox.slug)
    form = ConfirmForm(request.POST, expected=sandbox.name)
    if not form.is_valid():
        return _page(request, sandbox, delete=form)
    _run(lambda batch: sandboxes.delete(batch, sandbox.pk), sandbox)
    _run(lambda batch: engine().load_keys())
    messages.success(request, _("Sandbox %(name)s deleted.") % {"name": sandbox.name})
    return redirect("home")


def _page(request: HttpRequest, sandbox: Sandbox, **refused: forms.Form) -> HttpResponse:
    confirm: Form = ConfirmForm
    context: dict[str, Any] = {
        "sandbox": summary(sandbox),
        "accounts": sandbox.accounts.order_by("id"),
        "endpoint": endpoint_of(request, sandbox),
        "forms": {
            "rename": RenameForm(initial={"name": sandbox.name}, auto_id="rename-%s"),
            "copy": CopyForm(
                initial={"name": _("%(name)s copy") % {"name": sandbox.name}}, auto_id="copy-%s"
            ),
            "reset": confirm(expected=sandbox.name, auto_id="reset-%s"),
            "delete": confirm(expected=sandbox.name, auto_id="delete-%s"),
        }
        | refused,
    }
    return render(request, _TEMPLATE, context, status=422 if refused else 200)


def _run(job: Callable[[Batch], Any], sandbox: Sandbox | None = None) -> Any:
    """Run a job in the writer's transaction and wait for it."""
    return engine().executor.run_sync(job, () if sandbox is None else (sandbox.pk,))
