"""A writer thread for tests of what happens between commands."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from messaging import dispatch, sandboxes
from messaging.commands import Command
from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.models import Sandbox
from messaging.simulation.engine import advance
from tests.fixtures.engine import ACCOUNT, REGION, START_MS

PATIENCE_S = 10


@dataclass
class Writer:
    """An executor with its thread, and one sandbox with a queue."""

    executor: Executor
    sandbox: Sandbox
    url: str = ""

    @property
    def caller(self) -> Caller:
        return caller_of(self.sandbox)

    def call(self, operation: str, **params: Any) -> Any:
        """Run an operation of SQS and wait for its answer."""
        return self.start(operation, **params).result(PATIENCE_S)

    def start(self, operation: str, **params: Any) -> "Future[Any]":
        """Hand an operation to the writer and return at once."""
        return self.submit(self.caller, operation, **params)

    def submit(self, caller: Caller, operation: str, **params: Any) -> "Future[Any]":
        if self.url and operation not in ("CreateQueue", "GetQueueUrl", "ListQueues"):
            params.setdefault("QueueUrl", self.url)
        call = dispatch.prepare(caller, "sqs", operation, params)
        command = Command(call=call, sandboxes=(caller.sandbox,))
        self.executor._enqueue(command)
        future: Future[Any] = command.future
        return future

    @contextmanager
    def one_batch(self) -> Iterator[None]:
        """Keep the writer busy, so that what is started inside shares one transaction."""
        busy, go_on = threading.Event(), threading.Event()

        def job(batch: Any) -> None:
            busy.set()
            assert go_on.wait(PATIENCE_S)

        self.executor.post(job)
        assert busy.wait(PATIENCE_S)
        try:
            yield
        finally:
            go_on.set()

    def settle(self) -> None:
        """Wait until the writer has done what came before."""
        self.executor.run_sync(lambda batch: None)


def caller_of(sandbox: Sandbox) -> Caller:
    return Caller(
        sandbox.pk, ACCOUNT, REGION, f"arn:aws:iam::{ACCOUNT}:root", "client:test", label="test"
    )


@pytest.fixture
def writer(transactional_db: None) -> Iterator[Writer]:
    """Return a running writer, with the queue ``work`` in a paused sandbox."""
    executor = Executor()
    executor.advance = advance
    sandbox = sandboxes.create(
        "test", accounts=(ACCOUNT,), regions=(REGION,), seed=7, starts_at=START_MS, paused=True
    )
    executor.start()
    made = Writer(executor, sandbox)
    made.url = made.call("CreateQueue", QueueName="work")["QueueUrl"]
    yield made
    executor.stop()


@pytest.fixture
def transactions(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by the number of commands of each transaction."""
    sizes: list[int] = []
    original: Callable[..., Any] = writer.executor._transaction

    def counted(commands: list[Command]) -> Any:
        sizes.append(len(commands))
        return original(commands)

    monkeypatch.setattr(writer.executor, "_transaction", counted)
    return sizes
