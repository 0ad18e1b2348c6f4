"""A form's call: checked as the wire checks it, made, and shown with both of its texts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from dashboard.console.answers import Answer
from dashboard.console.equivalents import Equivalent, equivalent
from dashboard.resources.forms import ResourceForm, pretty
from dashboard.resources.reading import read
from messaging.kernel.errors import AwsError
from messaging.wire.client_side import refusal_text


def call(form: ResourceForm) -> Answer | None:
    """Make the call of a form; None where the form itself cannot be read."""
    if not form.is_valid():
        return None
    document = form.document()
    shown = equivalent(form.service, form.operation, document)
    request = pretty(document)
    try:
        params = read(form.service, form.operation, document)
        result = form.desk.act(form.operation, params)
    except AwsError as error:
        form.refuse(error)
        text = refusal_text(error, form.service, form.operation)
        return Answer(False, str(error), request, text, shown, {})
    words = _told(result)
    return Answer(True, words, request, pretty(result), shown, result, opens=bool(result))


def judge(form: ResourceForm) -> Equivalent:
    """Put into a form what the wire would refuse, and return the call that it is by now."""
    form.full_clean()
    document = form.document()
    if not form.errors:
        try:
            read(form.service, form.operation, document)
        except AwsError as error:
            form.refuse(error)
    return equivalent(form.service, form.operation, document)


def _told(result: Mapping[str, Any]) -> str:
    """Say what the answer says: the first of its plain values, such as a new ARN."""
    for name, value in result.items():
        if isinstance(value, str | int) and not isinstance(value, bool):
            return f"{name}: {value}"
    return _("Done.")
