"""A form that is an AWS call."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext

from dashboard.console.desk import QueueDesk
from dashboard.console.forms import AwsForm


class OperationForm(AwsForm):
    """The fields of one operation, at a queue.

    No field is required here: AWS says what is missing. ``opens`` tells that the answer is what
    one asked for, so that it is shown at once; ``stays`` that what was typed stays after the call;
    ``polls`` that the call may be held.
    """

    operation: ClassVar[str]
    button: ClassVar[str]
    hint: ClassVar[str] = ""
    danger: ClassVar[bool] = False
    opens: ClassVar[bool] = False
    stays: ClassVar[bool] = False
    polls: ClassVar[bool] = False
    of_queue: ClassVar[bool] = True

    def __init__(self, *args: Any, desk: QueueDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.prepare()
        for field in self.fields.values():
            field.required = False

    @classmethod
    def filled(cls, desk: QueueDesk) -> "OperationForm":
        """Return the form as a person finds it."""
        return cls(desk=desk)

    @property
    def error_slot(self) -> str:
        """The id of the place for what belongs to no field."""
        return f"{type(self).__name__}_error"

    def prepare(self) -> None:
        """Fit the fields to the queue."""

    def document(self) -> dict[str, Any]:
        """Return the request's JSON, of what can be read so far."""
        address = {"QueueUrl": self.desk.url} if self.of_queue else {}
        return address | self.given()

    def given(self) -> dict[str, Any]:
        """Return the parameters that were given."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value is not None and value not in ("", [], {})
        }

    def told(self, result: Mapping[str, Any]) -> str:
        """Say in words what the call did."""
        return gettext("Done.")

    def as_it_stands(self) -> "OperationForm":
        """Return the form as if it were sent now: what a person sees is what is shown as a call."""
        if self.is_bound:
            self.full_clean()
            return self
        values = {field.html_name: field.value() for field in self}
        form = type(self)({k: v for k, v in values.items() if v is not None}, desk=self.desk)
        form.full_clean()
        return form
