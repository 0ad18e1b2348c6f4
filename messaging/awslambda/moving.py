"""What becomes of invocations that have run: tried again, recorded, deleted, or dead."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.awslambda import looking, transitions
from messaging.awslambda.domain import destinations, scaling
from messaging.awslambda.domain.answers import Ran, failed_places
from messaging.awslambda.domain.behaviour import FAILURE, POISON
from messaging.awslambda.domain.destinations import EXHAUSTED, SUCCESS, Outcome
from messaging.awslambda.limits import RETRY_AFTER_MS
from messaging.awslambda.models import Mapping as Source
from messaging.awslambda.store import invocations
from messaging.awslambda.store.functions import FunctionRecord
from messaging.awslambda.store.invocations import QUEUED, Invocation
from messaging.kernel.arns import parse_arn
from messaging.kernel.context import Context, Helper
from messaging.kernel.errors import AwsError
from messaging.kernel.ids import SEQUENCE_MASK, seeded_uuid
from messaging.kernel.packets import Packet

DELIVERED: Final = "lambda.Delivered"
DEAD_LETTERED: Final = "lambda.DeadLettered"
DROPPED: Final = "lambda.Dropped"
_DELETE_MAX: Final = 10
_OK: Final = "OK"
_PROBLEM: Final = "PROBLEM: Function call failed"
# Why single messages fail; all else is the batch's.
_OF_MESSAGES: Final = ("", FAILURE, POISON)


def end_event(
    ctx: Context, function: FunctionRecord, row: Invocation, ran: Ran | None = None
) -> None:
    """End an asynchronous invocation: its record goes out, or it is tried again (LM5).

    ``ran`` is what its code has come to, where it was run.
    """
    cause = transitions.end(ctx, function, row, why=row.fails)
    if not row.fails:
        invocations.forget(ctx, row)
        if function.on_success:
            outcome = _outcome(ctx, function, row, SUCCESS)
            configured = function.behaviour.answer(row.payload)
            result = destinations.parsed(ran.payload) if ran else configured
            record = outcome.record(result, failed=False)
            body = destinations.record_body(function.on_success, record)
            _bring(ctx, function, row, function.on_success, body, cause=cause, kind=DELIVERED)
        return
    tried = row._replace(attempts=row.attempts + 1)
    if tried.attempts > function.retries:
        give_up(ctx, function, tried, EXHAUSTED, cause=cause, ran=ran)
        return
    at = ctx.now + RETRY_AFTER_MS[min(row.attempts, len(RETRY_AFTER_MS) - 1)]
    at = min(at, max(ctx.now, row.first_at + function.age_ms + 1))
    transitions.queue_again(ctx, function, tried._replace(state=QUEUED, due_at=at), cause=cause)


def give_up(
    ctx: Context, function: FunctionRecord, row: Invocation, condition: str, *,
    cause: int | None, ran: Ran | None = None,
) -> None:  # fmt: skip
    """Let an event go to the failure destination and the dead-letter queue, or drop it."""
    invocations.forget(ctx, row)
    outcome = _outcome(ctx, function, row, condition)
    result = destinations.parsed(ran.payload) if ran else destinations.error_payload(
        row.fails or condition, request_id=outcome.request_id, timeout_s=function.timeout_s,
        at=ctx.now,
    )  # fmt: skip
    if function.on_failure:
        body = destinations.record_body(function.on_failure, outcome.record(result, failed=True))
        _bring(ctx, function, row, function.on_failure, body, cause=cause, kind=DEAD_LETTERED)
    if function.dead_letters:
        body = destinations.dead_letter(
            function.dead_letters, row.payload, request_id=outcome.request_id,
            message=result["errorMessage"],
        )  # fmt: skip
        _bring(ctx, function, row, function.dead_letters, body, cause=cause, kind=DEAD_LETTERED)
    if not function.on_failure and not function.dead_letters:
        told = {"m": row.number, "to": "", "why": row.fails or condition}
        ctx.emit(DROPPED, function.arn, told, cause=cause)


def end_batch(
    ctx: Context, function: FunctionRecord, row: Invocation, ran: Ran | None = None
) -> None:
    """End a batch: delete what was done, leave the rest in the queue (LM3)."""
    invocations.forget(ctx, row)
    mapping = Source.objects.filter(id=row.mapping_id or 0).first()
    types = mapping.settings.get("FunctionResponseTypes") if mapping is not None else None
    if ran is not None:
        row = _judged(row, ran, partial=bool(types))
    partial = bool(types) and row.fails in _OF_MESSAGES
    left = _left(row, partial=partial)
    kept = {message["id"] for message in left}
    done = [message for message in row.messages if message["id"] not in kept]
    why = row.fails if left and not partial else ""
    more = {"back": [message["m"] for message in left]} if left else {}
    transitions.end(ctx, function, row, why=why, **more)
    problem = _delete(ctx, function, row, done)
    if mapping is None:
        return
    if why:
        mapping.allowed = scaling.backed_off(mapping.allowed)
    mapping.troubles = 0
    mapping.result = problem or (_PROBLEM if why else _OK)
    mapping.save(update_fields=("allowed", "troubles", "result"))
    looking.soon(ctx, row.source)


def throttled(ctx: Context, row: Invocation) -> None:
    """Let a mapping poll less, as its function has no room: its messages come back later."""
    mapping = Source.objects.filter(id=row.mapping_id or 0).first()
    if mapping is None:
        return
    mapping.allowed = scaling.backed_off(mapping.allowed)
    mapping.save(update_fields=("allowed",))
    looking.rest(ctx, mapping, "PROBLEM: Function call failed: Rate Exceeded.")


def queue_url(ctx: Context, source: str) -> str:
    arn = parse_arn(source)
    return f"{ctx.caller.host}/{arn.account}/{arn.name}"


def _judged(row: Invocation, ran: Ran, *, partial: bool) -> Invocation:
    """Return a batch with what its code says of each message, where it is asked (LM3)."""
    places: set[int] = set()
    if partial and not ran.why:
        places = failed_places(ran.payload, [message["id"] for message in row.messages])
    for place, message in enumerate(row.messages):
        message["why"] = FAILURE if place in places else ran.why
    return row._replace(fails=ran.why or (FAILURE if places else ""))


def _left(row: Invocation, *, partial: bool) -> list[dict[str, Any]]:
    """Return the messages of a batch that come back."""
    if not row.fails:
        return []
    if not partial:
        return row.messages
    failed = [place for place, message in enumerate(row.messages) if message["why"]]
    if row.source.endswith(".fifo"):
        return row.messages[failed[0] :]
    return [row.messages[place] for place in failed]


def _delete(
    ctx: Context, function: FunctionRecord, row: Invocation, done: list[dict[str, Any]]
) -> str:
    """Delete messages from their queue; returns what is wrong, or ""."""
    by = Helper(function.arn, function.role, "sqs")
    for start in range(0, len(done), _DELETE_MAX):
        entries = [
            {"Id": str(place), "ReceiptHandle": message["handle"]}
            for place, message in enumerate(done[start : start + _DELETE_MAX])
        ]
        params = {"QueueUrl": queue_url(ctx, row.source), "Entries": entries}
        try:
            ctx.call(by, "DeleteMessageBatch", params)
        except AwsError as error:
            return f"PROBLEM: {error.code}: {error.message}"[:300]
    return ""


def _outcome(ctx: Context, function: FunctionRecord, row: Invocation, condition: str) -> Outcome:
    tries = row.attempts + (condition == SUCCESS)
    return Outcome(
        function.arn, request_id(ctx, row.number), row.payload, condition=condition, tries=tries,
        at=ctx.now,
    )  # fmt: skip


def request_id(ctx: Context, number: int) -> str:
    return seeded_uuid(ctx.world.secret, number & SEQUENCE_MASK)


def _bring(
    ctx: Context, function: FunctionRecord, row: Invocation, target: str, body: str, *,
    cause: int | None, kind: str,
) -> None:  # fmt: skip
    """Bring a record or a dead letter; what the target refuses is dropped, and told."""
    told: Mapping[str, Any] = {"m": row.number, "to": target}
    if kind == DEAD_LETTERED:
        told = {**told, "why": row.fails}
    packet = Packet(target, body, cause, principal=function.role, via=function.arn, hops=row.hops)
    mark = ctx.batch.mark(ctx.world)
    try:
        ctx.deliver(packet)
    except AwsError as error:
        ctx.batch.undo(mark, ctx.world)
        ctx.emit(DROPPED, function.arn, {**told, "code": error.code}, cause=cause)
    else:
        ctx.emit(kind, function.arn, dict(told), cause=cause)
