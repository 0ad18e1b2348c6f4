"""Server processes as the database sees them: writers with connections of their own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import connection

from messaging.engine import Engine
from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.models import Sandbox
from messaging.simulation.engine import advance
from messaging.simulation.runner import Runner
from tests.fixtures.engine import ACCOUNT, REGION, Api

WAIT_S = 20


@dataclass
class Process:
    """What one server process has of its own: its engine, and its simulation."""

    engine: Engine
    runner: Runner

    @classmethod
    def make(cls, name: str) -> "Process":
        executor = Executor()
        executor.advance = advance
        return cls(Engine(executor), Runner(executor, owner=name))

    @property
    def executor(self) -> Executor:
        return self.engine.executor

    def start(self, *, simulates: bool = False) -> None:
        if simulates:
            self.engine.on_start.append(self.runner.start)
            self.engine.on_stop.append(self.runner.stop)
        self.engine.start()

    def api(self, sandbox: Sandbox) -> Api:
        """Return SQS as this process answers it."""
        root = f"arn:aws:iam::{ACCOUNT}:root"
        return Api(self.executor, Caller(sandbox.pk, ACCOUNT, REGION, root, "client:test"))

    def backend(self) -> int:
        """Return the id of the server process that works for the writer (PostgreSQL)."""
        found: int = self.executor.run_sync(
            lambda batch: batch.db.read("SELECT pg_backend_pid()")[0][0]
        )
        return found

    def reached(self, is_there: Callable[[Any], bool]) -> threading.Event:
        """Return an event that is set by the first commit here after which ``is_there`` holds."""
        seen = threading.Event()
        self.executor.listeners.append(lambda world: seen.set() if is_there(world) else None)
        return seen


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run jobs side by side, each in a thread, and return their results."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(WAIT_S * 2) for future in [pool.submit(job) for job in jobs]]


def hang_up(*pids: int) -> None:
    """End connections to this test's database as a restart of PostgreSQL does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [list(pids)])
        assert cursor.fetchall() == [(True,)] * len(pids)


def backends() -> list[int]:
    """Return who works for connections to this test's database, but for our own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]
