"""The details panel: which panel belongs to which node."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard import outside
from dashboard.actors.panel import GONE, actor_panel
from dashboard.console.desk import QueueDesk
from dashboard.console.queues import render_panel
from dashboard.history.nodes import panel as past_panel
from dashboard.people import of_sandbox
from dashboard.resources.views import panel as resource_panel
from messaging.kernel.arns import is_arn, parse_arn
from messaging.kernel.models import Sandbox


@require_safe
@of_sandbox
def node(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the panel of the node that ``?id=`` names."""
    node_id = request.GET.get("id", "")
    if "seq" in request.GET:
        return past_panel(request, sandbox, node_id, request.GET["seq"])
    kind, _, key = node_id.partition(":")
    if kind in ("actor", "client"):
        return actor_panel(request, sandbox, node_id)
    if kind in ("http", "https", "inbox"):
        return outside.panel(request, sandbox, node_id)
    if is_arn(node_id) and parse_arn(node_id).service != "sqs":
        found = resource_panel(request, sandbox, node_id)
        return found or render(request, GONE, {"name": key.rpartition(":")[2]})
    desk = QueueDesk.open(request, sandbox, node_id)
    if desk is None:
        return render(request, GONE, {"name": key.rpartition(":")[2]})
    return render_panel(desk)
