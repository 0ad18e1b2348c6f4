"""Topics put back to a moment of the past, in a copy of their sandbox."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from messaging.kernel.ids import compose
from messaging.kernel.moment import Moment
from messaging.kernel.world import World
from messaging.sns.models import Archived, Dedup, Held, InboxItem, Subscription, Topic


class Kept(NamedTuple):
    """A subscription as it was."""

    topic: str
    protocol: str
    endpoint: str
    attributes: dict[str, str]
    confirmed: bool


def restore(
    world: World,
    topics: Mapping[str, Mapping[str, Any]],
    subscriptions: Mapping[str, Kept],
    moment: Moment,
) -> None:
    """Put rows back; what was on its way, or remembered for five minutes, begins anew."""
    rows = {row.arn: row for row in Topic.objects.filter(sandbox=world.id)}
    for arn, row in rows.items():
        if arn not in topics:
            row.delete()
    homes = {
        arn: _topic(world, arn, known, rows.get(arn), moment.at) for arn, known in topics.items()
    }
    kept = {row.arn: row for row in Subscription.objects.filter(sandbox=world.id)}
    for arn, each in kept.items():
        if arn not in subscriptions:
            each.delete()
    for arn, told in subscriptions.items():
        if told.topic in homes:
            _subscription(world, arn, told, kept.get(arn), homes[told.topic])
    Held.objects.filter(sandbox=world.id).delete()
    Dedup.objects.filter(sandbox=world.id).delete()
    Archived.objects.filter(sandbox=world.id, at__gt=moment.at).delete()
    InboxItem.objects.filter(sandbox=world.id, event__gt=moment.seq).delete()


def _topic(world: World, arn: str, known: Mapping[str, Any], row: Topic | None, at: int) -> Topic:
    if row is None:
        _, _, _, region, account, name = arn.split(":", 5)
        row = Topic(
            id=_new_id(world), sandbox=world.id, account=account, region=region, name=name,
            arn=arn, created_at=at,
        )  # fmt: skip
    row.attributes, row.tags = dict(known["attributes"]), dict(known["tags"])
    row.save()
    return row


def _subscription(
    world: World, arn: str, told: Kept, row: Subscription | None, topic: Topic
) -> None:
    if row is None:
        row = Subscription(
            id=_new_id(world), sandbox=world.id, topic_id=topic.pk, topic_arn=topic.arn, arn=arn,
            account=topic.account, principal=f"arn:aws:iam::{topic.account}:root",
            protocol=told.protocol, endpoint=told.endpoint,
        )  # fmt: skip
    row.topic_id, row.attributes = topic.pk, dict(told.attributes)
    row.confirmed, row.ended = told.confirmed, False
    row.replay, row.replay_at = None, None
    row.save()


def _new_id(world: World) -> int:
    world.last_id += 1
    return compose(world.id, world.last_id)
