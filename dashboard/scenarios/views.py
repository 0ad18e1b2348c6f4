"""New sandboxes from the gallery and from documents; a sandbox as a document; the switcher."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from dashboard import people
from dashboard.scenarios.capturing import capture
from dashboard.scenarios.document import write
from dashboard.scenarios.forms import ImportForm, NewSandboxForm
from dashboard.scenarios.gallery import templates
from dashboard.topology.views import summary
from messaging.engine import engine
from messaging.kernel.models import Sandbox


@require_safe
@ensure_csrf_cookie
@people.page
def new(request: HttpRequest) -> HttpResponse:
    """Show the gallery, and where a document goes. A document in ``#s=`` is read by the page."""
    return _page(request)


@require_POST
@people.page
def import_document(request: HttpRequest) -> HttpResponse:
    """Make a sandbox of a document that was pasted, uploaded or confirmed."""
    form = ImportForm(request.POST, request.FILES)
    sandbox = form.create() if form.is_valid() else None
    if sandbox is None:
        return _page(request, imported=form, status=422)
    return opened(request, sandbox)


@require_safe
@never_cache
@people.of_sandbox
def export(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Return the sandbox as a document; ``?messages=1`` with what lies in its queues."""
    text = write(capture(sandbox, messages=request.GET.get("messages") == "1"))
    return HttpResponse(
        text,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{sandbox.slug}.scenario.json"'},
    )


@require_safe
@never_cache
@people.of_sandbox
def share(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Return the dialog that shares what the page of a sandbox shows."""
    context = {"sandbox": sandbox, "framed_by": settings.EMBED_ORIGINS}
    return render(request, "scenarios/share_dialog.html", context)


@require_safe
@never_cache
@people.page
def switcher(request: HttpRequest) -> HttpResponse:
    """Return the list of sandboxes for the switcher."""
    found = people.visible_to(request.user)
    rows = [] if found is None else [summary(one) for one in found.prefetch_related("accounts")]
    return render(request, "scenarios/switch_list.html", {"sandboxes": rows})


def opened(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Go to a sandbox that has just been made, with its owner and its keys known."""
    people.own(request.user, sandbox)
    # The new key is known to the door of AWS calls from the next request on.
    engine().executor.run_sync(lambda batch: engine().load_keys())
    messages.success(request, _("Sandbox %(name)s created.") % {"name": sandbox.name})
    return redirect("sandbox", sandbox.slug)


def _page(
    request: HttpRequest, *, imported: ImportForm | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "templates": templates(),
        "form": NewSandboxForm(initial={"template": "empty"}, auto_id="new-%s"),
        "imported": imported or ImportForm(auto_id="import-%s"),
    }
    return render(request, "scenarios/new.html", context, status=status)
