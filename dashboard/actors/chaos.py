"""Faults by hand: put one on an actor or a queue, take one off, look what is on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.actors.tray import WORDS, FaultForm, possible_for, tray_context
from dashboard.console.actions import toast
from dashboard.people import of_sandbox
from messaging.kernel.models import Sandbox
from messaging.simulation import chaos, control
from messaging.simulation.fields import SettingsError


@require_http_methods(["GET", "POST"])
@of_sandbox
def tray(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the tray of a target, or put a fault on it."""
    if request.method == "GET":
        return _page(request, sandbox, request.GET.get("target", ""))
    target = request.POST.get("target", "")
    # A fault that was dragged to another node: the panel stays where it is.
    shown = request.POST.get("shown") or target
    possible = possible_for(sandbox, target)
    if not possible:
        return toast(_page(request, sandbox, shown), _("It is gone: deleted."), kind="error")
    form = FaultForm(request.POST, possible=possible)
    if not form.is_valid():
        return _page(request, sandbox, shown, form)
    try:
        fault = chaos.start(sandbox.pk, form.settings())
    except SettingsError as error:
        form.refuse(error)
        return _page(request, sandbox, shown, form)
    except control.Gone:
        return _page(request, sandbox, shown)
    words = WORDS[fault.kind]
    waits = form.cleaned_data.get("after")
    text = (
        _("%(words)s starts in %(waits)s s.") % {"words": words, "waits": format(waits, "g")}
        if waits
        else _("%(words)s is on.") % {"words": words}
    )
    return toast(_page(request, sandbox, shown), text)


@require_POST
@of_sandbox
def stop(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Take a fault off."""
    number, target = request.POST.get("number", ""), request.POST.get("target", "")
    try:
        chaos.stop(sandbox.pk, int(number) if number.isdecimal() else 0)
    except control.Gone:
        return toast(_page(request, sandbox, target), _("It had ended already."))
    return toast(_page(request, sandbox, target), _("The fault is off."))


def _page(
    request: HttpRequest, sandbox: Sandbox, target: str, form: FaultForm | None = None
) -> HttpResponse:
    context = {"tray": tray_context(sandbox, target, form=form)}
    refused = form is not None and bool(form.errors)
    return render(request, "actors/tray.html", context, status=422 if refused else 200)
