"""A checked message enters its topic and fans out: one packet for each subscription it reaches."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import orjson

from messaging.kernel.context import Context
from messaging.kernel.events import preview
from messaging.kernel.ids import seeded_uuid
from messaging.kernel.packets import Packet
from messaging.patterns.clauses import ABSENT
from messaging.patterns.verdicts import Failure, explain
from messaging.sns import archive, limits, people
from messaging.sns.bodies import Wrapping
from messaging.sns.domain import filters
from messaging.sns.domain.endpoints import PEOPLE, WEB
from messaging.sns.domain.messages import Publication, dedup_token
from messaging.sns.moving import PRINCIPAL
from messaging.sns.store import memory, subscriptions
from messaging.sns.store.notes import Note
from messaging.sns.store.subscriptions import Audience, SubscriptionRecord
from messaging.sns.store.topics import TopicRecord

# Of more subscriptions that a message does not reach the log tells the number only.
TOLD_MAX: Final = 50
_WHY_CHARS: Final = 120


class Sent(NamedTuple):
    """What Publish answers with."""

    message_id: str
    sequence: str | None

    def answer(self) -> dict[str, str]:
        found = {"MessageId": self.message_id}
        return found if self.sequence is None else {**found, "SequenceNumber": self.sequence}


def publish(
    ctx: Context, topic: TopicRecord, publication: Publication, *, cause: int | None = None
) -> Sent:
    """Take a message and hand it to who wants it; a FIFO topic takes each only once (N13)."""
    if not topic.fifo:
        number = ctx.new_number()
        _publish(ctx, topic, publication, number, cause)
        return _sent(ctx, topic, number)
    token = dedup_token(publication, topic.settings)
    known = memory.known(ctx, topic.id, token)
    if known is not None:
        ctx.emit("sns.PublishDeduplicated", topic.arn, {
            "m": known, "g": publication.group, "by": ctx.caller.actor,
        })  # fmt: skip
        return _sent(ctx, topic, known)
    number = ctx.new_number()
    until = ctx.now + limits.DEDUPLICATION_S * 1000
    memory.remember(ctx, topic.id, token, until=until, message=number)
    _publish(ctx, topic, publication, number, cause)
    return _sent(ctx, topic, number)


def deliver_archived(
    ctx: Context,
    topic: TopicRecord,
    to: SubscriptionRecord,
    publication: Publication,
    *,
    number: int,
    at: int,
    cause: int,
) -> None:
    """Hand an archived message to the subscription that replays it."""
    sent = _sent(ctx, topic, number)
    wrapping = Wrapping(ctx, topic, publication, *sent, at, is_replayed=True)
    if to.pattern is None or to in _wanting(Audience.of(to), publication):
        _deliver(ctx, to, wrapping, number, cause)


def _publish(
    ctx: Context, topic: TopicRecord, publication: Publication, number: int, cause: int | None
) -> None:
    sent = _sent(ctx, topic, number)
    told = {"m": number, "by": ctx.caller.actor, "id": sent.message_id}
    group = f',"g":{orjson.dumps(publication.group).decode()}' if publication.group else ""
    text = f'{orjson.dumps(told).decode()[:-1]}{group},"b":{preview(publication.text)}}}'
    seq = ctx.emit("sns.Published", topic.arn, text, cause=cause)
    archive.keep(ctx, topic, publication, number)
    found = subscriptions.audience(ctx, topic)
    wrapping = Wrapping(ctx, topic, publication, *sent, ctx.now)
    reached = []
    for to in _wanting(found, publication):
        reached.append(to.id)
        if not to.is_replaying:
            _deliver(ctx, to, wrapping, number, seq)
    if len(reached) < len(found.all):
        _tell_filtered(ctx, topic, found, reached, publication, number, seq)


def _sent(ctx: Context, topic: TopicRecord, number: int) -> Sent:
    sequence = f"{10_000_000_000_000_000_000 + number * 1000:020d}" if topic.fifo else None
    return Sent(seeded_uuid(ctx.world.secret, number), sequence)


def _wanting(found: Audience, publication: Publication) -> list[SubscriptionRecord]:
    """Return who wants a message; a policy on the body looks at what its endpoint would get."""
    attributes = body = None
    if len(found.by_attributes):
        attributes = filters.attributes_event(publication.attributes)
    if len(found.by_body):
        if publication.texts:
            return _wanting_of_texts(found, publication, attributes)
        body = filters.body_event(publication.text)
    return list(subscriptions.chosen(found, attributes, body))


def _wanting_of_texts(
    found: Audience, publication: Publication, attributes: filters.Event | None
) -> list[SubscriptionRecord]:
    wanted = {to.id for to in subscriptions.chosen(found, attributes, None)}
    for text in {publication.text, *publication.texts.values()}:
        body = filters.body_event(text)
        for key in found.by_body.find(body) if body is not None else ():
            if publication.text_for(found.all[key].protocol) == text:
                wanted.add(key)
    return [found.all[key] for key in sorted(wanted)]


def _deliver(
    ctx: Context, to: SubscriptionRecord, wrapping: Wrapping, number: int, cause: int
) -> None:
    topic, group = wrapping.topic, wrapping.publication.group or ""
    note = Note(number, group).text()
    if to.protocol in PEOPLE:
        people.deliver(ctx, to, wrapping, note=note, cause=cause)
        return
    packet = Packet(
        to.endpoint, wrapping.packet_body(to), cause, PRINCIPAL, topic.arn, to.arn, 0, ctx.now, note
    )
    if topic.fifo and (to.arn, group) in memory.blocked(ctx):
        memory.hold(ctx, packet, group)
        return
    ctx.deliver(packet, after_ms=_pace(ctx, to) if to.protocol in WEB else 0)


def _pace(ctx: Context, to: SubscriptionRecord) -> int:
    """Return how long an HTTP endpoint waits for its turn (maxReceivesPerSecond)."""
    throttle = (to.delivery or {}).get("throttlePolicy")
    if not throttle or not throttle.get("maxReceivesPerSecond"):
        return 0
    turns: dict[int, float] = ctx.world.caches.setdefault("sns.turns", {})
    at = max(ctx.now, turns.get(to.id, 0))
    turns[to.id] = at + 1000 / throttle["maxReceivesPerSecond"]
    return round(at - ctx.now)


def _tell_filtered(  # noqa: PLR0917
    ctx: Context,
    topic: TopicRecord,
    found: Audience,
    reached: list[int],
    publication: Publication,
    number: int,
    cause: int,
) -> None:
    missed = len(found.all) - len(reached)
    if missed > TOLD_MAX:
        ctx.emit("sns.Filtered", topic.arn, {"m": number, "count": missed}, cause=cause)
        return
    for to in subscriptions.others(found, reached):
        ctx.emit(
            "sns.Filtered",
            topic.arn,
            {"m": number, "sub": to.arn, "to": to.node, "why": _why(to, publication)},
            cause=cause,
        )


def _why(to: SubscriptionRecord, publication: Publication) -> dict[str, Any]:
    """Return the first leaf of a filter that does not hold, in short."""
    event: filters.Event | None = filters.attributes_event(publication.attributes)
    if to.by_body:
        event = filters.body_event(publication.text_for(to.protocol))
    if event is None:
        return {"not": "json"}
    assert to.pattern is not None
    failure = explain(to.pattern, event)
    return {} if failure is None else dict(_short(failure))


def _short(failure: Failure) -> Iterator[tuple[str, Any]]:
    yield "path", ".".join(failure.path)
    yield "asked", orjson.dumps(failure.asked).decode()[:_WHY_CHARS]
    if failure.found is not ABSENT:
        yield "found", orjson.dumps(failure.found).decode()[:_WHY_CHARS]
