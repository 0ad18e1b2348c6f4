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
    TooManyRequestsException,
)
from messaging.awslambda.limits import ASYNC_BYTES_MAX, SYNC_BYTES_MAX
from messaging.awslambda.moving import request_id
from messaging.awslambda.store.functions import FunctionRecord
from messaging.awslambda.store.invocations import Invocation
from messaging.kernel.context import Context

_EVENT: Final = "Event"
_DRY_RUN: Final = "DryRun"
_TYPES: Final = (_EVENT, _DRY_RUN, "RequestResponse")


def invoke(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Invoke a function. The answer of RequestResponse does not wait for its duration [model]."""
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
    return _answer(ctx, function, row, tail=req.get("LogType") == "Tail")


def _answer(
    ctx: Context, function: FunctionRecord, row: Invocation, *, tail: bool
) -> dict[str, Any]:
    asked = request_id(ctx, row.number)
    result: Any = function.behaviour.result
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
