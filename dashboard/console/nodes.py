"""The details panel: which template shows which node, and the switch of a simulated actor."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from dashboard.console.actions import toast
from dashboard.console.desk import QueueDesk
from dashboard.console.queues import render_panel
from dashboard.people import of_sandbox
from messaging.kernel import clients
from messaging.kernel.models import Sandbox
from messaging.kernel.topology import Node
from messaging.simulation import control, topology
from messaging.simulation.models import Actor

_GONE = "partials/gone.html"


@require_safe
@of_sandbox
def node(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the panel of the node that ``?id=`` names."""
    node_id = request.GET.get("id", "")
    kind, _, key = node_id.partition(":")
    if kind in ("actor", "client"):
        return _actor_panel(request, sandbox, node_id)
    desk = QueueDesk.open(request, sandbox, node_id)
    if desk is None:
        return render(request, _GONE, {"name": key.rpartition(":")[2]})
    return render_panel(desk)


@require_POST
@of_sandbox
def switch_actor(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Start or stop a simulated actor."""
    key = request.POST.get("key", "")
    starts = request.POST.get("action") == "start"
    try:
        actor = (control.start_actor if starts else control.stop_actor)(sandbox.pk, key)
    except control.Gone:
        return render(request, _GONE, {"name": key})
    text = f"{actor.label} runs." if starts else f"{actor.label} stopped. What it held comes back."
    return toast(_actor_panel(request, sandbox, actor.node), text)


def _actor_panel(request: HttpRequest, sandbox: Sandbox, node_id: str) -> HttpResponse:
    source = topology if node_id.startswith("actor:") else clients
    found = [node for node in source.nodes(sandbox.pk) if node.id == node_id]
    if not found:
        return render(request, _GONE, {"name": node_id.partition(":")[2]})
    context = {"sandbox": {"slug": sandbox.slug}, "actor": _actor(sandbox, found[0])}
    return render(request, "partials/actor.html", context)


def _actor(sandbox: Sandbox, node: Node) -> dict[str, Any]:
    key = node.id.partition(":")[2]
    actor = (
        Actor.objects.filter(sandbox=sandbox.pk, key=key).first() if node.kind != "client" else None
    )
    settings = actor.settings if actor else {}
    return {
        "key": key,
        "label": node.label,
        "kind": node.kind,
        "meta": node.cfg.get("meta", ""),
        "state": node.cfg.get("state", "running"),
        "settings": [(name.replace("_", " "), value) for name, value in sorted(settings.items())],
    }
