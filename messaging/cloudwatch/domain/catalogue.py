"""AWS's own metrics: their units, and what they say while nothing happens. Pure."""

from typing import Final, NamedTuple

# Keys of a minute's row: the levels at its end.
LEVELS: Final = "="
COUNT: Final = "count"
SAMPLES: Final = "samples"
LEVEL: Final = "level"
AGE: Final = "age"
SPARSE: Final = "sparse"


class Known(NamedTuple):
    """A metric: ``way`` is how silence reads, ``slot`` the place of a level.

    While a queue or topic is active a COUNT is zero and a LEVEL stays as it was; SAMPLES and SPARSE
    metrics have no datapoint where nothing happened.
    """

    unit: str
    way: str
    slot: int = 0


_SQS: Final = {
    "ApproximateAgeOfOldestMessage": Known("Seconds", AGE, 3),
    "ApproximateNumberOfMessagesDelayed": Known("Count", LEVEL, 2),
    "ApproximateNumberOfMessagesNotVisible": Known("Count", LEVEL, 1),
    "ApproximateNumberOfMessagesVisible": Known("Count", LEVEL, 0),
    "NumberOfEmptyReceives": Known("Count", COUNT),
    "NumberOfMessagesDeleted": Known("Count", COUNT),
    "NumberOfMessagesReceived": Known("Count", COUNT),
    "NumberOfMessagesSent": Known("Count", COUNT),
    "SentMessageSize": Known("Bytes", SAMPLES),
}
_FIFO: Final = {"NumberOfDeduplicatedSentMessages": Known("Count", COUNT)}
_SNS: Final = {
    "NumberOfMessagesPublished": Known("Count", COUNT),
    "NumberOfNotificationsDelivered": Known("Count", COUNT),
    "NumberOfNotificationsFailed": Known("Count", COUNT),
    "PublishSize": Known("Bytes", SAMPLES),
}
# The size of a message is a sample each; of everything else a minute is one sample.
SIZES: Final = frozenset({"PublishSize", "SentMessageSize"})


def known_metrics(namespace: str, dimensions: list[list[str]]) -> dict[str, Known]:
    """Return the metrics that something always has while it is active."""
    if namespace == "AWS/SNS":
        return _SNS
    if namespace != "AWS/SQS":
        return {}
    is_fifo = any(value.endswith(".fifo") for _, value in dimensions)
    return {**_SQS, **_FIFO} if is_fifo else _SQS


def metric(namespace: str, dimensions: list[list[str]], name: str) -> Known:
    """Return how a metric of the log reads."""
    return known_metrics(namespace, dimensions).get(name) or Known("Count", SPARSE)
