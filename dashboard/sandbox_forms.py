"""Forms about a sandbox itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from dashboard.wording import later as _

NAME_CHARS = 64


class RenameForm(forms.Form):
    """The name of a sandbox; its address stays."""

    name = forms.CharField(label=_("Name"), max_length=NAME_CHARS)


class CopyForm(forms.Form):
    """The name of a copy."""

    name = forms.CharField(label=_("Name of the copy"), max_length=NAME_CHARS)


class ConfirmForm(forms.Form):
    """What cannot be undone is confirmed by typing the sandbox's name."""

    name = forms.CharField(label=_("Type its name to confirm"), max_length=NAME_CHARS)

    def __init__(self, *args: Any, expected: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name != self.expected:
            raise forms.ValidationError(
                gettext("Nothing was changed. The name is %(expected)s.")
                % {"expected": self.expected}
            )
        return name
