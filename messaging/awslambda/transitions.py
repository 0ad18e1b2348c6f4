"""Every change of a function, a mapping or an invocation, with its event."""

from typing import Any, Final

from messaging.awslambda import facts
from messaging.awslambda.domain import scaling
from messaging.awslambda.models import Code, Function, Invocation, Mapping
from messaging.awslambda.store import invocations
from messaging.awslambda.store.functions import FunctionRecord
from messaging.awslambda.store.invocations import OPEN, RUNNING
from messaging.awslambda.store.invocations import Invocation as Row
from messaging.kernel.context import Context

CREATED: Final = "lambda.FunctionCreated"
UPDATED: Final = "lambda.FunctionUpdated"
PERMITTED: Final = "lambda.PolicyChanged"
DELETED: Final = "lambda.FunctionDeleted"
MAPPED: Final = "lambda.MappingCreated"
REMAPPED: Final = "lambda.MappingUpdated"
UNMAPPED: Final = "lambda.MappingDeleted"
INVOKED: Final = "lambda.Invoked"
SUCCEEDED: Final = "lambda.Succeeded"
FAILED: Final = "lambda.Failed"
THROTTLED: Final = "lambda.Throttled"
RETRYING: Final = "lambda.Retrying"
FILTERED: Final = "lambda.FilteredOut"


def announce(ctx: Context, kind: str, function: Function) -> None:
    """Tell of a function's configuration."""
    ctx.reconfigured()
    ctx.emit(kind, function.arn, {"by": ctx.caller.actor, **facts.of_function(function)})


def delete(ctx: Context, function: Function) -> None:
    """Delete a function with what waits for it; the messages of its batches come back."""
    Invocation.objects.filter(function_id=function.pk).delete()
    Code.objects.filter(pk=function.pk).delete()
    function.delete()
    ctx.reconfigured()
    ctx.emit(DELETED, function.arn, {"by": ctx.caller.actor})


def tagged(ctx: Context, found: Function | Mapping) -> None:
    """Tell of tags; those of a function may say what it does."""
    if isinstance(found, Function):
        announce(ctx, UPDATED, found)
    else:
        mapped(ctx, REMAPPED, found)


def mapped(ctx: Context, kind: str, mapping: Mapping) -> None:
    """Tell of a mapping's configuration."""
    ctx.reconfigured()
    told = {"by": ctx.caller.actor, **facts.of_mapping(mapping)}
    ctx.emit(kind, mapping.function, told)


def begin(
    ctx: Context, function: FunctionRecord, row: Row, *, lasts_ms: int, fails: str = "",
    is_open: bool = False,
) -> Row:  # fmt: skip
    """Let an invocation run; a row that is not there yet is added.

    ``is_open`` where its code runs, which ends by itself.
    """
    # Code ends by itself: when it must at the latest is what can be told of it.
    done = ctx.now + lasts_ms
    told: dict[str, Any] = {
        "m": row.number, "by": row.source, "n": len(row.messages) or 1, "until": done,
    }  # fmt: skip
    if row.messages:
        told["messages"] = [message["m"] for message in row.messages]
    if row.attempts:
        told["attempt"] = row.attempts + 1
    cause = ctx.emit(INVOKED, function.arn, told, cause=row.cause)
    due_at = OPEN if is_open else done
    running = row._replace(state=RUNNING, due_at=due_at, fails=fails, cause=cause)
    if row.state:
        invocations.change(ctx, running)
    else:
        invocations.put(ctx, running)
    return running


def end(ctx: Context, function: FunctionRecord, row: Row, *, why: str, **more: Any) -> int:
    """Tell how an invocation has ended; ``why`` is "" where it went well."""
    told = {"m": row.number, "n": len(row.messages) or 1, **more}
    if why:
        return ctx.emit(FAILED, function.arn, {**told, "why": why}, cause=row.cause)
    return ctx.emit(SUCCEEDED, function.arn, told, cause=row.cause)


def throttle(ctx: Context, function: FunctionRecord, row: Row, **more: Any) -> int:
    """Tell of an invocation that found no concurrency."""
    told = {"m": row.number, "by": row.source, "n": len(row.messages) or 1, **more}
    return ctx.emit(THROTTLED, function.arn, told, cause=row.cause)


def queue_again(ctx: Context, function: FunctionRecord, row: Row, *, cause: int) -> None:
    """Let a failed event wait for its next try."""
    told = {"m": row.number, "attempt": row.attempts + 1, "next": row.due_at}
    cause = ctx.emit(RETRYING, function.arn, told, cause=cause)
    invocations.change(ctx, row._replace(cause=cause))


def filter_out(ctx: Context, mapping: Mapping, numbers: list[int]) -> None:
    """Tell of messages that a mapping's filter has stopped."""
    for number in numbers:
        told = {"m": number, "by": mapping.source, "id": mapping.uuid}
        ctx.emit(FILTERED, mapping.function, told)


def settle_mapping(ctx: Context, mapping: Mapping) -> None:
    """Let a mapping's state go over into the next one."""
    following = scaling.FOLLOWING[mapping.state]
    if not following:
        mapping.delete()
        mapped(ctx, UNMAPPED, mapping)
        return
    mapping.state, mapping.change_at = following, None
    mapping.save(update_fields=("state", "change_at"))
    mapped(ctx, REMAPPED, mapping)
