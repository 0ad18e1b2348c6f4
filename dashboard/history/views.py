"""Looking back: one moment of a sandbox, and the markers of its log."""

from collections.abc import Callable
from typing import Any, Final

import orjson
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dashboard.history import log, shelf
from dashboard.history.chronicle import Chronicle, OutOfReach
from dashboard.history.flights import flights
from dashboard.history.frames import frame
from dashboard.history.markers import DECISIONS, KINDS, kind_of
from dashboard.history.past import Past
from dashboard.history.words import sentence
from dashboard.people import of_sandbox
from dashboard.topology.snapshot import Head
from messaging.kernel.clock import wall_ms
from messaging.kernel.models import Sandbox

BUCKETS_MAX: Final = 400
BUCKETS: Final = 120
# Of a step over more events only those next to where it ends are seen moving.
STEPPED: Final = 500


@require_safe
@of_sandbox
def at(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Answer the state after event ``seq``, or after the last one at sandbox time ``time``."""
    return _look(request, sandbox, _moment)


@require_safe
@of_sandbox
def markers(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Answer the markers between two sandbox times, by default all, in equal stretches."""
    return _look(request, sandbox, _markers)


def _look(
    request: HttpRequest,
    sandbox: Sandbox,
    answer: Callable[[HttpRequest, Chronicle, Head], dict[str, Any]],
) -> HttpResponse:
    try:
        with shelf.opened(sandbox.pk) as found:
            if found is None:
                raise Http404(gettext("This sandbox was deleted."))
            data = answer(request, *found)
    except OutOfReach:
        return JsonResponse({"error": gettext("That event is not in the log.")}, status=404)
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    return HttpResponse(orjson.dumps(data), content_type="application/json")


def _moment(request: HttpRequest, chronicle: Chronicle, head: Head) -> dict[str, Any]:
    time = _number(request, "time")
    seq = _number(request, "seq")
    if time is not None:
        seq = chronicle.markers.last_at(time) or chronicle.first
    if seq is None:
        raise ValueError(gettext("Say which moment: seq or time."))
    past = chronicle.at(seq)
    return {
        **frame(past, head),
        **_passed(chronicle, _number(request, "from"), seq),
        "past": _about(past, chronicle),
    }


def _passed(chronicle: Chronicle, since: int | None, seq: int) -> dict[str, Any]:
    """Say what moved in the events between where one was and where one is; back: those undone."""
    if since is None:
        return {"moved": []}
    sandbox, back = chronicle.sandbox, since > seq
    if back:
        events = log.events(sandbox, seq, min(since, seq + STEPPED))
    else:
        events = log.events(sandbox, max(since, seq - STEPPED), seq)
    return {"moved": flights(events, back=back), "back": back}


def _about(past: Past, chronicle: Chronicle) -> dict[str, Any]:
    """Say which event it is, and where one can go from here."""
    seq, first, last = past.seq, chronicle.first, chronicle.last
    found = log.events(chronicle.sandbox, seq - 1, seq)
    said: dict[str, Any] = {"kind": None, "node": "", "what": gettext("before the first event")}
    for _, kind, arn, data in found:
        said = {"kind": kind_of(kind, data), "node": arn, "what": sentence(kind, arn, data)}
    return {
        "seq": seq,
        "at": past.at,
        "first": first,
        "last": last,
        "event": [seq - 1 if seq > first else None, seq + 1 if seq < last else None],
        "decision": chronicle.markers.near(seq, DECISIONS),
        **said,
    }


def _markers(request: HttpRequest, chronicle: Chronicle, head: Head) -> dict[str, Any]:
    trail = chronicle.markers.all
    now = head.clock.now(wall_ms())
    start = _number(request, "from")
    end = _number(request, "to")
    start = (trail.ats[0] if trail.ats else now) if start is None else start
    end = max(start, now if end is None else end)
    number = min(max(1, _number(request, "buckets") or BUCKETS), BUCKETS_MAX)
    return {
        "epoch": chronicle.epoch,
        "from": start,
        "to": end,
        "now": now,
        "buckets": number,
        "first": chronicle.first,
        "last": chronicle.last,
        "began": trail.ats[0] if trail.ats else now,
        "count": {kind: len(chronicle.markers.kinds[kind].seqs) for kind in KINDS},
        "kinds": chronicle.markers.buckets(start, end, number),
    }


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise ValueError(gettext("%(name)s is a whole number.") % {"name": name}) from None
