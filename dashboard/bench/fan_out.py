"""Topics, buses and patterns: messages a second through the engine, durable, and matches alone.

Many calls are made at once, so that they share group commits as those of clients do; HTTP is left
out. What is delivered is counted, not what is published, where the label says so.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
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
MATCHING: Final = 2
WANTED: Final = "bench.orders"

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
    _subscribe(call, topic, [({}, f"bench-topic-{place}") for place in range(QUEUES)])
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
    policies = [{"FilterPolicy": json.dumps({"n": [f"n{place}"]})} for place in range(FILTERS)]
    wanted = [(policy, f"bench-filters-{place}") for place, policy in enumerate(policies)]
    _subscribe(call, topic, wanted)
    attributes = {"n": {"DataType": "String", "StringValue": "n7"}}
    one = {"TopicArn": topic, "Message": BODY, "MessageAttributes": attributes}
    label = f"Publish, {FILTERS} filter policies, one lets it through"
    return [_rate(label, lambda: call("sns", "Publish", [one] * TEN), TEN, seconds)]


def _crowd(call: Call, seconds: float) -> list[Row]:
    """Very many queues get each message."""
    topic = _made_topic(call, "bench-crowd")
    _subscribe(call, topic, [({}, f"bench-crowd-{place}") for place in range(CROWD)])
    one = {"TopicArn": topic, "Message": BODY}
    label = f"delivered by Publish to {CROWD:,} queues"
    return [_rate(label, lambda: call("sns", "Publish", [one]), CROWD, seconds)]


def _bus(call: Call, seconds: float) -> list[Row]:
    call("events", "CreateEventBus", [{"Name": "bench"}])
    patterns = [
        {"source": [WANTED if place < MATCHING else f"bench.{place}"], "detail": {"tier": ["gold"]}}
        for place in range(RULES)
    ]
    rules = [
        {"Name": f"r{place}", "EventBusName": "bench", "EventPattern": json.dumps(pattern)}
        for place, pattern in enumerate(patterns)
    ]
    _in_turns(call, "events", "PutRule", rules)
    queues = _made_queues(call, [f"bench-rule-{place}" for place in range(MATCHING)], "events")
    for place, queue in enumerate(queues):
        asked = {"Rule": f"r{place}", "EventBusName": "bench"}
        call("events", "PutTargets", [{**asked, "Targets": [{"Id": "q", "Arn": queue}]}])
    entry = {
        "Source": WANTED, "DetailType": "Placed", "EventBusName": "bench",
        "Detail": json.dumps({"tier": "gold", "text": BODY}),
    }  # fmt: skip
    ten = {"Entries": [entry] * TEN}
    label = f"PutEvents({TEN}), {MATCHING} of {RULES} rules match"
    return [_rate(label, lambda: call("events", "PutEvents", [ten] * TEN), TEN * TEN, seconds)]


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


def _made_queues(call: Call, names: Sequence[str], service: str) -> list[str]:
    """Make queues that let a service in; return their ARNs."""
    arns = [f"arn:aws:sqs:{REGION}:{sandboxes.DEFAULT_ACCOUNT}:{name}" for name in names]
    asked = []
    for name, arn in zip(names, arns, strict=True):
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        asked.append({"QueueName": name, "Attributes": {"Policy": policy}})
    _in_turns(call, "sqs", "CreateQueue", asked)
    return arns


def _subscribe(call: Call, topic: str, wanted: Sequence[tuple[dict[str, str], str]]) -> None:
    """Make queues and subscribe them: attributes of the subscription, name of the queue."""
    queues = _made_queues(call, [name for _, name in wanted], "sns")
    asked = [
        {"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue, "Attributes": attributes}
        for queue, (attributes, _) in zip(queues, wanted, strict=True)
    ]
    _in_turns(call, "sns", "Subscribe", asked)


def _in_turns(call: Call, service: str, operation: str, calls: list[Params]) -> None:
    for start in range(0, len(calls), AT_ONCE):
        call(service, operation, calls[start : start + AT_ONCE])
