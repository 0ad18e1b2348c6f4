"""One message: SendMessage, ReceiveMessage, DeleteMessage, ChangeMessageVisibility."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext

from dashboard.console import handles
from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.fields import JsonField, ListField, NumberField, WordField, choice
from dashboard.wording import later as _

_SHORT = 8
NONE_HELD = _("This browser holds no receipt handle of this queue. Receive a message first.")


class SendMessage(OperationForm):
    """SendMessage."""

    operation = "SendMessage"
    button = _("Send message")
    stays = True
    named: ClassVar = {
        "message body": "MessageBody",
        "Message must be shorter": "MessageBody",
        "user": "MessageAttributes",
    }

    MessageBody = forms.CharField(
        label=_("Body"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "class": "mono"}),
        initial='{"order": 1}',
    )
    DelaySeconds = NumberField(label=_("Delay"), unit="s", high=900)
    MessageGroupId = WordField(
        label=_("Message group"), help_text=_("Messages of one group keep their order.")
    )
    MessageDeduplicationId = WordField(
        label=_("Deduplication id"),
        help_text=_("A second message with it within 5 minutes is accepted and not delivered."),
    )
    MessageAttributes = JsonField(
        label=_("Message attributes"),
        rows=2,
        help_text='{"kind": {"DataType": "String", "StringValue": "gift"}}',
    )

    def prepare(self) -> None:
        """Standard queues delay single messages, FIFO queues deduplicate."""
        if self.desk.is_fifo:
            del self.fields["DelaySeconds"]
            self.fields["MessageGroupId"].initial = "a"
        else:
            del self.fields["MessageDeduplicationId"]
            self.fields["MessageGroupId"].help_text = gettext("A tenant, for fair queues.")

    def told(self, result: Mapping[str, Any]) -> str:
        """Say which message it became."""
        return gettext("Sent as %(value)s.") % {"value": result["MessageId"][:_SHORT]}


class ReceiveMessage(OperationForm):
    """ReceiveMessage; while a long poll is held, the page goes on."""

    operation = "ReceiveMessage"
    button = _("Receive messages")
    hint = _("Each message that comes counts as received and hides from others.")
    opens = stays = polls = True

    MaxNumberOfMessages = NumberField(label=_("At most"), low=1, high=10, initial=1)
    WaitTimeSeconds = NumberField(
        label=_("Waits"), unit="s", high=20, initial=0, help_text=_("0: a short poll.")
    )
    VisibilityTimeout = NumberField(label=_("Visibility timeout"), unit="s", high=43_200)
    MessageSystemAttributeNames = ListField(
        label=_("System attributes"), help_text=_("All, or names such as ApproximateReceiveCount.")
    )
    MessageAttributeNames = ListField(
        label=_("Message attributes"), help_text=_("All, names, or beginnings such as order.*")
    )
    ReceiveRequestAttemptId = WordField(
        label=_("Attempt id"),
        help_text=_("The same id within 5 minutes gets the same messages again."),
    )

    def prepare(self) -> None:
        """Only FIFO queues know attempts."""
        if not self.desk.is_fifo:
            del self.fields["ReceiveRequestAttemptId"]

    def document(self) -> dict[str, Any]:
        """Wait no longer than the form says, whatever the queue's own wait is."""
        return {"WaitTimeSeconds": 0} | super().document()

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many came, and keep their handles."""
        messages = result.get("Messages", [])
        handles.keep(self.desk.request, messages, arn=self.desk.arn)
        if not messages:
            return gettext("Nothing was received. No message is visible.")
        return gettext("Received %(count)s, not gone until deleted.") % {"count": len(messages)}


class DeleteMessage(OperationForm):
    """DeleteMessage, by a handle that this browser received."""

    operation = "DeleteMessage"
    button = _("Delete message")
    default: ClassVar = "ReceiptHandle"

    ReceiptHandle = choice(_("Received message"), ())

    def prepare(self) -> None:
        """Offer what this browser holds."""
        offer(self, "ReceiptHandle")

    def told(self, result: Mapping[str, Any]) -> str:
        """Forget the handle."""
        handles.drop(self.desk.request, self.cleaned_data["ReceiptHandle"])
        return gettext("Deleted, if the handle was of the latest receive.")


class ChangeMessageVisibility(OperationForm):
    """ChangeMessageVisibility: a new timeout replaces the old one, it is not added."""

    operation = "ChangeMessageVisibility"
    button = _("Change visibility")
    hint = _(
        "The new timeout counts from now and replaces the old one. 0 shows the message at once."
    )
    default: ClassVar = "ReceiptHandle"

    ReceiptHandle = choice(_("Received message"), ())
    VisibilityTimeout = NumberField(
        label=_("Visibility timeout"), unit="s", high=43_200, initial=60
    )

    def prepare(self) -> None:
        """Offer what this browser holds."""
        offer(self, "ReceiptHandle")

    def told(self, result: Mapping[str, Any]) -> str:
        """Say until when it is hidden."""
        timeout = self.cleaned_data["VisibilityTimeout"]
        return (
            gettext("Hidden for %(timeout)s s from now.") % {"timeout": timeout}
            if timeout
            else gettext("Visible again.")
        )


def offer(form: OperationForm, name: str) -> None:
    """Make the messages that this browser holds the choices of a field."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    held = handles.held(form.desk.request, form.desk.arn)
    field.choices = [(handle, message_id[:_SHORT]) for message_id, handle in held]
    if not held:
        field.help_text = NONE_HELD
