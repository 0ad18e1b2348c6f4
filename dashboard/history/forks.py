"""The pages of a fork: what would come back of a moment, and the new sandbox itself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dashboard import people
from dashboard.history import forking, shelf
from dashboard.history.chronicle import OutOfReach
from dashboard.history.forking import Plan
from dashboard.sandbox_forms import CopyForm
from messaging.kernel.models import Sandbox


@require_safe
@people.of_sandbox
def prospect(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Say what a fork from the moment after event ``seq`` would lose."""
    plan = _plan(sandbox, request.GET.get("seq", ""))
    if plan is None:
        return JsonResponse({"error": gettext("That event is not in the log.")}, status=404)
    lost = plan.losses()
    return JsonResponse({**lost._asdict(), "said": forking.said(lost)})


@require_POST
@people.of_sandbox
def fork(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Make a sandbox that goes on from the moment after event ``seq``, and go there."""
    form = CopyForm(request.POST)
    plan = _plan(sandbox, request.POST.get("seq", ""))
    if plan is None:
        return _back(request, sandbox, gettext("That moment is not in the log any more."))
    if not form.is_valid():
        return _back(request, sandbox, gettext("Give the new sandbox a name."))
    made = forking.fork(plan, form.cleaned_data["name"])
    if made is None:
        return _back(request, sandbox, gettext("The sandbox has been reset since."))
    copy, lost = made
    people.own(request.user, copy)
    told = gettext("%(name)s goes on from that moment, paused.") % {"name": copy.name}
    messages.success(request, f"{told} {forking.said(lost)}")
    return redirect("sandbox", copy.slug)


def _plan(sandbox: Sandbox, seq: str) -> Plan | None:
    """Return what it takes to fork from a moment, or None where the log does not have it."""
    if not seq.isdecimal():
        return None
    try:
        with shelf.opened(sandbox.pk) as found:
            if found is None:
                raise Http404(gettext("This sandbox was deleted."))
            return forking.plan(*found, int(seq))
    except OutOfReach:
        return None


def _back(request: HttpRequest, sandbox: Sandbox, text: str) -> HttpResponseRedirect:
    messages.error(request, text)
    return HttpResponseRedirect(f"/s/{sandbox.slug}/")
