"""A subscription's attributes: what may be set, and what is shown (N1, N6, N7, N9–N13). Pure."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from messaging.sns.domain import delivery_policies, filters
from messaging.sns.domain.endpoints import RAW, WEB
from messaging.sns.errors import InvalidParameter

KNOWN: Final = frozenset({
    "DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy",
    "ReplayPolicy", "SubscriptionRoleArn",
})  # fmt: skip
OF_SUBSCRIBE: Final = "Attributes Reason: "


class Owner(NamedTuple):
    """The subscription whose attributes are checked."""

    protocol: str
    endpoint: str
    topic_arn: str

    @property
    def fifo(self) -> bool:
        """Tell whether a FIFO queue is subscribed to a FIFO topic."""
        return self.topic_arn.endswith(".fifo") and self.endpoint.endswith(".fifo")


def new_attributes(given: Mapping[str, str], owner: Owner) -> dict[str, str]:
    """Check Subscribe's attributes and return those that are stored; raises InvalidParameter."""
    attributes: dict[str, str] = {}
    # The scope decides what a policy may look like.
    for name in sorted(given, key=lambda name: name != "FilterPolicyScope"):
        attributes = change_attribute(attributes, name, given[name], owner, prefix=OF_SUBSCRIBE)
    if owner.protocol == "firehose" and not attributes.get("SubscriptionRoleArn"):
        raise InvalidParameter.of(
            f"{OF_SUBSCRIBE}SubscriptionRoleArn: is required for this protocol"
        )
    return attributes


def change_attribute(
    attributes: Mapping[str, str], name: str, value: str, owner: Owner, *, prefix: str = ""
) -> dict[str, str]:
    """Return the attributes with another value for one; raises InvalidParameter."""
    if name not in KNOWN:
        raise InvalidParameter.of("AttributeName")
    changed = dict(attributes)
    stored = _checked(attributes, name, value, owner, prefix)
    if stored:
        changed[name] = stored
    else:
        changed.pop(name, None)
    return changed


def differs(stored: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Tell whether Subscribe asks for attributes that the subscription does not have."""
    return any(_plain(stored.get(name, _unset(name))) != _plain(given[name]) for name in given)


def dead_letter_arn(attributes: Mapping[str, str]) -> str:
    """Return the ARN of the subscription's dead-letter queue, or ""."""
    policy = json.loads(attributes.get("RedrivePolicy") or "{}")
    return str(policy.get("deadLetterTargetArn", ""))


def replay_of(text: str) -> dict[str, Any]:
    """Return a ReplayPolicy with its points in time in milliseconds; raises InvalidParameter."""
    policy = _object(text, "ReplayPolicy")
    if policy.get("PointType") != "Timestamp":
        raise InvalidParameter.of("ReplayPolicy: PointType must be Timestamp")
    start, end = policy.get("StartingPoint"), policy.get("EndingPoint")
    begins = _moment(start, "StartingPoint")
    ends = None if end is None else _moment(end, "EndingPoint")
    if ends is not None and ends <= begins:
        raise InvalidParameter.of("ReplayPolicy: EndingPoint must be after StartingPoint")
    return {"from": begins, "to": ends}


def _checked(
    attributes: Mapping[str, str], name: str, value: str, owner: Owner, prefix: str
) -> str:
    if name == "RawMessageDelivery":
        return _raw(value, owner, prefix)
    if name == "FilterPolicyScope":
        return _scope(attributes, value, prefix)
    if name == "FilterPolicy":
        scope = attributes.get("FilterPolicyScope", filters.BY_ATTRIBUTES)
        if value:
            filters.check_policy(value, scope, prefix=prefix)
        return "" if value.replace(" ", "") == "{}" else value
    if name == "RedrivePolicy":
        return _redrive(value, owner, prefix) if value else ""
    if name == "DeliveryPolicy":
        if value and owner.protocol not in WEB:
            raise InvalidParameter.of(
                f"{prefix}DeliveryPolicy: Delivery protocol [{owner.protocol}] does not support"
                " DeliveryPolicy"
            )
        policy = delivery_policies.parse_subscription_policy(value)
        return "" if policy is None else json.dumps(policy, separators=(",", ":"))
    if name == "ReplayPolicy" and value:
        if not owner.topic_arn.endswith(".fifo"):
            raise InvalidParameter.of(f"{prefix}ReplayPolicy: is only valid for FIFO topics")
        replay_of(value)
    return value


def _raw(value: str, owner: Owner, prefix: str) -> str:
    word = value.lower()
    if word not in ("true", "false"):
        raise InvalidParameter.of(
            f"{prefix}RawMessageDelivery: Invalid value [{value}]. Must be true or false."
        )
    if word == "true" and owner.protocol not in RAW:
        raise InvalidParameter.of(
            f"{prefix}RawMessageDelivery: Delivery protocol [{owner.protocol}] does not support"
            " raw message delivery."
        )
    return word


def _scope(attributes: Mapping[str, str], value: str, prefix: str) -> str:
    if value not in filters.SCOPES:
        raise InvalidParameter.of(
            f"{prefix}FilterPolicyScope: Invalid value [{value}]. Please use either"
            f" {' or '.join(filters.SCOPES)}"
        )
    if attributes.get("FilterPolicy"):
        filters.check_policy(attributes["FilterPolicy"], value, prefix=prefix)
    return value


def _redrive(value: str, owner: Owner, prefix: str) -> str:
    policy = _object(value, f"{prefix}RedrivePolicy")
    arn = policy.get("deadLetterTargetArn")
    parts = arn.split(":") if isinstance(arn, str) else []
    topic = owner.topic_arn.split(":")
    if len(parts) != 6 or parts[0] != "arn" or parts[2] != "sqs" or not parts[5]:  # noqa: PLR2004
        raise InvalidParameter.of(f"{prefix}RedrivePolicy: deadLetterTargetArn is an invalid arn")
    if parts[3:5] != topic[3:5]:
        raise InvalidParameter.of(
            f"{prefix}RedrivePolicy: deadLetterTargetArn must be in the same account and Region"
        )
    if owner.fifo and not parts[5].endswith(".fifo"):
        raise InvalidParameter.of(
            f"{prefix}RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a"
            " FIFO Topic."
        )
    return value


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidParameter.of(f"{name}: {filters.complaint(text)}") from None
    if not isinstance(value, dict):
        raise InvalidParameter.of(f"{name}: must be a JSON object")
    return value


def _moment(text: Any, name: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise InvalidParameter.of(f"ReplayPolicy: {name} is not a timestamp") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def _unset(name: str) -> str:
    return {"RawMessageDelivery": "false", "FilterPolicyScope": filters.BY_ATTRIBUTES}.get(name, "")


def _plain(value: str) -> Any:
    """Return what a value says: JSON may be written in many ways, and so may true."""
    try:
        return json.loads(value.lower() if value.lower() in ("true", "false") else value)
    except (ValueError, RecursionError):
        return value
