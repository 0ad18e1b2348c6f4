"""A topic's confirmed subscriptions in memory, and which of them want a message."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from messaging.kernel.context import Context
from messaging.patterns.index import PatternIndex
from messaging.patterns.tree import Pattern
from messaging.sns.domain import filters
from messaging.sns.domain.delivery_policies import effective
from messaging.sns.domain.endpoints import INBOX_NODE, PEOPLE
from messaging.sns.domain.retries import RetryPolicy, policy_of
from messaging.sns.store.topics import TopicRecord

COMPLETED: Final = "Completed"
_COLUMNS: Final = "id, arn, account, protocol, endpoint, attributes, replay"


@dataclass(frozen=True, slots=True)
class SubscriptionRecord:
    """A confirmed subscription as a delivery needs it."""

    id: int
    arn: str
    topic_arn: str
    account: str
    protocol: str
    endpoint: str
    raw: bool
    by_body: bool
    pattern: Pattern | None
    dead_letters: str
    delivery: dict[str, Any] | None
    attributes: dict[str, str]
    is_replaying: bool

    @property
    def fifo(self) -> bool:
        """Tell whether its endpoint is a FIFO queue."""
        return self.protocol == "sqs" and self.endpoint.endswith(".fifo")

    @property
    def node(self) -> str:
        """The node of the map that it leads to."""
        return INBOX_NODE if self.protocol in PEOPLE else self.endpoint

    def http_policy(self) -> RetryPolicy:
        """Return how often an HTTP endpoint is tried again."""
        assert self.delivery is not None
        return policy_of(self.delivery["healthyRetryPolicy"])


@dataclass(slots=True)
class Audience:
    """A topic's subscriptions: those without a filter, and those with, found by their values."""

    all: dict[int, SubscriptionRecord] = field(default_factory=dict)
    open: list[SubscriptionRecord] = field(default_factory=list)
    by_attributes: PatternIndex[int] = field(default_factory=PatternIndex)
    by_body: PatternIndex[int] = field(default_factory=PatternIndex)

    def put(self, record: SubscriptionRecord) -> None:
        self.all[record.id] = record
        if record.pattern is None:
            self.open.append(record)
        elif record.by_body:
            self.by_body.put(record.id, record.pattern)
        else:
            self.by_attributes.put(record.id, record.pattern)

    @classmethod
    def of(cls, record: SubscriptionRecord) -> "Audience":
        """Return an audience of one."""
        found = cls()
        found.put(record)
        return found


def audience(ctx: Context, topic: TopicRecord) -> Audience:
    """Return who has subscribed to a topic, in the order of subscribing."""
    cache: dict[int, Audience] = ctx.world.caches.setdefault("sns.audiences", {})
    found = cache.get(topic.id)
    if found is None:
        ctx.flush()
        found = cache[topic.id] = Audience()
        rows = ctx.db.read(
            f"SELECT {_COLUMNS} FROM sns_subscription WHERE topic_id=%s AND confirmed ORDER BY id",
            (topic.id,),
        )
        for row in rows:
            found.put(_record(topic, row))
    return found


def find(ctx: Context, topic: TopicRecord, arn: str) -> SubscriptionRecord | None:
    """Return a confirmed subscription of a topic by its ARN."""
    cache: dict[str, SubscriptionRecord] = ctx.world.caches.setdefault("sns.subscriptions", {})
    found = cache.get(arn)
    if found is None:
        for record in audience(ctx, topic).all.values():
            cache[record.arn] = record
        found = cache.get(arn)
    return found


def put(ctx: Context, topic: TopicRecord, row: Mapping[str, Any]) -> None:
    """Take a new subscription into what is in memory, where the rest is: that may be much."""
    known: Audience | None = ctx.world.caches.get("sns.audiences", {}).get(topic.id)
    if known is not None:
        known.put(_record(topic, tuple(row[name.strip()] for name in _COLUMNS.split(","))))


def chosen(
    found: Audience, attributes: filters.Event | None, body: filters.Event | None
) -> Iterator[SubscriptionRecord]:
    """Yield who wants a message, in the order of subscribing."""
    wanted = {record.id for record in found.open}
    if attributes is not None:
        wanted.update(found.by_attributes.find(attributes))
    if body is not None:
        wanted.update(found.by_body.find(body))
    for key in sorted(wanted):
        yield found.all[key]


def others(found: Audience, wanted: Iterable[int]) -> Iterator[SubscriptionRecord]:
    """Yield those whose filter does not let a message through."""
    got = set(wanted)
    for key, record in found.all.items():
        if key not in got:
            yield record


def is_replaying(stored: Any) -> bool:
    """Tell whether new messages wait behind a replay; behind one with an end they wait for ever."""
    replay = orjson.loads(stored) if isinstance(stored, str) else stored
    return bool(replay) and (replay["status"] != COMPLETED or replay["to"] is not None)


def _record(topic: TopicRecord, row: tuple[Any, ...]) -> SubscriptionRecord:
    key, arn, account, protocol, endpoint, stored, replay = row
    attributes: dict[str, str] = stored if isinstance(stored, dict) else orjson.loads(stored)
    policy = attributes.get("FilterPolicy")
    by_body = attributes.get("FilterPolicyScope") == "MessageBody"
    redrive = orjson.loads(attributes.get("RedrivePolicy") or "{}")
    own = orjson.loads(attributes.get("DeliveryPolicy") or "null")
    delivery = None
    if protocol in ("http", "https"):
        delivery = effective(own, topic.settings.delivery)
    return SubscriptionRecord(
        key, arn, topic.arn, account, protocol, endpoint,
        raw=attributes.get("RawMessageDelivery") == "true",
        by_body=by_body,
        pattern=filters.compile_policy(policy) if policy else None,
        dead_letters=redrive.get("deadLetterTargetArn", ""),
        delivery=delivery,
        attributes=attributes,
        is_replaying=is_replaying(replay),
    )  # fmt: skip
