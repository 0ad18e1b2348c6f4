"""The hubs of this process, found by sandbox."""

import asyncio
from typing import Final

from dashboard.topology import reader
from dashboard.topology.hub import Hub
from messaging.kernel.world import World


class Hubs:
    """The hubs of this process."""

    def __init__(self) -> None:
        self._hubs: dict[int, Hub] = {}

    def of(self, sandbox: int) -> Hub:
        """Return the hub of a sandbox in the running loop."""
        loop = asyncio.get_running_loop()
        self._hubs = {key: hub for key, hub in self._hubs.items() if hub.is_wanted(loop)}
        hub = self._hubs.get(sandbox)
        if hub is None:
            hub = self._hubs[sandbox] = Hub(sandbox)
        return hub

    def notice(self, sandbox: int) -> None:
        """Tell a sandbox's hub, if there is one, that the log grew; callable from any thread."""
        hub = self._hubs.get(sandbox)
        if hub is not None:
            hub.notice()

    def committed(self, world: World) -> None:
        """Listen to the executor: runs in the writer thread after each commit."""
        self.notice(world.id)

    def watched(self) -> list[int]:
        """Return the sandboxes that somebody looks at."""
        return [sandbox for sandbox, hub in self._hubs.items() if hub.viewers]

    async def close(self) -> None:
        """End every hub and the reader's database connection."""
        for hub in self._hubs.values():
            await hub.close()
        self._hubs.clear()
        await reader.hang_up()


hubs: Final = Hubs()
