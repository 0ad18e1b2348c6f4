"""Forms in AWS words. AWS decides what is right; its error stands beside the field it names."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from messaging.kernel.errors import AwsError


class AwsForm(forms.Form):
    """A form whose fields are parameters of an AWS call.

    ``named`` maps AWS's names to fields that are called otherwise; an error that names no field
    goes to ``default``, or to the top of the form.
    """

    named: ClassVar[Mapping[str, str]] = {}
    default: ClassVar[str | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Forms of one panel have fields of the same name: their ids say which form they belong to.
        kwargs.setdefault("auto_id", f"{type(self).__name__}-%s")
        super().__init__(*args, **kwargs)

    def refuse(self, error: AwsError) -> None:
        """Put an error of AWS where it belongs."""
        names = {name: name for name in self.fields} | dict(self.named)
        found = [field for name, field in names.items() if re.search(rf"\b{name}\b", error.message)]
        field = found[0] if found and found[0] in self.fields else self.default
        self.add_error(field, str(error))
