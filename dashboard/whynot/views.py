"""The page: which publication, which node, and where it stopped."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.people import of_sandbox
from dashboard.topology.snapshot import Picture, read_head, read_picture
from dashboard.whynot import stops, trail, ways
from dashboard.whynot.stops import Stop
from dashboard.whynot.trail import Told, Trail
from messaging.kernel.clock import wall_ms
from messaging.kernel.models import Sandbox

_SECOND = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """A node on the way: whether it was reached, and if not, what stopped it before."""

    label: str
    is_reached: bool
    stop: Stop | None = None


@require_safe
@of_sandbox
def page(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the way of a publication to a node; without both, let people choose."""
    head = read_head(sandbox.pk)
    picture = read_picture(head) if head is not None else Picture()
    labels = {node.id: node.label for node in picture.nodes}
    publications = [(told, _title(told, labels)) for told in trail.latest(sandbox)]
    seq, node = request.GET.get("seq", ""), request.GET.get("node", "")
    found = trail.follow(sandbox, int(seq)) if seq.isdecimal() else None
    context: dict[str, Any] = {
        "sandbox": {"slug": sandbox.slug, "name": sandbox.name},
        "publications": publications,
        "nodes": [node for node in picture.nodes if node.id.startswith("arn:")],
        "seq": seq,
        "node": node,
        "now": sandbox.clock.now(wall_ms()),
    }
    if found is not None and node in labels:
        context |= _answer(request, sandbox, found, picture, node, labels)
    name = "answer.html" if request.headers.get("HX-Target") == "answer" else "page.html"
    return render(request, f"whynot/{name}", context)


def _answer(
    request: HttpRequest,
    sandbox: Sandbox,
    found: Trail,
    picture: Picture,
    node: str,
    labels: dict[str, str],
) -> dict[str, Any]:
    way = ways.shortest(picture.edges, found.start.arn, node)
    start = labels.get(found.start.arn, found.start.arn)
    if node == found.start.arn:
        way = []
    if way is None:
        led = sorted(labels.get(arn, arn) for arn in ways.reachable(picture.edges, found.start.arn))
        text = _("No subscription, rule or target leads from %(start)s to %(end)s.")
        return {"verdict": text % {"start": start, "end": labels[node]}, "led": led, "steps": []}
    steps = [Step(start, is_reached=True)]
    for hop in way:
        if hop.target in found.reached:
            steps.append(Step(labels.get(hop.target, hop.target), is_reached=True))
            continue
        stop = stops.explain(request, sandbox, found, hop)
        steps.append(Step(labels.get(hop.target, hop.target), is_reached=False, stop=stop))
        return {"steps": steps, "verdict": _("It stopped here."), "left_s": _left(sandbox, stop)}
    return {"steps": steps, "verdict": _("It got there.")}


def _left(sandbox: Sandbox, stop: Stop) -> float | None:
    if stop.next_at is None:
        return None
    return max(0, stop.next_at - sandbox.clock.now(wall_ms())) / _SECOND


def _title(told: Told, labels: dict[str, str]) -> str:
    what = told.data.get("type") or str(told.data.get("id", ""))[:8]
    return f"{labels.get(told.arn, told.arn)} · {what}"
