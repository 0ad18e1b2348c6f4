"""The websocket of the live picture: hello, ack, tune in; snapshots, batches and heartbeats out."""

import asyncio
import logging
from typing import Any, Final

import orjson
from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from dashboard.people import visible_to
from dashboard.topology.hub import Hub
from dashboard.topology.hubs import hubs
from dashboard.topology.viewer import MOST_HZ, Viewer

logger = logging.getLogger(__name__)

MOST_BYTES: Final = 16_384
BAD_FRAME: Final = 4400
NOT_SIGNED_IN: Final = 4401
UNKNOWN: Final = 4404
VERSION: Final = 1


class BadFrame(ValueError):
    """The browser said something that the protocol does not know."""


class StreamConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One browser. Frames: dashboard/README.md."""

    # No inbox in the channel layer: frames come from the hub, in this process.
    channel_layer_alias = "none"

    hub: Hub | None = None
    viewer: Viewer | None = None
    sender: "asyncio.Task[None] | None" = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Handle a message without the detour that Channels makes to close database connections."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def connect(self) -> None:
        await self.accept()
        slug = self.scope["url_route"]["kwargs"]["slug"]
        refused, sandbox = await _admit(self.scope["user"], slug)
        if refused:
            await self.close(refused)
            return
        self.hub = hubs.of(sandbox)
        self.viewer = Viewer(self._say)
        self.sender = asyncio.create_task(self._follow(self.viewer))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.hub is None or self.viewer is None:
            return
        try:
            _answer(self.hub, self.viewer, _parse(text_data))
        except BadFrame:
            await self.close(BAD_FRAME)

    async def disconnect(self, code: int) -> None:
        if self.hub is not None and self.viewer is not None:
            self.hub.leave(self.viewer)
        if self.sender is not None:
            self.sender.cancel()
            await asyncio.gather(self.sender, return_exceptions=True)
        raise StopConsumer

    async def _follow(self, viewer: Viewer) -> None:
        try:
            await viewer.run()
            await self.close(UNKNOWN)
        except Exception as error:
            # The browser went away while a frame was on its way; disconnect() follows.
            logger.debug("A viewer went away: %s", error)
            if self.hub is not None:
                self.hub.leave(viewer)

    async def _say(self, text: str) -> None:
        await self.base_send({"type": "websocket.send", "text": text})


stream = AuthMiddlewareStack(StreamConsumer.as_asgi())


@database_sync_to_async  # type: ignore[untyped-decorator]
def _admit(user: Any, slug: str) -> tuple[int, int]:
    """Return (close code, 0) or (0, sandbox id)."""
    sandboxes = visible_to(user)
    if sandboxes is None:
        return NOT_SIGNED_IN, 0
    sandbox = sandboxes.filter(slug=slug).values_list("pk", flat=True).first()
    return (0, sandbox) if sandbox else (UNKNOWN, 0)


def _parse(text: str | None) -> dict[str, Any]:
    if text is None or len(text) > MOST_BYTES:
        raise BadFrame
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadFrame from error
    if not isinstance(frame, dict):
        raise BadFrame
    return frame


def _answer(hub: Hub, viewer: Viewer, frame: dict[str, Any]) -> None:
    match frame.get("t"):
        case "hello" if frame.get("v") == VERSION:
            _tune(viewer, frame.get("caps"))
            hub.hello(viewer, _have(frame.get("have")))
        case "ack":
            viewer.acked(_whole(frame.get("q")))
        case "tune":
            _tune(viewer, frame)
        case "hb":
            return
        case _:
            raise BadFrame


def _have(have: Any) -> tuple[str, int] | None:
    if have is None:
        return None
    if not isinstance(have, dict) or not isinstance(have.get("epoch"), str):
        raise BadFrame
    return have["epoch"], _whole(have.get("q"))


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadFrame
    return value


def _tune(viewer: Viewer, wishes: Any) -> None:
    """Take the wishes that are there: frames a second, and most particles."""
    if wishes is None:
        return
    if not isinstance(wishes, dict):
        raise BadFrame
    hz, dots = wishes.get("hz", MOST_HZ), wishes.get("p", 1)
    if not all(isinstance(value, int | float) for value in (hz, dots)):
        raise BadFrame
    viewer.tune(hz=float(hz), dots=dots > 0)
