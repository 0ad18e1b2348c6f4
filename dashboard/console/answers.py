"""What came of a form's call: in words, and as the wire carries it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.console import carried, door
from dashboard.console.equivalents import Equivalent, equivalent
from dashboard.console.operations.base import OperationForm
from messaging import registry
from messaging.kernel.errors import AwsError


@dataclass(frozen=True)
class Answer:
    """A call that was made: its words, its two raw texts, and the entries of a batch."""

    is_done: bool
    words: str
    request: str
    response: str
    call: Equivalent
    result: Mapping[str, Any]
    opens: bool = False

    @property
    def entries(self) -> list[tuple[str, str]]:
        """Return (id, why it failed) of each entry of a batch; "" where it was done."""
        done = [(entry["Id"], "") for entry in self.result.get("Successful", ())]
        failed = [
            (entry["Id"], f"{entry['Code']}: {entry['Message']}")
            for entry in self.result.get("Failed", ())
        ]
        return sorted(done + failed)


@dataclass(frozen=True)
class Asked:
    """A call that can be made: its form, its raw text, and its parameters."""

    form: OperationForm
    request: str
    shown: Equivalent
    params: Mapping[str, Any]

    def answered(self, result: Mapping[str, Any]) -> Answer:
        """Return what the call did."""
        form = self.form
        response = carried.response_text(form.operation, result)
        return Answer(
            True, form.told(result), self.request, response, self.shown, result, form.opens
        )

    def refused(self, error: AwsError) -> Answer:
        """Put a refusal of AWS into the form, beside the field that it names, and return it."""
        self.form.refuse(error)
        return Answer(False, str(error), self.request, carried.refusal_text(error), self.shown, {})


def ask(form: OperationForm) -> Asked | Answer | None:
    """Read a form as a call; None where the form itself cannot be read."""
    if not form.is_valid():
        return None
    document = form.document()
    request = carried.request_text(form.operation, document)
    try:
        params = carried.read(form.operation, document)
    except AwsError as error:
        shown = equivalent("sqs", form.operation, document)
        return Asked(form, request, shown, {}).refused(error)
    return Asked(form, request, equivalent("sqs", form.operation, params), params)


def call(form: OperationForm) -> Answer | None:
    """Make the call of a form; None where the form itself cannot be read."""
    asked = ask(form)
    if not isinstance(asked, Asked):
        return asked
    try:
        return asked.answered(door.act(form.desk.caller, form.operation, asked.params))
    except AwsError as error:
        return asked.refused(error)


def judge(form: OperationForm) -> Equivalent:
    """Put into a form what the operation's rules refuse, and return the call that it is by now."""
    form.full_clean()
    document = form.document()
    if form.errors:
        return equivalent("sqs", form.operation, document)
    desk = form.desk
    service = registry.service_named("sqs")
    assert service is not None and service.find_errors is not None
    try:
        params = carried.read(form.operation, document)
    except AwsError as error:
        form.refuse(error)
        return equivalent("sqs", form.operation, document)
    for found in service.find_errors(form.operation, params, desk.attributes, desk.arn):
        form.refuse(found)
    return equivalent("sqs", form.operation, params)
