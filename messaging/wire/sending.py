"""From a Response to ASGI."""

from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    MutableMapping,
)
from typing import Any, Final

from messaging.wire.request import Response

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_NO_BODY: Final = frozenset({204, 304})


async def send_response(response: Response, method: str, send: Send) -> None:
    """Send a response; a body in chunks is sent as they come."""
    body = response.body
    if not isinstance(body, bytes):
        await _start(send, response)
        async for chunk in _chunks(body):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        return
    if method == "HEAD":
        # The headers are those of a GET, whose length only the operation knows.
        body = b""
    elif response.status in _NO_BODY:
        body = b""
    else:
        _set_length(response, len(body))
    await _start(send, response)
    await send({"type": "http.response.body", "body": body})


def _set_length(response: Response, length: int) -> None:
    stated = str(length).encode()
    for place, (name, _) in enumerate(response.headers):
        if name == b"content-length":
            response.headers[place] = (name, stated)
            return
    response.headers.append((b"content-length", stated))


async def _start(send: Send, response: Response) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": response.status,
            "headers": response.headers,
        }
    )


async def _chunks(body: Iterable[bytes] | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    if isinstance(body, AsyncIterable):
        async for chunk in body:
            yield chunk
    else:
        for chunk in body:
            yield chunk
