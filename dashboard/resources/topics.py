"""What the panel of an SNS topic tells: its subscriptions with their filters, its attributes."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from dashboard.resources.desk import Desk
from dashboard.resources.telling import Button, Row, Section, document, pairs_of

PENDING: Final = "PendingConfirmation"
_SHOWN: Final = 50
_DOCUMENTS: Final = ("Policy", "EffectiveDeliveryPolicy", "DeliveryPolicy")
_NOT_FACTS: Final = (
    "FilterPolicy", "SubscriptionArn", "TopicArn", "Owner", "Protocol", "Endpoint",
    "EffectiveDeliveryPolicy", "SubscriptionPrincipal",
)  # fmt: skip


def fill(desk: Desk) -> dict[str, Any]:
    """Return what is known of calls that concern a topic."""
    fifo = {"MessageGroupId": "a"} if desk.arn.endswith(".fifo") else {}
    return {
        "TopicArn": desk.arn,
        "ResourceArn": desk.arn,
        "Message": '{"order": 1}',
        "Protocol": "sqs",
        **fifo,
    }


def tell(desk: Desk) -> list[Section]:
    """Return the sections of a topic's panel; raises AwsError."""
    asked = {"TopicArn": desk.arn}
    attributes = desk.look("GetTopicAttributes", asked)["Attributes"]
    listed = desk.look("ListSubscriptionsByTopic", asked)["Subscriptions"]
    rows = [_subscription(desk, entry) for entry in listed[:_SHOWN]]
    policies = [
        Section(name, code=document(attributes[name]))
        for name in ("Policy", "DeliveryPolicy")
        if attributes.get(name)
    ]
    return [
        Section(
            _("Subscriptions"),
            rows=rows,
            empty=_("Nobody is subscribed: what is published goes nowhere."),
            buttons=[Button("Subscribe", {})],
        ),
        Section(_("Attributes"), pairs=pairs_of(attributes, without=_DOCUMENTS)),
        *policies,
    ]


def _subscription(desk: Desk, entry: Mapping[str, str]) -> Row:
    arn = entry["SubscriptionArn"]
    if not arn.startswith("arn:"):
        return Row(entry["Endpoint"], entry["Protocol"], [(_("State"), _("waits to be confirmed"))])
    found = desk.look("GetSubscriptionAttributes", {"SubscriptionArn": arn})["Attributes"]
    named = {"SubscriptionArn": arn}
    policy = found.get("FilterPolicy", "")
    wanted = {"AttributeName": "FilterPolicy", "AttributeValue": policy}
    return Row(
        entry["Endpoint"],
        entry["Protocol"],
        pairs_of(found, without=_NOT_FACTS),
        document(policy) if policy else "",
        [Button("SetSubscriptionAttributes", named | wanted), Button("Unsubscribe", named)],
        tries=arn,
    )
