"""A pipe at work: batches are received, filtered, enriched, handed on and deleted (PI1)."""

import json
from collections.abc import Sequence
from typing import Any, Final

import orjson

from messaging.kernel.arns import parse_arn
from messaging.kernel.context import Context, Helper
from messaging.kernel.errors import AwsError
from messaging.kernel.packets import Packet
from messaging.kernel.waiting import Wait
from messaging.patterns.records import passes, record
from messaging.pipes import looking
from messaging.pipes.domain import events, settings, targets
from messaging.pipes.limits import BATCHES_PER_LOOK, PAUSE_MS, RECEIVE_MAX
from messaging.pipes.models import Pipe

RECEIVED: Final = "sqs.MessageReceived"
_WAITING: Final = "ApproximateNumberOfMessages"

# A message's number and event, and its record.
Taken = tuple[int, int, dict[str, Any]]


class EnrichmentFailed(AwsError):
    """The function that enriches answered with an error."""

    code = "EnrichmentFailed"


def look(ctx: Context, pipe: Pipe) -> None:
    """Take batches while something is there."""
    try:
        if not _is_time(ctx, pipe):
            return
        for _ in range(BATCHES_PER_LOOK):
            batch = _receive(ctx, pipe)
            if not batch:
                return
            _pass_on(ctx, pipe, batch)
    except AwsError as error:
        ctx.emit("pipes.SourceFailed", pipe.arn, {"code": error.code, "why": error.message})
        looking.later(ctx, pipe.source, ctx.now + PAUSE_MS)
    else:
        looking.later(ctx, pipe.source, ctx.now + 1)


def _is_time(ctx: Context, pipe: Pipe) -> bool:
    """Tell whether a batch is full, or has waited as long as its window is."""
    window = settings.window_ms(pipe.settings)
    if not window:
        return True
    asked = {"QueueUrl": _queue_url(ctx, pipe), "AttributeNames": [_WAITING]}
    found = ctx.call(_helper(pipe, "sqs"), "GetQueueAttributes", asked)
    count = int(found["Attributes"][_WAITING])
    began = pipe.first_seen_at if count else None
    if count and began is None:
        began = ctx.now
    is_time = bool(count) and (
        count >= settings.batch_size(pipe.settings) or ctx.now >= (began or 0) + window
    )
    pipe.first_seen_at = None if is_time else began
    pipe.save(update_fields=("first_seen_at",))
    if count and not is_time and began is not None:
        looking.later(ctx, pipe.source, began + window)
    return is_time


def _receive(ctx: Context, pipe: Pipe) -> list[Taken]:
    """Receive up to a batch of messages."""
    size, taken = settings.batch_size(pipe.settings), list[Taken]()
    while len(taken) < size:
        params = {
            "QueueUrl": _queue_url(ctx, pipe),
            "MaxNumberOfMessages": min(RECEIVE_MAX, size - len(taken)),
            "WaitTimeSeconds": 0,
            "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        }
        before = ctx.world.last_seq
        answer = ctx.call(_helper(pipe, "sqs"), "ReceiveMessage", params)
        found = [] if isinstance(answer, Wait) else answer.get("Messages", [])
        if not found:
            break
        for message, (number, seq) in zip(found, _numbers(ctx, before), strict=True):
            taken.append((number, seq, record(message, pipe.source)))
    return taken


def _pass_on(ctx: Context, pipe: Pipe, batch: list[Taken]) -> None:
    """Filter, enrich and hand on a batch; what is done with is deleted from the source."""
    patterns = settings.patterns_of(pipe.settings)
    wanted = [each for each in batch if passes(patterns, each[2])]
    stopped = [each for each in batch if each not in wanted]
    for number, seq, _ in stopped:
        ctx.emit("pipes.Filtered", pipe.arn, {"m": number}, cause=seq)
    done = [*stopped, *_hand_on(ctx, pipe, wanted)]
    for start in range(0, len(done), RECEIVE_MAX):
        entries = [
            {"Id": str(place), "ReceiptHandle": record["receiptHandle"]}
            for place, (_, _, record) in enumerate(done[start : start + RECEIVE_MAX])
        ]
        asked = {"QueueUrl": _queue_url(ctx, pipe), "Entries": entries}
        ctx.call(_helper(pipe, "sqs"), "DeleteMessageBatch", asked)


def _hand_on(ctx: Context, pipe: Pipe, wanted: list[Taken]) -> list[Taken]:
    """Bring a batch to the target and return what arrived; the rest stays in flight."""
    if not wanted:
        return []
    try:
        enriched = _enrich(ctx, pipe, [record for _, _, record in wanted])
        if parse_arn(pipe.settings["Target"]).service == "lambda":
            texts = [_text(pipe, event) for event in enriched]
            _invoke(ctx, pipe, pipe.settings["Target"], f"[{','.join(texts)}]")
            return _delivered(ctx, pipe, wanted, wanted)
    except AwsError as error:
        return _failed(ctx, pipe, wanted, error)
    if len(enriched) != len(wanted):
        # An enrichment may make more or less of a batch: it counts as one then.
        return _all_or_none(ctx, pipe, wanted, enriched)
    return [
        each for each, event in zip(wanted, enriched, strict=True) if _one(ctx, pipe, each, event)
    ]


def _all_or_none(
    ctx: Context, pipe: Pipe, wanted: list[Taken], enriched: Sequence[Any]
) -> list[Taken]:
    try:
        for event in enriched:
            _deliver(ctx, pipe, event, cause=wanted[0][1])
    except AwsError as error:
        return _failed(ctx, pipe, wanted, error)
    return _delivered(ctx, pipe, wanted, wanted)


def _one(ctx: Context, pipe: Pipe, taken: Taken, event: Any) -> bool:
    try:
        _deliver(ctx, pipe, event, cause=taken[1])
    except AwsError as error:
        _failed(ctx, pipe, [taken], error)
        return False
    _delivered(ctx, pipe, [taken], [taken])
    return True


def _deliver(ctx: Context, pipe: Pipe, event: Any, *, cause: int) -> None:
    target, parameters = pipe.settings["Target"], pipe.settings.get("TargetParameters") or {}
    seen = event if isinstance(event, dict) else {"body": event}
    packet_body = targets.body(target, parameters, _text(pipe, event), seen)
    role = pipe.settings["RoleArn"]
    ctx.deliver(Packet(target, packet_body, cause, principal=role, via=pipe.arn))


def _enrich(ctx: Context, pipe: Pipe, records: list[dict[str, Any]]) -> Sequence[Any]:
    """Let a function make something of a batch; raises EnrichmentFailed."""
    function = pipe.settings.get("Enrichment")
    if not function:
        return records
    template = (pipe.settings.get("EnrichmentParameters") or {}).get("InputTemplate")
    texts = [_filled(pipe, template, record) for record in records]
    answer = _invoke(ctx, pipe, function, f"[{','.join(texts)}]")
    ctx.emit("pipes.Enriched", pipe.arn, {"to": function, "n": len(records)})
    return answer if isinstance(answer, list) else [answer]


def _invoke(ctx: Context, pipe: Pipe, function: str, payload: str) -> Any:
    asked = {
        "FunctionName": function,
        "InvocationType": "RequestResponse",
        "Payload": payload.encode(),
    }
    answer = ctx.call(_helper(pipe, "lambda"), "Invoke", asked)
    text = answer.get("Payload") or b"null"
    found = json.loads(text)
    if answer.get("FunctionError"):
        raise EnrichmentFailed(f"The function failed: {json.dumps(found)[:300]}")
    return found


def _text(pipe: Pipe, event: Any) -> str:
    template = (pipe.settings.get("TargetParameters") or {}).get("InputTemplate")
    return _filled(pipe, template, event)


def _filled(pipe: Pipe, template: str | None, event: Any) -> str:
    if not template:
        return json.dumps(event)
    names = {
        "aws.pipes.pipe-arn": pipe.arn,
        "aws.pipes.pipe-name": pipe.name,
        "aws.pipes.source-arn": pipe.source,
        "aws.pipes.target-arn": pipe.settings["Target"],
        "aws.pipes.enrichment-arn": pipe.settings.get("Enrichment") or "",
    }
    return events.fill(template, event if isinstance(event, dict) else {"body": event}, names)


def _delivered(ctx: Context, pipe: Pipe, told: list[Taken], returned: list[Taken]) -> list[Taken]:
    for number, seq, _ in told:
        ctx.emit(
            "pipes.Delivered", pipe.arn, {"m": number, "to": pipe.settings["Target"]}, cause=seq
        )
    return returned


def _failed(ctx: Context, pipe: Pipe, told: list[Taken], error: AwsError) -> list[Taken]:
    for number, seq, _ in told:
        facts = {"m": number, "to": pipe.settings["Target"], "code": error.code}
        ctx.emit("pipes.DeliveryFailed", pipe.arn, facts | {"why": error.message[:200]}, cause=seq)
    return []


def _helper(pipe: Pipe, service: str) -> Helper:
    return Helper(pipe.arn, pipe.settings["RoleArn"], service)


def _queue_url(ctx: Context, pipe: Pipe) -> str:
    arn = parse_arn(pipe.source)
    return f"{ctx.caller.host}/{arn.account}/{arn.name}"


def _numbers(ctx: Context, before: int) -> list[tuple[int, int]]:
    """Return number and event of the messages whose receives have just been logged."""
    first = ctx.world.base | before
    return [
        (orjson.loads(text)["m"], seq - ctx.world.base)
        for seq, _, kind, _, _, text in ctx.batch.events
        if seq > first and kind == RECEIVED
    ]
