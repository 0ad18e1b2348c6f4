"""What waits for the writer: a call or a job, and where its outcome goes."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from django.db import Error, connection

from messaging import dispatch
from messaging.kernel import outages
from messaging.kernel.batch import Batch
from messaging.kernel.errors import AwsError, InternalFailure
from messaging.kernel.later import finished

logger = logging.getLogger(__name__)

Job = Callable[[Batch], Any]


class Command:
    """A call or a job that waits for the writer, and the place where its outcome goes."""

    __slots__ = (
        "call",
        "future",
        "is_remote",
        "job",
        "loop",
        "outcome",
        "patience_ends",
        "sandboxes",
    )

    def __init__(
        self,
        *,
        call: dispatch.Call | None = None,
        job: Job | None = None,
        sandboxes: Sequence[int] = (),
        loop: asyncio.AbstractEventLoop | None = None,
        future: Any = None,
    ) -> None:
        self.call = call
        self.job = job
        self.sandboxes = sandboxes
        self.loop = loop
        # Whoever gave a future of his own takes results as they are (Later).
        self.is_remote = future is not None
        self.future: Any = future
        if future is None:
            self.future = Future() if loop is None else loop.create_future()
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
        """Tell whether nobody waits for the answer any more: they left, or were refused."""
        return bool(self.future.done())

    def give_up(self) -> None:
        """Let the next try be the last: the caller's own time is up."""
        if self.call is not None:
            self.call.impatient = True

    def take_note(self) -> None:
        """Keep what a long poll has left for its next try; what it stands for is committed now."""
        if self.call is not None:
            self.call.note = self.outcome.note


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


def undone(commands: list[Command], error: BaseException) -> list[Command]:
    """Say to commands whose transaction failed why; nothing of them was kept."""
    if isinstance(error, dispatch.Redo) and error.__cause__ is not None:
        outcome: BaseException = error.__cause__
    elif isinstance(error, Error):
        logger.error("The database refused a transaction: %s", error)
        connection.close()
        outcome = outages.refusal(error)
    else:
        logger.exception("A command failed", exc_info=error)
        outcome = InternalFailure()
    # What would end the caller's thread or its event loop stays here.
    told = error if isinstance(error, Exception) else outcome
    for command in commands:
        command.outcome = told if command.job is not None else outcome
    return commands


def refuse(commands: list[Command], error: Callable[[], AwsError]) -> None:
    """Give an error to who has no answer yet; an answer that is on its way arrives first."""
    for command in commands:
        if command.loop is None:
            _fail(command.future, error())
            continue
        try:
            command.loop.call_soon_threadsafe(_fail, command.future, error())
        except RuntimeError:
            logger.debug("An event loop ended before a refusal reached it")


def _resolve_all(commands: list[Command]) -> None:
    for command in commands:
        _resolve(command)


def _resolve(command: Command) -> None:
    """Give a command's outcome to who waits for it, if anybody still does."""
    future, outcome = command.future, command.outcome
    if future.done():
        return
    try:
        if isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome if command.is_remote else finished(outcome))
    except BaseException:  # the others of its batch still wait for theirs
        logger.exception("An answer did not arrive")
        _fail(future, InternalFailure())


def _fail(future: Any, error: AwsError) -> None:
    """Give an error to who waits, if nothing else has come."""
    if not future.done():
        future.set_exception(error)
