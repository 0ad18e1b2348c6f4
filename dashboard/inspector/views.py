"""The page of a message, the same beside the map, and the lifetimes of many."""

from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from dashboard.inspector import chart, neighbours, newest, past, reading, showing
from dashboard.people import of_sandbox
from dashboard.topology import pins
from dashboard.topology import views as topology
from dashboard.topology.views import summary
from messaging.kernel.models import Sandbox

_PANEL: Final = "panel"
_PARTS: Final = ("message-live", _PANEL)
_LIFETIMES: Final = "lifetimes-live"


@require_safe
@ensure_csrf_cookie
@of_sandbox
def message(request: HttpRequest, sandbox: Sandbox, number: int) -> HttpResponse:
    """Show a message: on a page of its own, or as a part of one when htmx asks."""
    return render_message(request, sandbox, number)


@require_safe
@of_sandbox
def body(request: HttpRequest, sandbox: Sandbox, number: int) -> HttpResponse:
    """Hand out a body as it was sent, to be saved: a browser never runs it."""
    found = reading.message_of(sandbox, number)
    if found is None:
        raise Http404(_("The message is gone, and its body with it."))
    headers = {
        "Content-Disposition": f'attachment; filename="message-{number}.txt"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(found["body"], content_type="text/plain; charset=utf-8", headers=headers)


@require_safe
@of_sandbox
def lifetimes(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show how the newest messages lived, as bars and as a table."""
    wanted = newest.Filter(*(request.GET.get(name, "").strip() for name in newest.Filter._fields))
    found = newest.newest(sandbox, wanted)
    now = reading.now_of(sandbox)
    context = {
        "sandbox": summary(sandbox),
        "wanted": wanted,
        "queues": reading.queues_of(sandbox),
        "chart": chart.draw(found, now=now, pinned=pins.pinned_of(sandbox)),
        "count": len(found),
        "most": newest.MESSAGES_MAX,
        "cut": any(not life.whole for life in found),
        "as_table": request.GET.get("view") == "table",
        "address": _address(request, sandbox),
    }
    is_part = request.headers.get("HX-Target") == _LIFETIMES
    return render(request, f"inspector/{'bars' if is_part else 'lifetimes'}.html", context)


def render_message(request: HttpRequest, sandbox: Sandbox, number: int) -> HttpResponse:
    """Render a message as the page, or the part of it, that was asked for."""
    context = _context(request, sandbox, number)
    target = request.headers.get("HX-Target", "")
    if context is None:
        template = "inspector/unknown_part.html" if target in _PARTS else "inspector/unknown.html"
        unknown: dict[str, Any] = {"sandbox": summary(sandbox), "number": number}
        return render(request, template, unknown, status=200 if target in _PARTS else 404)
    beside_map = target == _PANEL or request.headers.get("X-Beside-Map") == "1"
    context["beside_map"] = beside_map
    if not beside_map:
        context["by"] = _by(request)
        context |= neighbours.neighbourhood(sandbox, context, context["by"])._asdict()
        context |= topology.time_of(sandbox)
    return render(request, f"inspector/{'live' if target in _PARTS else 'page'}.html", context)


def _context(request: HttpRequest, sandbox: Sandbox, number: int) -> dict[str, Any] | None:
    """Return a message as it is, or as it was after the event that ``?at=`` names."""
    asked = request.GET.get("at", "")
    if asked.isdecimal():
        context = past.context_of(request, sandbox, number, int(asked))
        if context is not None:
            return context
    context = showing.context_of(request, sandbox, number)
    return context and context | {"is_lost": bool(asked)}


def _by(request: HttpRequest) -> str:
    """Return among whom the message is shown; a part keeps what its page was asked for."""
    page = urlsplit(request.headers.get("HX-Current-URL", "")).query
    wanted = request.GET.get("by") or dict(parse_qsl(page)).get("by")
    return wanted if wanted in neighbours.WAYS else neighbours.QUEUE


def _address(request: HttpRequest, sandbox: Sandbox) -> str:
    """Return the address that shows the same picture again."""
    kept = {name: value for name, value in request.GET.items() if value}
    base = reverse("lifetimes", args=[sandbox.slug])
    return f"{base}?{urlencode(kept)}" if kept else base
