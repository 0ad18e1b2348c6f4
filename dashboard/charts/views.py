"""The page of the charts, and their numbers as JSON."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from dashboard.charts import kept
from dashboard.charts.drawn import SPANS, drawn
from dashboard.console.text import visible
from dashboard.people import of_sandbox
from dashboard.wording import later as _
from messaging import registry
from messaging.kernel.arns import is_arn
from messaging.kernel.clock import wall_ms
from messaging.kernel.models import Sandbox

ALL: Final = "all"
_NAMES: Final = {"5m": "5 min", "1h": "1 h", ALL: _("Whole log")}


@require_safe
@ensure_csrf_cookie
@of_sandbox
def page(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show depth, age and rates of one queue."""
    queues = _queues(sandbox)
    arn = request.GET.get("arn", "")
    if arn not in dict(queues):
        arn = queues[0][0] if queues else ""
    context = {
        "sandbox": {"slug": sandbox.slug, "name": sandbox.name},
        "queues": [(key, visible(label)) for key, label in queues],
        "arn": arn,
        "span": _span(request),
        "spans": _NAMES.items(),
    }
    return render(request, "charts/page.html", context)


@require_safe
@of_sandbox
def data(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Return the points of one queue's charts."""
    arn = request.GET.get("arn", "")
    if not is_arn(arn):
        raise Http404(gettext("There is no such queue."))
    series = kept.series_of(sandbox, arn)
    clock = sandbox.clock
    now = clock.now(wall_ms()) // 1_000
    begins = kept.begins_at(sandbox) // 1_000 or now
    answer: dict[str, Any] = drawn(series.rows, now=now, begins=begins, span=_span(request))
    answer["paused"] = clock.paused
    response = JsonResponse(answer)
    response.headers["Cache-Control"] = "no-store"
    return response


def _span(request: HttpRequest) -> str:
    span = request.GET.get("span", "5m")
    return span if span in (*SPANS, ALL) else "5m"


def _queues(sandbox: Sandbox) -> list[tuple[str, str]]:
    return sorted(
        (
            (node.id, node.label)
            for service in registry.SERVICES.values()
            if service.topology is not None
            for node in service.topology.nodes(sandbox.pk)
        ),
        key=lambda pair: pair[1],
    )
