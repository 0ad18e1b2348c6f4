"""The forms of a queue's panel, in its groups; a form's key is its operation's name."""

from typing import Final, NamedTuple

from dashboard.console.operations import (
    attributes,
    batches,
    dead_letters,
    messages,
    permissions,
    queues,
    settings,
    tags,
)
from dashboard.console.operations.base import OperationForm
from dashboard.wording import later as _


class Group(NamedTuple):
    """Forms that belong together."""

    title: str
    keys: tuple[str, ...]


POLICY: Final = "Policy"

FORMS: Final[dict[str, type[OperationForm]]] = {
    "AddPermission": permissions.AddPermission,
    "CancelMessageMoveTask": dead_letters.CancelMessageMoveTask,
    "ChangeMessageVisibility": messages.ChangeMessageVisibility,
    "ChangeMessageVisibilityBatch": batches.ChangeMessageVisibilityBatch,
    "CreateQueue": attributes.CreateQueue,
    "DeleteMessage": messages.DeleteMessage,
    "DeleteMessageBatch": batches.DeleteMessageBatch,
    "DeleteQueue": queues.DeleteQueue,
    "GetQueueAttributes": queues.GetQueueAttributes,
    "GetQueueUrl": queues.GetQueueUrl,
    "ListDeadLetterSourceQueues": dead_letters.ListDeadLetterSourceQueues,
    "ListMessageMoveTasks": dead_letters.ListMessageMoveTasks,
    "ListQueueTags": tags.ListQueueTags,
    "ListQueues": queues.ListQueues,
    POLICY: permissions.PolicyEditor,
    "PurgeQueue": queues.PurgeQueue,
    "ReceiveMessage": messages.ReceiveMessage,
    "RemovePermission": permissions.RemovePermission,
    "SendMessage": messages.SendMessage,
    "SendMessageBatch": batches.SendMessageBatch,
    "SetQueueAttributes": settings.SetQueueAttributes,
    "StartMessageMoveTask": dead_letters.StartMessageMoveTask,
    "TagQueue": tags.TagQueue,
    "UntagQueue": tags.UntagQueue,
}

GROUPS: Final = (
    Group(
        _("Messages"),
        (
            "SendMessage",
            "SendMessageBatch",
            "ReceiveMessage",
            "DeleteMessage",
            "DeleteMessageBatch",
            "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch",
        ),
    ),
    Group(
        _("Queues"),
        (
            "CreateQueue",
            "ListQueues",
            "GetQueueUrl",
            "GetQueueAttributes",
            "SetQueueAttributes",
            "PurgeQueue",
            "DeleteQueue",
        ),
    ),
    Group(
        _("Dead letters"),
        (
            "ListDeadLetterSourceQueues",
            "StartMessageMoveTask",
            "ListMessageMoveTasks",
            "CancelMessageMoveTask",
        ),
    ),
    Group(_("Permissions"), (POLICY, "AddPermission", "RemovePermission")),
    Group(_("Tags"), ("TagQueue", "UntagQueue", "ListQueueTags")),
)
