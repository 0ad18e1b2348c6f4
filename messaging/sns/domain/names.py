"""Names and ARNs of topics and subscriptions. Pure."""

import re
from typing import Final, NamedTuple

from messaging.sns.errors import InvalidParameter
from messaging.sns.limits import TOPIC_NAME_CHARS_MAX

FIFO: Final = ".fifo"
_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_ARN_PARTS: Final = 6
_SUBSCRIPTION_PARTS: Final = 7


class Place(NamedTuple):
    """Where an ARN says that its resource is."""

    region: str
    account: str
    resource: str


def check_topic_name(name: str, *, fifo: bool) -> None:
    """Check a new topic's name; raises InvalidParameter."""
    stem = name.removesuffix(FIFO) if fifo else name
    is_fifo = name.endswith(FIFO)
    if is_fifo != fifo or len(name) > TOPIC_NAME_CHARS_MAX or not _NAME.fullmatch(stem):
        raise InvalidParameter.of("Topic Name")


def read_arn(text: str, parameter: str) -> Place:
    """Return where an SNS resource is; raises InvalidParameter that names the parameter."""
    parts = text.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        raise InvalidParameter.of(
            parameter, reason=f"An ARN must have at least 6 elements, not {len(parts)}"
        )
    if parts[0] != "arn" or parts[2] != "sns" or "\x00" in text:
        raise InvalidParameter.of(parameter)
    return Place(parts[3], parts[4], parts[5])


def topic_of(subscription_arn: str) -> str:
    """Return the ARN of a subscription's topic; raises InvalidParameter."""
    read_arn(subscription_arn, "SubscriptionArn")
    parts = subscription_arn.split(":")
    if len(parts) != _SUBSCRIPTION_PARTS or not parts[-1]:
        raise InvalidParameter.of("SubscriptionId")
    return ":".join(parts[:-1])
