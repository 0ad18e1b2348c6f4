"""Events as AWS's own services send them: chosen, changed, and sent onto the default bus.

PutEvents refuses their sources, as AWS does, so they go the way of the sandbox's own services.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.console import door
from dashboard.console.bench import there
from dashboard.console.forms import AwsForm
from dashboard.console.operations.fields import JsonField
from dashboard.people import of_sandbox
from dashboard.resources import buses
from dashboard.resources.desk import Desk
from dashboard.resources.telling import document
from dashboard.wording import later
from messaging import registry
from messaging.kernel.arns import parse_arn
from messaging.kernel.clock import wall_ms
from messaging.kernel.errors import AwsError
from messaging.kernel.ids import compose
from messaging.kernel.models import Event, Sandbox
from messaging.kernel.packets import Packet

_FIRST: Final = "aws.s3 · Object Created"
_OURS: Final = "aws."


@dataclass(frozen=True, slots=True)
class Sent:
    """An event that went onto the bus: from whom, what rules saw, and which of them matched."""

    sender: str
    event: str
    matched: list[str]


class SampleForm(AwsForm):
    """A sample, and what of it may be changed. ``catalogue`` has the events by their titles."""

    default = "Detail"

    Sample = forms.ChoiceField(label=later("Sample"))
    Resources = JsonField(label=later("Resources"), rows=2, required=False)
    Detail = JsonField(label=later("Detail"), rows=14, required=False)

    def __init__(self, *args: Any, catalogue: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.catalogue = catalogue
        field = self.fields["Sample"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(title, title) for title in catalogue]

    def clean_Resources(self) -> list[str]:
        """Return the ARNs; raises ValidationError."""
        found = self.cleaned_data["Resources"]
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise forms.ValidationError(_("Resources are a list of texts."))
        return found

    def clean_Detail(self) -> str:
        """Return the text as it was written; raises ValidationError."""
        if not isinstance(self.cleaned_data["Detail"], dict):
            raise forms.ValidationError(_("The detail of an event is an object in braces."))
        return str(self.data["Detail"])

    @property
    def chosen(self) -> Mapping[str, Any]:
        """The event of the chosen sample."""
        event: Mapping[str, Any] = self.catalogue[str(self["Sample"].value())]
        return event

    def entry(self) -> dict[str, Any]:
        """Return a valid form as an entry of PutEvents."""
        said = self.cleaned_data
        event = self.catalogue[said["Sample"]]
        return {
            "Source": event["source"], "DetailType": event["detail-type"],
            "Resources": said["Resources"], "Detail": said["Detail"],
        }  # fmt: skip


def has_samples(desk: Desk) -> bool:
    """Tell whether AWS's services send here: they do to the default bus alone."""
    return desk.service == "events" and desk.resource == f"event-bus/{buses.DEFAULT}"


def catalogue_of(desk: Desk) -> dict[str, Any]:
    """Return the events of AWS's services by title, as they would be sent now."""
    matcher = registry.SERVICES["events"].matcher
    assert matcher is not None
    owner = parse_arn(desk.arn)
    now = desk.sandbox.clock.now(wall_ms())
    found = matcher.samples(account=owner.account, region=owner.region, at=now)
    return {title: events[matcher.WHOLE] for title, events in found}


@require_http_methods(["GET", "POST"])
@of_sandbox
def sample(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show a sample to change, or send it."""
    given = request.GET if request.method == "GET" else request.POST
    desk = _desk(request, sandbox, given)
    catalogue = catalogue_of(desk)
    if request.method == "GET":
        title = given.get("Sample", "")
        return _page(desk, _filled(catalogue, title if title in catalogue else _FIRST))
    form = SampleForm(given, catalogue=catalogue)
    sent = send(desk, form) if form.is_valid() else None
    return _page(desk, form, sent, status=422 if sent is None else 200)


@require_POST
@of_sandbox
def check(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Say what is wrong in a form that somebody is filling in."""
    form = SampleForm(request.POST, catalogue=catalogue_of(_desk(request, sandbox, request.POST)))
    says = [
        (f"{field.auto_id}_error", [str(error) for error in field.errors])
        for field in form.visible_fields()
    ]
    return render(request, "services/aws/sample_check.html", {"says": there(form, says)})


def send(desk: Desk, form: SampleForm) -> Sent | None:
    """Send a valid form as its service would; what is refused stands in the form then."""
    entry = form.entry()
    sender = f"{entry['Source'].removeprefix(_OURS)}.amazonaws.com"
    packet = Packet(desk.arn, json.dumps(entry), principal=sender)
    try:
        before, last = door.hand_over(desk.sandbox, packet)
    except AwsError as error:
        form.refuse(error)
        return None
    return Sent(sender, *_outcome(desk, form, before, last))


def _outcome(desk: Desk, form: SampleForm, before: int, last: int) -> tuple[str, list[str]]:
    """Return the event as rules saw it, and the names of those that matched."""
    event = dict(form.chosen) | {"resources": form.cleaned_data["Resources"]}
    event["detail"] = json.loads(form.cleaned_data["Detail"])
    ends = compose(desk.sandbox.pk, before), compose(desk.sandbox.pk, last)
    rules = []
    for row in Event.objects.filter(pk__gt=ends[0], pk__lte=ends[1]).order_by("pk"):
        if row.kind == "events.Received" and row.arn == desk.arn:
            event["id"] = json.loads(row.data)["id"]
        elif row.kind == "events.Matched" and json.loads(row.data)["bus"] == desk.arn:
            rules.append(row.arn.rpartition("/")[2])
    return document(json.dumps(event)), rules


def _desk(request: HttpRequest, sandbox: Sandbox, given: Mapping[str, Any]) -> Desk:
    desk = Desk.at(request, sandbox, "events", str(given.get("arn", "")))
    if not has_samples(desk):
        raise Http404(_("AWS's services send their events to the default bus alone."))
    return desk


def _filled(catalogue: Mapping[str, Any], title: str) -> SampleForm:
    event = catalogue[title]
    known = {name: document(json.dumps(event[name.lower()])) for name in ("Resources", "Detail")}
    return SampleForm(initial=known | {"Sample": title}, catalogue=catalogue)


def _page(
    desk: Desk, form: SampleForm, sent: Sent | None = None, *, status: int = 200
) -> HttpResponse:
    context = {
        "sandbox": {"slug": desk.sandbox.slug},
        "arn": desk.arn,
        "form": form,
        "sent": sent,
    }
    return render(desk.request, "services/aws/sample.html", context, status=status)
