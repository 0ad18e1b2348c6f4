"""A sandbox's page inside another page: only with ``?embed=1``, and only where the setting allows.

``SIGNALBOX_EMBED_ORIGINS`` names the sites; without it no page may be framed. An embedded page gets
no token, so that nothing can be changed from it, whatever its scripts are made to do.
"""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from dashboard.people import View
from dashboard.security import policy


def without_token(request: HttpRequest) -> dict[str, Any]:
    """Return what keeps the token out of every form and script of an embedded page."""
    return {"csrf_token": ""} if request.GET.get("embed") == "1" else {}


def embeddable(view: View) -> View:
    """Let the sites that the setting names frame a view's page in its embedded form."""

    @wraps(view)
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        origins = settings.EMBED_ORIGINS
        if request.GET.get("embed") == "1" and origins:
            response.xframe_options_exempt = True  # type: ignore[attr-defined]
            nonce = request.csp_nonce  # type: ignore[attr-defined]
            response.headers["Content-Security-Policy"] = policy(nonce, framed_by=origins)
        return response

    return framed
