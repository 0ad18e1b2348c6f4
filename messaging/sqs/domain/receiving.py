"""What a receive may ask for and what it returns (rules R1, R2, R6, F4)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from messaging.sqs.domain.checksums import md5_of_attributes, md5_of_body
from messaging.sqs.errors import InvalidAttributeName, InvalidParameterValue
from messaging.sqs.limits import BATCH_ENTRIES_MAX, RECEIVE_ATTEMPT_ID_CHARS_MAX, WAIT_S_MAX

SYSTEM_NAMES = frozenset(
    {
        "ApproximateFirstReceiveTimestamp",
        "ApproximateReceiveCount",
        "AWSTraceHeader",
        "DeadLetterQueueSourceArn",
        "MessageDeduplicationId",
        "MessageGroupId",
        "SenderId",
        "SentTimestamp",
        "SequenceNumber",
    }
)

_ATTEMPT_ID = re.compile(rf"[!-~]{{1,{RECEIVE_ATTEMPT_ID_CHARS_MAX}}}")

UserAttributes = Mapping[str, Mapping[str, Any]]


class Selection(NamedTuple):
    """Which attributes a receive asks for, taken apart once per request."""

    system: frozenset[str]
    names: frozenset[str]
    prefixes: tuple[str, ...]

    def user(self, attributes: UserAttributes) -> UserAttributes:
        """Return those of the message's own attributes that are asked for."""
        if "" in self.prefixes:
            return attributes
        return {
            name: value
            for name, value in attributes.items()
            if name in self.names or name.startswith(self.prefixes)
        }


class Received(NamedTuple):
    """One message as it leaves: plain values; times in milliseconds, None for what it has not."""

    message_id: str
    handle: str
    body: str
    attributes: UserAttributes | None
    sender: str
    sent_at: int
    receives: int
    first_at: int
    group_id: str | None = None
    dedup_id: str | None = None
    sequence: str | None = None
    trace_header: str | None = None
    dlq_source_arn: str | None = None


def message_count(asked: int | None) -> int:
    """Return MaxNumberOfMessages, 1 where it is not given; raises InvalidParameterValue (R1)."""
    if asked is None:
        return 1
    if not 1 <= asked <= BATCH_ENTRIES_MAX:
        raise InvalidParameterValue.of(
            "MaxNumberOfMessages", asked, reason="Must be between 1 and 10, if provided."
        )
    return asked


def wait_time(asked: int | None, queue_wait_s: int) -> int:
    """Return how many seconds to wait, 0 for a short poll; raises InvalidParameterValue (R2)."""
    if asked is None:
        return queue_wait_s
    if not 0 <= asked <= WAIT_S_MAX:
        raise InvalidParameterValue.of(
            "WaitTimeSeconds", asked, reason="Must be >= 0 and <= 20, if provided."
        )
    return asked


def check_attempt_id(value: str, *, fifo: bool) -> None:
    """Check a ReceiveRequestAttemptId (F4); raises InvalidParameterValue."""
    if not fifo:
        raise InvalidParameterValue.of(
            "ReceiveRequestAttemptId",
            value,
            reason="The request include parameter that is not valid for this queue type.",
        )
    if not _ATTEMPT_ID.fullmatch(value):
        raise InvalidParameterValue.of(
            "ReceiveRequestAttemptId",
            value,
            reason="ReceiveRequestAttemptId can only include alphanumeric and punctuation "
            "characters. 1 to 128 in length.",
        )


def select(system_names: Iterable[str], message_names: Iterable[str]) -> Selection:
    """Read which attributes are asked for (R6); raises InvalidAttributeName.

    ``message_names`` may hold names, ``All``, ``.*`` and prefixes such as ``bar.*``.
    """
    system = frozenset(system_names)
    unknown = system - SYSTEM_NAMES - {"All"}
    if unknown:
        raise InvalidAttributeName.unknown(min(unknown))
    names, prefixes = set(), set()
    for name in message_names:
        if name in ("All", "*"):
            prefixes.add("")
        elif name.endswith(".*"):
            prefixes.add(name.removesuffix(".*"))
        else:
            names.add(name)
    return Selection(
        SYSTEM_NAMES if "All" in system else system, frozenset(names), tuple(sorted(prefixes))
    )


def render_plain(message_id: str, handle: str, body: str) -> dict[str, Any]:
    """Return a message of which no attributes are shown."""
    return {
        "MessageId": message_id,
        "ReceiptHandle": handle,
        "MD5OfBody": md5_of_body(body),
        "Body": body,
    }


def render(message: Received, selection: Selection) -> dict[str, Any]:
    """Return a message in the API's form: attributes only as asked, with the sums over those."""
    shown = render_plain(message.message_id, message.handle, message.body)
    if selection.system:
        shown["Attributes"] = _system_attributes(message, selection.system)
    if message.attributes and (selection.names or selection.prefixes):
        chosen = selection.user(message.attributes)
        if chosen:
            shown["MD5OfMessageAttributes"] = md5_of_attributes(chosen)
            shown["MessageAttributes"] = chosen
    return shown


def _system_attributes(message: Received, asked: frozenset[str]) -> dict[str, str]:
    values = {
        "SenderId": message.sender,
        "SentTimestamp": str(message.sent_at),
        "ApproximateReceiveCount": str(message.receives),
        "ApproximateFirstReceiveTimestamp": str(message.first_at),
        "SequenceNumber": message.sequence,
        "MessageDeduplicationId": message.dedup_id,
        "MessageGroupId": message.group_id,
        "AWSTraceHeader": message.trace_header,
        "DeadLetterQueueSourceArn": message.dlq_source_arn,
    }
    return {name: value for name, value in values.items() if value is not None and name in asked}
