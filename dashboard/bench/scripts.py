"""The roles: what each connection does, as scripts that http.py plays."""

from collections.abc import Iterator
from time import perf_counter
from typing import Any

import orjson

from dashboard.bench.calls import BODY_BYTES, OK, QueueCalls
from dashboard.bench.flow import Flow
from dashboard.bench.http import Script
from dashboard.bench.meter import Meter

LONG_POLL_SECONDS = 20


class Backlog:
    """How many messages are still to be put into a queue, or to be taken out."""

    def __init__(self, left: int) -> None:
        self.left = left


def repeat(meter: Meter, request: bytes, weight: int) -> Script:
    """Make the same call for ever; ``weight`` is how many messages one call is."""
    while True:
        began = perf_counter()
        status, body = yield request
        took = perf_counter() - began
        failed = refused(body) if status == OK else 0
        if status != OK or failed:
            meter.fail(status, body)
        if status == OK:
            meter.add(weight - failed, took)


def fill(meter: Meter, request: bytes, weight: int, backlog: Backlog) -> Script:
    """Send until the backlog is as deep as wanted."""
    while backlog.left > 0:
        backlog.left -= weight
        status, body = yield request
        failed = refused(body) if status == OK else weight
        backlog.left += failed
        if failed:
            meter.fail(status, body)


def drain(meter: Meter, queue: QueueCalls, backlog: Backlog) -> Script:
    """Receive ten and delete them, until nothing is left."""
    receive = queue.receive_ten()
    while backlog.left > 0:
        began = perf_counter()
        status, body = yield receive
        if status != OK:
            meter.fail(status, body)
            continue
        messages = messages_of(body)
        if not messages:
            continue
        status, body = yield queue.delete([message["ReceiptHandle"] for message in messages])
        done = len(messages) - refused(body) if status == OK else 0
        if done < len(messages):
            meter.fail(status, body)
        backlog.left -= done
        meter.add(done, perf_counter() - began)
    meter.over.set()


def produce(meter: Meter, queue: QueueCalls, flow: Flow, turns: Iterator[str]) -> Script:
    """Send one message after the other, each stamped with its place in its lane.

    ``turns`` names the lanes of this producer; a call that fails is made again, so that a FIFO
    queue can recognise it by its deduplication id.
    """
    for lane in turns:
        place = flow.next_place(lane)
        stamp = f"{lane}.{place}.{perf_counter()}."
        body = stamp.ljust(BODY_BYTES, "x")
        more = {"MessageGroupId": lane, "MessageDeduplicationId": f"{lane}.{place}"}
        request = queue.send(body, **(more if flow.fifo else {}))
        while flow.sending:
            status, reply = yield request
            if status == OK:
                flow.sent(lane, place)
                break
            meter.fail(status, reply)
        if not flow.sending:
            return


def consume(meter: Meter, queue: QueueCalls, flow: Flow) -> Script:
    """Long-poll, check what came, delete it; counts a message when its delete is confirmed."""
    receive = queue.receive_ten(wait_seconds=LONG_POLL_SECONDS)
    while True:
        status, body = yield receive
        now = perf_counter()
        if status != OK:
            meter.fail(status, body)
            continue
        messages = messages_of(body)
        if not messages:
            continue
        latencies = [flow.received(message["Body"], now) for message in messages]
        status, body = yield queue.delete([message["ReceiptHandle"] for message in messages])
        if status != OK or refused(body):
            meter.fail(status, body)
            continue
        for latency in latencies:
            meter.add(1, latency)


def messages_of(body: bytes) -> list[dict[str, Any]]:
    """Return the messages of a ReceiveMessage reply."""
    messages: list[dict[str, Any]] = orjson.loads(body).get("Messages") or []
    return messages


def refused(body: bytes) -> int:
    """Return how many entries of a batch were refused."""
    return len(orjson.loads(body).get("Failed") or ()) if b'"Failed"' in body else 0
