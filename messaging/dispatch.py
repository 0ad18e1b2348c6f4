"""The one door in: run an operation, so that its rows, events and wake-ups leave together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from messaging import registry
from messaging.kernel import deliveries, errands, recent
from messaging.kernel.batch import Batch
from messaging.kernel.context import ENGINE, Caller, Context, Helper
from messaging.kernel.errors import AwsError, LoopDetected, NotModelled
from messaging.kernel.later import finished
from messaging.kernel.packets import Packet
from messaging.kernel.service import Operation
from messaging.kernel.world import World

CALLED: Final = "api.Called"
FAILED: Final = "api.Failed"
# A chain of topics, buses and pipes that is longer runs in a circle.
MAX_HOPS: Final = 24
# In a world's caches: what may answer an outside program's call in the operation's place.
MEDDLER: Final = "dispatch.meddler"


class Redo(Exception):
    """A command failed after it had written: the batch must run again, one command at a time."""


@dataclass(slots=True)
class Call:
    """An operation with its parameters and its caller.

    ``first_at`` is the sandbox time of the first try (a long poll is tried again when woken);
    ``impatient`` is set when the caller's own time is up; ``held_until`` when it was held up;
    ``note`` is what the last try has left for the next one.
    """

    caller: Caller
    service: str
    operation: Operation
    params: Mapping[str, Any]
    first_at: int = -1
    impatient: bool = False
    held_until: int = 0
    note: int | None = None


def prepare(caller: Caller, service: str, operation: str, params: Mapping[str, Any]) -> Call:
    """Find the operation; raises NotModelled where AWS has it and Signalbox does not."""
    found = registry.service_named(service)
    if found is None:
        raise NotModelled.operation(service, operation)
    return Call(caller, service, found.operation(operation), params)


def run(batch: Batch, world: World, call: Call) -> Any:
    """Run one call inside the batch's transaction and return its result (or a Wait).

    Raises as ``start`` does.
    """
    return finished(start(batch, world, call))


def start(batch: Batch, world: World, call: Call) -> Any:
    """Do the same, but leave a result that can be worked out later to the caller (Later).

    Raises AwsError with everything undone but the event that says so; raises Redo when a hot
    operation failed after it had written.
    """
    before = world.last_seq
    try:
        return _run(batch, world, call)
    finally:
        if world.last_seq > before:
            recent.keep(batch, world, before, call.service, call.operation.name, call.params)


def _run(batch: Batch, world: World, call: Call) -> Any:
    ctx = Context(batch, world, call.caller)
    meddler = world.caches.get(MEDDLER)
    if meddler is not None and call.first_at < 0:
        answer = meddler(ctx, call)
        if answer is not None:
            return answer
    if call.first_at < 0:
        call.first_at = world.now
    ctx.first_at = call.first_at
    ctx.impatient, ctx.note = call.impatient, call.note
    if not call.operation.hot:
        return _run_guarded(ctx, call)
    mark = batch.mark(world)
    batch.db.wrote, batch.db.lazy = False, True
    try:
        return call.operation.run(ctx, call.params)
    except AwsError as error:
        if batch.db.wrote:
            raise Redo from error
        batch.undo(mark, world)
        _log_failure(ctx, call, error, target_of(ctx, call))
        raise
    finally:
        batch.db.lazy = False


def accept(ctx: Context, packet: Packet) -> None:
    """Hand a packet to the resource that it was sent to, and tell its origin what became of it.

    Every ``accept`` raises before its first write, so that forgetting what it appended undoes it.
    Raises AwsError where there is no origin.
    """
    mark = ctx.batch.mark(ctx.world)
    hops = max(ctx.caller.hops, packet.hops) + 1
    try:
        if hops > MAX_HOPS:
            raise LoopDetected(packet.target)
        if errands.is_outside(packet.target):
            errands.post(ctx, packet)
            return
        service = registry.service_of_arn(packet.target)
        if service.accept is None:
            raise NotModelled(f"Signalbox cannot deliver to {packet.target}.")
        service.accept(_bringing(ctx, packet, hops), packet)
    except AwsError as error:
        if not packet.origin:
            raise
        ctx.batch.undo(mark, ctx.world)
        _tell(ctx, packet, error)
    else:
        if packet.origin:
            _tell(ctx, packet, None)


def hand_over(batch: Batch, world: World, packet: Packet) -> None:
    """Hand over what an AWS service sends that is not modelled itself; raises AwsError.

    The packet's ``principal`` is who sends it and calls from its target's account and Region.
    """
    _, _, _, region, account, _ = packet.target.split(":", 5)
    sender = packet.principal
    ctx = Context(batch, world, Caller(world.id, account, region, sender, sender))
    accept(ctx, packet._replace(principal=""))


def report(batch: Batch, world: World, errand: errands.Errand, error: AwsError | None) -> None:
    """Tell the origin of an errand what became of it, unless it was withdrawn meanwhile."""
    batch.flush()
    if errands.finish(batch.db, errand) and errand.packet.origin:
        _tell(engine_context(batch, world), errand.packet, error)


def call(ctx: Context, by: Helper, operation: str, params: Mapping[str, Any]) -> Any:
    """Run an operation for an AWS service that polls another one, in the same transaction."""
    _, _, _, region, account, _ = by.via.split(":", 5)
    caller = Caller(
        ctx.sandbox, account, region, by.principal, by.via, ctx.caller.host, source_arn=by.via
    )
    return run(ctx.batch, ctx.world, prepare(caller, by.service, operation, params))


def next_due(batch: Batch, world: World) -> int | None:
    """Return the next sandbox time at which a service or the outbox has something to do."""
    times = [deliveries.next_due(batch.db, world.id)]
    for service in registry.SERVICES.values():
        if service.tick is not None:
            times.append(service.tick.next_due(batch, world))
    return min((time for time in times if time is not None), default=None)


def run_due(batch: Batch, world: World) -> None:
    """Do what is due at ``world.now`` in every service, then in the outbox."""
    ctx = engine_context(batch, world)
    for service in registry.SERVICES.values():
        if service.tick is not None:
            service.tick.run_due(ctx)
    deliveries.run_due(ctx)


def engine_context(batch: Batch, world: World) -> Context:
    """Return the context of what happens by itself."""
    return Context(batch, world, Caller(world.id, "", "", ENGINE, ENGINE))


def _bringing(ctx: Context, packet: Packet, hops: int) -> Context:
    """Return the context in which a packet arrives: an AWS service calls for what it comes from."""
    if not packet.principal:
        return ctx
    _, _, _, region, account, _ = packet.via.split(":", 5)
    caller = Caller(
        ctx.sandbox, account, region, packet.principal, packet.via, ctx.caller.host,
        source_arn=packet.via, hops=hops,
    )  # fmt: skip
    return Context(ctx.batch, ctx.world, caller)


def _tell(ctx: Context, packet: Packet, error: AwsError | None) -> None:
    service = registry.service_of_arn(packet.origin)
    if service.settle is not None:
        service.settle(ctx, packet, error)


def _run_guarded(ctx: Context, call: Call) -> Any:
    """Run an operation that may write before it fails, inside a savepoint of its own."""
    batch, world = ctx.batch, ctx.world
    batch.flush()
    mark = batch.mark(world)
    batch.db.savepoint()
    try:
        result = call.operation.run(ctx, call.params)
        is_silent = call.operation.quiet or call.note is not None
        if world.last_seq == mark.last_seq and not is_silent:
            _log(ctx, CALLED, call)
        batch.flush()
    except AwsError as error:
        target = target_of(ctx, call)
        batch.db.rollback_to_savepoint()
        batch.undo(mark, world)
        world.forget()
        _log_failure(ctx, call, error, target)
        raise
    batch.db.release()
    return result


def target_of(ctx: Context, call: Call) -> str:
    """Return the ARN of the resource that a call named, where its service knows it by heart."""
    service = registry.service_named(call.service)
    if service is None or service.target_of is None:
        return ""
    return service.target_of(ctx, call.params)


def _log_failure(ctx: Context, call: Call, error: AwsError, target: str) -> None:
    # A look is free, also where there is nothing to see.
    if not call.operation.quiet:
        _log(ctx, FAILED, call, target=target, code=error.code)


def _log(ctx: Context, kind: str, call: Call, *, target: str = "", code: str = "") -> None:
    data = {"by": call.caller.actor, "op": f"{call.service}:{call.operation.name}"}
    if code:
        data["code"] = code
    ctx.emit(kind, target, data)
