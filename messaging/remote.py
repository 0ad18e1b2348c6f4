"""The engine as a process sees it that only speaks HTTP: each call crosses a link and comes back.

The other end is ``messaging.links``, which says what crosses.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final, cast

from django.conf import settings

from messaging.engine import is_own_host
from messaging.kernel.access import Key, root_arn
from messaging.kernel.clock import wall_ms
from messaging.kernel.context import Caller
from messaging.kernel.errors import ServiceUnavailable, Throttling
from messaging.kernel.frames import Unpacker, pack
from messaging.kernel.later import finished
from messaging.links import ASK, CALL, GONE, NEWS, Doors
from messaging.sandboxes import DEFAULT_ACCOUNT

MAX_BACKLOG: Final = 20_000


class Keys:
    """The issued keys as the engine last told them."""

    def __init__(self) -> None:
        self.known: dict[str, Key] = {}

    def find(self, key_id: str) -> Key | None:
        return self.known.get(key_id)


class RemoteEngine(asyncio.Protocol):
    """What the gateway needs of the engine, over a link. ``ended`` is done when the engine is gone.

    Requests of one turn of the event loop leave in one frame, as the engine commits them together.
    """

    def __init__(self) -> None:
        self.keys = Keys()
        self.is_open = asyncio.Event()
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[None] = loop.create_future()
        self._loop = loop
        self._transport: asyncio.WriteTransport | None = None
        self._accounts: dict[str, Key] = {}
        self._unpacker = Unpacker()
        self._last = NEWS
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._requests: list[tuple[Any, ...]] = []

    @property
    def single_user(self) -> bool:
        return bool(settings.MODE == "single")

    async def call(
        self, caller: Caller, service: str, operation: str, params: Mapping[str, Any]
    ) -> Any:
        """Run an AWS operation; raises AwsError. Whoever stops waiting takes the call back."""
        return finished(await self._request(CALL, caller, service, operation, params))

    async def reset_default(self) -> None:
        """Empty the sandbox that unissued keys reach."""
        await self.reset(self.default_key().sandbox)

    async def reset(self, sandbox: int) -> None:
        """Empty a sandbox."""
        await self._request(ASK, "reset", (sandbox,))

    def default_key(self, account: str | None = None) -> Key:
        """Return the unverified key of one's own machine for ``account`` or the default account."""
        number = account or DEFAULT_ACCOUNT
        key = self._accounts.get(number)
        if key is None:
            home = self._accounts[DEFAULT_ACCOUNT].sandbox
            key = self._accounts[number] = Key(number, home, number, "", root_arn(number))
            self._put(self._number(), ASK, "open_account", (number,))
        return key

    def now_ms(self) -> int:
        return wall_ms()

    def allowed_hosts(self, host: str) -> bool:
        return is_own_host(host)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A cast: uvloop's transports are none by inheritance.
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        for outcomes in self._unpacker.feed(data):
            for number, is_well, value in outcomes:
                if number == NEWS:
                    self._hear(value)
                else:
                    self._resolve(number, value, is_well=is_well)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            if not future.done():
                future.set_exception(ServiceUnavailable())
        if not self.ended.done():
            self.ended.set_result(None)

    async def _request(self, word: str, *arguments: Any) -> Any:
        if self._transport is None:
            raise ServiceUnavailable
        if len(self._waiting) >= MAX_BACKLOG:
            raise Throttling
        number = self._number()
        future = self._waiting[number] = self._loop.create_future()
        self._put(number, word, *arguments)
        try:
            return await future
        except asyncio.CancelledError:
            if self._waiting.pop(number, None) is not None:
                self._put(number, GONE)
            raise

    def _number(self) -> int:
        self._last += 1
        return self._last

    def _put(self, *request: Any) -> None:
        if not self._requests:
            self._loop.call_soon(self._flush)
        self._requests.append(request)

    def _flush(self) -> None:
        requests, self._requests = self._requests, []
        if self._transport is not None:
            self._transport.write(pack(requests))

    def _hear(self, doors: Doors) -> None:
        self.keys.known = doors.keys
        self._accounts = doors.accounts
        settings.ALLOWED_HOSTS = doors.hosts
        self.is_open.set()

    def _resolve(self, number: int, value: Any, *, is_well: bool) -> None:
        future = self._waiting.pop(number, None)
        if future is None or future.done():
            return
        if is_well:
            future.set_result(value)
        else:
            future.set_exception(value)
