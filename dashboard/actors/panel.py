"""The panel of one actor: what it has done, what it is told to do, its faults."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from dashboard.actors.forms import FORMS, ActorForm
from dashboard.actors.tray import tray_context
from dashboard.wording import later as _
from messaging import registry
from messaging.kernel import clients
from messaging.kernel.models import Sandbox
from messaging.kernel.topology import Node
from messaging.simulation import topology
from messaging.simulation.models import Actor

GONE: Final = "partials/gone.html"
# What an actor counts, as it is said; what is 0 is left out, but for the first two of a kind.
COUNTS: Final = {
    "sent": _("sent"),
    "lost": _("given up"),
    "received": _("received"),
    "deleted": _("deleted"),
    "failed": _("failed"),
    "once": _("done once"),
    "twice": _("done again"),
    "skipped": _("known, skipped"),
    "forgotten": _("not deleted"),
    "dropped": _("deletes lost"),
    "extended": _("heartbeats"),
    "empty": _("empty receives"),
    "crashes": _("crashes"),
    "failures": _("refused calls"),
}
_ALWAYS: Final = {"producer": ("sent",), "consumer": ("received", "deleted"),
                  "fleet": ("received", "deleted")}  # fmt: skip


def actor_panel(request: HttpRequest, sandbox: Sandbox, node_id: str) -> HttpResponse:
    """Show the panel of an actor or an outside client."""
    source = topology if node_id.startswith("actor:") else clients
    found = [node for node in source.nodes(sandbox.pk) if node.id == node_id]
    if not found:
        return render(request, GONE, {"name": node_id.partition(":")[2]})
    context: dict[str, Any] = {
        "sandbox": {"slug": sandbox.slug}, "actor": _facts(sandbox, found[0]),
    }  # fmt: skip
    if node_id.startswith("actor:"):
        context["tray"] = tray_context(sandbox, node_id)
    return render(request, "partials/actor.html", context)


_QUEUES: Final = ("queue", "fifo")


def choices_of(form: type[ActorForm], sandbox: Sandbox, *, also: str = "") -> list[tuple[str, str]]:
    """Return what a kind of actor may work on, for its form; ``also`` is one that may be gone."""
    nodes = [
        node
        for service in registry.SERVICES.values()
        if service.topology is not None
        for node in service.topology.nodes(sandbox.pk)
        if node.kind in form.works_on
    ]
    # A new actor works on the first; that is seldom meant to be a dead-letter queue.
    nodes.sort(key=lambda node: (node.kind not in _QUEUES, bool(node.cfg.get("dlq"))))
    found = [(node.id, node.label) for node in nodes]
    if also and also not in dict(found):
        found.append((also, gettext("%(name)s (deleted)") % {"name": also.rpartition(":")[2]}))
    return found


def form_of(sandbox: Sandbox, actor: Actor) -> ActorForm:
    """Return the form of an actor as it stands."""
    form = FORMS[actor.kind]
    queues = choices_of(form, sandbox, also=actor.settings.get(form.queue_field, ""))
    return form.filled(actor.label, actor.settings, queues=queues)


def _facts(sandbox: Sandbox, node: Node) -> dict[str, Any]:
    key = node.id.partition(":")[2]
    found = Actor.objects.filter(sandbox=sandbox.pk, key=key)
    actor = found.first() if node.kind != "client" else None
    memory = actor.memory if actor else {}
    return {
        "id": node.id,
        "key": key,
        "label": node.label,
        "kind": node.kind,
        "meta": node.cfg.get("meta", ""),
        "state": node.cfg.get("state", "running"),
        "error": memory.get("error", ""),
        "down_until": memory.get("down", 0),
        "counts": [
            (words, memory.get(name, 0))
            for name, words in COUNTS.items()
            if memory.get(name) or name in _ALWAYS.get(node.kind, ())
        ],
        "settings": _told(sandbox, actor) if actor else [],
    }


def _told(sandbox: Sandbox, actor: Actor) -> list[tuple[str, str]]:
    """Return the settings of an actor as its form says them; what is usual is left out."""
    if actor.kind not in FORMS:
        return sorted((name, str(value)) for name, value in actor.settings.items())
    told = []
    form = form_of(sandbox, actor)
    for name, field in form.fields.items():
        if name not in actor.settings or name == "label":
            continue
        value = form.initial[name]
        choices = dict(getattr(field, "choices", ()))
        unit = getattr(field, "unit", "")
        if isinstance(value, bool):
            value = gettext("yes") if value else gettext("no")
        told.append((str(field.label), str(choices.get(value, f"{value} {unit}".strip()))))
    return told
