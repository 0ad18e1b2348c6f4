"""GetQueueAttributes: which attributes are asked for and what is answered (rule S7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from messaging.sqs.errors import InvalidAttributeName

COUNTS = frozenset(
    {
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesDelayed",
        "ApproximateNumberOfMessagesNotVisible",
    }
)
"""What has to be counted; ask ``needs_counts`` before doing it."""

NAMES = (
    "QueueArn",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "VisibilityTimeout",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "DelaySeconds",
    "ReceiveMessageWaitTimeSeconds",
    "Policy",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "FifoQueue",
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "FifoThroughputLimit",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "SqsManagedSseEnabled",
)
"""All attributes, in the order in which they are answered."""

_KNOWN = frozenset(NAMES)


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What a queue has besides its settings; times in seconds."""

    arn: str
    created_s: int
    modified_s: int
    visible: int = 0
    in_flight: int = 0
    delayed: int = 0


def asked_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the attributes that a request asks for; raises InvalidAttributeName."""
    asked = frozenset(names)
    unknown = asked - _KNOWN - {"All"}
    if unknown:
        raise InvalidAttributeName.unknown(min(unknown))
    return NAMES if "All" in asked else tuple(name for name in NAMES if name in asked)


def needs_counts(asked: Iterable[str]) -> bool:
    """Tell whether the answer has counts of messages in it."""
    return not COUNTS.isdisjoint(asked)


def answer(asked: Iterable[str], settings: Mapping[str, str], facts: QueueFacts) -> dict[str, str]:
    """Return the attributes of GetQueueAttributes; what the queue has not is left out.

    ``settings`` is what ``attribute_map`` returned.
    """
    known = {
        **settings,
        "ApproximateNumberOfMessages": str(facts.visible),
        "ApproximateNumberOfMessagesDelayed": str(facts.delayed),
        "ApproximateNumberOfMessagesNotVisible": str(facts.in_flight),
        "CreatedTimestamp": str(facts.created_s),
        "LastModifiedTimestamp": str(facts.modified_s),
        "QueueArn": facts.arn,
    }
    return {name: known[name] for name in asked if name in known}
