"""What a function does with its time: events and batches begin, run, and end (LM3, LM5)."""

from typing import Any

from messaging.awslambda import moving, transitions
from messaging.awslambda.domain import answers
from messaging.awslambda.domain.answers import Ran
from messaging.awslambda.domain.behaviour import TIMEOUT
from messaging.awslambda.domain.destinations import EXHAUSTED, TOO_OLD
from messaging.awslambda.limits import THROTTLED_FIRST_MS, THROTTLED_LONGEST_MS
from messaging.awslambda.store import functions, invocations, runs
from messaging.awslambda.store.functions import FunctionRecord
from messaging.awslambda.store.invocations import (
    ANSWERED,
    BATCH,
    EVENT,
    GATHERING,
    QUEUED,
    RUNNING,
    Invocation,
)
from messaging.kernel.context import Context


def queue(ctx: Context, function: FunctionRecord, payload: str, *, source: str, cause: int | None,
          number: int) -> None:  # fmt: skip
    """Put an event into the function's queue; it begins at once where there is room."""
    row = _new(ctx, function, payload, source=source, cause=cause, number=number)
    invocations.put(ctx, row._replace(kind=EVENT, state=QUEUED))


def call(ctx: Context, function: FunctionRecord, payload: str, *, number: int) -> Invocation | None:
    """Let an invocation begin whose caller waits; None where there is no room."""
    row = _new(ctx, function, payload, source=ctx.caller.actor, cause=None, number=number)
    row = row._replace(kind=ANSWERED)
    if not has_room(ctx, function):
        transitions.throttle(ctx, function, row)
        return None
    # A service that waits for the answer does so in this transaction: no code can run meanwhile.
    return _begin(ctx, function, row, by_code=not ctx.caller.source_arn)


def has_room(ctx: Context, function: FunctionRecord) -> bool:
    """Tell whether one more invocation may run."""
    limit = function.reserved
    if limit is None:
        limit = functions.unreserved(ctx, function.account, function.region)
    return invocations.busy(ctx, function) < limit


def go_on(ctx: Context, row: Invocation) -> None:
    """Do what is due: begin what is queued, end what has run."""
    function = functions.by_id(ctx, row.function_id)
    if function is None:
        invocations.forget(ctx, row)
    elif row.state == RUNNING:
        _end(ctx, function, row)
    elif row.state == GATHERING:
        begin_batch(ctx, function, row)
    else:
        _begin_event(ctx, function, row)


def end_code(ctx: Context, function: FunctionRecord, row: Invocation, ran: Ran) -> None:
    """End an invocation whose code has ended."""
    _end(ctx, function, row._replace(due_at=ctx.now, fails=ran.why), ran)


def end_left(ctx: Context) -> None:
    """End what nobody runs: it ran in another sandbox, or before a start that lets no code run."""
    for row in invocations.left(ctx):
        function = functions.by_id(ctx, row.function_id)
        if function is None:
            invocations.forget(ctx, row)
        else:
            ran = answers.interrupted(moving.request_id(ctx, row.number))
            end_code(ctx, function, row, ran)


def waiting_place(run_id: int) -> str:
    """Return what the caller of a run waits for: nothing that anybody else does."""
    return f"lambda:run:{run_id}"


def begin_batch(ctx: Context, function: FunctionRecord, row: Invocation) -> bool:
    """Let a batch begin; a throttled one is given up, and its messages come back by themselves."""
    if has_room(ctx, function):
        _begin(ctx, function, row)
        return True
    transitions.throttle(ctx, function, row)
    if row.state:
        invocations.forget(ctx, row)
    moving.throttled(ctx, row)
    return False


def _begin_event(ctx: Context, function: FunctionRecord, row: Invocation) -> None:
    if ctx.now - row.first_at > function.age_ms:
        moving.give_up(ctx, function, row, TOO_OLD, cause=row.cause)
    elif function.reserved == 0:
        # Nothing will ever run it: it is not tried [model].
        moving.give_up(ctx, function, row, EXHAUSTED, cause=row.cause)
    elif has_room(ctx, function):
        _begin(ctx, function, row)
    else:
        pause = min(THROTTLED_LONGEST_MS, THROTTLED_FIRST_MS << min(row.throttles, 20))
        at = min(ctx.now + pause, row.first_at + function.age_ms + 1)
        cause = transitions.throttle(ctx, function, row, next=at)
        invocations.change(ctx, row._replace(due_at=at, throttles=row.throttles + 1, cause=cause))


def _begin(
    ctx: Context, function: FunctionRecord, row: Invocation, *, by_code: bool = True
) -> Invocation:
    """Throw how long an invocation takes and whether it fails, and let it run; or let its code."""
    if function.runs_code and by_code:
        begun = transitions.begin(
            ctx, function, row, lasts_ms=function.timeout_s * 1000, is_open=True
        )
        runs.post(ctx, begun, moving.request_id(ctx, row.number))
        return begun
    behaviour, dice = function.behaviour, ctx.rng
    slow = dice.random()
    if row.kind == BATCH:
        for message in row.messages:
            message.pop("record", None)
            message["why"] = behaviour.why(message.pop("body"), dice.random())
        why = next((message["why"] for message in row.messages if message["why"]), "")
    else:
        why = behaviour.why(row.payload, dice.random())
    if behaviour.is_too_slow(slow, function.timeout_s):
        why = TIMEOUT
    lasts = behaviour.lasts_ms(slow, function.timeout_s)
    return transitions.begin(ctx, function, row, lasts_ms=lasts, fails=why)


def _end(ctx: Context, function: FunctionRecord, row: Invocation, ran: Ran | None = None) -> None:
    if row.kind == BATCH:
        moving.end_batch(ctx, function, row, ran)
    elif row.kind == ANSWERED:
        transitions.end(ctx, function, row, why=row.fails)
        invocations.forget(ctx, row)
    else:
        moving.end_event(ctx, function, row, ran)


def _new(ctx: Context, function: FunctionRecord, payload: str, **more: Any) -> Invocation:
    return Invocation(
        ctx.new_id(), function.id, None, EVENT, "", ctx.now, more["number"], payload, [],
        more["source"], "", 0, 0, ctx.now, more["cause"], ctx.caller.hops,
    )  # fmt: skip
