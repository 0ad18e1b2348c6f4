"""Dead letters: whose they are, and moving them back."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, ngettext

from dashboard.console import door
from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.fields import NumberField, WordField, choice
from dashboard.wording import later as _


class ListDeadLetterSourceQueues(OperationForm):
    """ListDeadLetterSourceQueues."""

    operation = "ListDeadLetterSourceQueues"
    button = _("List source queues")
    hint = _("The queues whose redrive policy names this one.")
    opens = stays = True

    MaxResults = NumberField(label=_("At most"), low=1, high=1_000)
    NextToken = WordField(label=_("Next token"), help_text=_("Of the page before."))

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        count = len(result.get("queueUrls", ()))
        return ngettext("%(count)s source queue.", "%(count)s source queues.", count) % {
            "count": count
        }


class StartMessageMoveTask(OperationForm):
    """StartMessageMoveTask."""

    operation = "StartMessageMoveTask"
    button = _("Start redrive")
    hint = _("Moves what lies in this dead-letter queue. Each message gets a new id and retention.")
    of_queue = False

    DestinationArn = choice(_("To"), ())
    MaxNumberOfMessagesPerSecond = NumberField(
        label=_("At most"),
        unit="/s",
        low=1,
        high=500,
        help_text=_("Empty leaves the speed to SQS."),
    )

    def prepare(self) -> None:
        """Offer the queues of the same kind."""
        field = self.fields["DestinationArn"]
        assert isinstance(field, forms.ChoiceField)
        queues = [(arn, arn.rpartition(":")[2]) for arn in self.desk.neighbours()]
        field.choices = [("", gettext("The queues they came from")), *queues]

    def document(self) -> dict[str, Any]:
        """Name this queue as the source."""
        return {"SourceArn": self.desk.arn} | self.given()

    def told(self, result: Mapping[str, Any]) -> str:
        """Say that it runs."""
        return gettext("The redrive runs.")


class CancelMessageMoveTask(OperationForm):
    """CancelMessageMoveTask."""

    operation = "CancelMessageMoveTask"
    button = _("Cancel redrive")
    hint = _("What was moved stays moved.")
    of_queue = False
    default: ClassVar = "TaskHandle"

    TaskHandle = choice(_("Running task"), ())

    def prepare(self) -> None:
        """Offer the tasks that run."""
        asked = {"SourceArn": self.desk.arn, "MaxResults": 10}
        tasks = door.look(self.desk.caller, "ListMessageMoveTasks", asked)["Results"]
        running = [task for task in tasks if task.get("TaskHandle")]
        field = self.fields["TaskHandle"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(task["TaskHandle"], _name_of(task)) for task in running]
        if not running:
            field.help_text = gettext("No redrive out of this queue runs.")

    def told(self, result: Mapping[str, Any]) -> str:
        """Say what stays moved."""
        return gettext("Cancelled. %(moved)s stay moved.") % {
            "moved": result["ApproximateNumberOfMessagesMoved"]
        }


class ListMessageMoveTasks(OperationForm):
    """ListMessageMoveTasks."""

    operation = "ListMessageMoveTasks"
    button = _("List redrives")
    opens = stays = True
    of_queue = False

    MaxResults = NumberField(label=_("At most"), low=1, high=10, initial=10)

    def document(self) -> dict[str, Any]:
        """Name this queue as the source."""
        return {"SourceArn": self.desk.arn} | self.given()

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        count = len(result["Results"])
        return ngettext("%(count)s redrive.", "%(count)s redrives.", count) % {"count": count}


def _name_of(task: Mapping[str, Any]) -> str:
    moved, to_move = (
        task["ApproximateNumberOfMessagesMoved"],
        task["ApproximateNumberOfMessagesToMove"],
    )
    return f"{moved} of {to_move} moved"
