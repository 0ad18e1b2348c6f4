"""TagQueue, UntagQueue, ListQueueTags."""

from collections.abc import Mapping
from typing import Any, ClassVar

from dashboard.console import door
from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.fields import PairsField, TicksField


class TagQueue(OperationForm):
    """TagQueue."""

    operation = "TagQueue"
    button = "Tag queue"
    hint = "A key that is there already takes the new value."
    default: ClassVar = "Tags"

    Tags = PairsField(label="Tags", initial="team=payments", help_text="One key=value a line.")

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        return f"{len(self.cleaned_data['Tags'])} tagged."


class UntagQueue(OperationForm):
    """UntagQueue."""

    operation = "UntagQueue"
    button = "Remove tags"
    default: ClassVar = "TagKeys"

    TagKeys = TicksField(label="Tags")

    def prepare(self) -> None:
        """Offer the tags that are there."""
        field = self.fields["TagKeys"]
        tags = door.look(self.desk.caller, "ListQueueTags", {"QueueUrl": self.desk.url})
        pairs = sorted(tags.get("Tags", {}).items())
        assert isinstance(field, TicksField)
        field.choices = [(key, f"{key}={value}") for key, value in pairs]
        if not pairs:
            field.help_text = "This queue has no tags."

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        return f"{len(self.cleaned_data['TagKeys'])} removed."


class ListQueueTags(OperationForm):
    """ListQueueTags."""

    operation = "ListQueueTags"
    button = "List tags"
    opens = stays = True

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        return f"{len(result.get('Tags', {}))} tags."
