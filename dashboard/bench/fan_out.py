"""Topics, buses and patterns: messages a second through the engine, durable, and matches alone.

Many calls are made at once, so that they share group commits as those of clients do; HTTP is left
out. What is delivered is counted, not what is published, where the label says so.
"""

import asyncio
import json
from collections.abc import Callable
from time import perf_counter
from typing import Any, Final

from dashboard.bench.calls import BODY, TEN
from dashboard.bench.rows import PER_SECOND, Row, percentiles
from messaging import sandboxes
from messaging.engine import engine
from messaging.kernel.access import root_arn
from messaging.kernel.context import Caller
from messaging.patterns.index import PatternIndex
from messaging.patterns.parsing import parse

AT_ONCE: Final = 40
QUEUES: Final = 3
CROWD: Final = 1_000
FILTERS: Final = 200
PATTERNS: Final = 1_000
RULES: Final = 300
REGION: Final = "us-east-1"

Params = dict[str, Any]
Call = Callable[[str, str, list[Params]], list[Any]]


def measure(seconds: float) -> list[Row]:
    """Measure each way for ``seconds``."""
    running = engine()
    running.start()
    caller = Caller(
        sandboxes.default().pk, sandboxes.DEFAULT_ACCOUNT, REGION,
        root_arn(sandboxes.DEFAULT_ACCOUNT), "client:signalbox-bench", label="signalbox-bench",
    )  # fmt: skip
    with asyncio.Runner() as runner:

        def call(service: str, operation: str, calls: list[Params]) -> list[Any]:
            return runner.run(_together(caller, service, operation, calls))

        parts = (_topic, _filters, _crowd, _bus)
        rows = [row for part in parts for row in part(call, seconds)]
    running.stop()
    return [*rows, _matches(seconds)]


async def _together(caller: Caller, service: str, operation: str, calls: list[Params]) -> list[Any]:
    running = engine()
    return await asyncio.gather(
        *(running.call(caller, service, operation, params) for params in calls)
    )


def _topic(call: Call, seconds: float) -> list[Row]:
    topic = _made_topic(call, "bench")
    for place in range(QUEUES):
        _subscribe(call, topic, _made_queue(call, f"bench-topic-{place}", "sns"), {})
    one = {"TopicArn": topic, "Message": BODY}
    entries = [{"Id": str(place), "Message": BODY} for place in range(TEN)]
    ten = {"TopicArn": topic, "PublishBatchRequestEntries": entries}
    return [
        _rate(
            f"Publish to {QUEUES} queues",
            lambda: call("sns", "Publish", [one] * AT_ONCE), AT_ONCE, seconds,
        ),
        _rate(
            f"PublishBatch({TEN}) to {QUEUES} queues",
            lambda: call("sns", "PublishBatch", [ten] * TEN), TEN * TEN, seconds,
        ),
    ]  # fmt: skip


def _filters(call: Call, seconds: float) -> list[Row]:
    """One of as many filter policies as a topic may have wants the message."""
    topic = _made_topic(call, "bench-filters")
    for place in range(FILTERS):
        queue = _made_queue(call, f"bench-filters-{place}", "sns")
        _subscribe(call, topic, queue, {"FilterPolicy": json.dumps({"n": [f"n{place}"]})})
    attributes = {"n": {"DataType": "String", "StringValue": "n7"}}
    one = {"TopicArn": topic, "Message": BODY, "MessageAttributes": attributes}
    return [_rate(
        f"Publish, {FILTERS} filter policies, one lets it through",
        lambda: call("sns", "Publish", [one] * TEN), TEN, seconds,
    )]  # fmt: skip


def _crowd(call: Call, seconds: float) -> list[Row]:
    """Very many queues get each message."""
    topic = _made_topic(call, "bench-crowd")
    for place in range(CROWD):
        _subscribe(call, topic, _made_queue(call, f"bench-crowd-{place}", "sns"), {})
    one = {"TopicArn": topic, "Message": BODY}
    return [_rate(
        f"delivered by Publish to {CROWD:,} queues",
        lambda: call("sns", "Publish", [one]), CROWD, seconds,
    )]  # fmt: skip


def _bus(call: Call, seconds: float) -> list[Row]:
    call("events", "CreateEventBus", [{"Name": "bench"}])
    for place in range(RULES):
        source = "bench.orders" if place < 2 else f"bench.other.{place}"  # noqa: PLR2004 - two match
        rule = {"Name": f"r{place}", "EventBusName": "bench"}
        pattern = json.dumps({"source": [source], "detail": {"tier": ["gold"]}})
        call("events", "PutRule", [{**rule, "EventPattern": pattern}])
        if source == "bench.orders":
            queue = _made_queue(call, f"bench-rule-{place}", "events")
            asked = {"Rule": rule["Name"], "EventBusName": "bench"}
            call("events", "PutTargets", [{**asked, "Targets": [{"Id": "q", "Arn": queue}]}])
    entry = {
        "Source": "bench.orders", "DetailType": "Placed", "EventBusName": "bench",
        "Detail": json.dumps({"tier": "gold", "text": BODY}),
    }  # fmt: skip
    ten = {"Entries": [entry] * TEN}
    return [_rate(
        f"PutEvents({TEN}), 2 of {RULES} rules match",
        lambda: call("events", "PutEvents", [ten] * TEN), TEN * TEN, seconds,
    )]  # fmt: skip


def _matches(seconds: float) -> Row:
    """Events a second against an index of many exact patterns; nothing is stored."""
    index: PatternIndex[int] = PatternIndex()
    for place in range(PATTERNS):
        pattern = {"source": [f"shop.{place % 100}"], "detail": {"tier": [f"t{place}"]}}
        index.put(place, parse(json.dumps(pattern)))
    events = [
        {"source": f"shop.{place % 100}", "detail": {"tier": f"t{place}", "total": place}}
        for place in range(PATTERNS)
    ]

    def find_all() -> None:
        for event in events:
            index.find(event)

    row = _rate(f"events matched against {PATTERNS:,} patterns", find_all, PATTERNS, seconds)
    return row


def _rate(label: str, work: Callable[[], Any], each: int, seconds: float) -> Row:
    """Repeat work for ``seconds``; the first round warms up. Percentiles are those of rounds."""
    work()
    rounds: list[float] = []
    began = perf_counter()
    while not rounds or perf_counter() - began < seconds:
        start = perf_counter()
        work()
        rounds.append(perf_counter() - start)
    took = perf_counter() - began
    return Row(
        "fan-out", label, value=round(len(rounds) * each / took), unit=PER_SECOND,
        count=len(rounds) * each, seconds=round(took, 3), **percentiles(rounds),
    )  # fmt: skip


def _made_topic(call: Call, name: str) -> str:
    return str(call("sns", "CreateTopic", [{"Name": name}])[0]["TopicArn"])


def _made_queue(call: Call, name: str, service: str) -> str:
    arn = f"arn:aws:sqs:{REGION}:{sandboxes.DEFAULT_ACCOUNT}:{name}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    call("sqs", "CreateQueue", [{"QueueName": name, "Attributes": {"Policy": policy}}])
    return arn


def _subscribe(call: Call, topic: str, queue: str, attributes: dict[str, str]) -> None:
    asked = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue, "Attributes": attributes}
    call("sns", "Subscribe", [asked])
