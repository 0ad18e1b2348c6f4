"""Group commit: one writer runs all calls that wait in one transaction, then answers them."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from queue import Empty
from typing import Any, Final

from django.db import connection, transaction

from messaging import dispatch
from messaging.commands import Command, Job, answer, rank_of, undone
from messaging.inbox import Inbox, Linked
from messaging.kernel import outages
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller
from messaging.kernel.database import Database
from messaging.kernel.errors import AwsError, ServiceUnavailable, Throttling
from messaging.kernel.presence import Presence
from messaging.kernel.waiting import Wait
from messaging.kernel.world import World
from messaging.waiters import Key, Waiters
from messaging.writer_thread import WriterThread

logger = logging.getLogger(__name__)

MAX_BATCH: Final = 512
MAX_BACKLOG: Final = 20_000
TRIES: Final = 3

Advance = Callable[[Batch, World], None]
Listener = Callable[[World], None]


class Executor:
    """The writer of one process. Without a thread (``start``) calls run where they are."""

    def __init__(self) -> None:
        self.worlds: dict[int, World] = {}
        self.advance: Advance = _no_advance
        self.listeners: list[Listener] = []
        self.on_wakes: Callable[[dict[Key, int]], None] | None = None
        self._thread: WriterThread | None = None
        self._waiters: Waiters[Command] = Waiters()
        self.polls = self._waiters.look
        self._presence = Presence()

    @property
    def running(self) -> bool:
        return self._thread is not None and not self._thread.ended

    def start(self) -> None:
        """Start the writer thread, also after one that something has ended."""
        if not self.running:
            self._thread = WriterThread(self._serve, self._give_up)

    def stop(self) -> None:
        """Finish what has been taken, answer held long polls, and end the thread."""
        thread = self._thread
        if thread is not None:
            thread.join()
            self._thread = None
            self._run_rest(thread.queue)
            thread.end()

    async def call(
        self, caller: Caller, service: str, operation: str, params: Mapping[str, Any]
    ) -> Any:
        """Run an AWS operation and return its result; raises AwsError. Long polls are awaited."""
        call = dispatch.prepare(caller, service, operation, params)
        command = Command(call=call, sandboxes=(caller.sandbox,), loop=asyncio.get_running_loop())
        return await self._submit_async(command)

    def call_sync(
        self, caller: Caller, service: str, operation: str, params: Mapping[str, Any]
    ) -> Any:
        """Do the same as ``call`` from a thread that may block."""
        return self.begin(caller, service, operation, params).result()

    def begin(
        self, caller: Caller, service: str, operation: str, params: Mapping[str, Any]
    ) -> "Future[Any]":
        """Queue an AWS operation and return at once; to cancel is to give a held long poll up."""
        call = dispatch.prepare(caller, service, operation, params)
        return self._enqueue(Command(call=call, sandboxes=(caller.sandbox,)))

    async def run(self, job: Job, sandboxes: Sequence[int] = ()) -> Any:
        """Run ``job(batch)`` in the writer's transaction and return what it returns."""
        loop = asyncio.get_running_loop()
        return await self._submit_async(Command(job=job, sandboxes=sandboxes, loop=loop))

    def run_sync(self, job: Job, sandboxes: Sequence[int] = ()) -> Any:
        """Do the same as ``run`` from a thread that may block."""
        return self._enqueue(Command(job=job, sandboxes=sandboxes)).result()

    def post(self, job: Job, sandboxes: Sequence[int] = ()) -> "Future[Any]":
        """Queue ``job(batch)`` and return at once."""
        return self._enqueue(Command(job=job, sandboxes=sandboxes))

    def wake(self, news: dict[Key, int]) -> None:
        """Let held long polls look again: another process has something for them."""
        if self._thread is not None:
            self._thread.queue.put(news)

    def attach(self, link: Linked) -> None:
        """Take calls from another process, too; refused when there is no writer."""
        thread = self._thread
        if thread is None or thread.ended:
            raise ServiceUnavailable
        thread.queue.attach(link)

    async def _submit_async(self, command: Command) -> Any:
        self._enqueue(command)
        return await command.future

    def _enqueue(self, command: Command) -> "Future[Any]":
        thread = self._thread
        if thread is None:
            self._run_here(command)
        elif thread.queue.qsize() >= MAX_BACKLOG:
            raise Throttling
        else:
            thread.put(command)
        future: Future[Any] = command.future
        return future

    def _run_here(self, command: Command) -> None:
        """Run a command in the calling thread; nobody could wake a long poll, so it is not held."""
        answered = self._run_batch([command])
        while not answered:
            answered = self._run_batch(self._waiters.take_all())
        answer(answered)

    def _serve(self, queue: Inbox, taken: list[Command]) -> bool:
        """Take all that waits, commit it, answer it; return False when asked to stop."""
        open_for_business = self._take(queue, taken)
        taken += self._waiters.take_due()
        live = [command for command in taken if not command.abandoned()]
        if live:
            answer(self._run_batch(live))
        if not open_for_business:
            held = self._waiters.take_all()
            taken += held
            answer(self._run_batch(held))
        return open_for_business

    def _give_up(self) -> list[Command]:
        """Forget what may be half done, and return the long polls that nobody will answer."""
        self.worlds.clear()
        return self._waiters.take_all()

    def _run_rest(self, queue: Inbox) -> None:
        """Run what came in while the thread was ending."""
        rest: list[Command] = []
        while not queue.empty():
            self._take(queue, rest)
        for command in rest:
            command.give_up()
        answer(self._run_batch(rest))

    def _take(self, queue: Inbox, taken: list[Command]) -> bool:
        """Wait for work; return False when the executor is asked to stop."""
        try:
            command = queue.get(timeout=self._waiters.seconds_to_next())
            while command is not None:
                if isinstance(command, dict):
                    self._wake_all(command)
                else:
                    taken.append(command)
                if len(taken) >= MAX_BATCH:
                    return True
                command = queue.get_nowait()
        except Empty:
            return True
        return False

    def _run_batch(self, commands: list[Command], *, tries: int = TRIES) -> list[Command]:
        """Run commands in one transaction, one by one if that fails; return what has an outcome."""
        if not commands:
            return []
        try:
            batch = self._transaction(commands)
        except BaseException as error:
            self.worlds.clear()
            if outages.is_clash(error) and tries > 1:
                return self._run_batch(commands, tries=tries - 1)
            if len(commands) > 1 and not outages.is_outage(error):
                return [done for one in commands for done in self._run_batch([one])]
            return undone(commands, error)
        # Held first: what became visible behind a receive that missed it must wake that receive.
        done = [command for command in commands if not self._parked(command)]
        self._after_commit(batch)
        return done

    def _transaction(self, commands: list[Command]) -> Batch:
        self._presence.check()
        with connection.wrap_database_errors, transaction.atomic():
            batch = Batch(Database(), self.worlds, accept=dispatch.accept, call=dispatch.call)
            batch.enter({sandbox for command in commands for sandbox in command.sandboxes})
            for world in batch.entered.values():
                self.advance(batch, world)
            for command in sorted(commands, key=rank_of):
                command.outcome = self._run_one(batch, command)
            batch.commit()
        self._presence.check()
        return batch

    def _run_one(self, batch: Batch, command: Command) -> Any:
        try:
            if command.job is not None:
                batch.flush()
                return command.job(batch)
            call = command.call
            world = batch.entered.get(call.caller.sandbox) if call is not None else None
            if call is None or world is None:
                return ServiceUnavailable("The sandbox of this access key has been deleted.")
            return dispatch.start(batch, world, call)
        except AwsError as error:
            return error

    def _parked(self, command: Command) -> bool:
        """Keep a long poll that has nothing to say yet."""
        if not isinstance(command.outcome, Wait):
            return False
        command.take_note()
        self._waiters.park(command, command.outcome, self.worlds[command.sandboxes[0]])
        return True

    def _after_commit(self, batch: Batch) -> None:
        news = batch.news()
        self._wake_all(news)
        if news and self.on_wakes is not None:
            self.on_wakes(news)
        for sandbox in batch.reclocked:
            self._waiters.wake_sandbox(sandbox)
        for world in batch.entered.values():
            for listener in self.listeners:
                try:
                    listener(world)
                except BaseException:  # what is committed is committed
                    logger.exception("A listener failed on sandbox %d", world.id)

    def _wake_all(self, news: dict[Key, int]) -> None:
        for key, count in news.items():
            self._waiters.wake(key, count)


def _no_advance(batch: Batch, world: World) -> None:
    """Leave time to whoever registers an advance (messaging.simulation does)."""
