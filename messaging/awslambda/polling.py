"""Event source mappings at their queues: how they come by messages (LM1, LM2).

A look costs nothing where nothing is found; it happens when the queue is woken, when a batch has
ended, and when more batches may run.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from messaging.awslambda import looking, running, transitions
from messaging.awslambda.domain import scaling
from messaging.awslambda.limits import BATCH_BYTES_MAX, POLL_S, RECEIVE_MAX
from messaging.awslambda.models import Mapping as Source
from messaging.awslambda.moving import queue_url
from messaging.awslambda.store import functions, invocations
from messaging.awslambda.store.functions import FunctionRecord
from messaging.awslambda.store.invocations import BATCH, GATHERING, Invocation
from messaging.kernel.context import Context, Helper
from messaging.kernel.errors import AwsError
from messaging.kernel.waiting import Wait
from messaging.patterns.records import passes, record

RECEIVED: Final = "sqs.MessageReceived"
_SCALED: Final = ("allowed", "grown_at")


def look(ctx: Context) -> None:
    """Look into the queues whose time has come."""
    looks = looking.looks_of(ctx.world)
    for source in sorted(looks):
        at = looks[source]
        if at is not None and at <= ctx.now:
            looks[source] = None
            _look_into(ctx, source)


def _look_into(ctx: Context, source: str) -> None:
    found = Source.objects.filter(sandbox=ctx.sandbox, source=source, state__in=scaling.POLLED)
    for mapping in found.order_by("id"):
        function = functions.by_arn(ctx, mapping.function)
        if mapping.quiet_until > ctx.now:
            looking.later(ctx, source, mapping.quiet_until)
        elif function is None:
            looking.rest(ctx, mapping, f"PROBLEM: Function not found: {mapping.function}")
        else:
            _poll(ctx, mapping, function)


def _poll(ctx: Context, mapping: Source, function: FunctionRecord) -> None:
    """Receive while something comes and batches may begin."""
    batch = invocations.gathered(ctx, mapping.pk)
    while batch is not None or _has_room(ctx, mapping):
        try:
            messages = _receive(ctx, mapping, function, len(batch.messages) if batch else 0)
        except AwsError as error:
            looking.rest(ctx, mapping, f"PROBLEM: {error.code}: {error.message}")
            return
        if messages is None:
            _rest_if_idle(ctx, mapping)
            return
        wanted = _filter(ctx, mapping, function, messages)
        if not wanted and mapping.quiet_until > ctx.now:
            return
        *full, last = _portions(batch, wanted)
        for portion in full:
            batch = _gather(ctx, mapping, function, batch, portion)
            if not running.begin_batch(ctx, function, batch):
                return
            batch = None
        if last:
            batch = _gather(ctx, mapping, function, batch, last)
        if batch is not None and _is_full(mapping, batch):
            if not running.begin_batch(ctx, function, batch):
                return
            batch = None


def _has_room(ctx: Context, mapping: Source) -> bool:
    """Tell whether one more batch may begin; where as many as allowed run, more will be (LM1)."""
    count, settings = invocations.batches(ctx, mapping.pk), mapping.settings
    if count < int(mapping.allowed):
        return True
    since, mapping.grown_at = ctx.now - mapping.grown_at, ctx.now
    mapping.allowed = scaling.grown(mapping.allowed, settings, since_ms=since)
    mapping.save(update_fields=_SCALED)
    at = scaling.next_growth(mapping.allowed, settings, ctx.now)
    if count < int(mapping.allowed):
        return True
    if at is not None:
        looking.later(ctx, mapping.source, at)
    return False


def _rest_if_idle(ctx: Context, mapping: Source) -> None:
    """Go back to the first size when there is no work left (LM1)."""
    first = scaling.first(mapping.settings)
    if mapping.allowed != first and not invocations.batches(ctx, mapping.pk):
        mapping.allowed, mapping.grown_at = first, ctx.now
        mapping.save(update_fields=_SCALED)


def _receive(
    ctx: Context, mapping: Source, function: FunctionRecord, have: int
) -> list[dict[str, Any]] | None:
    """Poll once; None where nothing is there. Raises AwsError."""
    by = Helper(function.arn, function.role, "sqs")
    params: dict[str, Any] = {
        "QueueUrl": queue_url(ctx, mapping.source),
        "MaxNumberOfMessages": min(RECEIVE_MAX, mapping.settings["BatchSize"] - have),
        "WaitTimeSeconds": POLL_S,
    }
    if function.runs_code:
        params |= {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}
    before = ctx.world.last_seq
    answer = ctx.call(by, "ReceiveMessage", params)
    if isinstance(answer, Wait) or not answer.get("Messages"):
        return None
    numbers = _numbers(ctx, before)
    if len(numbers) != len(answer["Messages"]):
        # Their events are written already: the log has them, but not by message.
        numbers = [(0, ctx.world.last_seq)] * len(answer["Messages"])
    return [
        {
            "id": message["MessageId"],
            "handle": message["ReceiptHandle"],
            "body": message["Body"],
            "m": number,
            "seq": seq,
            **({"record": record(message, mapping.source)} if function.runs_code else {}),
        }
        for message, (number, seq) in zip(answer["Messages"], numbers, strict=True)
    ]


def _numbers(ctx: Context, before: int) -> list[tuple[int, int]]:
    """Return number and event of the messages whose receives have just been logged."""
    first = ctx.world.base | before
    return [
        (orjson.loads(text)["m"], seq - ctx.world.base)
        for seq, _, kind, _, _, text in ctx.batch.events
        if seq > first and kind == RECEIVED
    ]


def _filter(
    ctx: Context, mapping: Source, function: FunctionRecord, messages: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Delete the messages that a filter stops, and return the others."""
    found = mapping.settings.get("FilterCriteria", {}).get("Filters") or []
    patterns = [each["Pattern"] for each in found if each.get("Pattern")]
    stopped = [each for each in messages if not passes(patterns, {"body": each["body"]})]
    if not stopped:
        return messages
    transitions.filter_out(ctx, mapping, [message["m"] for message in stopped])
    entries = [
        {"Id": str(place), "ReceiptHandle": message["handle"]}
        for place, message in enumerate(stopped)
    ]
    by = Helper(function.arn, function.role, "sqs")
    asked = {"QueueUrl": queue_url(ctx, mapping.source), "Entries": entries}
    try:
        ctx.call(by, "DeleteMessageBatch", asked)
    except AwsError as error:
        looking.rest(ctx, mapping, f"PROBLEM: {error.code}: {error.message}")
    return [message for message in messages if message not in stopped]


def _gather(
    ctx: Context,
    mapping: Source,
    function: FunctionRecord,
    batch: Invocation | None,
    messages: list[dict[str, Any]],
) -> Invocation:
    """Put messages into the batch at hand or a new one, which waits for its window (LM2)."""
    window_ms = mapping.settings["MaximumBatchingWindowInSeconds"] * 1000
    if batch is None:
        first = messages[0]
        batch = Invocation(
            ctx.new_id(), function.id, mapping.pk, BATCH, "", ctx.now + window_ms, first["m"], "",
            messages, mapping.source, "", 0, 0, ctx.now, first["seq"], 0,
        )  # fmt: skip
        if window_ms and not _is_full(mapping, batch):
            batch = batch._replace(state=GATHERING)
            invocations.put(ctx, batch)
        return batch
    batch = batch._replace(messages=[*batch.messages, *messages])
    invocations.change(ctx, batch)
    return batch


def _portions(
    batch: Invocation | None, messages: list[dict[str, Any]]
) -> list[list[dict[str, Any]]]:
    """Split messages so that none of the batches is larger than an invocation may be (LM2)."""
    found: list[list[dict[str, Any]]] = [[]]
    size = _size(batch.messages) if batch is not None else 0
    for message in messages:
        size += len(message["body"])
        if size > BATCH_BYTES_MAX:
            found.append([])
            size = len(message["body"])
        found[-1].append(message)
    return found


def _size(messages: list[dict[str, Any]]) -> int:
    return sum(len(message["body"]) for message in messages)


def _is_full(mapping: Source, batch: Invocation) -> bool:
    settings: Mapping[str, Any] = mapping.settings
    return (
        not settings["MaximumBatchingWindowInSeconds"]
        or len(batch.messages) >= settings["BatchSize"]
        or _size(batch.messages) >= BATCH_BYTES_MAX
    )
