"""FIFO queues: deduplication, sequence numbers (rules D1–D3, F3)."""

from hashlib import sha256

from messaging.sqs.domain.attributes import QueueSettings, Scope
from messaging.sqs.errors import InvalidParameterValue

_FIRST_SEQUENCE = 18_849_496_460_467_696_128
# not consecutive, as AWS says, and 20 digits for every 63-bit position
_SEQUENCE_STEP = 7


def content_dedup_id(body: str) -> str:
    """Return the deduplication id that content-based deduplication makes of a body (D1)."""
    return sha256(body.encode()).hexdigest()


def effective_dedup_id(explicit: str | None, body: str, settings: QueueSettings) -> str:
    """Return the id that a FIFO send is deduplicated by; raises where there is none (D1)."""
    if explicit is not None:
        return explicit
    if settings.content_dedup:
        return content_dedup_id(body)
    raise InvalidParameterValue(
        "The queue should either have ContentBasedDeduplication enabled or "
        "MessageDeduplicationId provided explicitly"
    )


def dedup_token(scope: Scope, group_id: str, dedup_id: str) -> str:
    """Return what has to be unique in a queue for five minutes (D2, D3)."""
    # neither id may hold a space, so no two pairs share a token
    return dedup_id if scope == "queue" else f"{group_id} {dedup_id}"


def sequence_number(position: int) -> str:
    """Return the SequenceNumber of the message at a position: 20 digits, growing (F3)."""
    return str(_FIRST_SEQUENCE + position * _SEQUENCE_STEP)
