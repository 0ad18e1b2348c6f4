"""Data for delivery status: what AWS writes to CloudWatch Logs where a topic asks for it."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.kernel.errors import AwsError
from messaging.kernel.packets import Packet
from messaging.sns.store.subscriptions import SubscriptionRecord
from messaging.sns.store.topics import TopicRecord

_NAMES: Final = {
    "application": "Application", "firehose": "Firehose", "http": "HTTP", "https": "HTTP",
    "lambda": "Lambda", "sqs": "SQS",
}  # fmt: skip
_TAKEN: Final = 200
_TAKEN_LATER: Final = 202


def wanted(attributes: Mapping[str, str], protocol: str, number: int, *, failed: bool) -> bool:
    """Tell whether a delivery is to be logged: all that fail, of the others a sample."""
    name = _NAMES.get(protocol)
    outcome = "Failure" if failed else "Success"
    if name is None or not attributes.get(f"{name}{outcome}FeedbackRoleArn"):
        return False
    rate = attributes.get(f"{name}SuccessFeedbackSampleRate") or "100"
    return failed or number % 100 < int(rate)


def record(
    topic: TopicRecord,
    to: SubscriptionRecord,
    packet: Packet,
    error: AwsError | None,
    *,
    now: int,
) -> dict[str, Any]:
    """Return what is logged of a delivery."""
    taken = _TAKEN_LATER if to.protocol == "lambda" else _TAKEN
    return {
        "status": "SUCCESS" if error is None else "FAILURE",
        "destination": to.endpoint,
        "dwellTimeMs": now - packet.first_at,
        "attempts": packet.attempts + 1,
        "statusCode": taken if error is None else error.status,
        "role": topic.attributes.get(f"{_NAMES[to.protocol]}SuccessFeedbackRoleArn", ""),
    }
