"""Visibility: until when a message is hidden, and who may change that (rules S3–S6, H3)."""

from messaging.sqs.errors import InvalidParameterValue
from messaging.sqs.limits import VISIBILITY_S_MAX


def hidden_until(now_ms: int, timeout_s: int) -> int:
    """Return the millisecond from which the message is visible again (S3, S4)."""
    return now_ms + timeout_s * 1000


def receive_timeout(asked: int | None, queue_timeout_s: int) -> int:
    """Return the timeout of a receive in seconds; raises InvalidParameterValue (S3)."""
    if asked is None:
        return queue_timeout_s
    if not 0 <= asked <= VISIBILITY_S_MAX:
        raise InvalidParameterValue.of(
            "VisibilityTimeout",
            asked,
            reason=f"Must be >= 0 and <= {VISIBILITY_S_MAX}, if provided.",
        )
    return asked


def check_change(timeout_s: int) -> None:
    """Check ChangeMessageVisibility's range; raises InvalidParameterValue."""
    if not 0 <= timeout_s <= VISIBILITY_S_MAX:
        raise InvalidParameterValue.of(
            "VisibilityTimeout",
            timeout_s,
            reason=f"VisibilityTimeout must be an integer between 0 and {VISIBILITY_S_MAX}.",
        )


def check_total(now_ms: int, timeout_s: int, *, received_at_ms: int) -> None:
    """Check that the message stays hidden for 12 hours at most since its receive (S5).

    A value beyond the time left is an error and not clamped.
    """
    if hidden_until(now_ms, timeout_s) > hidden_until(received_at_ms, VISIBILITY_S_MAX):
        raise InvalidParameterValue.of(
            "VisibilityTimeout",
            timeout_s,
            reason="Total VisibilityTimeout for the message is beyond the limit "
            f"[{VISIBILITY_S_MAX} seconds]",
        )


def not_available(handle: str) -> InvalidParameterValue:
    """Return the error of changing the visibility of a message that is deleted (S6)."""
    return InvalidParameterValue.of(
        "ReceiptHandle",
        handle,
        reason="Message does not exist or is not available for visibility timeout change.",
    )


def handle_expired(handle: str) -> InvalidParameterValue:
    """Return the error of a FIFO queue for a handle whose timeout has lapsed (H3)."""
    return InvalidParameterValue.of(
        "ReceiptHandle", handle, reason="The receipt handle has expired."
    )


def expires_at(sent_at_ms: int, retention_s: int) -> int:
    """Return the millisecond from which the message is gone, whatever its state."""
    return sent_at_ms + retention_s * 1000
