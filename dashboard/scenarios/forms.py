"""Forms that make a sandbox: from the gallery, from a document."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dashboard.sandbox_forms import NAME_CHARS
from dashboard.scenarios.building import build
from dashboard.scenarios.document import Scenario
from dashboard.scenarios.gallery import template_named, templates
from dashboard.scenarios.parse import BYTES_MAX
from dashboard.scenarios.parts import ScenarioError
from dashboard.scenarios.reading import read
from dashboard.wording import in_language
from messaging.kernel.models import Sandbox


class NewSandboxForm(forms.Form):
    """Name and contents of a new sandbox; without a name it is called as its template."""

    name = forms.CharField(
        label=_("New sandbox"),
        max_length=NAME_CHARS,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "payments-trial"}),
    )
    template = forms.ChoiceField(label=_("Starts with"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(template.slug, template.title) for template in templates()]
        self.fields["template"] = forms.ChoiceField(
            label=_("Starts with"), choices=choices, required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("name") and not cleaned.get("template") and not self.errors:
            self.add_error("name", _("Give it a name, or start from a template."))
        return cleaned

    def create(self) -> Sandbox:
        """Make the sandbox in the writer's transaction."""
        template = template_named(self.cleaned_data["template"] or "empty")
        scenario = template.scenario if template else Scenario("")
        title = str(template.title) if template else ""
        return build(scenario, name=self.cleaned_data["name"] or title)


class ImportForm(forms.Form):
    """A scenario document, as a file or as text; one error says what is wrong and where."""

    document = forms.CharField(
        label=_("Scenario document"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("or a file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        upload = cleaned.get("file")
        text = cleaned.get("document") or ""
        if upload is not None and upload.size <= BYTES_MAX:
            try:
                text = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError(_("The file is no UTF-8 text.")) from error
        elif upload is not None:
            raise forms.ValidationError(_("The file is over 2 MiB."))
        if not text.strip():
            raise forms.ValidationError(_("Paste a document, or choose a file."))
        try:
            cleaned["scenario"] = read(text)
        except ScenarioError as error:
            raise forms.ValidationError(_shown(error)) from error
        return cleaned

    def create(self) -> Sandbox | None:
        """Make the sandbox; None, with the error in the form, where the engine refuses a part."""
        try:
            return build(self.cleaned_data["scenario"])
        except ScenarioError as error:
            self.add_error(None, _shown(error))
            return None


def _shown(error: ScenarioError) -> str:
    """Return where a document is wrong, as code, and what is wrong there."""
    text = in_language(error.sentence)
    return format_html("<code>{}</code>: {}", error.path, text) if error.path else text
