"""The page of a sandbox's access keys: issue, withdraw; a secret comes only when asked for."""

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from dashboard.console.actions import toast
from dashboard.console.door import base_url
from dashboard.keys.forms import KeyForm
from dashboard.keys.snippets import Access, snippets
from dashboard.people import of_sandbox
from dashboard.topology.views import summary
from messaging.engine import engine
from messaging.kernel import access
from messaging.kernel.models import AccessKey, Sandbox

# On one's own machine every key reaches the default sandbox: the tools' usual one is no secret.
_ANY: Final = "test"
_WITHDRAWN_SHOWN: Final = 20


@require_safe
@ensure_csrf_cookie
@of_sandbox
def keys(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the keys, and what to paste for the one that is chosen (``?key=``)."""
    rows = _rows(sandbox)
    wanted = request.GET.get("key", "")
    chosen = next((row for row in rows if row["key_id"] == wanted), rows[0])
    means = Access(base_url(request), chosen["key_id"], chosen["region"])
    context = _list_context(sandbox, KeyForm(sandbox=sandbox), chosen=chosen["key_id"]) | {
        "chosen": chosen,
        "endpoint": means.endpoint,
        "snippets": snippets(means),
    }
    return render(request, "keys/keys.html", context)


@require_POST
@never_cache
@of_sandbox
def issue(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Issue a key. Its secret is in this answer, which nobody keeps, and in no page after it."""
    form = KeyForm(request.POST, sandbox=sandbox)
    if not form.is_valid():
        return _list(request, sandbox, form, status=422)
    account = sandbox.accounts.get(number=form.cleaned_data["account"])
    made: AccessKey = _run(lambda: access.issue(account, label=form.cleaned_data["label"]))
    fresh = {"key_id": made.key_id, "secret": access.secret_of(made.key_id)}
    page = _list(request, sandbox, KeyForm(sandbox=sandbox), fresh=fresh)
    return toast(page, _("Key %(key)s is issued.") % {"key": made.key_id})


@require_POST
@of_sandbox
def withdraw(request: HttpRequest, sandbox: Sandbox, key_id: str) -> HttpResponse:
    """Withdraw a key: the next call with it is refused. The last key of an account stays."""
    key = _issued(sandbox).filter(key_id=key_id).first()
    if key is None:
        raise Http404(_("The sandbox has no such key."))
    form = KeyForm(sandbox=sandbox)
    if not _issued(sandbox).filter(account=key.account).exclude(key_id=key_id).exists():
        said = _("Not withdrawn. It is the account's last key: issue another one first.")
        return toast(_list(request, sandbox, form), said, kind="error")
    _run(lambda: access.withdraw(key))
    said = _("Key %(key)s is withdrawn: calls with it are refused.") % {"key": key_id}
    return toast(_list(request, sandbox, form), said)


@require_POST
@never_cache
@of_sandbox
def key_secret(request: HttpRequest, sandbox: Sandbox, key_id: str) -> HttpResponse:
    """Tell the secret of one of the sandbox's keys; a POST is in no history or log."""
    if not _issued(sandbox).filter(key_id=key_id).exists():
        raise Http404(_("The sandbox has no such key."))
    return HttpResponse(access.secret_of(key_id), content_type="text/plain; charset=utf-8")


def _run(job: Callable[[], Any]) -> Any:
    """Change keys in the writer's transaction, and let the doors know before anybody else."""
    executor = engine().executor
    done = executor.run_sync(lambda batch: job())
    executor.run_sync(lambda batch: engine().load_keys())
    return done


def _list(
    request: HttpRequest,
    sandbox: Sandbox,
    form: KeyForm,
    *,
    fresh: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _list_context(sandbox, form) | {"fresh": fresh}
    return render(request, "keys/list.html", context, status=status)


def _list_context(sandbox: Sandbox, form: KeyForm, *, chosen: str = "") -> dict[str, Any]:
    gone = AccessKey.objects.filter(account__sandbox=sandbox, withdrawn_at__isnull=False)
    return {
        "sandbox": summary(sandbox),
        "keys": _rows(sandbox),
        "chosen_id": chosen,
        "withdrawn": gone.order_by("-withdrawn_at")[:_WITHDRAWN_SHOWN],
        "form": form,
    }


def _rows(sandbox: Sandbox) -> list[dict[str, str]]:
    rows = [_row(sandbox, key) for key in _issued(sandbox)]
    if sandbox.is_default and engine().single_user:
        rows.insert(0, _usual(sandbox))
    return rows


def _issued(sandbox: Sandbox) -> Any:
    found = AccessKey.objects.filter(account__sandbox=sandbox, withdrawn_at=None)
    return found.select_related("account").order_by("account_id", "created_at", "key_id")


def _row(sandbox: Sandbox, key: AccessKey) -> dict[str, str]:
    return {
        "key_id": key.key_id,
        "label": key.label,
        "account": key.account.number,
        "region": key.account.home_region,
        "secret": "",
        "secret_url": reverse("key-secret", args=(sandbox.slug, key.key_id)),
        "withdraw_url": reverse("key-withdraw", args=(sandbox.slug, key.key_id)),
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
        "withdraw_url": "",
    }
