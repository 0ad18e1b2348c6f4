"""The server process from its first to its last moment, whatever program serves it."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum

from dashboard.asgi import Application, Receive, Scope, Send

Step = Callable[[], Awaitable[None]]


class State(Enum):
    NEW = "new"
    RUNNING = "running"
    STOPPED = "stopped"


class Lifespan:
    """An ASGI application that starts the engine before the first request and stops it at the end.

    uvicorn speaks the lifespan protocol; daphne does not, so whoever runs it calls ``startup`` and
    ``shutdown``, and a request that comes before them starts the engine. What comes after the end
    is refused: nothing would be there to commit it.
    """

    def __init__(self, application: Application, *, start: Step, stop: Step) -> None:
        self.application = application
        self.state = State.NEW
        self._start = start
        self._stop = stop
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._follow(receive, send)
            return
        if self.state is State.NEW:
            await self.startup()
        if self.state is State.RUNNING:
            await self.application(scope, receive, send)
        else:
            await _refuse(scope, send)

    async def startup(self) -> None:
        """Start the engine, once."""
        async with self._turn:
            if self.state is State.NEW:
                await self._start()
                self.state = State.RUNNING

    async def shutdown(self) -> None:
        """Stop the engine, once; requests that wait get their answer."""
        async with self._turn:
            if self.state is State.RUNNING:
                self.state = State.STOPPED
                await self._stop()

    async def _follow(self, receive: Receive, send: Send) -> None:
        steps = {"startup": self.startup, "shutdown": self.shutdown}
        while True:
            step = (await receive())["type"].removeprefix("lifespan.")
            try:
                await steps[step]()
            except Exception as error:
                await send({"type": f"lifespan.{step}.failed", "message": str(error)})
                raise
            await send({"type": f"lifespan.{step}.complete"})
            if step == "shutdown":
                return


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1012})
        return
    body = b"The server is stopping."
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
