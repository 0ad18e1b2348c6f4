"""Find, list, purge and delete queues."""

from collections.abc import Mapping
from typing import Any, ClassVar

from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.fields import ListField, NumberField, WordField


class GetQueueUrl(OperationForm):
    """GetQueueUrl."""

    operation = "GetQueueUrl"
    button = "Get URL"
    opens = stays = True
    of_queue = False
    default: ClassVar = "QueueName"

    QueueName = WordField(label="Name")
    QueueOwnerAWSAccountId = WordField(
        label="Owner", help_text="The account, where it is another's queue."
    )

    def prepare(self) -> None:
        """Begin with this queue."""
        self.fields["QueueName"].initial = self.desk.name

    def told(self, result: Mapping[str, Any]) -> str:
        """Say the URL."""
        return str(result["QueueUrl"])


class ListQueues(OperationForm):
    """ListQueues."""

    operation = "ListQueues"
    button = "List queues"
    opens = stays = True
    of_queue = False

    QueueNamePrefix = WordField(label="Names that begin with")
    MaxResults = NumberField(
        label="At most", low=1, high=1_000, help_text="With it, a longer list comes in pages."
    )
    NextToken = WordField(label="Next token", help_text="Of the page before.")

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        more = " More with the next token." if result.get("NextToken") else ""
        return f"{len(result.get('QueueUrls', ()))} queues.{more}"


class GetQueueAttributes(OperationForm):
    """GetQueueAttributes."""

    operation = "GetQueueAttributes"
    button = "Get attributes"
    opens = stays = True
    default: ClassVar = "AttributeNames"

    AttributeNames = ListField(label="Attributes", initial="All")

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        return f"{len(result.get('Attributes', {}))} attributes."


class PurgeQueue(OperationForm):
    """PurgeQueue."""

    operation = "PurgeQueue"
    button = "Purge queue"
    danger = True
    hint = (
        "All messages go, those in flight too. They cannot be brought back."
        " SQS takes one purge in 60 s."
    )

    def told(self, result: Mapping[str, Any]) -> str:
        """Say that it is done."""
        return f"{self.desk.name} purged."


class DeleteQueue(OperationForm):
    """DeleteQueue."""

    operation = "DeleteQueue"
    button = "Delete queue"
    danger = True
    hint = "The queue and everything in it. Its name is free again after 60 s."

    def told(self, result: Mapping[str, Any]) -> str:
        """Say when the name is free."""
        return f"Queue {self.desk.name} deleted. Its name is free again in 60 s."
