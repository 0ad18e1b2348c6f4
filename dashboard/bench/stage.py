"""What a scenario is given: where to send, how much, how long; and how it plays its scripts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from dashboard.bench.calls import CallFailed, Calls, QueueCalls
from dashboard.bench.http import Address, Script, play
from dashboard.bench.meter import Meter

# Longer than any run: what is received must not come back while it is being counted.
VISIBILITY_SECONDS: Final = 600


@dataclass(slots=True)
class Stage:
    """One endpoint under load; ``server`` is its process, if it is ours.

    ``token`` keeps the queue names of runs apart.
    """

    calls: Calls
    token: str
    seconds: float = 5.0
    connections: int = 16
    depth: int = 500_000
    viewers: tuple[int, ...] = (1, 30, 200)
    slug: str = "playground"
    server: int = 0
    say: Callable[[str], None] = lambda text: None
    made: list[QueueCalls] = field(default_factory=list)

    @property
    def address(self) -> Address:
        return self.calls.address

    def meter(self) -> Meter:
        """Return the meter of one measurement."""
        return Meter(server=self.server)

    async def queue(self, name: str, **attributes: str) -> QueueCalls:
        """Create a queue for one scenario; raises CallFailed."""
        suffix = ".fifo" if "FifoQueue" in attributes else ""
        attributes["VisibilityTimeout"] = str(VISIBILITY_SECONDS)
        full = f"bench-{self.token}-{len(self.made)}-{name}{suffix}"
        answer = await self.calls.ask("CreateQueue", QueueName=full, Attributes=attributes)
        made = QueueCalls(self.calls, answer["QueueUrl"])
        self.made.append(made)
        return made

    async def clear(self) -> None:
        """Delete the queues that were made."""
        for queue in self.made:
            with suppress(CallFailed):
                await self.calls.ask("DeleteQueue", QueueUrl=queue.url)

    @asynccontextmanager
    async def playing(self, scripts: Iterable[Script]) -> AsyncIterator[list[asyncio.Task[None]]]:
        """Play each script on a connection of its own; at the end cut off those that still play.

        Raises what a script raised, and OSError when a connection cannot be had.
        """
        tasks = [asyncio.create_task(play(self.address, script)) for script in scripts]
        try:
            yield tasks
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result
