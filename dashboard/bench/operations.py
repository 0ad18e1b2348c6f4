"""Microseconds an operation costs the engine: through its executor, and as bare batches.

*durable* goes through the writer thread, the group commit and the disk's fsync, many calls at once.
*no fsync* runs the same calls in one batch on this thread with the database's sync switched off:
what is left is Python and SQL.
"""

import asyncio
from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter
from typing import Any, Final

from django.db import connection, transaction

from dashboard.bench.calls import BODY, TEN
from dashboard.bench.rows import Row
from messaging import dispatch, sandboxes
from messaging.engine import engine
from messaging.kernel.access import root_arn
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller
from messaging.kernel.database import Database

AT_ONCE: Final = 80
TENS_AT_ONCE: Final = 16
GROUPS: Final = 100
FEWEST_ROUNDS: Final = 3
US: Final = 1e6

Params = dict[str, Any]
# Runs calls of one operation together and returns their results.
Run = Callable[[str, list[Params]], list[Any]]
# What was timed, how many calls it was, how long they took together.
Timing = tuple[str, int, float]


def measure(seconds: float) -> list[Row]:
    """Measure both ways for ``seconds`` each."""
    caller = Caller(
        sandboxes.default().pk, sandboxes.DEFAULT_ACCOUNT, "us-east-1",
        root_arn(sandboxes.DEFAULT_ACCOUNT), "client:signalbox-bench", label="signalbox-bench",
    )  # fmt: skip
    running = engine()
    running.start()
    with asyncio.Runner() as runner:
        durable = _rows("durable", lambda *calls: runner.run(_together(caller, *calls)), seconds)
    running.stop()
    _switch_off_sync()
    return [*durable, *_rows("no fsync", lambda *calls: _in_one_batch(caller, *calls), seconds)]


async def _together(caller: Caller, operation: str, calls: list[Params]) -> list[Any]:
    running = engine()
    return await asyncio.gather(
        *(running.call(caller, "sqs", operation, params) for params in calls)
    )


def _in_one_batch(caller: Caller, operation: str, calls: list[Params]) -> list[Any]:
    executor = engine().executor
    with transaction.atomic():
        batch = Batch(Database(), executor.worlds, accept=dispatch.accept, call=dispatch.call)
        batch.enter([caller.sandbox])
        world = batch.entered[caller.sandbox]
        executor.advance(batch, world)
        results = [
            dispatch.run(batch, world, dispatch.prepare(caller, "sqs", operation, params))
            for params in calls
        ]
        batch.finish()
    return results


def _switch_off_sync() -> None:
    statements = {
        "postgresql": "SET synchronous_commit = off",
        "sqlite": "PRAGMA synchronous = OFF",
    }
    with connection.cursor() as cursor:
        cursor.execute(statements[connection.vendor])


def _rows(way: str, run: Run, seconds: float) -> list[Row]:
    """Repeat rounds for ``seconds``; the first one warms up. The figure is the median round's."""
    name = way.replace(" ", "-")
    standard = run("CreateQueue", [{"QueueName": f"bench-{name}"}])[0]["QueueUrl"]
    fifo_queue = {"QueueName": f"bench-{name}.fifo", "Attributes": {"FifoQueue": "true"}}
    fifo = run("CreateQueue", [fifo_queue])[0]["QueueUrl"]
    times: dict[str, list[float]] = {}
    counts: dict[str, int] = {}
    number, began = 0, perf_counter()
    while number <= FEWEST_ROUNDS or perf_counter() - began < seconds:
        for label, count, took in [*_round(run, standard), *_fifo_round(run, fifo, number)]:
            if number:
                times.setdefault(label, []).append(took / count * US)
                counts[label] = counts.get(label, 0) + count
        number += 1
    return [
        Row(
            "engine",
            f"{label}, {way}",
            value=round(median(taken), 1),
            unit="µs",
            count=counts[label],
            seconds=round(sum(taken) * counts[label] / len(taken) / US, 3),
        )
        for label, taken in times.items()
    ]


def _round(run: Run, url: str) -> Iterator[Timing]:
    one = {"QueueUrl": url, "MessageBody": BODY}
    entries = [{"Id": str(place), "MessageBody": BODY} for place in range(TEN)]
    yield _timed(run, "SendMessage", [one] * AT_ONCE)[0]
    tens = [{"QueueUrl": url, "Entries": entries}] * TENS_AT_ONCE
    yield _timed(run, "SendMessageBatch", tens, label="SendMessageBatch(10)")[0]
    yield from _empty(run, url, TENS_AT_ONCE)


def _fifo_round(run: Run, url: str, number: int) -> Iterator[Timing]:
    calls = [
        {
            "QueueUrl": url,
            "MessageBody": BODY,
            "MessageGroupId": f"g{(number * AT_ONCE + place) % GROUPS}",
            "MessageDeduplicationId": f"{number}.{place}",
        }
        for place in range(AT_ONCE)
    ]
    yield _timed(run, "SendMessage", calls, label="SendMessage to FIFO")[0]
    yield from _empty(run, url, AT_ONCE // TEN, where=" from FIFO")


def _empty(run: Run, url: str, count: int, where: str = "") -> Iterator[Timing]:
    """Receive in tens and delete what came."""
    receive = {"QueueUrl": url, "MaxNumberOfMessages": TEN, "WaitTimeSeconds": 0}
    timing, results = _timed(
        run, "ReceiveMessage", [receive] * count, label=f"ReceiveMessage(10){where}"
    )
    yield timing
    batches = [result["Messages"] for result in results if result.get("Messages")]
    deletes = [{"QueueUrl": url, "Entries": _entries(messages)} for messages in batches]
    yield _timed(run, "DeleteMessageBatch", deletes, label=f"DeleteMessageBatch(10){where}")[0]


def _entries(messages: list[Params]) -> list[Params]:
    return [
        {"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]}
        for place, message in enumerate(messages)
    ]


def _timed(
    run: Run, operation: str, calls: list[Params], *, label: str = ""
) -> tuple[Timing, list[Any]]:
    began = perf_counter()
    results = run(operation, calls)
    return (label or operation, len(calls), perf_counter() - began), results
