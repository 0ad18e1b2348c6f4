"""Counts what happens while a window is open: messages done, their latencies, errors."""

import asyncio
from dataclasses import dataclass, field
from time import perf_counter, process_time
from typing import Any, Final

from dashboard.bench.calls import said
from dashboard.bench.machine import family_cpu_seconds
from dashboard.bench.rows import PER_SECOND, Row, percentiles

LONGEST_WARM_UP: Final = 1.0
US: Final = 1e6


@dataclass(slots=True)
class Meter:
    """The figures of one run. Work counts only between ``open`` and ``close``; errors always do.

    ``server`` is the process under load, if it is ours: its processor time tells what a message
    costs even where other programs share the machine.
    """

    server: int = 0
    done: int = 0
    errors: int = 0
    first_error: str = ""
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    counting: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)
    began: float = 0.0
    _cpu: tuple[float, float] = (0.0, 0.0)

    def add(self, count: int, latency: float) -> None:
        """Count ``count`` messages, done in ``latency`` seconds."""
        if self.counting:
            self.done += count
            self.latencies.append(latency)

    def fail(self, status: int, body: bytes) -> None:
        """Count a request that was not answered as it should; status 0 is a lost connection."""
        self.errors += 1
        if not self.first_error:
            self.first_error = f"{status}: {said(body)}" if status else "the connection was lost"

    async def window(self, seconds: float) -> None:
        """Let it warm up, then count for ``seconds`` or until ``over`` is set."""
        await asyncio.sleep(min(LONGEST_WARM_UP, seconds / 4))
        self.open()
        try:
            await asyncio.wait_for(self.over.wait(), seconds)
        except TimeoutError:
            return
        finally:
            self.close()

    def open(self) -> None:
        self.counting = True
        self._cpu = self._cpu_seconds()
        self.began = perf_counter()

    def close(self) -> None:
        self.counting = False
        self.seconds = perf_counter() - self.began
        then, now = self._cpu, self._cpu_seconds()
        self._cpu = (now[0] - then[0], now[1] - then[1])

    def cpu(self) -> dict[str, Any]:
        """Return how busy server and client were, in percent of a core."""
        busy = {"client": self._cpu[1]} | ({"server": self._cpu[0]} if self.server else {})
        return {
            f"{name}_cpu_percent": round(used / self.seconds * 100)
            for name, used in busy.items()
            if self.seconds
        }

    def row(self, scenario: str, label: str, **more: Any) -> Row:
        """Return the figures as messages per second."""
        details = self.cpu() | more.pop("details", {})
        if self.server and self.done:
            details["server_cpu_us"] = round(self._cpu[0] / self.done * US, 1)
        return Row(
            scenario,
            label,
            value=round(self.done / self.seconds, 1) if self.seconds else 0.0,
            unit=PER_SECOND,
            count=self.done,
            seconds=round(self.seconds, 3),
            errors=self.errors,
            first_error=self.first_error,
            details=details,
            **percentiles(self.latencies),
            **more,
        )

    def _cpu_seconds(self) -> tuple[float, float]:
        return family_cpu_seconds(self.server) if self.server else 0.0, process_time()
