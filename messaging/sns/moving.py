"""What becomes of what is handed over: delivered, tried again, or dead (N7–N9)."""

from typing import Final

import orjson

from messaging.kernel.context import Context
from messaging.kernel.errors import AwsError, NotModelled
from messaging.kernel.packets import Packet
from messaging.sns import feedback
from messaging.sns.bodies import dead_letter
from messaging.sns.domain import retries
from messaging.sns.domain.endpoints import INBOX_NODE, PEOPLE, WEB
from messaging.sns.store import memory, subscriptions, topics
from messaging.sns.store.notes import Note
from messaging.sns.store.people import INBOX
from messaging.sns.store.subscriptions import SubscriptionRecord
from messaging.sns.store.topics import TopicRecord

PRINCIPAL: Final = "sns.amazonaws.com"
# Errors that say "not now" although AWS calls them the sender's fault.
_LATER: Final = frozenset({
    "KmsThrottled", "LimitExceededException", "OverLimit", "ProvisionedThroughputExceededException",
    "RequestThrottled", "ServiceUnavailableException", "ThrottlingException",
    "TooManyRequestsException",
})  # fmt: skip


def settle(ctx: Context, packet: Packet, error: AwsError | None) -> None:
    """Deal with what became of a packet: delivered, another try, or dead (N7–N9)."""
    note = Note.read(packet.note)
    if note.asks:
        _settle_request(ctx, packet, error)
        return
    topic = topics.by_arn(ctx, packet.via)
    to = subscriptions.find(ctx, topic, packet.origin) if topic is not None else None
    if topic is None or to is None:
        return
    told = {"m": note.message, "sub": packet.origin, "to": to.node}
    if error is None:
        ctx.emit("sns.Delivered", topic.arn, told, cause=packet.cause)
        _log_status(ctx, topic, to, packet, None)
        _go_on(ctx, topic, packet, note)
        return
    step = None if is_final(error) else retries.next_step(_policy(to, error), packet.attempts + 1)
    at = None if step is None else ctx.now + step.after_ms
    seq = ctx.emit(
        "sns.DeliveryFailed",
        topic.arn,
        {**told, "code": error.code, "attempt": packet.attempts + 1, "next": at},
        cause=packet.cause,
    )
    if step is not None:
        if topic.fifo:
            memory.blocked(ctx).add((packet.origin, note.group))
        again = packet._replace(attempts=packet.attempts + step.tries)
        ctx.deliver(again, after_ms=step.after_ms)
        return
    _log_status(ctx, topic, to, packet, error)
    _bury(ctx, topic, to, packet, seq)
    _go_on(ctx, topic, packet, note)


def _settle_request(ctx: Context, packet: Packet, error: AwsError | None) -> None:
    """Deal with what became of a request to confirm: an endpoint that fails is asked again."""
    told = {"sub": packet.origin, "to": packet.target}
    if error is None:
        ctx.emit("sns.ConfirmationSent", packet.via, told, cause=packet.cause)
        return
    step = None if is_final(error) else retries.next_step(retries.HTTP, packet.attempts + 1)
    at = None if step is None else ctx.now + step.after_ms
    failed = {"code": error.code, "attempt": packet.attempts + 1, "next": at}
    ctx.emit("sns.ConfirmationFailed", packet.via, {**told, **failed}, cause=packet.cause)
    if step is not None:
        ctx.deliver(packet._replace(attempts=packet.attempts + 1), after_ms=step.after_ms)


def is_final(error: AwsError) -> bool:
    """Tell whether trying again is of no use: the endpoint is gone, or refuses."""
    if isinstance(error, NotModelled):
        return True
    return error.sender and error.code not in _LATER


def published_directly(
    ctx: Context, number: int, message_id: str, protocol: str, address: str
) -> int:
    """Tell of a message to one phone or device; returns the event."""
    return ctx.emit("sns.PublishedDirectly", INBOX_NODE, {
        "m": number, "by": ctx.caller.actor, "id": message_id, "protocol": protocol, "to": address,
    })  # fmt: skip


def put_into_inbox(
    ctx: Context,
    protocol: str,
    address: str,
    *,
    source: str,
    subject: str,
    body: str,
    note: str,
    cause: int | None,
) -> None:
    """Let a person or a device receive a message."""
    number = Note.read(note).message or None
    told = {"m": number, "protocol": protocol, "to": address, "from": source}
    seq = ctx.emit("sns.InboxReceived", INBOX_NODE, told, cause=cause)
    ctx.insert(INBOX, (
        ctx.new_id(), ctx.sandbox, ctx.now, protocol, address, source, subject, body, number, seq,
    ))  # fmt: skip


def _policy(to: SubscriptionRecord, error: AwsError) -> retries.RetryPolicy:
    if to.protocol in WEB:
        return to.http_policy()
    is_throttled = to.protocol == "firehose" and error.code in _LATER
    return retries.PEOPLE if to.protocol in PEOPLE or is_throttled else retries.AWS_ENDPOINTS


def _bury(
    ctx: Context, topic: TopicRecord, to: SubscriptionRecord, packet: Packet, failed: int
) -> None:
    """Hand what cannot be delivered to the subscription's dead-letter queue, if it takes it."""
    told = {"m": Note.read(packet.note).message, "sub": to.arn}
    if not to.dead_letters:
        ctx.emit("sns.Dropped", topic.arn, told, cause=failed)
        return
    body = packet.body
    if to.protocol in PEOPLE:
        body = orjson.dumps({"MessageBody": body}).decode()
    else:
        body = dead_letter(to.protocol, body)
    letter = Packet(to.dead_letters, body, failed, PRINCIPAL, topic.arn)
    try:
        ctx.deliver(letter)
    except AwsError as error:
        why = {"code": error.code, "dlq": to.dead_letters}
        ctx.emit("sns.Dropped", topic.arn, {**told, **why}, cause=failed)
    else:
        ctx.emit("sns.DeadLettered", topic.arn, {**told, "to": to.dead_letters}, cause=failed)


def _go_on(ctx: Context, topic: TopicRecord, packet: Packet, note: Note) -> None:
    """Let the next message of a FIFO group go, which waited for this one."""
    lane = (packet.origin, note.group)
    if not topic.fifo or lane not in memory.blocked(ctx):
        return
    following = memory.release(ctx, packet, note.group)
    if following is None:
        memory.blocked(ctx).discard(lane)
    else:
        ctx.deliver(following, after_ms=1)


def _log_status(
    ctx: Context,
    topic: TopicRecord,
    to: SubscriptionRecord,
    packet: Packet,
    error: AwsError | None,
) -> None:
    """Leave the data for delivery status that a topic asks for (AWS: CloudWatch Logs)."""
    number = Note.read(packet.note).message
    if feedback.wanted(topic.attributes, to.protocol, number, failed=error is not None):
        told = feedback.record(topic, to, packet, error, now=ctx.now)
        ctx.emit("sns.StatusLogged", topic.arn, {"m": number, **told}, cause=packet.cause)
