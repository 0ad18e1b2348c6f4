"""One browser that looks on: a slot for what it was not sent yet, and the pace that it bears."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from dashboard.topology.batch import Batch

Send = Callable[[str], Awaitable[None]]

MOST_HZ: Final = 20
# What may be on its way before the browser says that it got it.
WINDOW_BYTES: Final = 1_048_576
# A slot that grew past this is worth less than a snapshot.
MOST_MESSAGES: Final = 20_000


class Viewer:
    """A browser's place in a hub.

    Frames that cannot be sent yet are merged in one slot, so that a slow link costs detail and
    never memory. ``waiting`` until it has said what it has; then it gets a snapshot or a batch.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._first: list[str] = []
        self._slot: Batch | None = None
        self._latest = ""
        self._more = asyncio.Event()
        self._unacked: deque[tuple[int, int]] = deque()
        self._on_the_way = 0
        self._acks = False
        self._seconds = 0.0
        self._dots = True
        self._dismissed = False
        self.waiting = True
        self.overrun = False

    def start(self, text: str) -> None:
        """Give it a snapshot; what waited before is part of it."""
        self._slot, self._latest = None, ""
        self.waiting = self.overrun = False
        self.say(text)

    def follow(self, batch: Batch) -> None:
        """Give it a batch; one that waits already takes it in."""
        if self.waiting or self.overrun:
            return
        self._slot = batch if self._slot is None else self._slot.merged(batch)
        if len(self._slot.messages) > MOST_MESSAGES:
            self._slot, self.overrun = None, True
        self._more.set()

    def say(self, text: str) -> None:
        """Give it a frame that cannot be merged."""
        self._first.append(text)
        self._more.set()

    def tell(self, text: str) -> None:
        """Give it a frame of which only the latest counts; it comes after what is in the slot."""
        if not self.waiting:
            self._latest = text
            self._more.set()

    def restart(self, text: str) -> None:
        """Tell it that what it has is worth nothing any more."""
        self._slot, self._latest, self._first = None, "", []
        self.waiting = True
        self.say(text)

    def dismiss(self) -> None:
        """End it: there is nothing to look at any more."""
        self._dismissed = True
        self._more.set()

    def tune(self, *, hz: float, dots: bool) -> None:
        """Send at most ``hz`` frames a second; a hidden page asks for one without dots."""
        self._seconds = 0.0 if hz >= MOST_HZ else 1 / max(0.2, hz)
        self._dots = dots

    def acked(self, q: int) -> None:
        """Note that the browser has everything up to ``q``."""
        self._acks = True
        while self._unacked and self._unacked[0][0] <= q:
            self._on_the_way -= self._unacked.popleft()[1]
        self._more.set()

    async def run(self) -> None:
        """Send what there is, in order, until it is dismissed."""
        while not self._dismissed:
            await self._more.wait()
            self._more.clear()
            while self._first:
                await self._send(self._first.pop(0))
            if self._acks and self._on_the_way > WINDOW_BYTES:
                continue
            if self._slot is None and not self._latest:
                continue
            await self._send_slot()
            if self._seconds:
                await asyncio.sleep(self._seconds)

    async def _send_slot(self) -> None:
        """Send what waits in the slot, then what is to follow it."""
        batch, self._slot = self._slot, None
        if batch is not None:
            text = batch.text if self._dots else batch.written(dots=False)
            self._note(batch.q, len(text))
            await self._send(text)
        latest, self._latest = self._latest, ""
        if latest:
            await self._send(latest)

    def _note(self, q: int, size: int) -> None:
        if self._acks:
            self._unacked.append((q, size))
            self._on_the_way += size
