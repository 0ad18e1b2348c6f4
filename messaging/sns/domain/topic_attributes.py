"""A topic's attributes: what may be set, and what is shown (N2, N7, N13). Pure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from messaging.kernel.policies import parse_policy
from messaging.sns.domain import delivery_policies, permissions
from messaging.sns.errors import InvalidParameter
from messaging.sns.limits import (
    ARCHIVE_DAYS_MAX,
    ARCHIVE_DAYS_MIN,
    DISPLAY_NAME_CHARS_MAX,
    MESSAGE_BYTES_DEFAULT,
    MESSAGE_BYTES_MAX,
    MESSAGE_BYTES_MIN,
)

FIFO_ONLY: Final = frozenset({"ArchivePolicy", "ContentBasedDeduplication", "FifoThroughputScope"})
FEEDBACK: Final = ("Application", "Firehose", "HTTP", "Lambda", "SQS")
_BOOLEANS: Final = ("true", "false")


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """What a topic's attributes mean."""

    fifo: bool
    content_dedup: bool
    group_scope: bool
    max_bytes: int
    signature: str
    archive_days: int
    delivery: dict[str, Any] | None
    policy: dict[str, Any] | None


def settings_of(attributes: Mapping[str, str]) -> TopicSettings:
    """Return what stored attributes mean."""
    archive = json.loads(attributes.get("ArchivePolicy") or "{}")
    delivery = attributes.get("DeliveryPolicy")
    policy = attributes.get("Policy")
    return TopicSettings(
        fifo=attributes.get("FifoTopic") == "true",
        content_dedup=attributes.get("ContentBasedDeduplication") == "true",
        group_scope=attributes.get("FifoThroughputScope") == "MessageGroup",
        max_bytes=int(attributes.get("MaximumMessageSize") or MESSAGE_BYTES_DEFAULT),
        signature=attributes.get("SignatureVersion", "1"),
        archive_days=int(archive.get("MessageRetentionPeriod", 0)),
        delivery=json.loads(delivery) if delivery else None,
        policy=json.loads(policy) if policy else None,
    )


def create_attributes(given: Mapping[str, str]) -> dict[str, str]:
    """Check CreateTopic's attributes and return those that are stored."""
    fifo = given.get("FifoTopic") == "true"
    attributes: dict[str, str] = {}
    if "FifoTopic" in given:
        _one_of("FifoTopic", given["FifoTopic"], _BOOLEANS)
        if fifo:
            attributes["FifoTopic"] = "true"
    for name, value in given.items():
        if name != "FifoTopic":
            attributes = change_attribute(attributes, name, value)
    if fifo:
        attributes.setdefault("ContentBasedDeduplication", "false")
    return attributes


def change_attribute(attributes: Mapping[str, str], name: str, value: str) -> dict[str, str]:
    """Return the attributes with another value for one; raises InvalidParameter."""
    check = _CHECKS.get(name)
    if check is None:
        raise InvalidParameter.of("AttributeName")
    if name in FIFO_ONLY and attributes.get("FifoTopic") != "true":
        raise InvalidParameter.of(f"{name}: is only valid for FIFO topics")
    scope = attributes.get("FifoThroughputScope")
    if (name, value, scope) == ("FifoThroughputScope", "Topic", "MessageGroup"):
        raise InvalidParameter.of("FifoThroughputScope: cannot be changed back to Topic")
    stored = check(name, value)
    changed = dict(attributes)
    if stored:
        changed[name] = stored
    else:
        changed.pop(name, None)
    return changed


def differs(stored: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Tell whether CreateTopic asks for attributes that the topic does not have."""
    wanted = create_attributes(given)
    return any(stored.get(name) != value for name, value in wanted.items() if name in given)


def shown_attributes(
    attributes: Mapping[str, str],
    *,
    arn: str,
    owner: str,
    counts: Mapping[str, int],
    archive_since: str = "",
) -> dict[str, str]:
    """Return what GetTopicAttributes shows."""
    delivery = json.loads(attributes.get("DeliveryPolicy") or "null")
    shown = {
        "DisplayName": "",
        **attributes,
        "EffectiveDeliveryPolicy": _dumped(delivery_policies.effective_topic(delivery)),
        "Owner": owner,
        "Policy": attributes.get("Policy") or permissions.default_policy(arn, owner),
        "TopicArn": arn,
        **{f"Subscriptions{state}": str(count) for state, count in counts.items()},
    }
    if archive_since:
        shown["BeginningArchiveTime"] = archive_since
    return shown


def _any(name: str, value: str) -> str:
    return value


def _boolean(name: str, value: str) -> str:
    return _one_of(name, value, _BOOLEANS)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise InvalidParameter.of(
            f"{name}: Invalid value [{value}]. Must be {' or '.join(allowed)}."
        )
    return value


def _display_name(name: str, value: str) -> str:
    if len(value) > DISPLAY_NAME_CHARS_MAX or not value.isprintable():
        raise InvalidParameter.of(name)
    return value


def _delivery(name: str, value: str) -> str:
    policy = delivery_policies.parse_topic_policy(value)
    return "" if policy is None else _dumped(policy)


def _policy(name: str, value: str) -> str:
    if not value:
        return ""
    try:
        policy = parse_policy(value)
    except ValueError:
        raise InvalidParameter.of("Policy Error: null") from None
    permissions.check_actions(policy)
    return value


def _size(name: str, value: str) -> str:
    if not value.isdecimal() or not MESSAGE_BYTES_MIN <= int(value) <= MESSAGE_BYTES_MAX:
        raise InvalidParameter.of(
            f"{name}: Invalid value [{value}]. Must be between {MESSAGE_BYTES_MIN} and"
            f" {MESSAGE_BYTES_MAX}."
        )
    return str(int(value))


def _archive(name: str, value: str) -> str:
    try:
        policy = json.loads(value or "{}")
        days = int(policy.get("MessageRetentionPeriod", 0)) if policy else 0
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise InvalidParameter.of(f"{name}: failed to parse JSON") from None
    if not policy:
        return ""
    if set(policy) != {"MessageRetentionPeriod"} or not (
        ARCHIVE_DAYS_MIN <= days <= ARCHIVE_DAYS_MAX
    ):
        raise InvalidParameter.of(
            f"{name}: MessageRetentionPeriod must be between {ARCHIVE_DAYS_MIN} and"
            f" {ARCHIVE_DAYS_MAX}"
        )
    return _dumped({"MessageRetentionPeriod": days})


def _rate(name: str, value: str) -> str:
    if value and not (value.isdecimal() and int(value) <= 100):  # noqa: PLR2004 - percent
        raise InvalidParameter.of(f"{name}: Invalid value [{value}]. Must be between 0 and 100.")
    return value


def _role(name: str, value: str) -> str:
    if value and not (value.startswith("arn:") and ":role/" in value):
        raise InvalidParameter.of(f"{name} must be a valid role ARN")
    return value


def _dumped(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


_CHECKS: Final[dict[str, Callable[[str, str], str]]] = {
    "ArchivePolicy": _archive,
    "ContentBasedDeduplication": _boolean,
    "DeliveryPolicy": _delivery,
    "DisplayName": _display_name,
    "FifoThroughputScope": lambda name, value: _one_of(name, value, ("Topic", "MessageGroup")),
    "KmsMasterKeyId": _any,
    "MaximumMessageSize": _size,
    "Policy": _policy,
    "SignatureVersion": lambda name, value: _one_of(name, value, ("1", "2")),
    "TracingConfig": lambda name, value: _one_of(name, value, ("PassThrough", "Active")),
    **{f"{kind}{outcome}FeedbackRoleArn": _role
       for kind in FEEDBACK for outcome in ("Success", "Failure")},
    **{f"{kind}SuccessFeedbackSampleRate": _rate for kind in FEEDBACK},
}  # fmt: skip
