"""A running engine with a sandbox, and browsers that look at it over a websocket."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from dashboard.topology.hubs import hubs
from dashboard.topology.routing import websocket_urlpatterns
from messaging import sandboxes
from messaging.engine import engine
from messaging.kernel.context import Caller
from messaging.kernel.models import Sandbox
from tests.fixtures.engine import ACCOUNT, REGION, START_MS
from tests.live.twin import Twin

HOST = "http://127.0.0.1:8000"


@dataclass
class Browser:
    """A browser on the stream, with what it has folded so far."""

    socket: WebsocketCommunicator
    twin: Twin = field(default_factory=Twin)
    frames: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    async def open(cls, slug: str) -> "Browser":
        socket = WebsocketCommunicator(URLRouter(websocket_urlpatterns), f"/stream/{slug}/")
        connected, _ = await socket.connect()
        assert connected
        return cls(socket)

    async def hello(self, **more: Any) -> None:
        await self.say(t="hello", v=1, **more)

    async def say(self, **frame: Any) -> None:
        await self.socket.send_json_to(frame)

    async def take(self) -> dict[str, Any]:
        """Take the next frame."""
        frame = self.twin.take(await self.socket.receive_from(timeout=5))
        self.frames.append(frame)
        return frame

    async def until(self, kind: str) -> dict[str, Any]:
        """Take frames up to the next one of a kind."""
        while (frame := await self.take())["t"] != kind:
            continue
        return frame

    async def reach(self, q: int) -> None:
        """Take frames until everything up to an event is here."""
        while self.twin.q < q:
            await self.take()

    async def closed(self) -> int:
        """Take what is left and return the code with which the server closed."""
        while True:
            output = await self.socket.receive_output(timeout=5)
            if output["type"] == "websocket.close":
                return int(output["code"])

    async def leave(self) -> None:
        await self.socket.disconnect()


@dataclass
class World:
    """A sandbox whose clock stands still, on the engine that the pages use."""

    sandbox: Sandbox

    def caller(self, actor: str = "client:test") -> Caller:
        root = f"arn:aws:iam::{ACCOUNT}:root"
        return Caller(self.sandbox.pk, ACCOUNT, REGION, root, actor, host=HOST, label="test")

    async def call(self, operation: str, actor: str = "client:test", **params: Any) -> Any:
        call = sync_to_async(engine().executor.call_sync)
        return await call(self.caller(actor), "sqs", operation, params)

    async def create(self, name: str = "orders", **attributes: str) -> str:
        made = await self.call("CreateQueue", QueueName=name, Attributes=attributes)
        return str(made["QueueUrl"])

    async def send(self, url: str, *bodies: str) -> None:
        for body in bodies:
            await self.call("SendMessage", QueueUrl=url, MessageBody=body)

    async def last_seq(self) -> int:
        return (await Sandbox.objects.aget(pk=self.sandbox.pk)).last_seq


@pytest.fixture
async def world(transactional_db: None) -> AsyncIterator[World]:
    """Return a world; its hubs end with the test."""

    def create() -> Sandbox:
        return sandboxes.create(
            "live", accounts=(ACCOUNT,), regions=(REGION,), seed=7, starts_at=START_MS, paused=True
        )

    yield World(await sync_to_async(create)())
    await hubs.close()
    engine().executor.worlds.clear()


@pytest.fixture
async def browser(world: World) -> AsyncIterator[Callable[..., Any]]:
    """Return a function that opens a browser on the world's stream; all are closed at the end."""
    opened: list[Browser] = []

    async def open_browser(slug: str = world.sandbox.slug) -> Browser:
        opened.append(await Browser.open(slug))
        return opened[-1]

    yield open_browser
    for one in opened:
        await one.leave()
