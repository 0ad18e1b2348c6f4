"""What can be made on the map, and the form that makes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dashboard.console.actions import toast
from dashboard.console.answers import Answer
from dashboard.people import of_sandbox
from dashboard.resources.calling import call, judge
from dashboard.resources.desk import Desk
from dashboard.resources.forms import ResourceForm, filled, form_of
from dashboard.resources.views import panel
from dashboard.wording import later as _
from messaging import registry
from messaging.kernel.models import Sandbox


@dataclass(frozen=True, slots=True)
class Maker:
    """A kind of resource that can be made: by which call, and where its answer has the ARN."""

    service: str
    operation: str
    word: str
    glyph: str
    title: str
    hint: str
    path: str
    arn: str = ""


MAKERS: Final = (
    Maker("sqs", "CreateQueue", _("Queue"), "queue", "", "", "sqs/create/"),
    Maker(
        "sns", "CreateTopic", _("Topic"), "topic", _("New topic"),
        _("Standard, or FIFO when the name ends in .fifo"), "aws/sns/new/CreateTopic/", "TopicArn",
    ),
    Maker(
        "events", "CreateEventBus", _("Event bus"), "bus", _("New event bus"),
        _("Its rules say what goes where."), "aws/events/new/CreateEventBus/", "EventBusArn",
    ),
    Maker(
        "events", "PutRule", _("Rule"), "rule", _("New rule"),
        _("A pattern or a schedule, on an event bus."), "aws/events/new/PutRule/", "RuleArn",
    ),
    Maker(
        "scheduler", "CreateSchedule", _("Schedule"), "schedule", _("New schedule"),
        _("It fires at a time, at a rate or by cron."), "aws/scheduler/new/CreateSchedule/",
        "ScheduleArn",
    ),
    Maker(
        "pipes", "CreatePipe", _("Pipe"), "pipe", _("New pipe"),
        _("From a queue, through filters, to a target."), "aws/pipes/new/CreatePipe/", "Arn",
    ),
)  # fmt: skip
_FIRST: Final[Mapping[str, Mapping[str, Any]]] = {
    "CreatePipe": {"RoleArn": "arn:aws:iam::123456789012:role/pipe"},
    "CreateSchedule": {
        "ScheduleExpression": "rate(1 minute)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": "", "RoleArn": "arn:aws:iam::123456789012:role/scheduler"},
    },
    "PutRule": {"EventPattern": '{"source": ["shop.orders"]}', "EventBusName": "default"},
}


def makers() -> list[Maker]:
    """Return what the engine can make."""
    return [maker for maker in MAKERS if registry.service_named(maker.service) is not None]


@require_http_methods(["GET", "POST"])
@of_sandbox
def new(request: HttpRequest, sandbox: Sandbox, service: str, key: str) -> HttpResponse:
    """Show the form that makes a resource, or make it and show its panel."""
    known = {(maker.service, maker.operation): maker for maker in makers()}
    maker = known.get((service, key))
    if maker is None or not maker.arn:
        raise Http404(gettext("Nothing is made by %(name)s here.") % {"name": f"{service}:{key}"})
    desk = Desk.at(request, sandbox, service, "")
    if request.method == "GET":
        return _page(desk, maker, filled(desk, key, _FIRST.get(key, {})))
    form = form_of(service, key)(request.POST, desk=desk)
    answer = call(form)
    if answer is None or not answer.is_done:
        return _page(desk, maker, form, answer=answer, status=422)
    made = panel(request, sandbox, str(answer.result[maker.arn]))
    assert made is not None
    return toast(made, gettext("%(what)s created.") % {"what": maker.word})


def _page(
    desk: Desk, maker: Maker, form: ResourceForm, *, answer: Answer | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "sandbox": {"slug": desk.sandbox.slug},
        "service": desk.service,
        "maker": maker,
        "arn": "",
        "key": form.operation,
        "form": form,
        "answer": answer,
        "call": answer.call if answer else judge(form.as_it_stands()),
    }
    return render(desk.request, "services/aws/new.html", context, status=status)
