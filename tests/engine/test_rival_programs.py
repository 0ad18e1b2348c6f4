"""Two programs on one sandbox at once, one of which dies: nothing is lost, doubled or half-done."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import orjson
import pytest

from messaging import sandboxes
from messaging.executor import Executor
from messaging.kernel.models import Event, Sandbox
from messaging.sqs.models import Message
from tests.engine.processes import WAIT_S, Process
from tests.fixtures.engine import ACCOUNT, REGION
from tests.live.test_kill import PROGRAM, ROOT, environment
from tests.services.sqs import invariants

pytestmark = [pytest.mark.needs("postgres"), pytest.mark.django_db(transaction=True)]

LINES = 250


class Program:
    """A running program, and what it has said so far."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.said: dict[str, list[str]] = {"sent": [], "deleting": [], "deleted": []}
        self.enough = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def kill(self) -> None:
        """End it as the machine would, and hear its last words."""
        self.process.kill()
        self._reader.join(WAIT_S)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for count, line in enumerate(self.process.stdout):
            word, *bodies = line.split()
            self.said[word] += bodies
            if count == LINES:
                self.enough.set()


def test_two_programs_share_a_sandbox_and_both_are_killed() -> None:
    sandbox, url = _prepare()
    with ExitStack() as stack:
        programs = [stack.enter_context(_program(sandbox, url, name)) for name in ("a", "b")]
        for program in programs:
            assert program.enough.wait(60), "a program did not get to work"
            program.kill()
    sent, deleting, deleted = (
        Counter(body for program in programs for body in program.said[word])
        for word in ("sent", "deleting", "deleted")
    )
    assert max(deleted.values()) == max(deleting.values()) == 1, "a message came to both"
    left = Counter(Message.objects.values_list("body", flat=True))
    assert sent.keys() - deleting.keys() <= left.keys(), "an acknowledged send is lost"
    assert not deleted.keys() & left.keys(), "an acknowledged delete came back"
    received = Event.objects.filter(kind="sqs.MessageReceived")
    assert {orjson.loads(event.data)["was"] for event in received} == {"v"}
    invariants.check(sandbox.pk)


def _prepare() -> tuple[Sandbox, str]:
    executor = Executor()
    made: Sandbox = executor.run_sync(
        lambda batch: sandboxes.create("rivals", accounts=(ACCOUNT,), regions=(REGION,))
    )
    process = Process.make("here")
    return made, str(process.api(made).create_queue(QueueName="work")["QueueUrl"])


@contextmanager
def _program(sandbox: Sandbox, url: str, name: str) -> Iterator[Program]:
    command = [sys.executable, str(PROGRAM), str(sandbox.pk), ACCOUNT, url, name]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        yield Program(process)
    finally:
        process.kill()
        process.wait(WAIT_S)
        assert process.stdout is not None
        process.stdout.close()
