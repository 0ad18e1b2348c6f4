"""What a person does with simulated actors; each takes effect at once, while the world runs."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.actors.forms import FORMS, ActorForm
from dashboard.actors.panel import GONE, actor_panel, choices_of, form_of
from dashboard.console.actions import toast
from dashboard.people import of_sandbox
from dashboard.wording import later as _
from messaging.kernel.models import Sandbox
from messaging.simulation import control
from messaging.simulation.fields import SettingsError
from messaging.simulation.models import Actor

NAMES: Final = {"producer": _("Producer"), "consumer": _("Consumer"), "fleet": _("Fleet")}
# What a new actor starts with, where the engine's own defaults would look odd.
STARTS: Final[dict[str, dict[str, Any]]] = {
    "producer": {
        "pattern": "steady", "rate": 1, "rate_to": 10, "ramp_seconds": 60, "burst_size": 10,
        "burst_every": 10, "body": '{"order":${counter},"total":${amount}}', "batch": 1,
        "poison_share": 0, "poison_body": "poison", "groups": 0, "group_prefix": "group-",
        "group_skew": 0, "times": "+10", "curve": "00:00 0.1, 09:00 5, 18:00 1",
    },
    "consumer": {
        "slots": 2, "batch": 1, "work": "exponential", "seconds": 1, "seconds_most": 3,
        "seconds_p95": 4, "wait": 20, "pause": 1, "failure_rate": 0, "forget_share": 0,
        "heartbeat": 0, "heartbeat_for": 30, "crash_every": 0, "crash_down": 5,
    },
}  # fmt: skip
STARTS["fleet"] = STARTS["consumer"] | {
    "slots": 1, "least": 1, "most": 10, "target_backlog": 10, "period": 10, "cooldown_out": 10,
    "cooldown_in": 60,
}  # fmt: skip
_LABELS: Final = {"producer": "producer", "consumer": "worker", "fleet": "fleet"}

Action = Callable[[HttpRequest, Sandbox, str], HttpResponse]


def on_actor(action: Action) -> Callable[..., HttpResponseBase]:
    """Make a POST view for the actor that the field ``key`` names."""

    @require_POST
    @of_sandbox
    @wraps(action)
    def view(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
        key = request.POST.get("key", "")
        try:
            return action(request, sandbox, key)
        except control.Gone:
            return render(request, GONE, {"name": key})

    return view


@require_http_methods(["GET", "POST"])
@of_sandbox
def create(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the form for a new actor, or add it and start it."""
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    kind = kind if kind in FORMS else "producer"
    queues = choices_of(FORMS[kind], sandbox)
    if request.method == "GET":
        form = FORMS[kind](initial={"label": _LABELS[kind], **STARTS[kind]}, queues=queues)
        wanted = request.GET.get("queue", "")
        form.initial[form.queue_field] = wanted or (queues[0][0] if queues else "")
        form.initial["groups"] = 5 if str(form.initial[form.queue_field]).endswith(".fifo") else 0
        return _form_page(request, sandbox, form)
    form = FORMS[kind](request.POST, queues=queues)
    if not form.is_accepted():
        return _form_page(request, sandbox, form)
    label = form.cleaned_data["label"]
    actor = control.add_actor(sandbox.pk, kind=kind, label=label, settings=form.settings())
    return toast(
        actor_panel(request, sandbox, actor.node),
        gettext("%(names)s %(label)s runs.") % {"names": NAMES[kind], "label": label},
    )


@require_http_methods(["GET", "POST"])
@of_sandbox
def edit(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the settings of an actor in a form, or change them while it runs."""
    key = request.POST.get("key") or request.GET.get("key", "")
    actor = Actor.objects.filter(sandbox=sandbox.pk, key=key, kind__in=FORMS).first()
    if actor is None:
        return render(request, GONE, {"name": key})
    if request.method == "GET":
        return _form_page(request, sandbox, _with_starts(form_of(sandbox, actor)), actor=actor)
    queues = choices_of(
        FORMS[actor.kind], sandbox, also=request.POST.get(FORMS[actor.kind].queue_field, "")
    )
    form = FORMS[actor.kind](request.POST, queues=queues)
    if not form.is_accepted():
        return _form_page(request, sandbox, form, actor=actor)
    label = form.cleaned_data["label"]
    old = {"id": actor.node, "settings": dict(actor.settings), "label": actor.label}
    try:
        control.change_actor(sandbox.pk, key, settings=form.settings(), label=label)
    except control.Gone:
        return render(request, GONE, {"name": key})
    except SettingsError as error:
        form.refuse(error)
        return _form_page(request, sandbox, form, actor=actor)
    return toast(
        actor_panel(request, sandbox, actor.node),
        gettext("%(label)s goes on with new settings.") % {"label": label},
        undo={"op": "settings", "args": old},
    )


@on_actor
def switch(request: HttpRequest, sandbox: Sandbox, key: str) -> HttpResponse:
    """Start or stop a simulated actor."""
    starts = request.POST.get("action") == "start"
    actor = (control.start_actor if starts else control.stop_actor)(sandbox.pk, key)
    text = (
        gettext("%(label)s runs.") % {"label": actor.label}
        if starts
        else gettext("%(label)s stopped. What it held comes back.") % {"label": actor.label}
    )
    return toast(actor_panel(request, sandbox, actor.node), text)


@on_actor
def duplicate(request: HttpRequest, sandbox: Sandbox, key: str) -> HttpResponse:
    """Add another actor with the same settings."""
    actor = Actor.objects.filter(sandbox=sandbox.pk, key=key).first()
    if actor is None:
        raise control.Gone(key)
    label = gettext("%(name)s copy") % {"name": actor.label[:50]}
    made = control.add_actor(
        sandbox.pk, kind=actor.kind, label=label, settings=actor.settings, account=actor.account
    )
    return toast(
        actor_panel(request, sandbox, made.node), gettext("%(label)s runs.") % {"label": label}
    )


@on_actor
def remove(request: HttpRequest, sandbox: Sandbox, key: str) -> HttpResponse:
    """Delete an actor."""
    control.remove_actor(sandbox.pk, key)
    page = render(request, GONE, {"name": key})
    return toast(page, gettext("%(key)s deleted. What it held comes back.") % {"key": key})


def _with_starts(form: ActorForm) -> ActorForm:
    form.initial = {**STARTS[form.kind], **form.initial}
    return form


def _form_page(
    request: HttpRequest, sandbox: Sandbox, form: ActorForm, *, actor: Actor | None = None
) -> HttpResponse:
    context = {
        "sandbox": {"slug": sandbox.slug},
        "form": form,
        "kinds": NAMES.items(),
        "kind": form.kind,
        "actor": actor,
        "has_queues": bool(choices_of(type(form), sandbox)),
    }
    return render(request, "actors/form.html", context, status=422 if form.errors else 200)
