"""Subscribe, confirm, list, configure and unsubscribe."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from messaging.kernel.access import NOBODY
from messaging.kernel.context import Context
from messaging.kernel.ids import number_of, seeded_uuid
from messaging.sns import listing, replaying, transitions
from messaging.sns.addressing import find_topic, topic_of
from messaging.sns.domain import envelope
from messaging.sns.domain.characters import check_storable
from messaging.sns.domain.endpoints import WEB, check_endpoint, needs_consent
from messaging.sns.domain.names import read_arn
from messaging.sns.domain.names import topic_of as topic_arn_of
from messaging.sns.domain.subscription_attributes import (
    Owner,
    change_attribute,
    differs,
    new_attributes,
)
from messaging.sns.errors import (
    AuthorizationError,
    FilterPolicyLimitExceeded,
    InvalidParameter,
    NotFound,
    SubscriptionLimitExceeded,
)
from messaging.sns.limits import (
    FIFO_SUBSCRIPTIONS_MAX,
    FILTERS_PER_TOPIC_MAX,
    LARGE_PROTOCOLS,
    LARGE_SUBSCRIPTIONS_MAX,
    MESSAGE_BYTES_DEFAULT,
    TOKEN_S,
)
from messaging.sns.models import Subscription
from messaging.sns.showing import listed, shown
from messaging.sns.store.topics import TopicRecord

PENDING = "pending confirmation"
_TOKEN_BYTES = 56


def subscribe(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let an endpoint receive a topic's messages, once it has agreed (N1)."""
    topic = topic_of(ctx, req["TopicArn"], "Subscribe")
    check_storable(req, "Endpoint", "Attributes")
    protocol, endpoint = req["Protocol"], req.get("Endpoint") or ""
    check_endpoint(protocol, endpoint, fifo_topic=topic.fifo)
    given = req.get("Attributes") or {}
    attributes = new_attributes(given, Owner(protocol, endpoint, topic.arn))
    row = _existing(topic, protocol, endpoint)
    if row is None:
        _check_limits(topic, protocol, attributes)
        row = _create(ctx, topic, protocol, endpoint, attributes)
    elif differs(row.attributes, given):
        raise InvalidParameter.of(
            "Attributes", reason="Subscription already exists with different attributes"
        )
    if not row.confirmed:
        transitions.ask(ctx, topic, row, envelope.CONFIRMATION)
    is_told = row.confirmed or req.get("ReturnSubscriptionArn")
    return {"SubscriptionArn": row.arn if is_told else PENDING}


def confirm_subscription(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Agree to a subscription with the token that its endpoint was sent."""
    topic_arn, token = req["TopicArn"], req["Token"]
    _check_topic_arn(ctx, topic_arn)
    if not all(sign in "0123456789abcdef" for sign in token) or len(token) < _TOKEN_BYTES:
        raise InvalidParameter("Invalid token")
    row = Subscription.objects.filter(sandbox=ctx.sandbox, token=token).first()
    if row is None or row.topic_arn != topic_arn:
        raise InvalidParameter.of("Token")
    if not row.confirmed:
        asked = str(req.get("AuthenticateOnUnsubscribe", "")).lower() == "true"
        is_known = ctx.caller.principal != NOBODY
        transitions.confirm(ctx, row, authenticated=is_known, guarded=asked and is_known)
    return {"SubscriptionArn": row.arn}


def unsubscribe(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """End a subscription; one that is not there is as good.

    Who was only sent the address may do so, too, and the endpoint may then take it back.
    """
    arn = req["SubscriptionArn"]
    topic_arn_of(arn)
    row = _find(ctx, arn)
    if row is None:
        return {}
    is_stranger = ctx.caller.principal == NOBODY
    if not is_stranger:
        _check_owner(ctx, row, "Unsubscribe")
    elif row.guarded:
        raise AuthorizationError("Unsubscribe requires authentication for this subscription")
    topic = find_topic(ctx, row.topic_arn)
    is_asked = is_stranger and row.protocol in WEB and topic is not None
    until = ctx.now + TOKEN_S * 1000
    transitions.unsubscribe(ctx, row, revocable=until if is_asked else None)
    if is_asked and topic is not None:
        transitions.ask(ctx, topic, row, envelope.FAREWELL)
    return {}


def list_subscriptions(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return up to a hundred subscriptions of the caller's account and Region."""
    found = Subscription.objects.live().filter(
        sandbox=ctx.sandbox, account=ctx.account, topic_arn__contains=f":sns:{ctx.region}:"
    )
    return _page(ctx, list(found.order_by("id")), req, "ListSubscriptions")


def list_subscriptions_by_topic(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return up to a hundred subscriptions of a topic."""
    topic = topic_of(ctx, req["TopicArn"], "ListSubscriptionsByTopic")
    found = Subscription.objects.live().filter(topic_id=topic.id).order_by("id")
    return _page(ctx, list(found), req, f"ListSubscriptionsByTopic:{topic.arn}")


def get_subscription_attributes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a subscription's attributes, those that follow from it included."""
    row = _known(ctx, req["SubscriptionArn"], "GetSubscriptionAttributes")
    topic = find_topic(ctx, row.topic_arn)
    return {"Attributes": shown(row, topic.settings.delivery if topic else None)}


def set_subscription_attributes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change one attribute; it takes effect at once (AWS: a filter within 15 minutes)."""
    row = _known(ctx, req["SubscriptionArn"], "SetSubscriptionAttributes")
    check_storable(req, "AttributeValue")
    name, value = req["AttributeName"], req.get("AttributeValue") or ""
    owner = Owner(row.protocol, row.endpoint, row.topic_arn)
    attributes = change_attribute(row.attributes, name, value, owner)
    fields: dict[str, Any] = {"attributes": attributes}
    topic = topic_of(ctx, row.topic_arn, "Subscribe") if value else None
    if topic is not None and name == "FilterPolicy" and "FilterPolicy" not in row.attributes:
        _check_filters(topic)
    if name == "ReplayPolicy":
        fields |= replaying.begun(ctx, topic, value)
    transitions.set_subscription(ctx, row, **fields)
    return {}


def _create(
    ctx: Context, topic: TopicRecord, protocol: str, endpoint: str, attributes: dict[str, str]
) -> Subscription:
    row_id, secret = ctx.new_id(), ctx.world.secret
    number = number_of(row_id)
    is_pending = needs_consent(protocol, endpoint, ctx.account)
    token = blake2b(number.to_bytes(8, "big"), digest_size=_TOKEN_BYTES, key=secret).hexdigest()
    row = Subscription(
        id=row_id, sandbox=ctx.sandbox, topic_id=topic.id, topic_arn=topic.arn,
        arn=f"{topic.arn}:{seeded_uuid(secret, number)}", account=ctx.account,
        principal=ctx.caller.principal, protocol=protocol, endpoint=endpoint,
        attributes=attributes, confirmed=not is_pending, authenticated=not is_pending, token=token,
        token_until=ctx.now + TOKEN_S * 1000 if is_pending else None,
    )  # fmt: skip
    if "ReplayPolicy" in attributes:
        for name, value in replaying.begun(ctx, topic, attributes["ReplayPolicy"]).items():
            setattr(row, name, value)
    row.save(force_insert=True)
    if row.token_until is not None:
        ctx.due(row.token_until)
    transitions.subscribed(ctx, topic, row)
    return row


def _existing(topic: TopicRecord, protocol: str, endpoint: str) -> Subscription | None:
    rows = Subscription.objects.live().filter(topic_id=topic.id, endpoint=endpoint)
    return rows.filter(protocol=protocol).first()


def _check_limits(topic: TopicRecord, protocol: str, attributes: Mapping[str, str]) -> None:
    rows = Subscription.objects.live().filter(topic_id=topic.id)
    if topic.fifo and rows.count() >= FIFO_SUBSCRIPTIONS_MAX:
        raise SubscriptionLimitExceeded
    if topic.settings.max_bytes > MESSAGE_BYTES_DEFAULT:
        if protocol not in LARGE_PROTOCOLS:
            raise InvalidParameter.of(
                "Protocol", reason=f"{protocol} does not take messages above 256 KiB"
            )
        if rows.count() >= LARGE_SUBSCRIPTIONS_MAX:
            raise SubscriptionLimitExceeded
    if "FilterPolicy" in attributes:
        _check_filters(topic)


def _check_filters(topic: TopicRecord) -> None:
    rows = Subscription.objects.live().filter(topic_id=topic.id)
    if rows.filter(attributes__has_key="FilterPolicy").count() >= FILTERS_PER_TOPIC_MAX:
        raise FilterPolicyLimitExceeded


def _check_topic_arn(ctx: Context, arn: str) -> None:
    try:
        place = read_arn(arn, "Topic")
    except InvalidParameter:
        raise InvalidParameter.of("Topic") from None
    if ctx.caller.knows_region and place.region != ctx.region:
        raise InvalidParameter.of("Topic")


def _find(ctx: Context, arn: str) -> Subscription | None:
    if "\x00" in arn:
        return None
    return Subscription.objects.live().filter(sandbox=ctx.sandbox, arn=arn).first()


def _known(ctx: Context, arn: str, action: str) -> Subscription:
    row = _find(ctx, arn)
    if row is None:
        read_arn(arn, "SubscriptionArn")
        raise NotFound.of("Subscription")
    _check_owner(ctx, row, action)
    return row


def _check_owner(ctx: Context, row: Subscription, action: str) -> None:
    """A subscription belongs to who has subscribed, and to the topic's owner."""
    if ctx.account not in (row.account, row.topic_arn.split(":")[4]):
        raise AuthorizationError(
            f"User: {ctx.caller.principal} is not authorized to perform: SNS:{action} on resource:"
            f" {row.arn}"
        )


def _page(
    ctx: Context, rows: list[Subscription], req: Mapping[str, Any], what: str
) -> dict[str, Any]:
    page = listing.page(ctx, rows, req.get("NextToken"), what, key=lambda row: f"{row.pk:020d}")
    return {"Subscriptions": [listed(row) for row in page.items], **page.token}
