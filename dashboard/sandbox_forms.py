"""Forms about a sandbox itself."""

from typing import Any

from django import forms

from messaging import sandboxes
from messaging.engine import engine
from messaging.kernel.batch import Batch
from messaging.kernel.models import Sandbox

NAME_CHARS = 64


class NewSandboxForm(forms.Form):
    """Name and contents of a new sandbox."""

    name = forms.CharField(
        label="New sandbox",
        max_length=NAME_CHARS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "payments-trial"}),
    )

    def create(self) -> Sandbox:
        """Create the sandbox in the writer's transaction."""
        name: str = self.cleaned_data["name"]

        def job(batch: Batch) -> Sandbox:
            return sandboxes.create(name)

        made: Sandbox = engine().executor.run_sync(job)
        return made


class RenameForm(forms.Form):
    """The name of a sandbox; its address stays."""

    name = forms.CharField(label="Name", max_length=NAME_CHARS)


class CopyForm(forms.Form):
    """The name of a copy."""

    name = forms.CharField(label="Name of the copy", max_length=NAME_CHARS)


class ConfirmForm(forms.Form):
    """What cannot be undone is confirmed by typing the sandbox's name."""

    name = forms.CharField(label="Type its name to confirm", max_length=NAME_CHARS)

    def __init__(self, *args: Any, expected: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name != self.expected:
            raise forms.ValidationError(f"Nothing was changed. The name is {self.expected}.")
        return name
