"""Find, list, purge and delete queues."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext, ngettext

from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.fields import ListField, NumberField, WordField
from dashboard.wording import later as _


class GetQueueUrl(OperationForm):
    """GetQueueUrl."""

    operation = "GetQueueUrl"
    button = _("Get URL")
    opens = stays = True
    of_queue = False
    default: ClassVar = "QueueName"

    QueueName = WordField(label=_("Name"))
    QueueOwnerAWSAccountId = WordField(
        label=_("Owner"), help_text=_("The account, where it is another's queue.")
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
    button = _("List queues")
    opens = stays = True
    of_queue = False

    QueueNamePrefix = WordField(label=_("Names that begin with"))
    MaxResults = NumberField(
        label=_("At most"), low=1, high=1_000, help_text=_("With it, a longer list comes in pages.")
    )
    NextToken = WordField(label=_("Next token"), help_text=_("Of the page before."))

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        count = len(result.get("QueueUrls", ()))
        said = ngettext("%(count)s queue.", "%(count)s queues.", count) % {"count": count}
        return f"{said} {gettext('More with the next token.')}" if result.get("NextToken") else said


class GetQueueAttributes(OperationForm):
    """GetQueueAttributes."""

    operation = "GetQueueAttributes"
    button = _("Get attributes")
    opens = stays = True
    default: ClassVar = "AttributeNames"

    AttributeNames = ListField(label=_("Attributes"), initial="All")

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        count = len(result.get("Attributes", {}))
        return ngettext("%(count)s attribute.", "%(count)s attributes.", count) % {"count": count}


class PurgeQueue(OperationForm):
    """PurgeQueue."""

    operation = "PurgeQueue"
    button = _("Purge queue")
    danger = True
    hint = _(
        "All messages go, those in flight too. They cannot be brought back."
        " SQS takes one purge in 60 s."
    )

    def told(self, result: Mapping[str, Any]) -> str:
        """Say that it is done."""
        return gettext("%(name)s purged.") % {"name": self.desk.name}


class DeleteQueue(OperationForm):
    """DeleteQueue."""

    operation = "DeleteQueue"
    button = _("Delete queue")
    danger = True
    hint = _("The queue and everything in it. Its name is free again after 60 s.")

    def told(self, result: Mapping[str, Any]) -> str:
        """Say when the name is free."""
        return gettext("Queue %(name)s deleted. Its name is free again in 60 s.") % {
            "name": self.desk.name
        }
