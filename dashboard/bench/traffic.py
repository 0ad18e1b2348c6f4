"""Real messages at a steady pace, or as fast as it goes: sent in tens, received and deleted."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from dashboard.bench.calls import OK, TEN, CallFailed, Calls, QueueCalls
from dashboard.bench.http import Address, Line
from dashboard.bench.scripts import messages_of

QUEUE: Final = "bench-traffic"
RECEIVERS: Final = 3
NAP_SECONDS: Final = 0.02
BEHIND_MOST: Final = 5_000


class Traffic:
    """``pace`` is messages a second, 0 as many as are taken; ``sent``, ``taken`` count them."""

    def __init__(self, url: str) -> None:
        self.calls = Calls(Address.parse(url))
        self.pace = 1
        self.sent = 0
        self.taken = 0
        self.wrong: list[str] = []
        self._ends = False

    def stop(self) -> None:
        self._ends = True

    async def play(self) -> None:
        """Send and receive until ``stop``; what fails is in ``wrong``."""
        try:
            answer = await self.calls.ask("CreateQueue", QueueName=QUEUE)
            queue = QueueCalls(self.calls, answer["QueueUrl"])
            await asyncio.gather(self._send(queue), *(self._take(queue) for _ in range(RECEIVERS)))
        except (CallFailed, OSError) as error:
            self.wrong.append(str(error))

    async def _send(self, queue: QueueCalls) -> None:
        line, ten, due = Line(self.calls.address), queue.send_ten(), perf_counter()
        while not self._ends:
            if self.pace:
                due += TEN / self.pace
                await asyncio.sleep(max(0.0, due - perf_counter()))
            elif self.sent - self.taken > BEHIND_MOST:
                await asyncio.sleep(NAP_SECONDS)
                continue
            else:
                due = perf_counter()
            if await self._ask(line, ten) is not None:
                self.sent += TEN
        line.close()

    async def _take(self, queue: QueueCalls) -> None:
        line, receive = Line(self.calls.address), queue.receive_ten()
        while not self._ends:
            messages = messages_of(await self._ask(line, receive) or b"{}")
            if not messages:
                await asyncio.sleep(NAP_SECONDS)
                continue
            handles = [message["ReceiptHandle"] for message in messages]
            if await self._ask(line, queue.delete(handles)) is not None:
                self.taken += len(messages)
        line.close()

    async def _ask(self, line: Line, request: bytes) -> bytes | None:
        status, body = await line.ask(request)
        if status == OK:
            return body
        if not self._ends:
            self.wrong.append(f"{status}: {body[:200].decode(errors='replace')}")
        return None


@contextmanager
def running(traffic: Traffic) -> Iterator[Traffic]:
    """Play the traffic on a thread of its own; Playwright holds this one."""
    thread = threading.Thread(target=lambda: asyncio.run(traffic.play()), daemon=True)
    thread.start()
    try:
        yield traffic
    finally:
        traffic.stop()
        thread.join()
