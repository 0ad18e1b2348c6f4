"""A bound for what a browser may send to a page: Django itself would store any amount first."""

from typing import Any, Final

from dashboard.asgi import Application, Receive, Scope, Send

# The longest message body, 1 MiB, as a form writes it when each byte needs three, and some room.
MAX_BODY: Final = 4 * 1024 * 1024
_WORDS: Final = b"Not done. A page takes 4 MiB at most."


class TooLarge(Exception):
    """More was sent than a page takes."""


class Bounded:
    """An ASGI application that refuses bodies of more than ``limit`` bytes with status 413."""

    def __init__(self, application: Application, *, limit: int = MAX_BODY) -> None:
        self.application = application
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        try:
            await self.application(scope, self._counting(receive), send)
        except TooLarge:
            await _refuse(send)

    def _counting(self, receive: Receive) -> Receive:
        taken = 0

        async def take() -> Any:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.limit:
                raise TooLarge
            return message

        return take


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(_WORDS)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": _WORDS})
