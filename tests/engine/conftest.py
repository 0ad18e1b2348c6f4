"""A running executor: its own thread, its own transactions, a sandbox whose clock runs."""

from collections.abc import Iterator

import pytest

from messaging import sandboxes
from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.models import Sandbox
from messaging.simulation.engine import advance
from tests.engine.processes import Process
from tests.fixtures.engine import ACCOUNT, REGION, Api


@pytest.fixture
def executor(transactional_db: None) -> Iterator[Executor]:
    """Return an executor with a writer thread."""
    executor = Executor()
    executor.advance = advance
    executor.start()
    yield executor
    executor.stop()


@pytest.fixture
def sandbox(executor: Executor) -> Sandbox:
    """Return a sandbox whose clock shows the wall's time."""
    made: Sandbox = executor.run_sync(
        lambda batch: sandboxes.create("live", accounts=(ACCOUNT,), regions=(REGION,))
    )
    return made


@pytest.fixture
def sqs(executor: Executor, sandbox: Sandbox) -> Api:
    """Return SQS through the one door."""
    principal = f"arn:aws:iam::{ACCOUNT}:root"
    return Api(executor, Caller(sandbox.pk, ACCOUNT, REGION, principal, "client:test"))


@pytest.fixture
def url(sqs: Api) -> str:
    """Return the URL of a queue."""
    return str(sqs.create_queue(QueueName="work")["QueueUrl"])


@pytest.fixture
def processes(transactional_db: None) -> Iterator[tuple[Process, Process]]:
    """Return two server processes on one database, not started yet."""
    pair = Process.make("one"), Process.make("two")
    yield pair
    for process in pair:
        process.engine.stop()


@pytest.fixture
def shared(transactional_db: None) -> Sandbox:
    """Return a sandbox that several processes serve."""
    return sandboxes.create("shared", accounts=(ACCOUNT,), regions=(REGION,))
