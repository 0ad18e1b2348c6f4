"""Up to ten messages a call: SendMessageBatch, DeleteMessageBatch, ChangeMessageVisibilityBatch."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.utils.translation import gettext

from dashboard.console import handles
from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.fields import JsonField, NumberField, TicksField
from dashboard.console.operations.messages import offer
from dashboard.wording import later as _

_STANDARD: Final[list[dict[str, Any]]] = [
    {"Id": "one", "MessageBody": "first"},
    {"Id": "two", "MessageBody": "second", "DelaySeconds": 5},
]
_FIFO: Final[list[dict[str, Any]]] = [
    {"Id": "one", "MessageBody": "a", "MessageGroupId": "a", "MessageDeduplicationId": "1"},
    {"Id": "two", "MessageBody": "b", "MessageGroupId": "a", "MessageDeduplicationId": "2"},
]


class SendMessageBatch(OperationForm):
    """SendMessageBatch."""

    operation = "SendMessageBatch"
    button = _("Send batch")
    stays = True
    default: ClassVar = "Entries"

    Entries = JsonField(
        label=_("Entries"), rows=13, help_text=_("1 to 10, each with an Id of its own.")
    )

    def prepare(self) -> None:
        """Show what an entry of this kind of queue looks like."""
        entries = _FIFO if self.desk.is_fifo else _STANDARD
        self.fields["Entries"].initial = json.dumps(entries, indent=2)
        self.fields["Entries"].widget.attrs["data-rows"] = " ".join(
            dict.fromkeys(name for entry in entries for name in entry)
        )

    def given(self) -> dict[str, Any]:
        """Return the entries, though there be none: SQS has an error of its own for that."""
        entries = self.cleaned_data.get("Entries")
        return {} if entries is None else {"Entries": entries}

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many were accepted."""
        return _tally(result, gettext("%(count)s sent."))


class DeleteMessageBatch(OperationForm):
    """DeleteMessageBatch, of messages that this browser received."""

    operation = "DeleteMessageBatch"
    button = _("Delete batch")
    default: ClassVar = "Entries"

    Entries = TicksField(label=_("Received messages"))

    def prepare(self) -> None:
        """Offer what this browser holds."""
        offer(self, "Entries")

    def given(self) -> dict[str, Any]:
        """Return an entry for each ticked message."""
        return {"Entries": _entries(self.cleaned_data.get("Entries") or ())}

    def told(self, result: Mapping[str, Any]) -> str:
        """Forget the handles that did their work."""
        done = {entry["Id"] for entry in result.get("Successful", ())}
        sent = _entries(self.cleaned_data["Entries"])
        handles.drop(
            self.desk.request, *(each["ReceiptHandle"] for each in sent if each["Id"] in done)
        )
        return _tally(result, gettext("%(count)s deleted."))


class ChangeMessageVisibilityBatch(OperationForm):
    """ChangeMessageVisibilityBatch, of messages that this browser received."""

    operation = "ChangeMessageVisibilityBatch"
    button = _("Change visibility")
    default: ClassVar = "Entries"

    Entries = TicksField(label=_("Received messages"))
    VisibilityTimeout = NumberField(
        label=_("Visibility timeout"), unit="s", high=43_200, initial=60
    )

    def prepare(self) -> None:
        """Offer what this browser holds."""
        offer(self, "Entries")

    def given(self) -> dict[str, Any]:
        """Return an entry for each ticked message, all with the same timeout."""
        timeout = self.cleaned_data.get("VisibilityTimeout")
        more = {} if timeout is None else {"VisibilityTimeout": timeout}
        entries = _entries(self.cleaned_data.get("Entries") or ())
        return {"Entries": [{**entry, **more} for entry in entries]}

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many were changed."""
        return _tally(result, gettext("%(count)s changed."))


def _entries(ticked: Any) -> list[dict[str, Any]]:
    return [{"Id": str(at), "ReceiptHandle": handle} for at, handle in enumerate(ticked, start=1)]


def _tally(result: Mapping[str, Any], said: str) -> str:
    done, failed = result.get("Successful", ()), result.get("Failed", ())
    text = said % {"count": len(done)}
    if not failed:
        return text
    return f"{text} " + gettext("%(count)s failed alone, each for itself.") % {"count": len(failed)}
