"""The scenarios over HTTP: what each sets up, plays and reports."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import cycle
from typing import Final

from dashboard.bench import scripts
from dashboard.bench.calls import BODY_BYTES, TEN, QueueCalls
from dashboard.bench.flow import Flow
from dashboard.bench.meter import Meter
from dashboard.bench.rows import Row
from dashboard.bench.screen import screen
from dashboard.bench.scripts import Backlog
from dashboard.bench.stage import Stage

GROUPS: Final = 100
# How long acknowledged messages may take to arrive after the last send before they are missing.
SETTLE_SECONDS: Final = 20.0
LOOK_SECONDS: Final = 0.02

Scenario = Callable[[Stage], Awaitable[list[Row]]]


async def send(stage: Stage) -> list[Row]:
    """SendMessage, one message a call."""
    queue = await stage.queue("send")
    return [await _repeat(stage, queue.send(), 1, f"send, {BODY_BYTES} bytes each")]


async def batch(stage: Stage) -> list[Row]:
    """SendMessageBatch, ten messages a call."""
    queue = await stage.queue("batch")
    return [await _repeat(stage, queue.send_ten(), TEN, "send in tens")]


async def drain(stage: Stage) -> list[Row]:
    """ReceiveMessage(10) and DeleteMessageBatch(10) from a deep backlog."""
    queue = await stage.queue("drain")
    meter = stage.meter()
    await _fill(stage, meter, queue)
    backlog = Backlog(stage.depth)
    drainers = [scripts.drain(meter, queue, backlog) for _ in range(stage.connections)]
    async with stage.playing(drainers):
        await meter.window(stage.seconds)
    label = f"receive + delete in tens, {stage.depth:,} deep"
    details = {"depth": stage.depth, "left": max(0, backlog.left)}
    return [meter.row("drain", label, details=details)]


async def e2e(stage: Stage) -> list[Row]:
    """Senders and long-polling receivers at once, standard queue."""
    queue = await stage.queue("e2e")
    lanes = [[f"s{number}"] for number in range(_half(stage))]
    return [await _through(stage, queue, lanes, fifo=False)]


async def fifo(stage: Stage) -> list[Row]:
    """The same through a FIFO queue with a hundred message groups."""
    queue = await stage.queue("fifo", FifoQueue="true")
    senders = _half(stage)
    lanes = [[f"g{group}" for group in range(n, GROUPS, senders)] for n in range(senders)]
    return [await _through(stage, queue, lanes, fifo=True)]


SCENARIOS: Final[dict[str, Scenario]] = {
    "send": send,
    "batch": batch,
    "drain": drain,
    "e2e": e2e,
    "fifo": fifo,
    "screen": screen,
}


async def _repeat(stage: Stage, request: bytes, weight: int, label: str) -> Row:
    meter = stage.meter()
    senders = [scripts.repeat(meter, request, weight) for _ in range(stage.connections)]
    async with stage.playing(senders):
        await meter.window(stage.seconds)
    return meter.row("batch" if weight > 1 else "send", label)


async def _fill(stage: Stage, meter: Meter, queue: QueueCalls) -> None:
    stage.say(f"filling a queue with {stage.depth:,} messages")
    backlog = Backlog(stage.depth)
    ten = queue.send_ten()
    fillers = [scripts.fill(meter, ten, TEN, backlog) for _ in range(stage.connections)]
    async with stage.playing(fillers) as tasks:
        await asyncio.gather(*tasks)
    stage.say("draining it")


async def _through(stage: Stage, queue: QueueCalls, lanes: list[list[str]], *, fifo: bool) -> Row:
    """Send and receive at once; afterwards wait for what was acknowledged to arrive."""
    meter, flow = stage.meter(), Flow(fifo=fifo)
    producers = [scripts.produce(meter, queue, flow, cycle(turns)) for turns in lanes]
    consumers = [scripts.consume(meter, queue, flow) for _ in range(_half(stage))]
    async with stage.playing(consumers), stage.playing(producers) as sending:
        await meter.window(stage.seconds)
        flow.sending = False
        await asyncio.gather(*sending)
        await _settle(flow)
    what = f"FIFO end to end, {GROUPS} groups" if fifo else "end to end"
    label = f"{what}, {len(producers)} senders + {len(consumers)} receivers"
    return meter.row("fifo" if fifo else "e2e", label, faults=flow.faults())


async def _settle(flow: Flow) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + SETTLE_SECONDS
    while flow.missing and loop.time() < until:
        await asyncio.sleep(LOOK_SECONDS)


def _half(stage: Stage) -> int:
    return max(1, stage.connections // 2)
