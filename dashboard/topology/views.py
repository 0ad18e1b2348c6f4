"""The page of a sandbox, and the controls of its clock."""

import json
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from dashboard.console.actions import toast
from dashboard.console.door import first_account
from dashboard.endpoint import endpoint_of
from dashboard.people import of_sandbox
from dashboard.topology.pins import pins_of
from messaging.kernel.clock import wall_ms
from messaging.kernel.models import Sandbox
from messaging.simulation import control

STEPS: Final[dict[str, Callable[[int], control.Reached]]] = {
    "pause": control.pause,
    "play": control.play,
    "skip": control.skip,
    "step": control.step,
}


@require_safe
@ensure_csrf_cookie
@of_sandbox
def page(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the live topology."""
    clock = sandbox.clock
    context = {
        "sandbox": summary(sandbox),
        "stream_url": stream_url(sandbox),
        "pins": json.dumps(pins_of(sandbox)),
        "endpoint": endpoint_of(request, sandbox),
        "clock": {"now": clock.now(wall_ms()), "rate": clock.rate, "paused": clock.paused},
    }
    return render(request, "sandbox.html", context)


@require_POST
@of_sandbox
def clock(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Pause, play, step, skip or change the speed; the stream tells every viewer."""
    action = request.POST.get("action", "")
    if action == "speed":
        return _set_rate(sandbox, request.POST.get("rate", ""))
    if action not in STEPS:
        return _refuse("The clock knows pause, play, step, skip and speed.")
    reached = STEPS[action](sandbox.pk)
    response = HttpResponse(status=204)
    if reached.moved:
        return response
    return toast(response, "Nothing is due: no timer runs and no actor is about to act.")


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


def _set_rate(sandbox: Sandbox, text: str) -> HttpResponse:
    try:
        control.set_rate(sandbox.pk, float(text))
    except ValueError:
        return _refuse(f"Use a speed from {control.RATE_MIN} to {control.RATE_MAX:g}.")
    return HttpResponse(status=204)


def _refuse(text: str) -> HttpResponse:
    return toast(HttpResponse(status=400), text, kind="error")
