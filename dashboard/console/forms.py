"""Forms in AWS words. AWS decides what is right; its error stands beside the field it names."""

import json
import re
from collections.abc import Mapping, Sequence
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


class NumberField(forms.IntegerField):
    """A whole number with its unit. The range is shown to the browser; AWS has the last word."""

    def __init__(
        self, *, unit: str = "", low: int = 0, high: int | None = None, **kwargs: Any
    ) -> None:
        attributes = {"min": low} | ({} if high is None else {"max": high})
        super().__init__(widget=forms.NumberInput(attrs=attributes), **kwargs)
        self.unit = unit


class SendForm(AwsForm):
    """SendMessage."""

    MessageBody = forms.CharField(
        label="Body",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "class": "mono"}),
        initial='{"order": 1}',
    )
    DelaySeconds = NumberField(label="Delay", unit="s", high=900, required=False)
    MessageGroupId = forms.CharField(
        label="Message group", required=False, help_text="Messages of one group keep their order."
    )
    MessageDeduplicationId = forms.CharField(
        label="Deduplication id",
        required=False,
        help_text="A second message with it within 5 minutes is accepted and not delivered.",
    )

    def __init__(self, *args: Any, fifo: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fifo:
            del self.fields["DelaySeconds"]
            self.fields["MessageGroupId"].initial = "a"
        else:
            del self.fields["MessageDeduplicationId"]
            self.fields["MessageGroupId"].help_text = "A tenant, for fair queues."

    def params(self) -> dict[str, Any]:
        """Return the parameters that were given."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class SettingsForm(AwsForm):
    """SetQueueAttributes."""

    named: ClassVar = {"RedrivePolicy": "dead_letter_queue", "maxReceiveCount": "max_receives"}

    VisibilityTimeout = NumberField(label="Visibility timeout", unit="s", high=43_200, initial=30)
    DelaySeconds = NumberField(label="Delay", unit="s", high=900, initial=0)
    ReceiveMessageWaitTimeSeconds = NumberField(label="Long poll", unit="s", high=20, initial=0)
    MessageRetentionPeriod = NumberField(
        label="Retention", unit="s", low=60, high=1_209_600, initial=345_600
    )
    dead_letter_queue = forms.ChoiceField(label="Dead-letter queue", required=False)
    max_receives = NumberField(
        label="Maximum receives", low=1, high=1_000, initial=3, help_text="Then it moves there."
    )
    ContentBasedDeduplication = forms.BooleanField(
        label="Deduplicate by the body's content", required=False
    )

    def __init__(
        self, *args: Any, queues: Sequence[str] = (), fifo: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "None"), *((arn, arn.rpartition(":")[2]) for arn in queues)]
        self.fields["dead_letter_queue"] = forms.ChoiceField(
            label="Dead-letter queue", required=False, choices=choices
        )
        if not fifo:
            del self.fields["ContentBasedDeduplication"]

    @classmethod
    def filled(cls, attributes: Mapping[str, str], *, queues: Sequence[str]) -> "SettingsForm":
        """Return the form as the queue stands."""
        redrive = json.loads(attributes.get("RedrivePolicy") or "{}")
        initial: dict[str, Any] = dict(attributes) | {
            "dead_letter_queue": redrive.get("deadLetterTargetArn", ""),
            "max_receives": redrive.get("maxReceiveCount", 3),
            "ContentBasedDeduplication": attributes.get("ContentBasedDeduplication") == "true",
        }
        fifo = attributes.get("FifoQueue") == "true"
        return cls(initial=initial, queues=queues, fifo=fifo)

    def attributes(self) -> dict[str, str]:
        """Return the attributes as AWS takes them."""
        given = dict(self.cleaned_data)
        target, most = given.pop("dead_letter_queue", ""), given.pop("max_receives")
        attributes = {name: _text(value) for name, value in given.items()}
        attributes["RedrivePolicy"] = _redrive(target, most) if target else ""
        return attributes


class CreateForm(SettingsForm):
    """CreateQueue."""

    default: ClassVar = "QueueName"

    QueueName = forms.CharField(
        label="Name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="A name that ends in .fifo makes a FIFO queue.",
    )
    field_order = ("QueueName",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, fifo=True, **kwargs)
        label = "FIFO: deduplicate by the body's content"
        self.fields["ContentBasedDeduplication"].label = label

    def params(self) -> dict[str, Any]:
        """Return the call: only attributes that differ from AWS's defaults."""
        attributes = self.attributes()
        name = attributes.pop("QueueName")
        deduplicates = attributes.pop("ContentBasedDeduplication")
        chosen = {key: value for key, value in attributes.items() if value != self._usual(key)}
        if name.endswith(".fifo"):
            chosen |= {"FifoQueue": "true", "ContentBasedDeduplication": deduplicates}
        return {"QueueName": name} | ({"Attributes": chosen} if chosen else {})

    def _usual(self, attribute: str) -> str:
        field = self.fields.get(attribute)
        return "" if field is None else str(field.initial)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes that differ; JSON is compared as values."""
    return {
        name: value
        for name, value in after.items()
        if _value(name, value) != _value(name, before.get(name, ""))
    }


def _value(name: str, text: str) -> Any:
    if name != "RedrivePolicy" or not text:
        return text
    policy = json.loads(text)
    return policy.get("deadLetterTargetArn"), str(policy.get("maxReceiveCount"))


def _redrive(arn: str, most: int) -> str:
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": most})


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
