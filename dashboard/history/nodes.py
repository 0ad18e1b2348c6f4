"""The details panel in the past: what the log knows of one node at that moment."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from dashboard.history import shelf
from dashboard.history.cells import Cell
from dashboard.history.chronicle import OutOfReach
from dashboard.history.past import Past
from messaging.kernel.models import Sandbox
from messaging.kernel.topology import Node

TEMPLATE: Final = "time/node.html"
SHOWN: Final = 20
_WORDS: Final = {"v": "visible", "f": "in flight", "d": "delayed"}
# What the map needs of a node's settings, and nobody reads.
_INNER: Final = ("meta", "dlq", "url")


def panel(request: HttpRequest, sandbox: Sandbox, node_id: str, seq: str) -> HttpResponse:
    """Show a node as it was after event ``seq``."""
    if not seq.isdecimal():
        raise Http404(gettext("That event is not in the log."))
    try:
        with shelf.opened(sandbox.pk) as found:
            if found is None:
                raise Http404(gettext("This sandbox was deleted."))
            past = found[0].at(int(seq))
    except OutOfReach:
        raise Http404(gettext("That event is not in the log.")) from None
    node = next((each for each in past.nodes() if each.id == node_id), None)
    context = {"sandbox": sandbox, "at": past.at, "seq": int(seq), "id": node_id}
    if node is None:
        name = node_id.rpartition(":")[2]
        return render(request, TEMPLATE, context | {"label": name, "is_missing": True})
    return render(request, TEMPLATE, context | _told(past, node))


def _told(past: Past, node: Node) -> dict[str, Any]:
    cell = past.cells.get(node.id, Cell())
    visible, in_flight, delayed, oldest_at = cell.counters()
    stores = node.id.startswith("arn:")
    rows = [_message(past.at, row) for row in cell.urgent()[:SHOWN]]
    return {
        "label": node.label,
        "kind": node.kind,
        "meta": node.cfg.get("meta", ""),
        "state": node.cfg.get("state", ""),
        "is_dlq": node.cfg.get("dlq", False),
        "stores": stores,
        "faults": past.faults().get(node.id, []),
        "counters": {"visible": visible, "in_flight": in_flight, "delayed": delayed},
        "oldest_s": (past.at - oldest_at) / 1000 if oldest_at else None,
        "messages": rows,
        "more": visible + in_flight + delayed - len(rows),
        "settings": sorted(_settings(past, node)),
    }


def _message(at: int, row: list[Any]) -> dict[str, Any]:
    number, state, until, receives, group, since = row
    timed = state != "v" and until
    seconds = (until - at if timed else at - since) / 1000
    return {
        "number": number,
        "state": state,
        "word": _WORDS[state],
        "receives": receives,
        "group": group or "",
        "timed": bool(timed),
        "seconds": max(0.0, seconds),
    }


def _settings(past: Past, node: Node) -> Iterator[tuple[str, Any]]:
    known = past.settings(node.id)
    yield from known.items()
    if not known:
        yield from ((key, value) for key, value in node.cfg.items() if key not in _INNER)
