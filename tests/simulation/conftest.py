"""A small theatre: queues and actors in a sandbox whose time is in the test's hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from django.db import connection, transaction

from messaging import dispatch, sandboxes
from messaging.engine import engine
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller
from messaging.kernel.database import Database
from messaging.kernel.ids import number_of
from messaging.kernel.models import Event, Sandbox
from messaging.kernel.world import World
from messaging.simulation import control
from messaging.simulation.engine import advance_to
from messaging.simulation.models import Actor
from tests.fixtures.engine import ACCOUNT, REGION, START_MS

Log = list[tuple[int, int, str, str, int | None, str]]


@dataclass
class Theatre:
    """One sandbox with its executor; times are milliseconds after START_MS."""

    executor: Executor
    sandbox: int
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def caller(self) -> Caller:
        return Caller(self.sandbox, ACCOUNT, REGION, f"arn:aws:iam::{ACCOUNT}:root", "client:test")

    def aws(self, operation: str, **params: Any) -> dict[str, Any]:
        return dict(self.executor.call_sync(self.caller, "sqs", operation, params))

    def queue(self, name: str, **attributes: Any) -> str:
        """Create a queue and return its ARN."""
        texts = {key: value if isinstance(value, str) else orjson.dumps(value).decode()
                 for key, value in attributes.items()}  # fmt: skip
        if name.endswith(".fifo"):
            texts["FifoQueue"] = "true"
        made = self.aws("CreateQueue", QueueName=name, Attributes=texts)
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        self.urls[arn] = made["QueueUrl"]
        return arn

    def send(self, arn: str, body: str, **params: Any) -> None:
        self.aws("SendMessage", QueueUrl=self.urls[arn], MessageBody=body, **params)

    def producer(self, label: str, arn: str, **settings: Any) -> Actor:
        return control.add_actor(
            self.sandbox, kind="producer", label=label, settings={"target": arn, **settings}
        )

    def consumer(self, label: str, arn: str, **settings: Any) -> Actor:
        return control.add_actor(
            self.sandbox, kind="consumer", label=label, settings={"source": arn, **settings}
        )

    def actor(self, key: str) -> Actor:
        return Actor.objects.get(sandbox=self.sandbox, key=key)

    def job(self, work: Callable[[Batch, World], Any]) -> Any:
        """Run work in the writer's transaction."""
        return self.executor.run_sync(
            lambda batch: work(batch, batch.entered[self.sandbox]), (self.sandbox,)
        )

    def to(self, at: int, *, steps: int = 1_000_000) -> None:
        """Move time, leaving no trace of its own in the log."""
        while not self.job(
            lambda batch, world: advance_to(batch, world, START_MS + at, steps=steps)
        ):
            pass

    def beat(self, wall: int, work: Callable[[Batch, World], Any] | None = None) -> World:
        """Run one batch as if the wall clock showed START_MS + ``wall``."""
        with connection.wrap_database_errors, transaction.atomic():
            batch = Batch(
                Database(),
                self.executor.worlds,
                accept=dispatch.accept,
                call=dispatch.call,
                wall=START_MS + wall,
            )
            batch.enter([self.sandbox])
            world = batch.entered[self.sandbox]
            self.executor.advance(batch, world)
            if work is not None:
                batch.flush()
                work(batch, world)
            batch.finish()
        for listener in self.executor.listeners:
            listener(world)
        return world

    def play(self, *, rate: float = 1.0) -> None:
        """Let the clock run from START_MS, at both ends."""

        def work(batch: Batch, world: World) -> None:
            world.clock = type(world.clock)(START_MS, START_MS, rate, False)

        self.job(work)

    def log(self) -> Log:
        """Return the whole log, as it is stored."""
        rows = Event.objects.of_sandbox(self.sandbox).order_by("id")
        return [(number_of(e.id), e.at, e.kind, e.arn, e.cause, e.data) for e in rows]

    def log_of(self, kind: str) -> Log:
        return [row for row in self.log() if row[2] == kind]

    def events(self, *kinds: str) -> list[Mapping[str, Any]]:
        return [
            {"at": at - START_MS, "kind": kind, "arn": arn, **orjson.loads(data)}
            for _, at, kind, arn, _, data in self.log()
            if not kinds or kind in kinds
        ]


@pytest.fixture
def new_theatre(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Theatre]:
    """Return a function that opens sandboxes of the same seed and start, all of them paused."""
    monkeypatch.setattr(engine(), "executor", executor)

    def make(*, seed: int = 7) -> Theatre:
        sandbox: Sandbox = sandboxes.create(
            "theatre", accounts=(ACCOUNT,), regions=(REGION,), seed=seed, starts_at=START_MS,
            paused=True,
        )  # fmt: skip
        return Theatre(executor, sandbox.pk)

    return make


@pytest.fixture
def theatre(new_theatre: Callable[..., Theatre]) -> Theatre:
    return new_theatre()
