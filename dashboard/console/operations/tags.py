"""TagQueue, UntagQueue, ListQueueTags."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext, ngettext

from dashboard.console import door
from dashboard.console.desk import QueueDesk
from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.fields import PairsField, TicksField
from dashboard.wording import later as _


def tags_of(desk: QueueDesk) -> list[tuple[str, str]]:
    """Return the tags of a queue, by their keys."""
    found = door.look(desk.caller, "ListQueueTags", {"QueueUrl": desk.url})
    return sorted(found.get("Tags", {}).items())


class TagQueue(OperationForm):
    """TagQueue."""

    operation = "TagQueue"
    button = _("Tag queue")
    hint = _("A key that is there already takes the new value.")
    default: ClassVar = "Tags"

    Tags = PairsField(
        label=_("Tags"), initial="team=payments", help_text=_("One key=value a line.")
    )

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        return gettext("%(count)s tagged.") % {"count": len(self.cleaned_data["Tags"])}


class UntagQueue(OperationForm):
    """UntagQueue."""

    operation = "UntagQueue"
    button = _("Remove tags")
    default: ClassVar = "TagKeys"

    TagKeys = TicksField(label=_("Tags"))

    def prepare(self) -> None:
        """Offer the tags that are there."""
        field = self.fields["TagKeys"]
        pairs = tags_of(self.desk)
        assert isinstance(field, TicksField)
        field.choices = [(key, f"{key}={value}") for key, value in pairs]
        if not pairs:
            field.help_text = gettext("This queue has no tags.")

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        return gettext("%(count)s removed.") % {"count": len(self.cleaned_data["TagKeys"])}


class ListQueueTags(OperationForm):
    """ListQueueTags."""

    operation = "ListQueueTags"
    button = _("List tags")
    opens = stays = True

    def told(self, result: Mapping[str, Any]) -> str:
        """Say how many."""
        count = len(result.get("Tags", {}))
        return ngettext("%(count)s tag.", "%(count)s tags.", count) % {"count": count}
