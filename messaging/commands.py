"""What waits for the writer: a call or a job, and where its outcome goes."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from messaging import dispatch
from messaging.kernel.batch import Batch

logger = logging.getLogger(__name__)

Job = Callable[[Batch], Any]


class Command:
    """A call or a job that waits for the writer, and the place where its outcome goes."""

    __slots__ = ("call", "future", "job", "loop", "outcome", "patience_ends", "sandboxes")

    def __init__(
        self,
        *,
        call: dispatch.Call | None = None,
        job: Job | None = None,
        sandboxes: Sequence[int] = (),
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.call = call
        self.job = job
        self.sandboxes = sandboxes
        self.loop = loop
        self.future: Any = Future() if loop is None else loop.create_future()
        self.outcome: Any = None
        self.patience_ends = 0

    @property
    def rank(self) -> int:
        return self.call.operation.rank if self.call is not None else 1

    @property
    def actor(self) -> str:
        """Who calls, as a node of the topology; nobody for a job."""
        return self.call.caller.actor if self.call is not None else ""

    def abandoned(self) -> bool:
        """Tell whether nobody waits for the answer any more."""
        return bool(self.future.cancelled())

    def give_up(self) -> None:
        """Let the next try be the last: the caller's own time is up."""
        if self.call is not None:
            self.call.impatient = True


def rank_of(command: Command) -> int:
    """Return the place of a command in its batch: sends come before receives."""
    return command.rank


def answer(commands: list[Command]) -> None:
    """Resolve the futures: one hop into each event loop for the whole batch."""
    loops: dict[asyncio.AbstractEventLoop, list[Command]] = {}
    for command in commands:
        if command.loop is None:
            _resolve(command)
        else:
            loops.setdefault(command.loop, []).append(command)
    for loop, members in loops.items():
        try:
            loop.call_soon_threadsafe(_resolve_all, members)
        except RuntimeError:
            logger.debug("An event loop ended before %d answers reached it", len(members))


def _resolve_all(commands: list[Command]) -> None:
    for command in commands:
        _resolve(command)


def _resolve(command: Command) -> None:
    """Give a command's outcome to who waits for it, if anybody still does."""
    future = command.future
    if future.done():
        return
    if isinstance(command.outcome, BaseException):
        future.set_exception(command.outcome)
    else:
        future.set_result(command.outcome)
