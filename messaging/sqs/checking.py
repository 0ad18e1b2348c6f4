"""What is wrong with a request, told without doing it: the rules of ``domain/`` and no more.

Nothing is read and nothing is changed, so what only the tables know (does the queue exist, is the
name taken, who holds the handle) is found when the call itself is made.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from messaging.kernel.errors import AwsError
from messaging.sqs import limits
from messaging.sqs.domain import batches, move_tasks, permissions, receiving, visibility
from messaging.sqs.domain.attribute_queries import asked_names
from messaging.sqs.domain.attribute_values import READERS
from messaging.sqs.domain.attributes import (
    QueueSettings,
    change_settings,
    create_settings,
    settings_of,
)
from messaging.sqs.domain.messages import message_size, read_message
from messaging.sqs.errors import InvalidParameterValue
from messaging.sqs.tagging import check_tags

Params = Mapping[str, Any]
Rule = Callable[[], object]


def find_errors(
    operation: str, params: Params, attributes: Mapping[str, str], arn: str
) -> list[AwsError]:
    """Return what the operation would refuse, by the rules that need no table.

    ``attributes`` are the queue's, as GetQueueAttributes shows them; {} where there is no queue.
    """
    known = {key: text for key, text in attributes.items() if key in READERS or key == "FifoQueue"}
    rules = RULES.get(operation)
    found: dict[str, AwsError] = {}
    for rule in rules(params, settings_of(known), arn) if rules else ():
        try:
            rule()
        except AwsError as error:
            found.setdefault(error.message, error)
    return list(found.values())


def _send(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    yield lambda: read_message(params, settings)


def _send_batch(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    entries = params.get("Entries") or []
    yield lambda: batches.check_entries(entries, "SendMessageBatchRequestEntry")
    yield lambda: batches.check_batch_size(sum(map(message_size, entries)))
    for place, entry in enumerate(entries, start=1):
        yield lambda entry=entry, place=place: read_message(  # type: ignore[misc]
            entry, settings, entry=place
        )


def _receive(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    yield lambda: receiving.message_count(params.get("MaxNumberOfMessages"))
    yield lambda: receiving.wait_time(params.get("WaitTimeSeconds"), settings.wait_s)
    yield lambda: visibility.receive_timeout(params.get("VisibilityTimeout"), settings.visibility_s)
    yield lambda: receiving.select(
        [*(params.get("AttributeNames") or ()), *(params.get("MessageSystemAttributeNames") or ())],
        params.get("MessageAttributeNames") or (),
    )
    if (attempt := params.get("ReceiveRequestAttemptId")) is not None:
        yield lambda: receiving.check_attempt_id(attempt, fifo=settings.fifo)


def _change_visibility(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    if (timeout_s := params.get("VisibilityTimeout")) is not None:
        yield lambda: visibility.check_change(timeout_s)


def _change_visibility_batch(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    entries = params.get("Entries") or []
    yield lambda: batches.check_entries(entries, "ChangeMessageVisibilityBatchRequestEntry")
    for entry in entries:
        yield from _change_visibility(entry, settings, arn)


def _delete_batch(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    entries = params.get("Entries") or []
    yield lambda: batches.check_entries(entries, "DeleteMessageBatchRequestEntry")


def _create(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    name, attributes = params.get("QueueName", ""), params.get("Attributes") or {}
    kind = {"FifoQueue": attributes["FifoQueue"]} if "FifoQueue" in attributes else {}
    yield lambda: create_settings(name, kind)
    # Each for itself too, so that every field has its own answer and not the first alone.
    for key, text in attributes.items():
        if key != "DeduplicationScope":
            yield lambda key=key, text=text: create_settings(  # type: ignore[misc]
                name, kind | _pair(attributes, key, text)
            )
    yield lambda: create_settings(name, attributes)
    yield lambda: check_tags(params.get("tags") or {}, {})


def _set(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    attributes = params.get("Attributes") or {}
    for key, text in attributes.items():
        yield lambda key=key, text=text: change_settings(  # type: ignore[misc]
            settings, _pair(attributes, key, text)
        )
    yield lambda: change_settings(settings, attributes)


def _pair(attributes: Mapping[str, str], key: str, text: str) -> dict[str, str]:
    """Return one attribute, with the one that it is judged by."""
    pair = {key: text}
    if key in ("DeduplicationScope", "FifoThroughputLimit"):
        both = ("DeduplicationScope", "FifoThroughputLimit")
        pair = {name: attributes[name] for name in both if name in attributes}
    return pair


def _get(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    yield lambda: asked_names(params.get("AttributeNames") or ())


def _tag(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    yield lambda: check_tags(params.get("Tags") or {}, {})


def _add_permission(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    given = {
        "label": params.get("Label") or "",
        "account_ids": params.get("AWSAccountIds") or (),
        "actions": params.get("Actions") or (),
    }
    good = {"label": "good", "account_ids": ("123456789012",), "actions": ("SendMessage",)}
    for part, value in given.items():
        policy = settings.policy if part == "label" else ""
        yield lambda part=part, value=value, policy=policy: (  # type: ignore[misc]
            permissions.add_permission(policy, queue_arn=arn, **{**good, part: value})
        )


def _remove_permission(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    label = params.get("Label") or ""
    yield lambda: permissions.remove_permission(settings.policy, label=label)


def _list(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    def check() -> None:
        limit = params.get("MaxResults")
        if limit is not None and not 1 <= limit <= limits.LIST_QUEUES_MAX:
            raise InvalidParameterValue.of(
                "MaxResults", limit, reason="MaxResults must be an integer between 1 and 1000."
            )

    yield check


def _start_move(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    yield lambda: move_tasks.check_rate(params.get("MaxNumberOfMessagesPerSecond"))


def _cancel_move(params: Params, settings: QueueSettings, arn: str) -> Iterator[Rule]:
    yield lambda: move_tasks.decode_task_handle(params.get("TaskHandle") or "")


RULES: Final[dict[str, Callable[[Params, QueueSettings, str], Iterator[Rule]]]] = {
    "AddPermission": _add_permission,
    "CancelMessageMoveTask": _cancel_move,
    "ChangeMessageVisibility": _change_visibility,
    "ChangeMessageVisibilityBatch": _change_visibility_batch,
    "CreateQueue": _create,
    "DeleteMessageBatch": _delete_batch,
    "GetQueueAttributes": _get,
    "ListDeadLetterSourceQueues": _list,
    "ListQueues": _list,
    "ReceiveMessage": _receive,
    "RemovePermission": _remove_permission,
    "SendMessage": _send,
    "SendMessageBatch": _send_batch,
    "SetQueueAttributes": _set,
    "StartMessageMoveTask": _start_move,
    "TagQueue": _tag,
}
