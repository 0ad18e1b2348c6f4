"""Dead letters: whose they are, and moving them back."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from dashboard.console import door
from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.fields import NumberField, WordField, choice


class ListDeadLetterSourceQueues(OperationForm):
    """ListDeadLetterSourceQueues."""

    operation = "ListDeadLetterSourceQueues"
    button = "List source queues"
    hint = "The queues whose redrive policy names this one."
    opens = stays = True

    MaxResults = NumberField(label="At most", low=1, high=1_000)
    NextToken = WordField(label="Next token", help_text="Of the page before.")

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        return f"{len(result.get('queueUrls', ()))} source queues."


class StartMessageMoveTask(OperationForm):
    """StartMessageMoveTask."""

    operation = "StartMessageMoveTask"
    button = "Start redrive"
    hint = "Moves what lies in this dead-letter queue. Each message gets a new id and retention."
    of_queue = False

    DestinationArn = choice("To", ())
    MaxNumberOfMessagesPerSecond = NumberField(
        label="At most", unit="/s", low=1, high=500, help_text="Empty leaves the speed to SQS."
    )

    def prepare(self) -> None:
        """Offer the queues of the same kind."""
        field = self.fields["DestinationArn"]
        assert isinstance(field, forms.ChoiceField)
        queues = [(arn, arn.rpartition(":")[2]) for arn in self.desk.neighbours()]
        field.choices = [("", "The queues they came from"), *queues]

    def document(self) -> dict[str, Any]:
        """Name this queue as the source."""
        return {"SourceArn": self.desk.arn} | self.given()

    def told(self, result: Mapping[str, Any]) -> str:
        """Say that it runs."""
        return "The redrive runs."


class CancelMessageMoveTask(OperationForm):
    """CancelMessageMoveTask."""

    operation = "CancelMessageMoveTask"
    button = "Cancel redrive"
    hint = "What was moved stays moved."
    of_queue = False
    default: ClassVar = "TaskHandle"

    TaskHandle = choice("Running task", ())

    def prepare(self) -> None:
        """Offer the tasks that run."""
        asked = {"SourceArn": self.desk.arn, "MaxResults": 10}
        tasks = door.look(self.desk.caller, "ListMessageMoveTasks", asked)["Results"]
        running = [task for task in tasks if task.get("TaskHandle")]
        field = self.fields["TaskHandle"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(task["TaskHandle"], _name_of(task)) for task in running]
        if not running:
            field.help_text = "No redrive out of this queue runs."

    def told(self, result: Mapping[str, Any]) -> str:
        """Say what stays moved."""
        return f"Cancelled. {result['ApproximateNumberOfMessagesMoved']} stay moved."


class ListMessageMoveTasks(OperationForm):
    """ListMessageMoveTasks."""

    operation = "ListMessageMoveTasks"
    button = "List redrives"
    opens = stays = True
    of_queue = False

    MaxResults = NumberField(label="At most", low=1, high=10, initial=10)

    def document(self) -> dict[str, Any]:
        """Name this queue as the source."""
        return {"SourceArn": self.desk.arn} | self.given()

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        return f"{len(result['Results'])} redrives."


def _name_of(task: Mapping[str, Any]) -> str:
    moved, to_move = (
        task["ApproximateNumberOfMessagesMoved"],
        task["ApproximateNumberOfMessagesToMove"],
    )
    return f"{moved} of {to_move} moved"
