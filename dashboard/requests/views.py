"""The page of the requests log, one call in full, and making it again as the console."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from dashboard.console import door
from dashboard.console.actions import toast
from dashboard.console.equivalents import equivalent
from dashboard.console.text import visible
from dashboard.palette import running
from dashboard.people import of_sandbox
from dashboard.requests import log
from dashboard.requests.choices import Choices, choices_of
from dashboard.requests.log import Entry, Wanted
from messaging.kernel import recent
from messaging.kernel.arns import is_arn
from messaging.kernel.context import Caller
from messaging.kernel.models import Sandbox

_SHOWN = 20_000


@require_safe
@ensure_csrf_cookie
@of_sandbox
def page(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the calls that the filters want; htmx asks for the list alone."""
    asked = {name: request.GET.get(name, "").strip()[:300] for name in Wanted._fields}
    before = _whole(request.GET.get("before", ""))
    found = log.page(sandbox, Wanted(**asked), before=before)
    choices = choices_of(sandbox)
    query = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "sandbox": {"slug": sandbox.slug, "name": sandbox.name},
        "rows": [_row(entry, choices) for entry in found.entries],
        "older": found.older,
        "looked_at": found.looked_at,
        "before": before,
        "live": not before and request.GET.get("live") != "0",
        "wanted": asked,
        "is_filtered": bool(query),
        "query": query,
        "choices": choices,
    }
    if request.headers.get("HX-Target") == "requests-log":
        return render(request, "requests/rows.html", context)
    return render(request, "requests/page.html", context)


@require_safe
@of_sandbox
def call(request: HttpRequest, sandbox: Sandbox, seq: int) -> HttpResponse:
    """Show one call with its parameters, as far as they are known."""
    return render(request, "requests/call.html", _known(request, sandbox, seq).context)


@require_POST
async def replay(request: HttpRequest, slug: str, seq: int) -> HttpResponseBase:
    """Make a call again, as the console. Asynchronous: it may be a long poll."""
    asked = await sync_to_async(_asked_again)(request, slug, seq)
    if not isinstance(asked, _Again):
        return asked
    call, context = asked.call, asked.context
    try:
        result = await running.run(asked.caller, call.service, call.operation, call.params)
        context["outcome"] = {"text": _json(result or {}), "ok": True}
    except running.Refused as error:
        context["outcome"] = {"text": str(error), "ok": False}
    page = await sync_to_async(render)(request, "requests/call.html", context)
    if context["outcome"]["ok"]:
        return toast(page, _("%(operation)s run as console.") % {"operation": call.operation})
    return toast(
        page, _("AWS refused %(operation)s.") % {"operation": call.operation}, kind="error"
    )


class _Again(HttpResponse):
    """A call that can be made again, on its way out of ``of_sandbox``."""

    def __init__(self, caller: Caller, call: recent.Asked, context: dict[str, Any]) -> None:
        super().__init__()
        self.caller = caller
        self.call = call
        self.context = context


class _Known(NamedTuple):
    """A call as the log and this process's memory have it."""

    entry: Entry
    asked: recent.Asked | None
    context: dict[str, Any]


@of_sandbox
def _asked_again(request: HttpRequest, sandbox: Sandbox, seq: int) -> HttpResponse:
    entry, asked, context = _known(request, sandbox, seq)
    if asked is None or not asked.whole:
        page = render(request, "requests/call.html", context)
        return toast(page, _("Not run. Its parameters are no longer known in full."), kind="error")
    return _Again(_caller(request, sandbox, entry), asked, context)


def _known(request: HttpRequest, sandbox: Sandbox, seq: int) -> _Known:
    entry = log.one(sandbox, seq)
    if entry is None:
        raise Http404(_("The log does not have this call any more."))
    asked = recent.find(sandbox.pk, sandbox.generation, seq)
    here = door.base_url(request)
    details = _details(entry, asked, choices_of(sandbox), here)
    context = details | {"sandbox": {"slug": sandbox.slug}}
    return _Known(entry, asked, context)


def _caller(request: HttpRequest, sandbox: Sandbox, entry: Entry) -> Caller:
    if is_arn(entry.resource):
        return door.owner_of(request, sandbox, entry.resource)
    return door.newcomer(request, sandbox)


def _row(entry: Entry, choices: Choices) -> dict[str, Any]:
    moment = datetime.fromtimestamp(entry.at / 1000, tz=UTC)
    return {
        "seq": entry.seq,
        "time": f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03}",
        "date": f"{moment:%Y-%m-%d}",
        "actor": visible(choices.name_of(entry.actor)),
        "is_person": entry.actor.startswith("client:") or entry.actor == door.ACTOR,
        "operation": entry.operation,
        "count": entry.count,
        "resource": visible(choices.name_of(entry.resource)) if entry.resource else "",
        "result": entry.result,
        "failed": entry.failed,
        "preview": visible(entry.preview, length=96),
    }


def _details(
    entry: Entry, asked: recent.Asked | None, choices: Choices, here: str
) -> dict[str, Any]:
    details: dict[str, Any] = {"row": _row(entry, choices), "asked": asked}
    if asked is not None:
        details["operation"] = asked.operation
        params = _reachable(entry, asked.params, here)
        details["params"] = _json(params)
        details["cli"] = equivalent(asked.service, asked.operation, params)["cli"]
        details["cli_shown"] = _shown(details["cli"])
    return details


def _reachable(entry: Entry, params: Mapping[str, Any], here: str) -> Mapping[str, Any]:
    """Return the parameters; a simulated caller's queue is where this browser reaches it."""
    if "QueueUrl" not in params or not entry.actor.startswith("actor:"):
        return params
    return {**params, "QueueUrl": here + urlsplit(str(params["QueueUrl"])).path}


def _json(value: Any) -> str:
    """Return JSON as it may be shown: indented, and nothing invisible in its texts."""
    return _shown(json.dumps(value, indent=2, ensure_ascii=False, default=repr))


def _shown(text: str) -> str:
    lines = text[:_SHOWN].split("\n")
    return "\n".join(visible(line, length=_SHOWN) for line in lines)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 12 else 0  # noqa: PLR2004 - a sequence number has 12 digits at most
