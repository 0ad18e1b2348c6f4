"""Who may see what: on one's own machine everybody everything, in a classroom each their own."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from dashboard.models import Owner
from messaging.engine import engine
from messaging.kernel.models import Sandbox

View = Callable[..., HttpResponseBase]
_SIGN_IN: Final = "login"


def visible_to(user: Any) -> "QuerySet[Sandbox] | None":
    """Return the sandboxes that ``user`` may see, or None when they have to sign in first."""
    if engine().single_user:
        return Sandbox.objects.all()
    if not user.is_authenticated:
        return None
    if user.is_staff:
        return Sandbox.objects.all()
    return Sandbox.objects.filter(owner__user=user)


def own(user: Any, sandbox: Sandbox) -> None:
    """Remember who created a sandbox, where people sign in."""
    if user.is_authenticated:
        Owner.objects.create(sandbox=sandbox, user=user)


def page(view: View) -> View:
    """Make a page that needs a signed-in person where people sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if visible_to(request.user) is None:
            return _sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def of_sandbox(view: View) -> View:
    """Make a page of one sandbox: the view gets the sandbox for the slug of its address."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        sandboxes = visible_to(request.user)
        if sandboxes is None:
            return _sign_in(request)
        sandbox = sandboxes.filter(slug=slug).first()
        if sandbox is None:
            raise Http404(_("There is no sandbox %(slug)s here.") % {"slug": slug})
        return view(request, sandbox, *args, **kwargs)

    return guarded


def _sign_in(request: HttpRequest) -> HttpResponse:
    """Send a person to the sign-in page; a part of a page asks htmx to go there."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": f"/{_SIGN_IN}/"})
    return redirect_to_login(request.get_full_path(), _SIGN_IN)
