"""A form for each operation, made of its shape: AWS's names are the labels."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, Final

from django import forms

from dashboard.console.forms import AwsForm
from dashboard.console.operations.fields import JsonField, NumberField, WordField, choice
from dashboard.resources.desk import Desk
from dashboard.resources.shapes import Member, members


class ResourceForm(AwsForm):
    """The fields of one operation. None is required here: AWS says what is missing."""

    service: ClassVar[str]
    operation: ClassVar[str]

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk

    @property
    def error_slot(self) -> str:
        """The id of the place for what belongs to no field."""
        return f"{type(self).__name__}_error"

    def document(self) -> dict[str, Any]:
        """Return the request's JSON, of what was given and can be read so far."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value is not None and value not in ("", [], {}, False)
        }

    def as_it_stands(self) -> "ResourceForm":
        """Return the form as if it were sent now: what a person sees is what is shown as a call."""
        if self.is_bound:
            self.full_clean()
            return self
        values = {field.html_name: field.value() for field in self}
        form = type(self)({k: v for k, v in values.items() if v is not None}, desk=self.desk)
        form.full_clean()
        return form

    def asked(self) -> list[Any]:
        """Return the fields that the operation needs, and those that are filled in."""
        return [field for field in self.visible_fields() if self._is_first(field)]

    def more(self) -> list[Any]:
        """Return the other fields, which stand behind a heading that opens."""
        return [field for field in self.visible_fields() if not self._is_first(field)]

    def _is_first(self, field: Any) -> bool:
        return field.field.is_first or bool(field.value()) or bool(field.errors)


@cache
def form_of(service: str, operation: str) -> type[ResourceForm]:
    """Return the form class of an operation."""
    fields: dict[str, Any] = {member.name: _field(member) for member in members(service, operation)}
    own = {"service": service, "operation": operation}
    return type(f"{service}-{operation}", (ResourceForm,), fields | own)


def filled(desk: Desk, operation: str, values: Mapping[str, Any]) -> ResourceForm:
    """Return the form as a person finds it, with what is known already."""
    form_class = form_of(desk.service, operation)
    known = {
        name: value if isinstance(value, str | int) else pretty(value)
        for name, value in values.items()
        if name in form_class.base_fields
    }
    return form_class(initial=known, desk=desk)


def pretty(document: Any) -> str:
    """Return parameters or a result as JSON that one can read; times and bytes as text."""
    return json.dumps(document, indent=2, ensure_ascii=False, default=str)


def _field(member: Member) -> forms.Field:
    field = _MAKERS[member.kind](member)
    field.required = False
    field.is_first = member.is_required  # type: ignore[attr-defined]
    return field


def _choice(member: Member) -> forms.Field:
    return choice(member.name, [("", "–"), *((value, value) for value in member.choices)])


_MAKERS: Final[Mapping[str, Callable[[Member], forms.Field]]] = {
    "choice": _choice,
    "flag": lambda member: forms.BooleanField(label=member.name),
    "json": lambda member: JsonField(label=member.name, rows=4),
    "number": lambda member: NumberField(label=member.name),
    "text": lambda member: forms.CharField(
        label=member.name,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "class": "mono"}),
    ),
    "word": lambda member: WordField(label=member.name),
}
