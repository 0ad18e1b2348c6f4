"""Snapshot + frames = snapshot, whatever happens in whatever order and however it is cut."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.topology.painter import Painter
from messaging import sandboxes
from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox
from tests.fixtures.engine import ACCOUNT, REGION, START_MS, Api, Time
from tests.live.scenarios import Stage
from tests.live.test_equality import fresh_look
from tests.live.twin import Twin

NAMES = st.sampled_from(["orders", "line.fifo", "deep", "orders-dlq"])
STEPS = st.one_of(
    st.tuples(st.just("send"), NAMES, st.integers(0, 6)),
    st.tuples(st.just("receive"), NAMES, st.integers(1, 10)),
    st.tuples(st.just("delete"), NAMES, st.integers(0, 5)),
    st.tuples(st.just("hide"), NAMES, st.sampled_from([0, 3, 60])),
    st.tuples(st.just("wait"), NAMES, st.integers(1, 20)),
    st.tuples(st.just("configure"), NAMES, st.integers(0, 9)),
    st.tuples(st.just("purge"), NAMES, st.just(0)),
    st.tuples(st.just("look"), NAMES, st.just(0)),
)


class Play:
    """A sandbox in which drawn steps happen while a painter follows."""

    def __init__(self, executor: Executor, sandbox: Sandbox) -> None:
        root = f"arn:aws:iam::{ACCOUNT}:root"
        caller = Caller(sandbox.pk, ACCOUNT, REGION, root, "client:test", label="test")
        self.stage = Stage(Api(executor, caller), Time(executor, sandbox.pk))
        self.stage.prepare()
        self.handles: dict[str, list[str]] = {}
        self.numbers = count()
        self.painter = Painter(sandbox.pk)
        self.painter.start()
        self.twin = Twin()
        self.twin.take(self.painter.snapshot("e"))

    def send(self, name: str, number: int) -> None:
        group = "abc"[number % 3] if name.endswith(".fifo") else ""
        delay = number if not group and number > 3 else 0
        self.stage.send(name, f"x{next(self.numbers)}", group=group, delay=delay)

    def receive(self, name: str, number: int) -> None:
        self.handles.setdefault(name, []).extend(self.stage.receive(name, number))

    def delete(self, name: str, number: int) -> None:
        for handle in self.handles.get(name, [])[:number]:
            self.stage.sqs.delete_message(QueueUrl=self.stage.url(name), ReceiptHandle=handle)

    def hide(self, name: str, number: int) -> None:
        for handle in self.handles.get(name, [])[-2:]:
            self.stage.sqs.change_message_visibility(
                QueueUrl=self.stage.url(name), ReceiptHandle=handle, VisibilityTimeout=number
            )

    def wait(self, name: str, number: int) -> None:
        self.stage.clock.advance(number)

    def configure(self, name: str, number: int) -> None:
        delay = {"DelaySeconds": str(number)}
        self.stage.sqs.set_queue_attributes(QueueUrl=self.stage.url(name), Attributes=delay)

    def purge(self, name: str, number: int) -> None:
        self.stage.sqs.purge_queue(QueueUrl=self.stage.url(name))

    def look(self, name: str, number: int) -> None:
        batch = self.painter.advance()
        if batch is not None:
            self.twin.take(batch.text)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=5, max_size=40))
def test_any_run_leads_to_what_a_fresh_look_says(
    executor: Executor, steps: list[tuple[str, str, int]]
) -> None:
    sandbox = sandboxes.create(
        "random", accounts=(ACCOUNT,), regions=(REGION,), seed=3, starts_at=START_MS, paused=True
    )
    play = Play(executor, sandbox)
    for action, name, number in [*steps, ("look", "orders", 0)]:
        try:
            getattr(play, action)(name, number)
        except AwsError as error:
            assert error.status < 500
    assert play.twin.canonical() == fresh_look(sandbox)
