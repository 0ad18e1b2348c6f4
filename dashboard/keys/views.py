"""The page of a sandbox's access keys; a secret comes only when it is asked for."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from dashboard.console.door import base_url
from dashboard.keys.snippets import Access, snippets
from dashboard.people import of_sandbox
from dashboard.topology.views import summary
from messaging.engine import engine
from messaging.kernel.access import secret_of
from messaging.kernel.models import AccessKey, Sandbox

# On one's own machine every key reaches the default sandbox: the tools' usual one is no secret.
_ANY: Final = "test"


@require_safe
@ensure_csrf_cookie
@of_sandbox
def keys(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the keys, and what to paste for the one that is chosen (``?key=``)."""
    rows = [_row(sandbox, key) for key in _issued(sandbox)]
    if sandbox.is_default and engine().single_user:
        rows.insert(0, _usual(sandbox))
    wanted = request.GET.get("key", "")
    chosen = next((row for row in rows if row["key_id"] == wanted), rows[0])
    access = Access(base_url(request), chosen["key_id"], chosen["region"])
    context = {
        "sandbox": summary(sandbox),
        "keys": rows,
        "chosen": chosen,
        "endpoint": access.endpoint,
        "snippets": snippets(access),
    }
    return render(request, "keys/keys.html", context)


@require_POST
@never_cache
@of_sandbox
def key_secret(request: HttpRequest, sandbox: Sandbox, key_id: str) -> HttpResponse:
    """Tell the secret of one of the sandbox's keys; a POST is in no history or log."""
    if not _issued(sandbox).filter(key_id=key_id).exists():
        raise Http404(_("The sandbox has no such key."))
    return HttpResponse(secret_of(key_id), content_type="text/plain; charset=utf-8")


def _issued(sandbox: Sandbox) -> Any:
    found = AccessKey.objects.filter(account__sandbox=sandbox).select_related("account")
    return found.order_by("account_id", "created_at", "key_id")


def _row(sandbox: Sandbox, key: AccessKey) -> dict[str, str]:
    return {
        "key_id": key.key_id,
        "label": key.label,
        "account": key.account.number,
        "region": key.account.home_region,
        "secret": "",
        "secret_url": reverse("key-secret", args=(sandbox.slug, key.key_id)),
    }


def _usual(sandbox: Sandbox) -> dict[str, str]:
    account = sandbox.accounts.order_by("id")[0]
    return {
        "key_id": _ANY,
        "label": "",
        "account": account.number,
        "region": account.home_region,
        "secret": _ANY,
        "secret_url": "",
    }
