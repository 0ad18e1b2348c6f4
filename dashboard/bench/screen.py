"""Event to screen: from the start of a send to the frame that shows it, at every viewer.

Messages leave at a steady pace into a queue that nobody empties, so the counter of that queue in a
frame tells which sends the frame shows. What the browser does with the frame is not in the figure.
A send that starts late is timed from when it was due, so that a stall is not left out.
"""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any, Final

import orjson

from dashboard.bench.calls import OK, CallFailed, QueueCalls
from dashboard.bench.http import Line
from dashboard.bench.meter import Meter
from dashboard.bench.rows import Row, percentiles
from dashboard.bench.stage import Stage
from dashboard.bench.websocket import Websocket

PACE: Final = 100.0
OPEN_AT_ONCE: Final = 20
OPEN_SECONDS: Final = 30.0
SETTLE_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 0.02
ACK_SECONDS: Final = 1.0
HELLO: Final = b'{"t":"hello","v":1,"have":null,"caps":{"hz":20,"p":2000}}'


class Audience:
    """What the viewers have in common: when each send was due, what was shown, the latest frame."""

    def __init__(self, queue_name: str, meter: Meter) -> None:
        self.queue_name = queue_name
        self.meter = meter
        self.due: list[float] = []
        self.ends = math.inf
        # When a send was due, and how long after that one viewer was shown it.
        self.showings: list[tuple[float, float]] = []
        self._text = b""
        self._frame: dict[str, Any] = {}

    def read(self, text: bytes) -> dict[str, Any]:
        """Return the frame; all viewers are sent the same text, so it is parsed once."""
        if text != self._text:
            self._text, self._frame = text, orjson.loads(text)
        return self._frame


class Viewer:
    """One browser's place: which sends it has been shown."""

    def __init__(self, audience: Audience) -> None:
        self.audience = audience
        self.ready = asyncio.Event()
        self.shown = 0
        self.q = 0
        self.socket: Websocket | None = None
        self._index = -1

    async def open(self, stage: Stage) -> None:
        """Connect and wait for the snapshot; raises ConnectionError."""
        self.socket = Websocket(stage.address, f"/stream/{stage.slug}/", self._take)
        await stage.address.connect(self.socket)
        await self.socket.opened
        self.socket.say(HELLO)
        await self.ready.wait()

    def acknowledge(self) -> None:
        if self.socket is not None and not self.socket.closed:
            self.socket.say(orjson.dumps({"t": "ack", "q": self.q}))

    def _take(self, text: bytes) -> None:
        now = perf_counter()
        frame = self.audience.read(text)
        self.q = frame.get("q", self.q)
        if frame["t"] == "snap":
            ends = f":{self.audience.queue_name}"
            self._index = next(row[0] for row in frame["nodes"] if row[1].endswith(ends))
            self._show(frame["ctr"], now)
            self.ready.set()
        elif frame["t"] == "b":
            self._show(frame["n"], now)
        elif frame["t"] == "reset":
            self.audience.meter.fail(OK, text)

    def _show(self, counters: list[list[int]], now: float) -> None:
        for index, visible, in_flight, delayed, *_ in counters:
            if index == self._index:
                total = visible + in_flight + delayed
                due = self.audience.due[self.shown : total]
                self.audience.showings += [(moment, now - moment) for moment in due]
                self.shown = max(self.shown, total)


async def screen(stage: Stage) -> list[Row]:
    """Measure with each number of viewers."""
    return [await _with_viewers(stage, number) for number in stage.viewers]


async def _with_viewers(stage: Stage, number: int) -> Row:
    queue = await stage.queue("screen")
    meter = stage.meter()
    audience = Audience(queue.url.rpartition("/")[2], meter)
    stage.say(f"opening {number} viewers")
    async with _seated(stage, audience, number) as viewers:
        sending = asyncio.create_task(_send_steadily(stage, queue, audience))
        await meter.window(stage.seconds)
        audience.ends = meter.began + meter.seconds
        await sending
        missing = await _settle(audience, viewers)
    taken = [took for due, took in audience.showings if meter.began <= due < audience.ends]
    figures = percentiles(taken)
    return Row(
        "screen",
        f"event to screen, {number} viewer{'s' if number > 1 else ''}, {PACE:.0f} messages/s",
        value=figures["p95_ms"] or 0.0,
        unit="ms (p95)",
        count=len(taken),
        seconds=round(meter.seconds, 3),
        errors=meter.errors,
        first_error=meter.first_error,
        faults={"missing": missing},
        details=meter.cpu() | {"viewers": number},
        **figures,
    )


@asynccontextmanager
async def _seated(stage: Stage, audience: Audience, number: int) -> AsyncIterator[list[Viewer]]:
    viewers = [Viewer(audience) for _ in range(number)]
    acks = asyncio.create_task(_acknowledge(viewers))
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            for start in range(0, number, OPEN_AT_ONCE):
                few = viewers[start : start + OPEN_AT_ONCE]
                await asyncio.gather(*(viewer.open(stage) for viewer in few))
        yield viewers
    except TimeoutError:
        seated = sum(viewer.ready.is_set() for viewer in viewers)
        raise CallFailed(
            f"Only {seated} of {number} viewers had their snapshot after {OPEN_SECONDS:.0f} s."
        ) from None
    finally:
        acks.cancel()
        for viewer in viewers:
            if viewer.socket is not None:
                viewer.socket.end()


async def _send_steadily(stage: Stage, queue: QueueCalls, audience: Audience) -> None:
    """Send at the pace until the end, also what is late by then."""
    line, request, due = Line(stage.address), queue.send(), perf_counter()
    try:
        while due < audience.ends:
            await asyncio.sleep(due - perf_counter())
            audience.due.append(due)
            status, body = await line.ask(request)
            if status != OK:
                audience.due.pop()
                audience.meter.fail(status, body)
            due += 1 / PACE
    finally:
        line.close()


async def _acknowledge(viewers: list[Viewer]) -> None:
    while True:
        await asyncio.sleep(ACK_SECONDS)
        for viewer in viewers:
            viewer.acknowledge()


async def _settle(audience: Audience, viewers: list[Viewer]) -> int:
    """Wait until every viewer has been shown every send; return how many showings are missing."""
    loop = asyncio.get_running_loop()
    until = loop.time() + SETTLE_SECONDS
    while missing := sum(len(audience.due) - viewer.shown for viewer in viewers):
        if loop.time() > until:
            return missing
        await asyncio.sleep(LOOK_SECONDS)
    return 0
