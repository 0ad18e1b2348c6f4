"""Messages on their way in: size, characters, delay, ids (rules M1–M3, S1, D7, Q6)."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from messaging.sqs.domain.attributes import QueueSettings
from messaging.sqs.domain.characters import ALLOWED, find_forbidden, text_size
from messaging.sqs.domain.fifo import effective_dedup_id
from messaging.sqs.domain.message_attributes import (
    attributes_size,
    check_attributes,
    check_system_attributes,
)
from messaging.sqs.errors import InvalidMessageContents, InvalidParameterValue, MissingParameter
from messaging.sqs.limits import DELAY_S_MAX

# letters, digits and the punctuation of ASCII: all that prints but the space
_ID = re.compile(r"[!-~]{1,128}")
_WRONG_QUEUE_TYPE = "The request include parameter that is not valid for this queue type."


class NewMessage(NamedTuple):
    """A message that passed every check."""

    body: str
    size: int
    delay_s: int
    attributes: Mapping[str, Mapping[str, Any]] | None
    system_attributes: Mapping[str, Mapping[str, Any]] | None
    group_id: str | None
    dedup_id: str | None


def read_message(
    params: Mapping[str, Any], settings: QueueSettings, *, entry: int | None = None
) -> NewMessage:
    """Check the parameters of SendMessage, or of the batch entry at position ``entry`` (from 1).

    Raises with AWS's texts. In a FIFO batch an error fails the whole request
    (``batches.whole_request_error``). ``dedup_id`` of the result is the content's where it applies.
    """
    body = check_body(params.get("MessageBody"), entry)
    attributes = params.get("MessageAttributes")
    size = text_size(body)
    if attributes:
        check_attributes(attributes)
        size += attributes_size(attributes)
    if size > settings.max_size:
        raise too_big(settings.max_size, in_batch=entry is not None and not settings.fifo)
    system_attributes = params.get("MessageSystemAttributes")
    if system_attributes:
        check_system_attributes(system_attributes)
    group_id, dedup_id = _read_ids(params, body, settings)
    delay_s = effective_delay(params.get("DelaySeconds"), settings)
    return NewMessage(
        body, size, delay_s, attributes or None, system_attributes or None, group_id, dedup_id
    )


def check_body(body: str | None, entry: int | None = None) -> str:
    """Return the body; raises where it is empty or has characters that XML 1.0 lacks (M3)."""
    if not body:
        prefix = "" if entry is None else f"SendMessageBatchRequestEntry.{entry}."
        raise MissingParameter.of(f"{prefix}MessageBody")
    forbidden = find_forbidden(body)
    if forbidden:
        raise InvalidMessageContents(
            f"Invalid binary character '{forbidden}' was found in the message body, the set of "
            f"allowed characters is {ALLOWED}."
        )
    return body


def message_size(params: Mapping[str, Any]) -> int:
    """Return what a message counts towards its limit and its batch's (M1); checks nothing.

    System attributes do not count.
    """
    size = text_size(params.get("MessageBody") or "")
    attributes = params.get("MessageAttributes")
    return size + attributes_size(attributes) if attributes else size


def too_big(max_size: int, *, in_batch: bool) -> InvalidParameterValue:
    """Return the error of a message over its queue's limit (M1; M2 for a batch's entry)."""
    verb = "cannot be validated" if in_batch else "are invalid"
    return InvalidParameterValue(
        f"One or more parameters {verb}. Reason: Message must be shorter than {max_size} bytes."
    )


def effective_delay(asked: int | None, settings: QueueSettings) -> int:
    """Return the seconds before the message becomes visible (S1); raises InvalidParameterValue."""
    if asked is None:
        return settings.delay_s
    if not 0 <= asked <= DELAY_S_MAX:
        raise InvalidParameterValue.of(
            "DelaySeconds", asked, reason=f"DelaySeconds must be >= 0 and <= {DELAY_S_MAX}."
        )
    if not settings.fifo:
        return asked
    if asked:
        raise InvalidParameterValue.of("DelaySeconds", asked, reason=_WRONG_QUEUE_TYPE)
    return settings.delay_s


def check_id(parameter: str, value: str) -> None:
    """Check a MessageGroupId or MessageDeduplicationId (D7); raises InvalidParameterValue."""
    if not _ID.fullmatch(value):
        raise InvalidParameterValue.of(
            parameter,
            value,
            reason=f"{parameter} can only include alphanumeric and punctuation characters. "
            "1 to 128 in length.",
        )


def _read_ids(
    params: Mapping[str, Any], body: str, settings: QueueSettings
) -> tuple[str | None, str | None]:
    group_id = params.get("MessageGroupId")
    dedup_id = params.get("MessageDeduplicationId")
    if not settings.fifo:
        if dedup_id is not None:
            raise InvalidParameterValue.of(
                "MessageDeduplicationId", dedup_id, reason=_WRONG_QUEUE_TYPE
            )
        if group_id is not None:
            check_id("MessageGroupId", group_id)
        return group_id, None
    if group_id is None:
        raise MissingParameter.of("MessageGroupId")
    check_id("MessageGroupId", group_id)
    if dedup_id is not None:
        check_id("MessageDeduplicationId", dedup_id)
    return group_id, effective_dedup_id(dedup_id, body, settings)
