"""Every attribute of a queue but its policy, and CreateQueue."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext

from dashboard.console.desk import queue_arns
from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.fields import (
    NumberField,
    PairsField,
    TicksField,
    WordField,
    choice,
)
from dashboard.wording import later as _

FIFO_ONLY: Final = ("ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")
_HIDDEN: Final = ("base", "known")
_CHOSEN: Final = ("dead_letter_queue", "max_receives", "redrive_permission", "source_queues")
JSON_NAMES: Final = ("RedriveAllowPolicy", "RedrivePolicy")
_NOT_ENCRYPTED: Final = _("Kept and shown. Signalbox encrypts nothing: KMS is not modelled.")


class QueueAttributes(OperationForm):
    """The attributes as fields; the two redrive policies are chosen and not written."""

    named: ClassVar = {
        "RedriveAllowPolicy": "redrive_permission",
        "redrive allow policy": "redrive_permission",
        "sourceQueueArns": "source_queues",
        "RedrivePolicy": "dead_letter_queue",
        "maxReceiveCount": "max_receives",
        "FifoThroughputLimit": "FifoThroughputLimit",
        "perMessageGroupId": "FifoThroughputLimit",
    }

    VisibilityTimeout = NumberField(
        label=_("Visibility timeout"), unit="s", high=43_200, initial=30
    )
    DelaySeconds = NumberField(label=_("Delay"), unit="s", high=900, initial=0)
    ReceiveMessageWaitTimeSeconds = NumberField(label=_("Long poll"), unit="s", high=20, initial=0)
    MessageRetentionPeriod = NumberField(
        label=_("Retention"), unit="s", low=60, high=1_209_600, initial=345_600
    )
    MaximumMessageSize = NumberField(
        label=_("Largest message"), unit="B", low=1_024, high=1_048_576, initial=1_048_576
    )
    dead_letter_queue = choice(_("Dead-letter queue"), ())
    max_receives = NumberField(
        label=_("Maximum receives"),
        low=1,
        high=1_000,
        initial=3,
        help_text=_("Then it moves there."),
    )
    redrive_permission = choice(
        _("May be the dead-letter queue of"),
        (
            ("", _("All queues, as by default")),
            ("allowAll", _("All queues")),
            ("byQueue", _("The queues below")),
            ("denyAll", _("No queue")),
        ),
    )
    source_queues = TicksField(label=_("Source queues"), help_text=_("At most 10."))
    ContentBasedDeduplication = forms.BooleanField(label=_("Deduplicate by the body's content"))
    DeduplicationScope = choice(
        _("Deduplication scope"), (("queue", _("Queue")), ("messageGroup", _("Message group")))
    )
    FifoThroughputLimit = choice(
        _("Throughput limit"),
        (
            ("perQueue", _("Per queue")),
            ("perMessageGroupId", _("Per message group, high throughput")),
        ),
    )
    SqsManagedSseEnabled = choice(
        _("SQS-managed encryption"),
        (("true", _("On")), ("false", _("Off"))),
        help_text=_NOT_ENCRYPTED,
    )
    KmsMasterKeyId = WordField(label=_("KMS key"), help_text=_NOT_ENCRYPTED)
    KmsDataKeyReusePeriodSeconds = NumberField(
        label=_("KMS data key reuse"), unit="s", low=60, high=86_400, initial=300
    )

    def others(self) -> list[str]:
        """Return the queues that may be dead-letter queue or source of this one."""
        return self.desk.neighbours()

    def prepare(self) -> None:
        """Offer the other queues."""
        for name, usual in (("DeduplicationScope", "queue"), ("FifoThroughputLimit", "perQueue"),
                            ("SqsManagedSseEnabled", "true")):  # fmt: skip
            self.fields[name].initial = self.fields[name].initial or usual
        names = [(arn, arn.rpartition(":")[2]) for arn in self.others()]
        target, sources = self.fields["dead_letter_queue"], self.fields["source_queues"]
        assert isinstance(target, forms.ChoiceField) and isinstance(sources, forms.ChoiceField)
        target.choices = [("", gettext("None")), *names]
        sources.choices = names
        if not names:
            del self.fields["source_queues"]

    def attributes(self) -> dict[str, str]:
        """Return the attributes that were filled in, as AWS takes them."""
        given = {
            name: _text(value)
            for name, value in self.cleaned_data.items()
            if name not in (*_CHOSEN, *_HIDDEN) and self._is_sent(name) and value is not None
        }
        if "dead_letter_queue" in self.cleaned_data:
            given["RedrivePolicy"] = self._redrive()
        if self._is_sent("redrive_permission"):
            given["RedriveAllowPolicy"] = self._redrive_allow()
        return given

    def _is_sent(self, name: str) -> bool:
        is_tick = isinstance(self.fields[name], forms.BooleanField)
        return is_tick or self.add_prefix(name) in self.data

    def _redrive(self) -> str:
        target, most = self.cleaned_data["dead_letter_queue"], self.cleaned_data.get("max_receives")
        if not target:
            return ""
        policy = {"deadLetterTargetArn": target}
        return json.dumps(policy if most is None else {**policy, "maxReceiveCount": most})

    def _redrive_allow(self) -> str:
        permission = self.cleaned_data.get("redrive_permission")
        sources = self.cleaned_data.get("source_queues") or []
        if not permission:
            return ""
        policy: dict[str, Any] = {"redrivePermission": permission}
        return json.dumps(policy | ({"sourceQueueArns": sources} if sources else {}))


class CreateQueue(QueueAttributes):
    """CreateQueue: attributes that are AWS's defaults are left to AWS."""

    operation = "CreateQueue"
    button = _("Create queue")
    of_queue = False
    default: ClassVar = "QueueName"
    named: ClassVar = {**QueueAttributes.named, "Queue name": "QueueName"}

    QueueName = WordField(
        label=_("Name"), help_text=_("A name that ends in .fifo makes a FIFO queue.")
    )
    tags = PairsField(label=_("Tags"), rows=2, help_text=_("One key=value a line."))
    field_order = ("QueueName",)

    def others(self) -> list[str]:
        """Return all queues: of which kind this one will be, its name will say."""
        return queue_arns(self.desk.caller)

    def prepare(self) -> None:
        """Say which fields are for FIFO queues."""
        super().prepare()
        for name in FIFO_ONLY:
            label = str(self.fields[name].label)
            self.fields[name].label = f"FIFO: {label[0].lower()}{label[1:]}"

    def given(self) -> dict[str, Any]:
        """Return the call."""
        attributes = self.attributes()
        name, tags = attributes.pop("QueueName", ""), self.cleaned_data.get("tags") or {}
        attributes.pop("tags", None)
        deduplicates = attributes.pop("ContentBasedDeduplication", "false")
        chosen = {key: value for key, value in attributes.items() if value != self._usual(key)}
        if name.endswith(".fifo"):
            chosen |= {"FifoQueue": "true", "ContentBasedDeduplication": deduplicates}
        document: dict[str, Any] = {"QueueName": name}
        document |= {"Attributes": chosen} if chosen else {}
        return document | ({"tags": tags} if tags else {})

    def _usual(self, attribute: str) -> str:
        field = self.fields.get(attribute)
        return "" if field is None or field.initial is None else str(field.initial)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes that differ; JSON is compared as values."""
    return {
        name: value
        for name, value in after.items()
        if _value(name, value) != _value(name, before.get(name, _unset(name)))
    }


def _unset(name: str) -> str:
    """Return what an attribute means that GetQueueAttributes leaves out."""
    return "300" if name == "KmsDataKeyReusePeriodSeconds" else ""


def _value(name: str, text: str) -> Any:
    if name not in JSON_NAMES or not text:
        return text
    policy = json.loads(text)
    return {key: value if isinstance(value, list) else str(value) for key, value in policy.items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
