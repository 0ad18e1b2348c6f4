"""The controls of a sandbox's world: every action answers with the clock as it stands then."""

from collections.abc import Callable
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dashboard.console.actions import toast
from dashboard.people import of_sandbox
from dashboard.wording import in_language
from dashboard.wording import later as _
from messaging.kernel.errors import NotModelled
from messaging.kernel.models import Sandbox
from messaging.simulation import control, until
from messaging.simulation.control import Reached

STEPS: Final[dict[str, Callable[[int], Reached]]] = {
    "pause": control.pause,
    "play": control.play,
    "skip": control.skip,
    "step": control.step,
}
_UNTIL: Final = {
    "dead": _("a message was moved to dead letters"),
    "empty": _("the queue is empty"),
    "events": _("that many events have happened"),
    "time": _("that time has passed"),
}


@require_POST
@of_sandbox
def clock(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Pause, play, step, skip, change the speed, run until; the stream tells every viewer."""
    action = request.POST.get("action", "")
    try:
        if action == "speed":
            return _answer(control.set_rate(sandbox.pk, _decimal(request.POST.get("rate", ""))))
        if action == "until":
            return _run_until(request, sandbox)
    except control.OutOfRange as error:
        return _refuse(in_language(error.sentence))
    except (ValueError, NotModelled) as error:
        return _refuse(str(error))
    if action not in STEPS:
        return _refuse(gettext("The clock knows pause, play, step, skip, speed and until."))
    reached = STEPS[action](sandbox.pk)
    response = _answer(reached)
    if reached.moved:
        return response
    return toast(response, gettext("Nothing is due: no timer runs and no actor is about to act."))


def _run_until(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    what = request.POST.get("what", "")
    if what not in _UNTIL:
        raise ValueError(gettext("Run until one of %(names)s.") % {"names": ", ".join(_UNTIL)})
    if what == "time":
        seconds = _decimal(request.POST.get("number", ""))
        run = until.run_for(sandbox.pk, round(seconds * 1000))
    else:
        run = until.run_until(sandbox.pk, _condition(what, request))
    moment = _time_of_day(run.reached.now)
    if run.met:
        said = gettext("Paused at %(moment)s: %(until)s.") % {
            "moment": moment,
            "until": _UNTIL[what],
        }
    else:
        said = gettext(
            "Not within a day or %(moments_max)s moments. The world is paused at %(moment)s."
        ) % {"moments_max": format(until.MOMENTS_MAX, ","), "moment": moment}
    return toast(_answer(run.reached, met=run.met), said)


def _condition(what: str, request: HttpRequest) -> until.Condition:
    if what == "dead":
        return until.dead_lettered()
    if what == "events":
        return until.events_logged(round(_decimal(request.POST.get("number", ""))))
    arn = request.POST.get("queue", "")
    if not arn.startswith("arn:"):
        raise ValueError(gettext("Choose a queue."))
    return until.empty(arn)


def _answer(reached: Reached, **more: Any) -> HttpResponse:
    state = {"now": reached.now, "rate": reached.rate, "paused": reached.paused}
    return JsonResponse({**state, "moved": reached.moved, **more})


def _decimal(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(gettext("Use a number.")) from None
    if not isfinite(number):
        raise ValueError(gettext("Use a number."))
    return number


def _time_of_day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%H:%M:%S")


def _refuse(text: str) -> HttpResponse:
    return toast(HttpResponse(status=400), text, kind="error")
