"""SetQueueAttributes: the settings of a queue, which others may change at the same time."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext

from dashboard.console.operations import meanwhile
from dashboard.console.operations.attributes import (
    FIFO_ONLY,
    JSON_NAMES,
    QueueAttributes,
    changed,
)
from dashboard.wording import later as _


class SetQueueAttributes(QueueAttributes):
    """SetQueueAttributes: those that were changed."""

    operation = "SetQueueAttributes"
    button = _("Save settings")

    # The attributes as they were when the form was made, and those of others it was told of.
    base = forms.CharField(widget=forms.HiddenInput)
    known = forms.CharField(widget=forms.HiddenInput)

    @classmethod
    def filled(cls, desk: Any) -> "SetQueueAttributes":
        """Return the form as the queue stands."""
        attributes = desk.attributes
        redrive = json.loads(attributes.get("RedrivePolicy") or "{}")
        allow = json.loads(attributes.get("RedriveAllowPolicy") or "{}")
        initial: dict[str, Any] = dict(attributes) | {
            "dead_letter_queue": redrive.get("deadLetterTargetArn", ""),
            "max_receives": redrive.get("maxReceiveCount", 3),
            "redrive_permission": allow.get("redrivePermission", ""),
            "source_queues": allow.get("sourceQueueArns", []),
            "ContentBasedDeduplication": attributes.get("ContentBasedDeduplication") == "true",
        }
        initial["base"] = meanwhile.note(attributes, (*cls.base_fields, *JSON_NAMES))
        return cls(initial=initial, desk=desk)

    def prepare(self) -> None:
        """Leave out what only FIFO queues have."""
        super().prepare()
        # Read once: what is told now is known when the form is sent again.
        self.told_of = meanwhile.noted(self.data.get("known", "")) or {}
        if not self.desk.is_fifo:
            for name in FIFO_ONLY:
                del self.fields[name]

    def given(self) -> dict[str, Any]:
        """Return what differs from the queue as it was when the form was made."""
        return {"Attributes": changed(self._base(), self.attributes())}

    def clean(self) -> dict[str, Any] | None:
        """Say once what somebody else has changed meanwhile; the next save replaces it."""
        now = self.desk.attributes
        wanted = changed(self._base(), self.attributes())
        found = meanwhile.clashes(wanted, base=self._base(), now=now, known=self.told_of)
        for name in found:
            words = _("Changed meanwhile by somebody else: %(value)s. Save again to replace it.")
            self.add_error(self.named.get(name, name), words % {"value": now.get(name) or "–"})
        if found:
            self.data = _with(self.data, "known", meanwhile.note(now, found))
        return self.cleaned_data

    def _base(self) -> Mapping[str, str]:
        carried = meanwhile.noted(self.cleaned_data.get("base") or "")
        return self.desk.attributes if carried is None else carried

    def told(self, result: Mapping[str, Any]) -> str:
        """Say what was saved."""
        return gettext("Settings of %(name)s saved.") % {"name": self.desk.name}


def _with(data: Any, name: str, value: str) -> Any:
    """Return a copy of what was sent, with one field replaced."""
    copy = data.copy()
    copy[name] = value
    return copy
