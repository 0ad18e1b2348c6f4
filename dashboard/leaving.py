"""A browser that leaves while its page is made: no error, and nothing for the server's log."""

import asyncio
from typing import Any

from dashboard.asgi import Application, Receive, Scope, Send


class Leaving:
    """An ASGI application whose listener for the end of a connection may be forgotten.

    Django listens in a task of its own, which ends with an error when the browser leaves. Where the
    server gave up the request before, nobody looks at that task, and its error would be printed.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        here = asyncio.current_task()

        async def take() -> Any:
            message = await receive()
            listener = asyncio.current_task()
            if message["type"] == "http.disconnect" and listener not in (None, here):
                listener.add_done_callback(_look_at)
            return message

        await self.application(scope, take, send)


def _look_at(task: "asyncio.Task[Any]") -> None:
    if not task.cancelled():
        task.exception()
