"""``POST /_signalbox/reset``: what test suites call to begin with an empty sandbox."""

from typing import Final, Protocol

import orjson

from messaging.kernel.errors import AccessDenied, AwsError
from messaging.wire.identify import Doorkeeper, identify
from messaging.wire.request import Request, Response

PATH: Final = "/_signalbox/reset"
_HEADER: Final = "x-signalbox"


class MethodNotAllowed(AwsError):
    code = "MethodNotAllowed"
    status = 405
    text = "Send POST."


class Resettable(Doorkeeper, Protocol):
    """An engine whose sandboxes can be emptied."""

    async def reset_default(self) -> None: ...
    async def reset(self, sandbox: int) -> None: ...


async def answer(request: Request, engine: Resettable) -> Response:
    """Empty the default sandbox, or in a classroom the sandbox of the key that signs.

    The header cannot be set by a page of another website without asking first. Raises AwsError.
    """
    if request.method != "POST":
        raise MethodNotAllowed()
    if request.headers.get(_HEADER) != "1":
        raise AccessDenied("Send the header X-Signalbox: 1.")
    if engine.single_user:
        await engine.reset_default()
    else:
        identity = identify(request, request.body, engine, service="")
        await engine.reset(identity.key.sandbox)
    return Response(200, [(b"content-type", b"application/json")], orjson.dumps({"reset": True}))
