"""Panels of what is no resource: the inbox of people and devices, and HTTP endpoints."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from messaging import registry
from messaging.kernel.models import Sandbox

_INBOX: Final = "services/sns/inbox.html"
_ENDPOINT: Final = "services/sns/endpoint.html"
_GONE: Final = "partials/gone.html"
# What a person may follow: an address of ours, to agree or to have enough.
_LINK: Final = re.compile(r'https?://[^\s"]+[?&]Action=(ConfirmSubscription|Unsubscribe)[^\s"]*')
_SHOWN: Final = 50


def panel(request: HttpRequest, sandbox: Sandbox, node_id: str) -> HttpResponse:
    """Show the inbox, or the HTTP endpoint that the node is."""
    topology: Any = registry.SERVICES["sns"].topology
    if node_id.startswith("inbox:"):
        items = [_item(told) for told in topology.inbox(sandbox.pk, _SHOWN)]
        return render(request, _INBOX, {"sandbox": sandbox, "id": node_id, "items": items})
    told = topology.Replay.now(sandbox.pk).subscriptions.values()
    found = [each for each in told if each.endpoint == node_id]
    if not found:
        return render(request, _GONE, {"name": node_id})
    context = {"sandbox": sandbox, "id": node_id, "subscriptions": found}
    return render(request, _ENDPOINT, context)


def _item(told: dict[str, Any]) -> dict[str, Any]:
    link = _LINK.search(told["body"])
    return {
        **told,
        "when": datetime.fromtimestamp(told["at"] // 1000, UTC),
        "from": told["source"].rpartition(":")[2],
        "link": link[0] if link else "",
        "asks": bool(link and link[1] == "ConfirmSubscription"),
    }
