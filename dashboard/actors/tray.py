"""The chaos tray as a panel shows it: what is on, what is to come, and a form for one more."""

from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext

from dashboard.actors.fields import Choice, Number, Setting, Share, Whole, refusal
from dashboard.wording import later as _
from messaging.kernel.models import Sandbox
from messaging.simulation import chaos, faults
from messaging.simulation.fields import SettingsError
from messaging.simulation.models import ON, Actor

WORDS: Final = {
    faults.CRASH: _("Crash"),
    faults.DROP: _("Dropped deletes"),
    faults.LATENCY: _("Latency"),
    faults.POISON: _("Poison"),
    faults.THROTTLE: _("Throttle"),
}
MEANS: Final = {
    faults.CRASH: _("It drops what it holds and is down."),
    faults.DROP: _("It believes that it deleted; the message comes back."),
    faults.LATENCY: _("Each message takes longer to work on."),
    faults.POISON: _("Messages that it sends become poison."),
    faults.THROTTLE: _("Its calls get RequestThrottled."),
}


class FaultForm(forms.Form):
    """A fault for one target."""

    sections: ClassVar = ("after", "every", "share", "seed")

    target = forms.CharField(widget=forms.HiddenInput)
    kind = Choice(_("What goes wrong"), [(name, WORDS[name]) for name in faults.KINDS])
    lasts = Number(_("Lasts"), low=0.1, high=faults.SPAN_MAX_S, unit="s")
    seconds = Number(_("Adds"), low=0.001, high=86_400, unit="s", when="kind-latency")
    after = Number(_("Starts in"), low=0, high=faults.SPAN_MAX_S, unit="s")
    every = Number(
        _("Again every"), low=0, high=faults.SPAN_MAX_S, unit="s", help_text=_("0: once.")
    )
    share = Share(_("Hits"), low=0.1, help_text=_("Of messages or calls."))
    seed = Whole(_("Seed"), low=0, high=faults.SEED_MAX, help_text=_("Same seed, same hits."))

    def __init__(self, *args: Any, possible: tuple[str, ...] = faults.KINDS, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "FaultForm-%s")
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        assert isinstance(kinds, Choice)
        kinds.choices = [(name, WORDS[name]) for name in possible]

    def settings(self) -> dict[str, Any]:
        """Return what was entered, as the engine takes it."""
        found: dict[str, Any] = {"target": self.cleaned_data["target"]}
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value not in (None, "") and isinstance(field, Setting):
                found[name] = field.to_setting(value)
        return found

    def refuse(self, error: SettingsError) -> None:
        """Put an error of the engine beside the field that it names."""
        name = error.field if error.field in self.fields and error.field != "target" else None
        self.add_error(name, refusal(error))

    def basics(self) -> list[Any]:
        return [self[name] for name in ("kind", "lasts", "seconds")]

    def more(self) -> list[Any]:
        return [self[name] for name in self.sections]

    @property
    def is_more_open(self) -> bool:
        return self.is_bound and any(self[name].errors for name in self.sections)


def tray_context(
    sandbox: Sandbox, target: str, *, form: FaultForm | None = None, label: str = ""
) -> dict[str, Any]:
    """Return what the tray of one node shows; everything that is on in the sandbox is listed."""
    try:
        kind = chaos.target_kind(sandbox.pk, target)
    except SettingsError:
        kind = ""
    possible = faults.APPLIES.get(kind, ())
    first = {"target": target, "lasts": 30, "seconds": 2, "after": 0, "every": 0, "share": 100}
    names = {f"actor:{key}": label for key, label in Actor.objects.filter(
        sandbox=sandbox.pk).values_list("key", "label")}  # fmt: skip
    rows = [_row(row, names, target) for row in chaos.listed(sandbox.pk)]
    return {
        "sandbox": {"slug": sandbox.slug},
        "target": target,
        "faults": sorted(rows, key=lambda row: not row["here"]),
        "form": form or FaultForm(initial=first | {"seed": 1}, possible=possible),
        "signs": _signs(),
        "is_queue": not target.startswith("actor:"),
        "possible": [(name, WORDS[name], MEANS[name]) for name in possible],
    }


def possible_for(sandbox: Sandbox, target: str) -> tuple[str, ...]:
    """Return the kinds of fault that can be put on a target."""
    try:
        return faults.APPLIES.get(chaos.target_kind(sandbox.pk, target), ())
    except SettingsError:
        return ()


def _signs() -> list[dict[str, str]]:
    """Return the signs that can be dragged onto nodes, each with the kinds of nodes it fits."""
    return [
        {
            "kind": name,
            "word": WORDS[name],
            "applies": " ".join(kind for kind, fits in faults.APPLIES.items() if name in fits),
        }
        for name in faults.KINDS
    ]


def _row(row: dict[str, Any], names: dict[str, str], target: str) -> dict[str, Any]:
    settings = row["settings"]
    share = settings.get("share", 1)
    every = settings.get("every", 0)
    parts = [
        f"+{settings.get('seconds', 2):g} s" if row["kind"] == faults.LATENCY else "",
        f"{share * 100:g} %" if share < 1 else "",
        gettext("every %(count)s s") % {"count": f"{every:g}"} if every else "",
    ]
    return {
        **row,
        "words": WORDS[row["kind"]],
        "on": row["state"] == ON,
        "name": names.get(row["target"], row["target"].rpartition(":")[2]),
        "here": row["target"] == target,
        "details": ", ".join(part for part in parts if part),
    }
