"""How a subscription is shown: in a list, and with all its attributes."""

import json
from collections.abc import Mapping
from typing import Any

from messaging.sns.domain import delivery_policies, filters
from messaging.sns.domain.endpoints import WEB
from messaging.sns.models import Subscription


def listed(row: Subscription) -> dict[str, str]:
    """Return a subscription as lists have it."""
    return {
        "SubscriptionArn": row.arn if row.confirmed else "PendingConfirmation",
        "Owner": row.account,
        "Protocol": row.protocol,
        "Endpoint": row.endpoint,
        "TopicArn": row.topic_arn,
    }


def shown(row: Subscription, topic_policy: Mapping[str, Any] | None) -> dict[str, str]:
    """Return what GetSubscriptionAttributes shows."""
    attributes: dict[str, str] = {
        "RawMessageDelivery": "false",
        **row.attributes,
        "ConfirmationWasAuthenticated": _word(row.authenticated),
        "Endpoint": row.endpoint,
        "Owner": row.account,
        "PendingConfirmation": _word(not row.confirmed),
        "Protocol": row.protocol,
        "SubscriptionArn": row.arn,
        "SubscriptionPrincipal": row.principal,
        "TopicArn": row.topic_arn,
    }
    if "FilterPolicy" in attributes:
        attributes.setdefault("FilterPolicyScope", filters.BY_ATTRIBUTES)
    else:
        attributes.pop("FilterPolicyScope", None)
    if row.protocol in WEB:
        own = json.loads(row.attributes.get("DeliveryPolicy") or "null")
        attributes["EffectiveDeliveryPolicy"] = json.dumps(
            delivery_policies.effective(own, topic_policy), separators=(",", ":")
        )
    if row.replay:
        attributes["ReplayStatus"] = row.replay["status"]
    return attributes


def _word(value: bool) -> str:
    return "true" if value else "false"
