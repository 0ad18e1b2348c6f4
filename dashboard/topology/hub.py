"""One hub a sandbox that is looked at: wakes when the log grew, paints, hands out the batch."""

import asyncio
import logging
import secrets
from collections import deque
from typing import Any, Final

import orjson
from django.db import DatabaseError

from dashboard.topology import reader, waiting
from dashboard.topology.batch import Batch
from dashboard.topology.painter import Painter
from dashboard.topology.viewer import Viewer
from messaging.engine import engine
from messaging.kernel.clock import Clock

logger = logging.getLogger(__name__)

PACE: Final = 0.05
PACE_OF_MANY: Final = 0.1
MANY_NODES: Final = 300
# Looks at the log without being woken: another process may have written, a message may be lost.
LOOK_AGAIN: Final = 1.0
HEARTBEAT: Final = 5.0
LONGEST_PAUSE: Final = 5.0
KEPT_BATCHES: Final = 1_200
KEPT_SECONDS: Final = 60.0


class Gone(Exception):
    """There is no such sandbox (any more)."""


class Hub:
    """The stream of one sandbox. Lives in one event loop; only ``notice`` may be called outside."""

    def __init__(self, sandbox: int) -> None:
        self.sandbox = sandbox
        self.loop = asyncio.get_running_loop()
        self.viewers: set[Viewer] = set()
        self.painter = Painter(sandbox)
        self.token = secrets.token_hex(4)
        self._ring: deque[tuple[float, Batch]] = deque(maxlen=KEPT_BATCHES)
        self._hellos: list[tuple[Viewer, tuple[str, int] | None]] = []
        self._woken = asyncio.Event()
        self._noticed = False
        self._task: asyncio.Task[None] | None = None
        self._pinned: dict[str, Any] | None = None
        self._said_at = self.loop.time()
        self.rested_at = self.loop.time()

    @property
    def epoch(self) -> str:
        head = self.painter.head
        return f"{head.epoch if head else ''}.{self.token}"

    def is_wanted(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Tell whether somebody looks on, or may come back for what is kept."""
        if self.loop is not loop:
            return False
        return bool(self.viewers) or self.loop.time() - self.rested_at < KEPT_SECONDS

    def notice(self) -> None:
        """Look at the log soon; callable from any thread."""
        if self._noticed or self._task is None:
            return
        self._noticed = True
        try:
            self.loop.call_soon_threadsafe(self._woken.set)
        except RuntimeError:
            logger.debug("The loop of hub %d has ended", self.sandbox)

    def hello(self, viewer: Viewer, have: tuple[str, int] | None) -> None:
        """Take a viewer in, or again: it goes on after what it has, or starts from a snapshot."""
        viewer.waiting = True
        self.viewers.add(viewer)
        self._hellos.append((viewer, have))
        self._woken.set()
        if self._task is None or self._task.done():
            self._task = self.loop.create_task(self._work(), name=f"hub-{self.sandbox}")

    def leave(self, viewer: Viewer) -> None:
        """Let a viewer go; without viewers the hub rests and keeps its place for a while."""
        self.viewers.discard(viewer)
        self._woken.set()

    async def rest(self) -> None:
        """Wait until nobody looks on any more."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Stop at once."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _work(self) -> None:
        while self.viewers:
            began = self.loop.time()
            try:
                await self._turn()
            except Gone:
                self._dismiss()
            except Exception as error:
                await self._start_over(error)
            spent = self.loop.time() - began
            await asyncio.sleep(min(LONGEST_PAUSE, max(self._pace() - spent, 2 * spent)))
            await self._wait()
        self.rested_at = self.loop.time()
        self._task = None

    async def _turn(self) -> None:
        """Bring everybody to the end of the log."""
        self._noticed = False
        self._woken.clear()
        if self.painter.head is None and not await reader.run(self.painter.start):
            raise Gone
        epoch, clock = self.epoch, self.painter.head and self.painter.head.clock
        batch = await reader.run(self.painter.advance)
        head = self.painter.head
        if head is None:
            raise Gone
        if self.epoch != epoch:
            self._start_anew()
            return
        if head.clock != clock:
            self._say_all(self._frame("clock"))
        if batch is not None:
            self._ring.append((self.loop.time(), batch))
            self._said_at = self.loop.time()
            for viewer in self.viewers:
                viewer.follow(batch)
        self._look_who_waits(head.clock)
        self._look_at_pins()
        await self._welcome()
        if self.loop.time() - self._said_at >= HEARTBEAT:
            self._say_all(self._frame("hb"))

    async def _welcome(self) -> None:
        """Answer those who said hello, and those who could not be kept up to date by batches."""
        hellos, self._hellos = self._hellos, []
        hellos += [(viewer, None) for viewer in self.viewers if viewer.overrun]
        snapshot = ""
        for viewer, have in hellos:
            missed = self._missed(have)
            if missed is None:
                snapshot = snapshot or await reader.run(lambda: self.painter.snapshot(self.epoch))
                viewer.start(snapshot)
                continue
            viewer.start(self._frame("clock", w=self.painter.waiting, **self.painter.pinned))
            if missed:
                viewer.follow(_merged(missed))

    def _look_who_waits(self, clock: Clock) -> None:
        """Tell who began or ended a long poll, also by hanging up: that is in no log."""
        polls = engine().executor.polls(self.sandbox, clock)
        found = waiting.rows(polls, self.painter.ledger.places)
        if found == self.painter.waiting:
            return
        self.painter.waiting = found
        self._said_at = self.loop.time()
        text = self._frame("w", w=found)
        for viewer in self.viewers:
            viewer.tell(text)

    def _look_at_pins(self) -> None:
        """Tell what people have pinned, when somebody has changed that: it is in no log."""
        known, self._pinned = self._pinned, self.painter.pinned
        if known is not None and known != self._pinned:
            self._say_all(self._frame("pins", **self._pinned))

    def _missed(self, have: tuple[str, int] | None) -> list[Batch] | None:
        """Return the batches after what a viewer has, or None when they are not kept."""
        if have is None or have[0] != self.epoch:
            return None
        oldest = self.loop.time() - KEPT_SECONDS
        while self._ring and self._ring[0][0] < oldest:
            self._ring.popleft()
        if have[1] == self.painter.ledger.seq:
            return []
        batches = [batch for _, batch in self._ring if batch.q0 > have[1]]
        return batches if batches and batches[0].q0 == have[1] + 1 else None

    def _start_anew(self) -> None:
        """The sandbox was reset: what the viewers hold belongs to another run of it."""
        self._forget()
        self._hellos.clear()
        text = orjson.dumps({"t": "reset", "why": "The sandbox was reset."}).decode()
        for viewer in self.viewers:
            viewer.restart(text)

    async def _start_over(self, error: Exception) -> None:
        """Something failed half-way, so that the ledger may be wrong: read everything again."""
        if isinstance(error, DatabaseError):
            logger.warning("The stream of sandbox %d waits: %s", self.sandbox, error)
        else:
            logger.error("The stream of sandbox %d failed", self.sandbox, exc_info=error)
        self._forget()
        text = orjson.dumps({"t": "reset", "why": "The server lost its place."}).decode()
        for viewer in self.viewers:
            if not viewer.waiting:
                viewer.restart(text)
        await reader.hang_up()

    def _forget(self) -> None:
        self.painter = Painter(self.sandbox)
        self.token = secrets.token_hex(4)
        self._ring.clear()

    def _dismiss(self) -> None:
        self._forget()
        viewers, self.viewers = self.viewers, set()
        for viewer in viewers:
            viewer.dismiss()

    def _say_all(self, text: str) -> None:
        self._said_at = self.loop.time()
        for viewer in self.viewers:
            if not viewer.waiting:
                viewer.say(text)

    def _frame(self, kind: str, **more: Any) -> str:
        painter = self.painter
        frame = {"t": kind, "q": painter.ledger.seq, "ts": painter.ts, "rate": painter.rate, **more}
        return orjson.dumps(frame).decode()

    def _pace(self) -> float:
        return PACE_OF_MANY if len(self.painter.ledger.places) > MANY_NODES else PACE

    async def _wait(self) -> None:
        if self.viewers:
            try:
                await asyncio.wait_for(self._woken.wait(), LOOK_AGAIN)
            except TimeoutError:
                return


def _merged(batches: list[Batch]) -> Batch:
    """Return one batch for many; what moved long ago is not drawn again."""
    merged = batches[0]
    for batch in batches[1:]:
        merged = merged.merged(batch)
    merged.bursts = batches[-1].bursts
    return merged
