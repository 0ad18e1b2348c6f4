"""An event goes to a target: the packet, what became of it, another try, the dead-letter queue.

A packet's note is ``m target received\\nevent``: what is wanted again when its outcome is told.
"""

from typing import Any, Final, NamedTuple

from messaging.events.addressing import SERVICE_PRINCIPAL
from messaging.events.domain import retries
from messaging.events.domain.connections import call_of
from messaging.events.domain.dead_letters import dead_letter
from messaging.events.domain.entries import Event
from messaging.events.domain.targets import request_for
from messaging.events.store import archived, destinations, routes
from messaging.events.store.routes import RuleRecord, TargetRecord
from messaging.kernel.arns import parse_arn
from messaging.kernel.context import Context
from messaging.kernel.errors import AwsError, LoopDetected
from messaging.kernel.packets import Packet

DELIVERED: Final = "events.Delivered"
FAILED: Final = "events.DeliveryFailed"
DEAD_LETTERED: Final = "events.DeadLettered"
LOOPED: Final = "events.Looped"
# Marks the note of a packet to a dead-letter queue.
_LAST: Final = "!"


class _Note(NamedTuple):
    number: int
    target: str
    event: str
    last: bool

    def text(self) -> str:
        mark = _LAST if self.last else ""
        return f"{mark}{self.number} {self.target}\n{self.event}"


def send(ctx: Context, rule: RuleRecord, target: TargetRecord, event: Event, *, cause: int) -> None:
    """Deliver an event to a target of a rule."""
    note = _Note(event.number, target.name, event.text, last=False)
    text = target.render(event)
    if target.service == "logs":
        _write_log(ctx, rule, target, note, text, cause=cause)
        return
    packet = Packet(
        target.arn, "", cause, SERVICE_PRINCIPAL, rule.arn, rule.arn, 0, ctx.now, note.text()
    )
    hop = _third_hop(rule, target, event)
    if hop:
        text = "Events that came in from another event bus are not sent on to a third one."
        _fail(ctx, packet, note, target, code=hop, message=text)
    elif ":api-destination/" in target.arn:
        _call(ctx, packet, note, target, text)
    else:
        body = request_for(target.config, target.service, event, text)
        ctx.deliver(packet._replace(body=body))


def settle(ctx: Context, packet: Packet, error: AwsError | None) -> None:
    """Take note of what became of a packet: done, another try, dead letter, or lost."""
    note = _read(packet.note)
    told = {"m": note.number, "target": note.target, "to": _named(ctx, packet, note)}
    if error is None:
        kind = DEAD_LETTERED if note.last else DELIVERED
        ctx.emit(kind, packet.origin, told, cause=packet.cause)
        return
    if isinstance(error, LoopDetected):
        ctx.emit(LOOPED, packet.origin, told, cause=packet.cause)
        return
    code = retries.classify(error.code, error.status, error.message)
    if note.last:
        _tell(ctx, packet, note, code=code, next_at=None)
        return
    rule = routes.rule(ctx, packet.origin)
    target = rule.target(note.target) if rule is not None else None
    _fail(ctx, packet, note, target, code=code, message=error.message)


def _fail(
    ctx: Context,
    packet: Packet,
    note: _Note,
    target: TargetRecord | None,
    *,
    code: str,
    message: str,
) -> None:
    """Try again later, or give up; a target that is gone since is not tried again."""
    policy = target.policy if target is not None else retries.Policy(0)
    then = retries.decide(
        code, policy, retried=packet.attempts, first_ms=packet.first_at, now_ms=ctx.now,
        dice=ctx.rng.random(),
    )  # fmt: skip
    next_at = None if then.after_ms is None else ctx.now + then.after_ms
    seq = _tell(ctx, packet, note, code=code, next_at=next_at)
    if then.after_ms is not None:
        ctx.deliver(packet._replace(attempts=packet.attempts + 1), after_ms=then.after_ms)
    elif target is not None and target.dlq:
        body = dead_letter(
            note.event, rule=packet.origin, target=target.arn, code=code, message=message,
            condition=then.exhausted, retries=packet.attempts,
        )  # fmt: skip
        last = note._replace(last=True).text()
        ctx.deliver(Packet(
            target.dlq, body, seq, SERVICE_PRINCIPAL, packet.origin, packet.origin, 0, ctx.now, last
        ))  # fmt: skip


def _tell(ctx: Context, packet: Packet, note: _Note, *, code: str, next_at: int | None) -> int:
    told: dict[str, Any] = {
        "m": note.number, "target": note.target, "to": _named(ctx, packet, note), "code": code,
        "attempt": packet.attempts + 1, "next": next_at,
    }  # fmt: skip
    return ctx.emit(FAILED, packet.origin, told, cause=packet.cause)


def _call(ctx: Context, packet: Packet, note: _Note, target: TargetRecord, text: str) -> None:
    """Call an API destination, at the rate that it allows; a courier brings it (P10)."""
    destination = destinations.by_arn(ctx, target.arn)
    if destination is None:
        text = f"The API destination {target.arn} does not exist."
        _fail(ctx, packet, note, target, code=retries.NO_RESOURCE, message=text)
        return
    if not destination.is_active:
        text = "The connection of the API destination is not authorized."
        _fail(ctx, packet, note, target, code=retries.NO_PERMISSIONS, message=text)
        return
    address, body = call_of(
        destination.auth_type, destination.auth, endpoint=destination.endpoint,
        method=destination.method, parameters=target.config.get("HttpParameters") or {}, text=text,
    )  # fmt: skip
    after_ms = destinations.next_slot(ctx, target.arn, destination.per_second)
    ctx.deliver(packet._replace(target=address, body=body), after_ms=after_ms)


def _named(ctx: Context, packet: Packet, note: _Note) -> str:
    """Return the ARN of what a packet is for: a call of an API destination has only an address."""
    if packet.target.startswith("arn:"):
        return packet.target
    rule = routes.rule(ctx, packet.origin)
    target = rule.target(note.target) if rule is not None else None
    return packet.target if target is None else target.arn


def _write_log(
    ctx: Context, rule: RuleRecord, target: TargetRecord, note: _Note, text: str, *, cause: int
) -> None:
    """Write a text into a log group: this part of CloudWatch Logs is here."""
    archived.log(ctx, target.arn.removesuffix(":*"), text)
    told = {"m": note.number, "target": note.target, "to": target.arn}
    ctx.emit(DELIVERED, rule.arn, told, cause=cause)


def _third_hop(rule: RuleRecord, target: TargetRecord, event: Event) -> str:
    """Return the error of an event that would go on to a third bus, "" where it may go (P9)."""
    if not event.forwarded or target.service != "events" or ":event-bus/" not in target.arn:
        return ""
    here, there = parse_arn(rule.arn), parse_arn(target.arn)
    return retries.THIRD_REGION if here.region != there.region else retries.THIRD_ACCOUNT


def _read(text: str) -> _Note:
    head, _, event = text.partition("\n")
    number, _, target = head.removeprefix(_LAST).partition(" ")
    return _Note(int(number), target, event, head.startswith(_LAST))
