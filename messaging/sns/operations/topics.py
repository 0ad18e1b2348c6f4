"""Create, list, configure and delete topics."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count

from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context
from messaging.kernel.errors import NotModelled
from messaging.sns import archive, listing, transitions
from messaging.sns.addressing import find_topic, topic_of
from messaging.sns.domain.characters import check_storable
from messaging.sns.domain.names import check_topic_name
from messaging.sns.domain.topic_attributes import (
    change_attribute,
    create_attributes,
    differs,
    settings_of,
    shown_attributes,
)
from messaging.sns.errors import InvalidParameter
from messaging.sns.limits import (
    LARGE_PROTOCOLS,
    LARGE_SUBSCRIPTIONS_MAX,
    MESSAGE_BYTES_DEFAULT,
)
from messaging.sns.models import Subscription, Topic
from messaging.sns.store.topics import TopicRecord
from messaging.sns.tagging import check_tags, read_tags

_ATTRIBUTES = "Attributes"


def create_topic(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create a topic, or return the one that is there with the same attributes and tags."""
    if req.get("DataProtectionPolicy"):
        raise NotModelled("Signalbox does not model message data protection. Nothing was changed.")
    check_storable(req, "Attributes", "Tags")
    name, given = req["Name"], req.get("Attributes") or {}
    tags = read_tags(req.get("Tags") or ())
    check_tags(tags, {})
    check_topic_name(name, fifo=given.get("FifoTopic") == "true")
    try:
        attributes = create_attributes(given)
    except InvalidParameter as error:
        raise _of_attributes(error) from None
    arn = build_arn("sns", region=ctx.region, account=ctx.account, resource=name)
    existing = Topic.objects.filter(sandbox=ctx.sandbox, arn=arn).first()
    if existing is not None:
        _check_same(existing, given, tags)
        return {"TopicArn": arn}
    Topic.objects.create(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=name,
        arn=arn, attributes=attributes, tags=tags, created_at=ctx.now,
    )  # fmt: skip
    ctx.world.version += 1
    ctx.world.caches.pop("sns.topics", None)
    told = {"by": ctx.caller.actor, "attributes": attributes}
    ctx.emit("sns.TopicCreated", arn, {**told, "tags": tags} if tags else told)
    return {"TopicArn": arn}


def delete_topic(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a topic with its subscriptions; one that is not there is as good."""
    topic = find_topic(ctx, req["TopicArn"])
    if topic is None:
        return {}
    topic = topic_of(ctx, topic.arn, "DeleteTopic")
    transitions.delete_topic(ctx, topic)
    return {}


def list_topics(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return up to a hundred topics of the caller's account and Region."""
    found = Topic.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    arns = sorted(found.values_list("arn", flat=True))
    page = listing.page(ctx, arns, req.get("NextToken"), "ListTopics", key=str)
    return {"Topics": [{"TopicArn": arn} for arn in page.items], **page.token}


def get_topic_attributes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a topic's attributes, those that follow from it included."""
    topic = topic_of(ctx, req["TopicArn"], "GetTopicAttributes")
    shown = shown_attributes(
        topic.attributes,
        arn=topic.arn,
        owner=topic.account,
        counts=_counts(topic),
        archive_since=archive.beginning(ctx, topic),
    )
    return {"Attributes": shown}


def set_topic_attributes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change one attribute; it takes effect at once."""
    topic = topic_of(ctx, req["TopicArn"], "SetTopicAttributes")
    check_storable(req, "AttributeValue")
    name, value = req["AttributeName"], req.get("AttributeValue") or ""
    attributes = change_attribute(topic.attributes, name, value)
    if settings_of(attributes).max_bytes > MESSAGE_BYTES_DEFAULT:
        _check_fits_large(topic)
    transitions.set_attributes(ctx, topic, attributes)
    return {}


def _check_same(topic: Topic, given: Mapping[str, str], tags: Mapping[str, str]) -> None:
    if differs(topic.attributes, given):
        raise InvalidParameter.of(
            _ATTRIBUTES, reason="Topic already exists with different attributes"
        )
    if any(topic.tags.get(key) != value for key, value in tags.items()):
        raise InvalidParameter.of("Tags", reason="Topic already exists with different tags")


def _of_attributes(error: InvalidParameter) -> InvalidParameter:
    """Return the error as CreateTopic words it."""
    return InvalidParameter.of(
        _ATTRIBUTES, reason=error.message.removeprefix("Invalid parameter: ")
    )


def _counts(topic: TopicRecord) -> dict[str, int]:
    rows = Subscription.objects.live().filter(topic_id=topic.id).order_by()
    counted = dict(rows.values_list("confirmed").annotate(count=Count("id")))
    deleted = Topic.objects.values_list("deleted", flat=True).get(pk=topic.id)
    return {
        "Confirmed": counted.get(True, 0),
        "Deleted": deleted,
        "Pending": counted.get(False, 0),
    }


def _check_fits_large(topic: TopicRecord) -> None:
    """Messages above 256 KiB are for a hundred subscriptions, and not of every protocol."""
    rows = Subscription.objects.live().filter(topic_id=topic.id)
    others = rows.exclude(protocol__in=LARGE_PROTOCOLS)
    if rows.count() > LARGE_SUBSCRIPTIONS_MAX or others.exists():
        raise InvalidParameter.of(
            "MaximumMessageSize",
            reason="A topic with messages above 256 KiB must have at most 100 subscriptions, each"
            " of Amazon SQS, AWS Lambda or Amazon Data Firehose",
        )
