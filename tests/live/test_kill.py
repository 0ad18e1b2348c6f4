"""What was acknowledged survives ``kill -9`` at any moment, and nothing is half-written."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from messaging import sandboxes
from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.models import Sandbox
from messaging.sqs.models import Message
from tests.fixtures.engine import ACCOUNT, REGION, Api
from tests.services.sqs import invariants

ROUNDS = 4
PROGRAM = Path(__file__).with_name("killed_writer.py")
ROOT = PROGRAM.parent.parent.parent


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_what_was_acknowledged_survives_kill_9(seed: int) -> None:
    sandbox, url = _prepare()
    told = _run_and_kill(sandbox, url, after=random.Random(seed).randrange(300, 900))
    there = list(Message.objects.values_list("body", flat=True))
    assert len(there) == len(set(there))
    assert told["sent"] - told["deleting"] <= set(there), "an acknowledged send is lost"
    assert not told["deleted"] & set(there), "an acknowledged delete came back"
    invariants.check(sandbox.pk)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _prepare() -> tuple[Sandbox, str]:
    executor = Executor()
    made: Sandbox = executor.run_sync(
        lambda batch: sandboxes.create("killed", accounts=(ACCOUNT,), regions=(REGION,))
    )
    principal = f"arn:aws:iam::{ACCOUNT}:root"
    api = Api(executor, Caller(made.pk, ACCOUNT, REGION, principal, "client:test"))
    return made, str(api.create_queue(QueueName="work")["QueueUrl"])


def _run_and_kill(sandbox: Sandbox, url: str, *, after: int) -> dict[str, set[str]]:
    """Let the program work until it has said ``after`` lines, kill it, and return all it said."""
    told: dict[str, set[str]] = {"sent": set(), "deleting": set(), "deleted": set()}
    with _program(sandbox, url) as program:
        assert program.stdout is not None
        for count, line in enumerate(program.stdout):
            if count == after:
                program.kill()
            word, *bodies = line.split()
            told[word].update(bodies)
    assert len(told["deleted"]) > 0
    return told


@contextmanager
def _program(sandbox: Sandbox, url: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, str(PROGRAM), str(sandbox.pk), ACCOUNT, url]
    program = subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        yield program
    finally:
        program.kill()
        program.communicate(timeout=10)


def environment() -> dict[str, str]:
    """Let the program work on this test's database."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{known['NAME']}"
    else:
        password = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
        place = f"{known['HOST']}:{known['PORT']}" if known["PORT"] else known["HOST"]
        address = f"postgres://{known['USER']}{password}@{place}/{known['NAME']}"
    return {**os.environ, "DATABASE_URL": address, "PYTHONPATH": str(ROOT)}
