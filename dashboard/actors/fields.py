"""Form fields for settings: each knows how its value is stored. Labels and units are for people."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy

from dashboard.wording import in_language
from dashboard.wording import later as _
from messaging.simulation.fields import SettingsError

Choices = Sequence[tuple[str, str]]


def refusal(error: SettingsError) -> str:
    """Return what the engine says of a setting, as a sentence beside its field."""
    text = in_language(error.sentence)
    return f"{text[:1].upper()}{text[1:]}."


class Setting:
    """What a template asks of a field: its unit, and for which choice it is shown.

    ``when`` is ``field-choice``: a class of the form, which hides what belongs to another choice.
    """

    unit: str = ""
    when: str = ""

    def to_setting(self, value: Any) -> Any:
        """Return a cleaned value as it is stored; None leaves the setting out."""
        return value

    def from_setting(self, value: Any) -> Any:
        """Return a stored value as the form shows it."""
        return value


class Number(Setting, forms.FloatField):
    """A number with a unit and a range, and the range in words where it is left."""

    def __init__(
        self,
        label: str,
        *,
        low: float = 0,
        high: float | None = None,
        unit: str = "",
        when: str = "",
        help_text: str = "",
    ) -> None:
        self.unit, self.when = unit, when
        wanted = _("Use {low} or more.") if high is None else _("Use {low} to {high}.")
        words = format_lazy(wanted, low=f"{low:,g}", high=f"{high or 0:,g}")
        super().__init__(
            label=label, min_value=low, max_value=high, required=False, help_text=help_text,
            error_messages={"min_value": words, "max_value": words, "invalid": words},
        )  # fmt: skip
        self.widget.attrs["step"] = "any"

    def from_setting(self, value: Any) -> Any:
        return f"{value:g}" if isinstance(value, float) else value


class Whole(Number):
    """A whole number."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.widget.attrs["step"] = "1"

    def clean(self, value: Any) -> int | None:
        number = super().clean(value)
        if number is not None and number != int(number):
            raise forms.ValidationError(_("Use a whole number."))
        return None if number is None else int(number)


class Share(Number):
    """A part of all, shown in per cent."""

    def __init__(self, label: str, *, help_text: str = "", low: float = 0) -> None:
        super().__init__(label, low=low, high=100, unit="%", help_text=help_text)

    def to_setting(self, value: Any) -> Any:
        return None if value is None else value / 100

    def from_setting(self, value: Any) -> Any:
        return f"{value * 100:g}"


class Word(Setting, forms.CharField):
    """A line of text, or several."""

    def __init__(
        self, label: str, *, rows: int = 0, when: str = "", help_text: str = "",
        required: bool = False, most: int = 20_000,
    ) -> None:  # fmt: skip
        self.when = when
        attrs = {"autocomplete": "off", "spellcheck": "false"}
        area = forms.Textarea(attrs={**attrs, "rows": rows, "class": "mono"})
        super().__init__(
            label=label, required=required, help_text=help_text, max_length=most, strip=not rows,
            widget=area if rows else forms.TextInput(attrs=attrs),
        )  # fmt: skip


class Pairs(Word):
    """Names with values, one ``name = value`` a line."""

    def to_setting(self, value: Any) -> Any:
        lines = [line for line in value.splitlines() if line.strip()]
        return {name.strip(): text.strip() for name, _, text in (x.partition("=") for x in lines)}

    def from_setting(self, value: Any) -> Any:
        return "\n".join(f"{name} = {text}" for name, text in value.items())


class Choice(Setting, forms.ChoiceField):
    """One of a few; what is left out takes the engine's default."""

    def __init__(self, label: str, choices: Choices, *, when: str = "") -> None:
        self.when = when
        super().__init__(label=label, choices=choices, required=False)


class Flag(Setting, forms.BooleanField):
    """Yes or no."""

    def __init__(self, label: str, *, help_text: str = "") -> None:
        super().__init__(label=label, required=False, help_text=help_text)
