"""What a browser may do: the headers of our pages, and who may open a websocket."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from inspect import iscoroutinefunction
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port, validate_host
from django.utils.decorators import sync_and_async_middleware

from dashboard.asgi import Application, Receive, Scope, Send

DEFAULT_PORTS = {"http": "80", "https": "443"}

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


@sync_and_async_middleware
def content_security_policy(get_response: Callable[[HttpRequest], Any]) -> Callable[..., Any]:
    """Give each request a fresh ``csp_nonce`` and each response the policy that names it.

    Only files of our own and ``<script nonce="{{ request.csp_nonce }}">`` run; no inline style or
    event handler does. https://www.w3.org/TR/CSP3/
    """
    if iscoroutinefunction(get_response):
        return _for_async(get_response)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        nonce = _assign_nonce(request)
        response: HttpResponseBase = get_response(request)
        return _with_headers(response, nonce)

    return middleware


class SameOrigin:
    """An ASGI application that lets only our own pages, and programs, open a websocket.

    A page of another site, or of another port of this machine, carries its own Origin and is
    refused; so is a Host that is not ours (DNS rebinding). Programs send no Origin.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _is_same_origin(scope):
            await self.application(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 4403})


def policy(nonce: str, *, framed_by: Sequence[str] = ()) -> str:
    """Return the Content-Security-Policy header for one response; nobody frames it by default."""
    directives = {**settings.CONTENT_SECURITY_POLICY}
    if framed_by:
        directives["frame-ancestors"] = list(framed_by)
    directives["script-src"] = [*directives["script-src"], f"'nonce-{nonce}'"]
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def _is_same_origin(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").decode("latin-1").lower()
    domain, port = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    if b"origin" not in headers:
        return True
    scheme, _, place = headers[b"origin"].decode("latin-1").lower().partition("://")
    origin_domain, origin_port = split_domain_port(place)
    default = DEFAULT_PORTS.get(scheme, "")
    return (origin_domain, origin_port or default) == (domain, port or default)


def _for_async(
    get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], Awaitable[HttpResponseBase]]:
    async def middleware(request: HttpRequest) -> HttpResponseBase:
        nonce = _assign_nonce(request)
        return _with_headers(await get_response(request), nonce)

    return middleware


def _assign_nonce(request: HttpRequest) -> str:
    nonce = secrets.token_urlsafe(16)
    request.csp_nonce = nonce  # type: ignore[attr-defined]
    return nonce


def _with_headers(response: HttpResponseBase, nonce: str) -> HttpResponseBase:
    response.headers.setdefault("Content-Security-Policy", policy(nonce))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
