"""Time as a whole: worlds that run alike leave the same log, and actors of the past look alike."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.history.chronicle import Chronicle
from dashboard.history.frames import frame
from dashboard.topology.snapshot import read_head
from messaging import sandboxes
from messaging.engine import engine
from messaging.kernel.context import Caller
from messaging.kernel.models import Event, Sandbox
from messaging.simulation import control, until
from tests.fixtures.engine import ACCOUNT, REGION, START_MS
from tests.live.test_equality import fresh_look
from tests.live.twin import Canonical, Twin

SECOND = 1_000


@pytest.fixture(autouse=True)
def _fresh_engine(db: None) -> Iterator[None]:
    engine().executor.worlds.clear()
    yield
    engine().executor.worlds.clear()


def arn(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def world(name: str) -> Sandbox:
    """Make a shop whose clerk fails now and then, and whose poison ends in a dead-letter queue."""
    made = sandboxes.create(
        name, accounts=(ACCOUNT,), regions=(REGION,), seed=11, starts_at=START_MS, paused=True
    )
    root = f"arn:aws:iam::{ACCOUNT}:root"
    caller = Caller(made.pk, ACCOUNT, REGION, root, "client:test", label="test")
    redrive = json.dumps({"deadLetterTargetArn": arn("dead"), "maxReceiveCount": 2})
    for queue, attributes in (
        ("dead", {}),
        ("work", {"RedrivePolicy": redrive, "VisibilityTimeout": "5"}),
    ):
        params = {"QueueName": queue, "Attributes": attributes}
        engine().executor.call_sync(caller, "sqs", "CreateQueue", params)
    shop = {"target": arn("work"), "rate": 1}
    control.add_actor(made.pk, kind="producer", label="shop", settings=shop)
    clerk = {
        "source": arn("work"), "seconds": 1, "failure_rate": 0.3, "crash_every": 12,
        "crash_down": 3, "forget_share": 0.1,
    }  # fmt: skip
    control.add_actor(made.pk, kind="consumer", label="clerk", settings=clerk)
    return made


def log_of(sandbox: Sandbox) -> list[tuple[Any, ...]]:
    rows = Event.objects.of_sandbox(sandbox.pk).order_by("id")
    return [(row.at, row.kind, row.arn, row.cause, row.data) for row in rows]


def test_the_same_seed_and_commands_leave_the_same_log() -> None:
    logs = []
    for name in ("one", "two"):
        made = world(name)
        assert until.run_until(made.pk, until.dead_lettered()).met
        until.run_until(made.pk, until.events_logged(50))
        control.stop_actor(made.pk, "shop")
        assert until.run_until(made.pk, until.empty(arn("work"))).met
        until.run_for(made.pk, 60 * SECOND)
        control.skip(made.pk)
        logs.append(log_of(made))
    assert logs[0] == logs[1]
    assert len(logs[0]) > 100


def test_actors_of_the_past_are_as_busy_as_they_were() -> None:
    made = world("watched")
    looks: dict[int, Canonical] = {}
    for _ in range(120):
        control.step(made.pk)
        looks[last_seq(made)] = fresh_look(made)
    control.change_actor(made.pk, "clerk", settings={"source": arn("dead"), "seconds": 2})
    control.stop_actor(made.pk, "shop")
    looks[last_seq(made)] = fresh_look(made)
    control.remove_actor(made.pk, "shop")
    head = read_head(made.pk)
    assert head is not None
    told = Chronicle(head)
    told.follow(head)
    happened = {kind for _, kind, *_ in log_of(made)}
    assert {"actor.Crashed", "actor.Forgot", "actor.Failed"} <= happened
    for seq, expected in looks.items():
        twin = Twin()
        twin.take(json.dumps(frame(told.at(seq), head)))
        assert seen(twin.canonical()) == seen(expected), f"at event {seq}"


def last_seq(sandbox: Sandbox) -> int:
    return int(Sandbox.objects.get(pk=sandbox.pk).last_seq)


def seen(look: Canonical) -> Canonical:
    """Leave out who waits in a long poll: presence, of which the log does not tell."""
    for node in look["nodes"]:
        node["cfg"].pop("waitUntil", None)
    return look


def test_a_run_that_cannot_end_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(until, "MOMENTS_MAX", 30)
    made = world("endless")
    run = until.run_until(made.pk, until.empty(arn("dead")))
    assert (run.met, run.moments, run.reached.paused) == (False, 30, True)
