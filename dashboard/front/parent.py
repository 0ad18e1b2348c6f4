"""The server's side: start the front, move connections to it, start it again when it ends."""

import asyncio
import logging
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from django.conf import settings

from dashboard.front.moving import READY, Ended, Passage, passages
from messaging.engine import Engine
from messaging.kernel.errors import ServiceUnavailable

logger: Final = logging.getLogger(__name__)

# A front that cannot live is not worth a processor: each new try waits longer.
FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 60.0
STOP_SECONDS: Final = 3.0

Arrive = Callable[[socket.socket, bytes], None]


class Front:
    """Keeps a front process alive. ``arrive`` takes connections that it gives back."""

    def __init__(self, engine: Engine, arrive: Arrive) -> None:
        self._engine = engine
        self._arrive = arrive
        self._passage: Passage | None = None
        self._is_open = False
        self._is_ready = False
        self._process: Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @staticmethod
    def is_worthwhile() -> bool:
        """Tell whether two processes can run at once here, and pass connections."""
        return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1

    def start(self) -> None:
        """Keep a front from the first AWS call on: many who only look never make one."""
        self._is_open = True

    def move(self, connection: int, data: bytes) -> bool:
        """Move a connection to the front; return False when it has to stay.

        Until the front is ready all stay, and move with a later call.
        """
        self._keep_one()
        return self._is_ready and self._passage is not None and self._passage.send(connection, data)

    def rest(self) -> None:
        """Move nothing from now on, and start no other front."""
        self._is_open = self._is_ready = False
        if self._keeper is not None:
            self._keeper.cancel()

    async def stop(self) -> None:
        """Wait for the front to end, which it does when the engine has; then make it end."""
        self.rest()
        process = self._process
        if process is not None and process.returncode is None:
            try:
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            except TimeoutError:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        self._leave_passage()

    def _keep_one(self) -> None:
        if self._is_open and self._keeper is None:
            self._keeper = asyncio.get_running_loop().create_task(self._keep())

    async def _keep(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                self._process = await self._begin()
            except (OSError, ServiceUnavailable) as error:
                logger.warning("There is no front for now: %s", error)
            else:
                code = await self._process.wait()
                if self._is_ready:
                    pause = FIRST_PAUSE_SECONDS
                logger.warning("The front has ended (%s), and starts again in %s s", code, pause)
            self._leave_passage()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _begin(self) -> Process:
        here, there = passages()
        ours, theirs = socket.socketpair()
        try:
            numbers = (theirs.fileno(), there.socket.fileno())
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "dashboard.front",
                *map(str, numbers),
                cwd=settings.BASE_DIR,
                pass_fds=numbers,
                # Ctrl-C is the server's: the front ends when its link does.
                start_new_session=True,
                stdin=DEVNULL,
            )
            self._passage = here
            asyncio.get_running_loop().add_reader(here.socket.fileno(), self._listen)
            self._engine.link(ours)
        except BaseException:
            ours.close()
            here.close()
            raise
        finally:
            theirs.close()
            there.close()
        return process

    def _listen(self) -> None:
        passage = self._passage
        if passage is None:
            return
        try:
            while (arrival := passage.receive()) is not None:
                connection, data = arrival
                if connection is not None:
                    self._arrive(connection, data)
                elif data == READY:
                    self._is_ready = True
        except Ended:
            self._leave_passage()

    def _leave_passage(self) -> None:
        passage, self._passage = self._passage, None
        self._is_ready = False
        if passage is not None:
            asyncio.get_running_loop().remove_reader(passage.socket.fileno())
            passage.close()
