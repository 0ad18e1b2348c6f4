"""Runs a line as the console. It is asynchronous, so that a long poll holds up nobody."""

import base64
import json
from dataclasses import replace
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from dashboard.console import door
from dashboard.palette import running
from dashboard.palette.line import Order, order_of
from dashboard.palette.words import Usage, described
from dashboard.people import of_sandbox
from messaging.kernel.context import Caller
from messaging.kernel.models import Sandbox

_SHOWN: Final = 200_000


@require_safe
@of_sandbox
def model(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Tell what a line may say: operations with their options."""
    answer = JsonResponse({"commands": described()})
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@require_POST
async def run(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Run the line in the field ``line``; the answer is what the CLI would print."""
    asked = await sync_to_async(_read)(request, slug)
    if not isinstance(asked, _Asked):
        return asked
    order = asked.order
    try:
        result = await running.run(asked.caller, order.service, order.operation, order.params)
    except running.Refused as error:
        return _answer(str(error), ok=False)
    return _answer(_printed(result), ok=True, operation=order.operation)


class _Asked(HttpResponse):
    """A line that was understood, on its way out of ``of_sandbox``."""

    def __init__(self, caller: Caller, order: Order) -> None:
        super().__init__()
        self.caller = caller
        self.order = order


@of_sandbox
def _read(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    try:
        order = order_of(request.POST.get("line", "").strip())
    except Usage as error:
        return _answer(str(error), ok=False)
    caller = door.newcomer(request, sandbox)
    if order.region:
        caller = replace(caller, region=order.region)
    else:
        caller = replace(caller, knows_region=False)
    return _Asked(caller, order)


def _answer(text: str, *, ok: bool, operation: str = "") -> JsonResponse:
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}\n… cut after {_SHOWN:,} characters"
    return JsonResponse({"ok": ok, "text": cut, "operation": operation})


def _printed(result: Any) -> str:
    """Return a result as the CLI prints it; an operation without a result prints nothing."""
    if not result:
        return ""
    return json.dumps(result, indent=4, ensure_ascii=False, default=_as_json)


def _as_json(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
