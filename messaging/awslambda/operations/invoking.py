"""Invoke: at once with an answer, by the queue, or only to see whether one may."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

import orjson

from messaging.awslambda import running
from messaging.awslambda.addressing import invoked
from messaging.awslambda.domain import destinations
from messaging.awslambda.domain.names import LATEST
from messaging.awslambda.errors import (
    InvalidParameterValueException,
    InvalidRequestContentException,
    RequestTooLargeException,
    ResourceConflictException,
    TooManyRequestsException,
)
from messaging.awslambda.limits import ASYNC_BYTES_MAX, SYNC_BYTES_MAX
from messaging.awslambda.moving import request_id
from messaging.awslambda.store import runs
from messaging.awslambda.store.functions import FunctionRecord
from messaging.awslambda.store.invocations import OPEN, Invocation
from messaging.kernel.context import Context
from messaging.kernel.errors import ServiceUnavailable
from messaging.kernel.waiting import Wait

_EVENT: Final = "Event"
# Fifteen minutes of a function, and as long until somebody is free to run it.
_LONGEST_S: Final = 1_800.0
_DRY_RUN: Final = "DryRun"
_TYPES: Final = (_EVENT, _DRY_RUN, "RequestResponse")


def invoke(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any] | Wait:
    """Invoke a function. The answer of RequestResponse does not wait for its duration [model].

    Where the function's code runs it waits for that.
    """
    if ctx.note is not None:
        return _fetched(ctx, req, ctx.note)
    kind = req.get("InvocationType") or "RequestResponse"
    if kind not in _TYPES:
        raise InvalidParameterValueException(f"{kind} is no type of invocation.")
    function = invoked(ctx, req)
    if kind == _DRY_RUN:
        return {"StatusCode": 204}
    text = _payload(req, limit=ASYNC_BYTES_MAX if kind == _EVENT else SYNC_BYTES_MAX)
    number = ctx.new_number()
    if kind == _EVENT:
        running.queue(ctx, function, text, source=ctx.caller.actor, cause=None, number=number)
        return {"StatusCode": 202, "Payload": b""}
    row = running.call(ctx, function, text, number=number)
    if row is None:
        raise _throttled(function)
    if row.due_at == OPEN:
        return _wait(ctx, row.id)
    return _answer(ctx, function, row, tail=req.get("LogType") == "Tail")


def _wait(ctx: Context, run_id: int) -> Wait:
    """Wait for the code of an invocation, which takes its own time and not the sandbox's."""
    until = ctx.now + int(_LONGEST_S * 1000 * max(1.0, ctx.world.clock.rate))
    return Wait(running.waiting_place(run_id), until, _LONGEST_S, note=run_id)


def _fetched(ctx: Context, req: Mapping[str, Any], run_id: int) -> dict[str, Any] | Wait:
    """Return what the code has come to; raises AwsError where nobody will ever know."""
    text = runs.read(ctx, run_id)
    if text == "" and not ctx.impatient:
        return _wait(ctx, run_id)
    if not text:
        raise ServiceUnavailable("The server stopped before the function's code had ended.")
    runs.finish(ctx, run_id)
    told = orjson.loads(text)
    if "gone" in told:
        raise ResourceConflictException(told["gone"])
    answer = {"StatusCode": 200, "ExecutedVersion": LATEST, "Payload": told["payload"].encode()}
    if told["why"]:
        answer["FunctionError"] = "Unhandled"
    if req.get("LogType") == "Tail":
        answer["LogResult"] = b64encode(told["log"].encode()).decode()
    return answer


def _answer(
    ctx: Context, function: FunctionRecord, row: Invocation, *, tail: bool
) -> dict[str, Any]:
    asked = request_id(ctx, row.number)
    result = function.behaviour.answer(row.payload)
    if row.fails:
        result = destinations.error_payload(
            row.fails, request_id=asked, timeout_s=function.timeout_s, at=row.due_at
        )
    answer = {"StatusCode": 200, "ExecutedVersion": LATEST, "Payload": orjson.dumps(result)}
    if row.fails:
        answer["FunctionError"] = "Unhandled"
    if tail:
        answer["LogResult"] = b64encode(_log(asked, row.due_at - ctx.now).encode()).decode()
    return answer


def _log(asked: str, ms: int) -> str:
    return (
        f"START RequestId: {asked} Version: {LATEST}\nEND RequestId: {asked}\n"
        f"REPORT RequestId: {asked}\tDuration: {ms:.2f} ms\tBilled Duration: {ms} ms\n"
    )


def _payload(req: Mapping[str, Any], *, limit: int) -> str:
    """Return the payload as text; raises AwsError where it is too long or no JSON."""
    raw = req.get("Payload") or b"{}"
    raw = raw.encode() if isinstance(raw, str) else raw
    if len(raw) > limit:
        raise RequestTooLargeException(
            f"{len(raw)} byte payload is too large for the invocation type (limit {limit} bytes)"
        )
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise InvalidRequestContentException(
            f"Could not parse request body into json: Could not parse payload into json: {error}"
        ) from None
    return bytes(raw).decode()


def _throttled(function: FunctionRecord) -> TooManyRequestsException:
    own = function.reserved is not None
    reason = "ReservedFunctionConcurrentInvocationLimitExceeded" if own else _ACCOUNT_LIMIT
    return TooManyRequestsException(Reason=reason, Type="User")


_ACCOUNT_LIMIT: Final = "ConcurrentInvocationLimitExceeded"
