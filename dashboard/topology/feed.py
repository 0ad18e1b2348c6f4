"""Several server processes: "the log of this sandbox grew", through the channel layer.

Only that. Whoever hears it reads the rows from the table, so a lost message loses nothing; each
hub also looks by itself once a second.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Any, Final

from channels.layers import channel_layers

from messaging.kernel.world import World

logger = logging.getLogger(__name__)

PACE: Final = 0.05
TRY_AGAIN: Final = 2.0


class Feed:
    """Tells other processes what was committed here, and this one what was committed there.

    Has a thread with a loop of its own: commits happen whether or not anybody looks on.
    """

    def __init__(self, notice: Callable[[int], None], watched: Callable[[], list[int]]) -> None:
        self._notice = notice
        self._watched = watched
        self._grown: dict[int, int] = {}
        self._groups: set[str] = set()
        self.joined = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._more: asyncio.Event | None = None
        self._ending = threading.Event()

    def start(self) -> None:
        self._ending.clear()
        self._thread = threading.Thread(target=self._run, name="signalbox-feed", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._wake()
        if self._thread is not None:
            self._thread.join(timeout=5)
            self._thread = None

    def committed(self, world: World) -> None:
        """Listen to the executor: runs in the writer thread after each commit."""
        self._grown[world.id] = world.last_seq
        self._wake()

    def _wake(self) -> None:
        loop, more = self._loop, self._more
        if loop is None or more is None or (more.is_set() and not self._ending.is_set()):
            return
        try:
            loop.call_soon_threadsafe(more.set)
        except RuntimeError:
            logger.debug("The feed has ended")

    def _run(self) -> None:
        asyncio.run(self._work())

    async def _work(self) -> None:
        self._loop, self._more = asyncio.get_running_loop(), asyncio.Event()
        said = ""
        while not self._ending.is_set():
            try:
                await self._relay()
            except Exception as error:
                if str(error) != said:
                    said = str(error)
                    logger.warning("The channel layer does not answer: %s", said)
                await asyncio.sleep(TRY_AGAIN)
        self._loop = self._more = None

    async def _relay(self) -> None:
        # Made here, not taken from Channels' cache: a layer belongs to one event loop.
        layer = channel_layers.make_backend("default")
        channel = await layer.new_channel()
        self._groups.clear()
        listening = asyncio.create_task(self._listen(layer, channel))
        try:
            while not self._ending.is_set() and not listening.done():
                await self._join(layer, channel)
                await self._tell(layer)
                await asyncio.sleep(PACE)
                await self._rest()
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await layer.flush()

    async def _listen(self, layer: Any, channel: str) -> None:
        while True:
            message = await layer.receive(channel)
            self._notice(message["sandbox"])

    async def _join(self, layer: Any, channel: str) -> None:
        """Be in the groups of the sandboxes that somebody looks at here."""
        wanted = {_group(sandbox) for sandbox in self._watched()}
        for group in wanted - self._groups:
            await layer.group_add(group, channel)
        for group in self._groups - wanted:
            await layer.group_discard(group, channel)
        self._groups = wanted
        self.joined.set()

    async def _tell(self, layer: Any) -> None:
        grown, self._grown = self._grown, {}
        for sandbox, seq in grown.items():
            message = {"type": "log.grew", "sandbox": sandbox, "seq": seq}
            await layer.group_send(_group(sandbox), message)

    async def _rest(self) -> None:
        """Wait for a commit; look now and then whether other sandboxes are watched."""
        if self._more is None:
            return
        try:
            await asyncio.wait_for(self._more.wait(), 1.0)
        except TimeoutError:
            return
        self._more.clear()


def _group(sandbox: int) -> str:
    return f"log.{sandbox}"
