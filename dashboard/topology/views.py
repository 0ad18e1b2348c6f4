"""The page of a sandbox."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from dashboard.console.door import first_account
from dashboard.endpoint import endpoint_of
from dashboard.history.ahead import ahead
from dashboard.people import of_sandbox
from dashboard.scenarios.embedding import without_token
from dashboard.topology.pins import pins_of
from messaging.kernel.clock import wall_ms
from messaging.kernel.models import Sandbox


@require_safe
@ensure_csrf_cookie
@of_sandbox
def page(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the live topology."""
    context = without_token(request) | {
        "sandbox": summary(sandbox),
        "pins": json.dumps(pins_of(sandbox)),
        "endpoint": endpoint_of(request, sandbox),
        **time_of(sandbox),
    }
    return render(request, "sandbox.html", context)


def time_of(sandbox: Sandbox) -> dict[str, Any]:
    """Return what the time bar of a page begins with: the stream, and the clock as it stands."""
    ahead.notice(sandbox.pk)
    clock = sandbox.clock
    return {
        "stream_url": stream_url(sandbox),
        "clock": {"now": clock.now(wall_ms()), "rate": clock.rate, "paused": clock.paused},
    }


def summary(sandbox: Sandbox) -> dict[str, Any]:
    """Return a sandbox as the templates show it."""
    account = first_account(sandbox)
    return {
        "slug": sandbox.slug,
        "name": sandbox.name,
        "account": account.number,
        "region": account.home_region,
        "is_default": sandbox.is_default,
    }


def stream_url(sandbox: Sandbox) -> str:
    return f"/stream/{sandbox.slug}/"
