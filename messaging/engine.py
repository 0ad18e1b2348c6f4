"""The engine as the doors see it: call operations, find keys, start and stop."""

import logging
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

from django.conf import settings
from django.http.request import validate_host

from messaging import sandboxes
from messaging.commands import Job
from messaging.courier import Courier
from messaging.executor import Executor
from messaging.kernel.access import Key, Keyring, root_arn
from messaging.kernel.batch import Batch
from messaging.kernel.clock import wall_ms
from messaging.kernel.context import Caller
from messaging.kernel.errors import ServiceUnavailable
from messaging.kernel.models import Account, Sandbox
from messaging.links import Doors, Link
from messaging.neighbours import Neighbours
from messaging.workshop import Workshop

logger = logging.getLogger(__name__)


class Engine:
    """One process's engine: its executor, its keys and its mode."""

    def __init__(self, executor: Executor | None = None) -> None:
        self.executor = executor or Executor()
        self.keys = Keyring()
        self.neighbours = Neighbours(self.executor, keys=self.keys, load_keys=self._load_keys)
        self.courier = Courier(self.executor)
        self.workshop = Workshop(self.executor)
        self.on_start: list[Callable[[], None]] = []
        self.on_stop: list[Callable[[], None]] = []
        self._default_keys: dict[str, Key] = {}
        self._links: WeakSet[Link] = WeakSet()
        self._lock = threading.Lock()
        self._is_up = False

    @property
    def single_user(self) -> bool:
        """Tell whether this is one's own machine, where unissued keys are let in."""
        return bool(settings.MODE == "single")

    def start(self) -> None:
        """Start the writer and what moves time; safe to call twice.

        A writer that has ended before its time is started again, and what it served goes on.
        """
        with self._lock:
            if self.executor.running:
                return
            self.executor.start()
            self._load_keys()
            if self._is_up:
                return
            self._is_up = True
            self.neighbours.start()
            self.courier.start()
            self.workshop.start()
            for hook in self.on_start:
                hook()

    def stop(self) -> None:
        """Stop what moves time, answer held long polls and end the writer."""
        with self._lock:
            self._is_up = False
            for hook in self.on_stop:
                try:
                    hook()
                except ServiceUnavailable as error:
                    logger.warning("Stopped without the writer: %s", error)
            self.workshop.stop(wait=True)
            self.courier.stop()
            self.neighbours.stop()
            self.executor.stop()

    def load_keys(self) -> None:
        """Read the issued keys and the accounts that can be addressed by number."""
        if self.single_user:
            self._load_default_keys()
        self.keys.load()
        for link in list(self._links):
            link.tell(self._doors())

    def _load_default_keys(self) -> None:
        home = sandboxes.default()
        numbers = dict(Account.objects.order_by("-id").values_list("number", "sandbox_id"))
        numbers.update(home.accounts.values_list("number", "sandbox_id"))
        self._default_keys = {
            number: Key(number, sandbox, number, "", root_arn(number))
            for number, sandbox in numbers.items()
        }

    def default_key(self, account: str | None = None) -> Key:
        """Return the unverified key of one's own machine for ``account`` or the default account.

        An account number that nobody has yet is opened in the default sandbox.
        """
        number = account or sandboxes.DEFAULT_ACCOUNT
        key = self._default_keys.get(number)
        if key is None:
            home = self._default_keys[sandboxes.DEFAULT_ACCOUNT].sandbox
            key = self._default_keys[number] = Key(number, home, number, "", root_arn(number))
            self.executor.post(lambda batch: _open_account(home, number))
        return key

    async def call(
        self, caller: Caller, service: str, operation: str, params: Mapping[str, Any]
    ) -> Any:
        """Run an AWS operation; raises AwsError."""
        return await self.executor.call(caller, service, operation, params)

    async def reset_default(self) -> None:
        """Empty the sandbox that unissued keys reach."""
        await self.reset(self.default_key().sandbox)

    async def reset(self, sandbox: int) -> None:
        """Empty a sandbox."""
        await self.executor.run(_reset_of(sandbox), (sandbox,))

    def link(self, sock: socket.socket) -> None:
        """Take calls from the process that holds the other end of ``sock``, and tell it our keys.

        Raises ServiceUnavailable when the engine does not run.
        """
        link = Link(sock, self._answer)
        self._links.add(link)

        def job(batch: Batch) -> None:
            link.tell(self._doors())

        self.executor.attach(link)
        self.executor.post(job)

    def now_ms(self) -> int:
        return wall_ms()

    def allowed_hosts(self, host: str) -> bool:
        return is_own_host(host)

    def _load_keys(self) -> None:
        """Read the keys anew in the writer, and wait for it."""
        self.executor.run_sync(lambda batch: self.load_keys())

    def _doors(self) -> Doors:
        return Doors(self.keys.all(), dict(self._default_keys), list(settings.ALLOWED_HOSTS))

    def _answer(self, name: str, arguments: tuple[Any, ...]) -> "Future[Any]":
        """Answer a question that came over a link; called by the writer."""
        if name == "reset":
            return self.executor.post(_reset_of(*arguments), arguments)
        if name != "open_account":
            raise LookupError(f"nobody can be asked for {name!r}")
        future: Future[Any] = Future()
        future.set_result(self.default_key(*arguments))
        return future


def is_own_host(host: str) -> bool:
    """Tell whether ``host`` (with or without a port) is an address of this server."""
    name = urlsplit(f"//{host}").hostname or ""
    return validate_host(name, settings.ALLOWED_HOSTS or [".localhost", "127.0.0.1", "[::1]"])


@cache
def engine() -> Engine:
    """Return this process's engine."""
    return Engine()


def _reset_of(sandbox: int) -> Job:
    def job(batch: Batch) -> None:
        sandboxes.reset(batch, sandbox)

    return job


def _open_account(sandbox: int, number: str) -> None:
    if not Account.objects.filter(number=number).exists():
        home = Sandbox.objects.get(pk=sandbox)
        sandboxes.add_account(home, number, regions=("us-east-1",))
