"""Every change of a topic and of its subscriptions: its row and its event, together."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.db.models import F

from messaging.kernel import deliveries, errands
from messaging.kernel.context import Context
from messaging.kernel.ids import seeded_uuid
from messaging.kernel.packets import Packet
from messaging.sns import moving
from messaging.sns.bodies import confirm_url, signed, web_headers
from messaging.sns.domain import envelope
from messaging.sns.domain.endpoints import WEB
from messaging.sns.models import Archived, Dedup, Subscription, Topic
from messaging.sns.store import memory, subscriptions
from messaging.sns.store.notes import Note
from messaging.sns.store.topics import TopicRecord


def set_attributes(ctx: Context, topic: TopicRecord, attributes: Mapping[str, str]) -> None:
    """Give a topic other attributes."""
    Topic.objects.filter(pk=topic.id).update(attributes=attributes)
    ctx.reconfigured()
    ctx.emit("sns.AttributesSet", topic.arn, {
        "by": ctx.caller.actor, "attributes": dict(attributes),
    })  # fmt: skip


def delete_topic(ctx: Context, topic: TopicRecord) -> None:
    """Delete a topic with its subscriptions and what is on its way to them."""
    rows = Subscription.objects.filter(topic_id=topic.id)
    for arn in rows.values_list("arn", flat=True):
        withdraw(ctx, arn)
    rows.delete()
    Archived.objects.filter(topic_id=topic.id).delete()
    Dedup.objects.filter(topic_id=topic.id).delete()
    Topic.objects.filter(pk=topic.id).delete()
    ctx.reconfigured()
    ctx.emit("sns.TopicDeleted", topic.arn, {"by": ctx.caller.actor})


def subscribed(ctx: Context, topic: TopicRecord, row: Subscription) -> None:
    """Tell that there is a new subscription."""
    ctx.world.version += 1
    if row.confirmed:
        subscriptions.put(ctx, topic, row.__dict__)
    ctx.emit("sns.Subscribed", row.arn, {
        "by": ctx.caller.actor, "topic": topic.arn, "protocol": row.protocol, "to": row.endpoint,
        "attributes": row.attributes, "confirmed": row.confirmed,
    })  # fmt: skip


def confirm(ctx: Context, row: Subscription, *, authenticated: bool, guarded: bool) -> None:
    """Let a subscription receive from now on, also one that had ended."""
    row.confirmed, row.authenticated, row.guarded = True, authenticated, guarded
    row.token_until, row.ended = None, False
    row.save(update_fields=["confirmed", "authenticated", "guarded", "token_until", "ended"])
    ctx.reconfigured()
    ctx.emit("sns.SubscriptionConfirmed", row.arn, {
        "by": ctx.caller.actor, "topic": row.topic_arn, "protocol": row.protocol,
        "to": row.endpoint, "attributes": row.attributes,
    })  # fmt: skip


def set_subscription(ctx: Context, row: Subscription, **fields: Any) -> None:
    """Change a subscription."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    ctx.reconfigured()
    ctx.emit("sns.SubscriptionAttributesSet", row.arn, {
        "by": ctx.caller.actor, "topic": row.topic_arn, "attributes": row.attributes,
    })  # fmt: skip


def unsubscribe(
    ctx: Context, row: Subscription, *, why: str = "", revocable: int | None = None
) -> None:
    """End a subscription; what waits for another try is not sent any more.

    Until the sandbox time ``revocable`` it can be taken up again with its token.
    """
    withdraw(ctx, row.arn)
    Topic.objects.filter(pk=row.topic_id).update(deleted=F("deleted") + 1)
    if revocable is None:
        row.delete()
    else:
        row.ended, row.confirmed, row.token_until = True, False, revocable
        row.save(update_fields=["ended", "confirmed", "token_until"])
    ctx.reconfigured()
    told = {"by": ctx.caller.actor, "topic": row.topic_arn, "to": row.endpoint}
    ctx.emit("sns.Unsubscribed", row.arn, told | ({"why": why} if why else {}))


def withdraw(ctx: Context, arn: str) -> None:
    """Take back what is on its way to a subscription."""
    deliveries.withdraw(ctx, arn)
    errands.withdraw(ctx, [arn])
    memory.withdraw(ctx, arn)


def ask(ctx: Context, topic: TopicRecord, row: Subscription, kind: str) -> None:
    """Ask an endpoint to confirm its subscription, or whether it may really end."""
    url = confirm_url(ctx, topic.arn, row.token, row.account)
    message_id = seeded_uuid(ctx.world.secret, ctx.new_number())
    fields = signed(ctx, topic, envelope.request_to_confirm(
        kind, message_id=message_id, topic_arn=topic.arn, arn=row.arn, token=row.token, url=url,
        at=ctx.now,
    ))  # fmt: skip
    text = envelope.rendered(fields)
    if row.protocol in ("email", "email-json"):
        body = text if row.protocol == "email-json" else f"{fields['Message']}\n{url}"
        moving.put_into_inbox(
            ctx, row.protocol, row.endpoint, source=topic.arn,
            subject="AWS Notification - Subscription Confirmation", body=body,
            note=Note(0).text(), cause=None,
        )  # fmt: skip
        return
    content: dict[str, Any] = {"MessageBody": text}
    if row.protocol in WEB:
        headers = web_headers(kind, message_id, topic.arn, row.arn)
        content = {"headers": headers, "body": text}
    ctx.deliver(Packet(
        row.endpoint, orjson.dumps(content).decode(), None, moving.PRINCIPAL, topic.arn, row.arn,
        0, ctx.now, Note(0, asks=True).text(),
    ))  # fmt: skip


def platform_changed(ctx: Context, kind: str, arn: str) -> None:
    """Tell of a change to a mobile app or a device."""
    ctx.reconfigured()
    ctx.emit(kind, arn, {"by": ctx.caller.actor})
