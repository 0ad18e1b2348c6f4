"""Batches: what fails the whole request and what fails one entry (rules B1, M1, Q6)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from messaging.sqs.errors import (
    BatchEntryIdsNotDistinct,
    BatchRequestTooLong,
    EmptyBatchRequest,
    InvalidBatchEntryId,
    InvalidParameterValue,
    SqsError,
    TooManyEntriesInBatchRequest,
)
from messaging.sqs.limits import BATCH_BYTES_MAX, BATCH_ENTRIES_MAX

Kind = Literal[
    "ChangeMessageVisibilityBatchRequestEntry",
    "DeleteMessageBatchRequestEntry",
    "SendMessageBatchRequestEntry",
]

_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


def check_entries(entries: Sequence[Mapping[str, Any]], kind: Kind) -> None:
    """Check how many entries there are and their ids (B1); raises what fails the whole request."""
    if not entries:
        raise EmptyBatchRequest(f"There should be at least one {kind} in the request.")
    if len(entries) > BATCH_ENTRIES_MAX:
        raise TooManyEntriesInBatchRequest.of(len(entries))
    ids: list[str] = [entry["Id"] for entry in entries]
    if not all(map(_ENTRY_ID.fullmatch, ids)):
        raise InvalidBatchEntryId
    if len(frozenset(ids)) < len(ids):
        repeated = next(each for each in ids if ids.count(each) > 1)
        raise BatchEntryIdsNotDistinct(f"Id {repeated} repeated.")


def check_batch_size(total: int) -> None:
    """Check the bytes of all messages together (M1); raises BatchRequestTooLong."""
    if total > BATCH_BYTES_MAX:
        raise BatchRequestTooLong(
            f"Batch requests cannot be longer than {BATCH_BYTES_MAX} bytes. "
            f"You have sent {total} bytes."
        )


def failure(entry_id: str, error: SqsError) -> dict[str, Any]:
    """Return the record of an entry that failed alone."""
    return {
        "Id": entry_id,
        "SenderFault": error.sender,
        "Code": error.query_code,
        "Message": error.message,
    }


def answer(successful: list[dict[str, Any]], failed: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a batch's answer; ``Failed`` is there only where something failed."""
    return {"Successful": successful, "Failed": failed} if failed else {"Successful": successful}


def whole_request_error(error: SqsError) -> InvalidParameterValue:
    """Return the error of a FIFO batch with a bad entry: it fails as a whole (Q6).

    The code is InvalidParameterValue even where a single send says MissingParameter (recorded).
    """
    return InvalidParameterValue(error.message)
