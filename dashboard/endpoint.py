"""The four lines that point AWS clients at a sandbox, and the secret that only a click brings."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dashboard.console.door import base_url, first_account
from dashboard.people import of_sandbox
from messaging.engine import engine
from messaging.kernel.access import secret_of
from messaging.kernel.models import AccessKey, Sandbox

_ANY = "test"


@dataclass(frozen=True, slots=True)
class Line:
    """A line to paste in a terminal; a hidden one has no value here."""

    name: str
    value: str
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What points a client at a sandbox; ``secret_url`` is where a hidden value is asked for."""

    lines: list[Line]
    secret_url: str


def endpoint_of(request: HttpRequest, sandbox: Sandbox) -> Endpoint:
    """Return the lines to paste in a terminal: address, key, secret, region.

    On one's own machine every key reaches the default sandbox, so the tools' usual one is named; it
    is no secret. The secret of an issued key is not in the page: see ``secret``.
    """
    issued = _issued(sandbox)
    secret = Line("AWS_SECRET_ACCESS_KEY", "" if issued else _ANY, is_hidden=issued is not None)
    return Endpoint(
        [
            Line("AWS_ENDPOINT_URL", base_url(request)),
            Line("AWS_ACCESS_KEY_ID", issued.key_id if issued else _ANY),
            secret,
            Line("AWS_DEFAULT_REGION", first_account(sandbox).home_region),
        ],
        reverse("secret", args=(sandbox.slug,)) if issued else "",
    )


@require_POST
@never_cache
@of_sandbox
def secret(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Tell the secret of the key that the sandbox's pages name; a POST is in no history or log."""
    issued = _issued(sandbox)
    if issued is None:
        raise Http404(_("The usual key of one's own machine has no secret."))
    return HttpResponse(secret_of(issued.key_id), content_type="text/plain; charset=utf-8")


def _issued(sandbox: Sandbox) -> AccessKey | None:
    """Return the key that is shown, or None where any key will do."""
    if sandbox.is_default and engine().single_user:
        return None
    return first_account(sandbox).keys.filter(withdrawn_at=None).order_by("created_at")[0]
