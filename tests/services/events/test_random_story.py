"""Whatever happens to buses and rules: the map follows, and every moment can be forked."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from dashboard.history import shelf
from dashboard.topology.painter import Painter
from messaging import sandboxes
from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Event, Sandbox
from messaging.patterns.matching import matches
from messaging.patterns.parsing import parse
from tests.fixtures.engine import ACCOUNT, REGION, Api, Time
from tests.live.forked import Album
from tests.live.test_equality import fresh_look
from tests.live.twin import Twin
from tests.services.events.conftest import Queue, entry

BUSES = ("default", "a", "b")
RULES = ("r1", "r2", "r3")
PATTERNS = (
    {"detail": {"n": [1, 2]}},
    {"detail": {"n": [{"numeric": [">", 1]}]}},
    {"source": ["shop"], "detail": {"n": [{"anything-but": [3]}]}},
    {"detail": {"m": [{"exists": False}]}},
)
STEPS = 40


@pytest.fixture
def direct(executor: Executor, caller: Caller) -> Api:
    """Return EventBridge through the one door: errors are part of the game."""
    shelf.forget()
    return Api(executor, caller, "events")


def a_step(dice: Random, api: Api, queue: Queue, clock: Time) -> None:
    """Do one thing that may be refused."""
    bus, rule = dice.choice(BUSES), dice.choice(RULES)
    where = {"Rule": rule, "EventBusName": bus}
    named = {"Name": rule, "EventBusName": bus}
    pattern = json.dumps(dice.choice(PATTERNS))
    steps: list[Callable[[], Any]] = [
        lambda: api.create_event_bus(Name=bus),
        lambda: api.delete_event_bus(Name=bus),
        lambda: api.put_rule(**named, EventPattern=pattern),
        lambda: api.put_rule(**named, EventPattern=pattern, State="DISABLED"),
        lambda: api.put_rule(Name=rule, ScheduleExpression="rate(7 minutes)"),
        lambda: api.put_targets(**where, Targets=[{"Id": "t", "Arn": queue.arn}]),
        lambda: api.put_targets(**where, Targets=[{"Id": "u", "Arn": queue.arn}]),
        lambda: api.remove_targets(**where, Ids=[dice.choice("tu")]),
        lambda: api.enable_rule(**named),
        lambda: api.disable_rule(**named),
        lambda: api.delete_rule(**named),
        lambda: api.put_events(Entries=[entry({"n": dice.randint(1, 4)}, EventBusName=bus)]),
        lambda: clock.advance(dice.choice((1, 500, 1000))),
    ]
    try:
        dice.choice(steps)()
    except AwsError as error:
        assert error.status < 500, error


@pytest.mark.parametrize("seed", range(5))
def test_the_map_follows_and_the_past_is_as_it_was(
    direct: Api, queue: Queue, clock: Time, sandbox: Sandbox, seed: int
) -> None:
    dice, album = Random(seed), Album(sandbox, direct.executor)
    painter, twin = Painter(sandbox.pk), Twin()
    painter.start()
    twin.take(painter.snapshot("e"))
    for _ in range(STEPS):
        a_step(dice, direct, queue, clock)
        batch = painter.advance()
        if batch is not None:
            twin.take(batch.text)
        assert twin.canonical() == fresh_look(sandbox)
        album.take()
    album.compare(dice.sample(album.seqs, 4))


@pytest.mark.parametrize("seed", range(5))
def test_P3_a_queue_gets_what_an_enabled_rule_matches_and_nothing_else(
    direct: Api, queue: Queue, clock: Time, seed: int
) -> None:
    dice = Random(seed)
    for _ in range(STEPS):
        a_step(dice, direct, queue, clock)
    queue.take()
    for number in range(1, 5):
        for bus in BUSES:
            wanted = expected(direct, bus, {"source": "shop", "detail": {"n": number}})
            direct.put_events(Entries=[entry({"n": number}, EventBusName=bus)])
            assert len(queue.take()) == wanted


def expected(api: Api, bus: str, event: dict[str, Any]) -> int:
    """Count the targets of the enabled rules that match, one by one."""
    try:
        rules = api.list_rules(EventBusName=bus)["Rules"]
    except AwsError:
        return 0
    count = 0
    for rule in rules:
        pattern = rule.get("EventPattern")
        if pattern and rule["State"] == "ENABLED" and matches(parse(pattern), event):
            found = api.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus)
            count += len(found["Targets"])
    return count


def test_the_same_seed_gives_the_same_log(executor: Executor) -> None:
    made = []
    for name in ("one", "two"):
        sandbox = sandboxes.create(
            name, accounts=(ACCOUNT,), regions=(REGION,), seed=3, starts_at=1_790_000_000_000,
            paused=True,
        )  # fmt: skip
        root = f"arn:aws:iam::{ACCOUNT}:root"
        caller = Caller(sandbox.pk, ACCOUNT, REGION, root, "client:test", label="test")
        play = Api(executor, caller, "events")
        clock, dice = Time(executor, sandbox.pk), Random(7)
        nowhere = Queue(None, "", f"arn:aws:sqs:{REGION}:{ACCOUNT}:nowhere")
        for _ in range(STEPS):
            a_step(dice, play, nowhere, clock)
        made.append(log_of(sandbox))
    assert made[0] == made[1]
    assert len(made[0]) > STEPS // 2


def log_of(sandbox: Sandbox) -> list[tuple[Any, ...]]:
    rows = Event.objects.of_sandbox(sandbox.pk).order_by("id")
    return [(row.at, row.kind, row.arn, row.cause, row.data) for row in rows]
