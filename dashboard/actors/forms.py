"""Forms of actors: the basics first, the rest in groups that open. The engine has the last word."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext

from dashboard.actors.fields import (
    Choice,
    Choices,
    Flag,
    Number,
    Pairs,
    Setting,
    Share,
    Whole,
    Word,
    refusal,
)
from dashboard.wording import later as _
from messaging.simulation.fields import SettingsError
from messaging.simulation.kinds import kind_of

_DAY_S: Final = 86_400
BACKLOG: Final = _("The fleet is sized so that this many messages wait for each.")
CURVE: Final = _("A time, UTC, and messages/s: 09:00 5. A straight line joins them.")
TIMES: Final = _("09:30 is each day, UTC. +60 is once, 60 s after it starts.")
MARKS: Final = (
    "${counter} ${group} ${now} ${uuid} ${name} ${city} ${amount:5,250} ${integer:1,9} "
    "${decimal:0,1} ${choice:a,b} ${letters:6}"
)


class ActorForm(forms.Form):
    """Fields are named as the settings are; ``sections`` are headings for what is not basic."""

    kind: ClassVar[str]
    queue_field: ClassVar[str]
    works_on: ClassVar[Sequence[str]] = ("queue", "fifo")
    sections: ClassVar[Mapping[str, Sequence[str]]] = {}

    label = Word(_("Name"), required=True, most=60)

    def __init__(self, *args: Any, queues: Choices = (), **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__}-%s")
        super().__init__(*args, **kwargs)
        self.fields[self.queue_field] = Choice(
            gettext("Sends to") if self.queue_field == "target" else gettext("Works on"), queues
        )
        names = list(self.fields)
        names.remove(self.queue_field)
        self.order_fields([names[0], self.queue_field, *names[1:]])

    def add_prefix(self, field_name: str) -> str:
        """Return the name in the page. One called "attributes" would hide the form's own there."""
        name = "message_attributes" if field_name == "attributes" else field_name
        return super().add_prefix(name)

    @classmethod
    def filled(cls, label: str, settings: Mapping[str, Any], *, queues: Choices) -> "ActorForm":
        """Return the form of an actor as it stands."""
        form = cls(queues=queues)
        form.initial = {"label": label} | {
            name: field.from_setting(settings[name])
            for name, field in form.fields.items()
            if name in settings and isinstance(field, Setting)
        }
        return form

    def settings(self) -> dict[str, Any]:
        """Return what was entered as settings; what was left empty takes the engine's default."""
        found: dict[str, Any] = {}
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if name == "label" or value in (None, "") or not isinstance(field, Setting):
                continue
            found[name] = field.to_setting(value)
        return found

    def is_accepted(self) -> bool:
        """Tell whether the engine can use what was entered; else its error stands at the field."""
        if not self.is_valid():
            return False
        try:
            kind_of(self.kind).read(self.settings())
        except SettingsError as error:
            self.refuse(error)
            return False
        return True

    def refuse(self, error: SettingsError) -> None:
        """Put an error of the engine beside the field that it names."""
        name = error.field if error.field in self.fields else None
        self.add_error(name, refusal(error))

    def basics(self) -> list[Any]:
        """Return the fields that are always shown."""
        grouped = {name for names in self.sections.values() for name in names}
        return [self[name] for name in self.fields if name not in grouped]

    def more(self) -> Iterator[dict[str, Any]]:
        """Yield the groups; one with an error is open."""
        for title, names in self.sections.items():
            fields = [self[name] for name in names]
            is_open = self.is_bound and any(field.errors for field in fields)
            yield {"title": title, "fields": fields, "open": is_open}


class ProducerForm(ActorForm):
    """A producer."""

    kind = "producer"
    queue_field = "target"
    works_on = ("queue", "fifo", "topic", "bus")
    sections: ClassVar = {
        _("Pace, batches, delay"): ("pace", "batch", "delay"),
        _("Poison"): ("poison_share", "poison_body"),
        _("Message groups"): ("groups", "group_prefix", "group_order", "group_skew"),
        _("Message attributes"): ("attributes",),
        _("As events, on a bus"): ("source", "detail_type"),
    }

    pattern = Choice(_("Sends"), (
        ("steady", _("Steadily")), ("burst", _("In bursts")), ("ramp", _("On a ramp")),
        ("times", _("At set times")), ("daily", _("By the time of day")),
    ))  # fmt: skip
    rate = Number(_("Rate"), low=0.001, high=10_000, unit="/s", when="pattern-steady pattern-ramp")
    rate_to = Number(_("Up to"), low=0.001, high=10_000, unit="/s", when="pattern-ramp")
    ramp_seconds = Number(_("Within"), low=0.1, unit="s", when="pattern-ramp")
    ramp_then = Choice(_("Then"), (("hold", _("Stays there")), ("repeat", _("Begins again"))),
                       when="pattern-ramp")  # fmt: skip
    burst_size = Whole(_("Messages at once"), low=1, high=1_000, when="pattern-burst pattern-times")
    burst_every = Number(_("Every"), low=0.1, unit="s", when="pattern-burst")
    times = Word(_("Times"), rows=3, when="pattern-times", help_text=TIMES)
    curve = Word(_("Rate over the day"), rows=4, when="pattern-daily", help_text=CURVE)
    body = Word(_("Body"), rows=4, required=True, help_text=MARKS)
    pace = Choice(_("Gaps"), (("poisson", _("Random")), ("even", _("Even"))))
    batch = Whole(_("Batch"), low=1, high=10, help_text=_("Messages a call."))
    delay = Whole(_("Delay"), low=0, high=900, unit="s", help_text=_("Empty: the queue's."))
    poison_share = Share(_("Poison"))
    poison_body = Word(_("Body of poison"), rows=2)
    groups = Whole(_("Groups"), low=0, high=10_000, help_text=_("0: no group id."))
    group_prefix = Word(_("Name begins with"))
    group_order = Choice(_("Taken"), (("dice", _("At random")), ("round-robin", _("In turn"))))
    group_skew = Share(_("One noisy tenant"), help_text=_("Goes to the first group."))
    attributes = Pairs(_("Attributes"), rows=3,
                       help_text=_("name = value, one a line; name:Number = 7."))  # fmt: skip
    source = Word(_("Source"))
    detail_type = Word(_("Detail type"))


class ConsumerForm(ActorForm):
    """A consumer."""

    kind = "consumer"
    queue_field = "source"
    sections: ClassVar[Mapping[str, Sequence[str]]] = {
        _("Polling"): ("wait", "pause", "visibility"),
        _("Failures"): ("failure_rate", "poison", "poison_attribute"),
        _("Deleting"): ("deletes", "forget_share", "idempotent"),
        _("Heartbeat"): ("heartbeat", "heartbeat_for"),
        _("Crash and restart"): ("crash_every", "crash_down"),
    }

    slots = Whole(_("Works on at once"), low=1, high=1_000, help_text=_("Messages in its hands."))
    batch = Whole(_("Takes at most"), low=1, high=10, help_text=_("Messages a receive."))
    work = Choice(_("Time for a message"), (
        ("exponential", _("Mostly short, some long")), ("fixed", _("Always the same")),
        ("uniform", _("Between two times")), ("lognormal", _("Log-normal, by its 95th percentile")),
    ))  # fmt: skip
    seconds = Number(_("Seconds"), low=0.001, high=_DAY_S, unit="s",
                     help_text=_("Mean; least; or median."))  # fmt: skip
    seconds_most = Number(_("At most"), low=0.001, high=_DAY_S, unit="s", when="work-uniform")
    seconds_p95 = Number(_("95 of 100 within"), low=0.001, high=_DAY_S, unit="s",
                         when="work-lognormal")  # fmt: skip
    wait = Whole(_("Long poll"), low=0, high=20, unit="s", help_text=_("0: short polls."))
    pause = Number(_("Between short polls"), low=0.001, high=_DAY_S, unit="s")
    visibility = Whole(_("Visibility timeout"), low=0, high=43_200, unit="s",
                       help_text=_("Empty: the queue's."))  # fmt: skip
    failure_rate = Share(_("Fails"))
    poison = Word(_("Poison is what holds"), help_text=_("Text. It fails each time."))
    poison_attribute = Word(_("In the attribute"), help_text=_("Empty: in the body."))
    deletes = Choice(_("Deletes"), (
        ("each", _("Each message when it is done")),
        ("batch", _("What came together; failures stay")),
        ("all-or-none", _("What came together, or none of it")),
    ))  # fmt: skip
    forget_share = Share(_("Forgets to delete"))
    idempotent = Flag(_("Idempotency store"), help_text=_("Remembers ids: no side effect twice."))
    heartbeat = Number(_("Every"), low=0, high=43_200, unit="s", help_text=_("0: no heartbeat."))
    heartbeat_for = Whole(_("Hides for"), low=1, high=43_200, unit="s")
    crash_every = Number(_("Crashes every"), low=0, unit="s", help_text=_("On average. 0: never."))
    crash_down = Number(_("Is down for"), low=0.001, high=_DAY_S, unit="s")


class FleetForm(ConsumerForm):
    """A fleet."""

    kind = "fleet"
    sections: ClassVar = {
        _("Scaling"): ("period", "cooldown_out", "cooldown_in"), **ConsumerForm.sections
    }  # fmt: skip

    least = Whole(_("Workers, least"), low=0, high=200)
    most = Whole(_("Workers, most"), low=1, high=200)
    target_backlog = Number(_("Backlog per worker"), low=0.1, help_text=BACKLOG)
    period = Number(_("Looks every"), low=1, high=_DAY_S, unit="s")
    cooldown_out = Number(_("Grows again after"), low=0, high=_DAY_S, unit="s")
    cooldown_in = Number(_("Shrinks after"), low=0, high=_DAY_S, unit="s")


FORMS: Final[dict[str, type[ActorForm]]] = {
    form.kind: form for form in (ProducerForm, ConsumerForm, FleetForm)
}
