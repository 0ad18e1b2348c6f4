"""Fields of AWS calls: JSON, lists, tags, numbers with units."""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from dashboard.json_words import what_lacks
from dashboard.wording import in_language

_BETWEEN: Final = re.compile(r"[\s,]+")


class NumberField(forms.IntegerField):
    """A whole number with its unit. The range is shown to the browser; AWS has the last word."""

    def __init__(
        self, *, unit: str = "", low: int = 0, high: int | None = None, **kwargs: Any
    ) -> None:
        attributes = {"min": low} | ({} if high is None else {"max": high})
        super().__init__(widget=forms.NumberInput(attrs=attributes), **kwargs)
        self.unit = unit


class WordField(forms.CharField):
    """One line of text that is a name, an id or a token."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "off", "spellcheck": "false"}
        super().__init__(widget=forms.TextInput(attrs=attributes), **kwargs)


class JsonField(forms.CharField):
    """A JSON text; what is wrong is told with its line."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        attributes = {
            "rows": rows,
            "spellcheck": "false",
            "wrap": "off",
            "class": "mono",
            "data-lines": "",
        }
        super().__init__(widget=forms.Textarea(attrs=attributes), strip=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return what the text says; raises ValidationError with the line."""
        if not value or not str(value).strip():
            return None
        try:
            return json.loads(value)
        except RecursionError:
            raise forms.ValidationError(_("Nested too deeply.")) from None
        except json.JSONDecodeError as error:
            raise forms.ValidationError(not_json(error)) from None


class ListField(WordField):
    """Several words with spaces or commas between them."""

    def to_python(self, value: Any) -> Any:
        """Return the words."""
        return [word for word in _BETWEEN.split(str(value or "")) if word]


class PairsField(forms.CharField):
    """One ``key=value`` a line."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        attributes = {"rows": rows, "spellcheck": "false", "class": "mono"}
        super().__init__(widget=forms.Textarea(attrs=attributes), **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the pairs."""
        lines = [line for line in str(value or "").splitlines() if line.strip()]
        pairs = (line.partition("=") for line in lines)
        return {key.strip(): text.strip() for key, _, text in pairs}


class TicksField(forms.MultipleChoiceField):
    """Any number of choices."""

    widget = forms.CheckboxSelectMultiple


def choice(label: str, choices: Sequence[tuple[str, str]], **kwargs: Any) -> forms.ChoiceField:
    """Return a field with one choice of several."""
    return forms.ChoiceField(label=label, choices=choices, required=False, **kwargs)


def not_json(error: json.JSONDecodeError) -> str:
    """Return where a text stops being JSON."""
    return _("Line %(line)s, column %(column)s: %(why)s.") % {
        "line": error.lineno, "column": error.colno, "why": in_language(what_lacks(error)),
    }  # fmt: skip
