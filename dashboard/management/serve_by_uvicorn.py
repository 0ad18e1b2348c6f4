"""Serve the program in this process by uvicorn."""

import asyncio
import logging
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import uvicorn

from dashboard.front.parent import Front
from dashboard.front.protocols import MovingProtocol, arrived
from dashboard.lifespan import Lifespan
from dashboard.management.joined_writes import JoiningProtocol
from messaging.engine import engine

GRACE_SECONDS = 1


def serve(application: Lifespan, listener: socket.socket, *, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; raises what the start of the engine raised."""
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    config = uvicorn.Config(
        application,
        access_log=False,
        http=JoiningProtocol,
        lifespan="off",
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws_per_message_deflate=False,
    )
    _Server(config, application, on_ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    """uvicorn with the engine's start before its own and the engine's stop before its own."""

    def __init__(
        self, config: uvicorn.Config, application: Lifespan, on_ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self.application = application
        self.on_ready = on_ready
        self._arriving: set[asyncio.Task[Any]] = set()
        self.front = Front(engine(), self._arrive) if Front.is_worthwhile() else None

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

    def _arrive(self, connection: socket.socket, first: bytes) -> None:
        """Serve a connection that the front gives back."""
        loop = asyncio.get_running_loop()
        make = arrived(first, self.config, self.server_state)
        task = loop.create_task(loop.connect_accepted_socket(make, connection))
        self._arriving.add(task)
        task.add_done_callback(self._arriving.discard)


def _is_news(record: logging.LogRecord) -> bool:
    """Leave out that requests were cut off: that is what stopping means."""
    is_cut_off = record.exc_info is not None and record.exc_info[0] is asyncio.CancelledError
    return not is_cut_off and "timeout graceful shutdown exceeded" not in record.getMessage()
