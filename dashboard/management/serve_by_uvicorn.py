"""Serve the program in this process by uvicorn."""

import socket
from collections.abc import Callable
from functools import partial

import uvicorn

from dashboard.front.configuring import configuration
from dashboard.front.parent import Front
from dashboard.front.protocols import Arrivals, MovingProtocol
from dashboard.lifespan import Lifespan
from messaging.engine import engine


def serve(application: Lifespan, listener: socket.socket, *, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; raises what the start of the engine raised."""
    config = configuration(application, ws_per_message_deflate=False)
    _Server(config, application, on_ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    """uvicorn with the engine's start before its own and the engine's stop before its own."""

    def __init__(
        self, config: uvicorn.Config, application: Lifespan, on_ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self.application = application
        self.on_ready = on_ready
        self.front = Front(engine(), Arrivals(self).take) if Front.is_worthwhile() else None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await self.application.startup()
        if self.front is not None:
            self.config.http_protocol_class = partial(MovingProtocol, self.front.move)  # type: ignore[assignment]
            self.front.start()
        await super().startup(sockets)
        self.on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Long polls are answered before uvicorn waits for the requests that are under way.
        if self.front is not None:
            self.front.rest()
        await self.application.shutdown()
        if self.front is not None:
            await self.front.stop()
        await super().shutdown(sockets)
