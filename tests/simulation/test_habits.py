"""Habits of consumers, good and bad: heartbeats, stores, batches, forgetting, crashes."""

from collections.abc import Callable
from statistics import median
from typing import Any

import pytest

from messaging.simulation import control
from messaging.simulation.behaviours import consumer
from messaging.simulation.fields import SettingsError
from tests.simulation.conftest import Theatre

ARN = "arn:aws:sqs:eu-central-1:402177851930:work"


def test_log_normal_work_has_its_median_and_its_95th_percentile(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="600")
    theatre.producer("shop", work, rate=20)
    theatre.consumer("clerk", work, slots=200, batch=10, work="lognormal", seconds=1, seconds_p95=4)
    theatre.to(120_000)
    began = {e["m"]: e["at"] for e in theatre.events("sqs.MessageReceived")}
    took = sorted(e["at"] - began[e["m"]] for e in theatre.events("sqs.MessageDeleted"))
    assert median(took) == pytest.approx(1_000, rel=0.12)
    assert took[int(len(took) * 0.95)] == pytest.approx(4_000, rel=0.2)


def test_poison_in_an_attribute(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.consumer("clerk", work, work="fixed", seconds=1, poison="bad",
                     poison_attribute="verdict")  # fmt: skip
    for value in ("bad", "good"):
        attribute = {"verdict": {"DataType": "String", "StringValue": value}}
        theatre.send(work, "bad in the body only", MessageAttributes=attribute)
    theatre.to(5_000)
    assert [event["why"] for event in theatre.events("actor.Failed")] == ["poison"]
    assert len(theatre.events("sqs.MessageDeleted")) == 1


def test_a_heartbeat_keeps_long_work_hidden(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="5")
    theatre.consumer("clerk", work, work="fixed", seconds=12, heartbeat=3, heartbeat_for=5)
    theatre.send(work, "long")
    theatre.to(20_000)
    assert [e["at"] for e in theatre.events("sqs.VisibilityChanged")] == [
        3_001, 6_001, 9_001, 12_001,
    ][:len(theatre.events("sqs.VisibilityChanged"))]  # fmt: skip
    assert theatre.actor("clerk").memory["extended"] >= 3
    assert len(theatre.events("sqs.MessageReceived")) == 1
    assert not theatre.events("sqs.MessageVisible")


def test_without_a_heartbeat_the_side_effect_happens_twice(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="5")
    theatre.consumer("clerk", work, slots=2, work="fixed", seconds=6)
    theatre.send(work, "long")
    theatre.to(30_000)
    memory = theatre.actor("clerk").memory
    # Each time the handle is too old when the work is done: it goes on for ever.
    assert (memory["once"], memory["twice"]) == (1, 4)
    assert len(theatre.events("actor.Repeated")) == 4
    assert not theatre.events("sqs.MessageDeleted")


def test_with_an_idempotency_store_it_happens_once(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="5")
    theatre.consumer("clerk", work, slots=2, work="fixed", seconds=6, idempotent=True)
    theatre.send(work, "long")
    theatre.to(30_000)
    memory = theatre.actor("clerk").memory
    # The third time it is known at once, and deleted before its timeout ends.
    assert (memory["once"], memory.get("twice", 0), memory["skipped"]) == (1, 0, 2)
    assert [event["at"] for event in theatre.events("sqs.MessageDeleted")] == [10_006]


def test_a_share_is_forgotten_and_comes_back(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="2")
    theatre.producer("shop", work, rate=10)
    theatre.consumer("clerk", work, slots=20, batch=10, work="fixed", seconds=0.1, forget_share=0.2)
    theatre.to(60_000)
    memory = theatre.actor("clerk").memory
    assert 0.15 < memory["forgotten"] / memory["received"] < 0.25
    assert memory["twice"] > 50
    assert len(theatre.events("actor.Forgot")) == memory["forgotten"]


@pytest.mark.parametrize(("deletes", "gone"), [("batch", 2), ("all-or-none", 0)])
def test_one_failure_in_a_batch(theatre: Theatre, deletes: str, gone: int) -> None:
    work = theatre.queue("work", VisibilityTimeout="30")
    for body in ("a", "NaN", "c"):
        theatre.send(work, body)
    theatre.consumer("clerk", work, slots=3, batch=3, work="uniform", seconds=1, seconds_most=3,
                     poison="NaN", deletes=deletes)  # fmt: skip
    theatre.to(10_000)
    deleted = theatre.events("sqs.MessageDeleted")
    assert len(deleted) == gone
    assert len({event["at"] for event in deleted}) <= 1
    whys = sorted(event["why"] for event in theatre.events("actor.Failed"))
    assert whys == (["poison"] if gone else ["batch", "batch", "poison"])


def test_a_crash_lets_everything_fall_and_it_comes_up_again(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="10")
    theatre.producer("shop", work, rate=5)
    theatre.consumer("clerk", work, slots=5, work="fixed", seconds=1, crash_every=20, crash_down=3)
    theatre.to(300_000)
    crashed, back = theatre.events("actor.Crashed"), theatre.events("actor.Restarted")
    assert 6 < len(crashed) < 28
    pairs = list(zip(crashed, back, strict=False))
    assert all(up["at"] - down["at"] == 3_000 for down, up in pairs)
    assert any(event["held"] for event in crashed)
    for down, up in pairs:
        assert not [e for e in theatre.events("sqs.MessageReceived")
                    if down["at"] < e["at"] < up["at"]]  # fmt: skip


def test_stopping_one_that_is_down_forgets_the_crash(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.consumer("clerk", work, crash_every=1, crash_down=1_000)
    theatre.to(60_000)
    assert "down" in theatre.actor("clerk").memory
    control.stop_actor(theatre.sandbox, "clerk")
    assert "down" not in theatre.actor("clerk").memory


def test_good_habits_too_give_the_same_log_twice(new_theatre: Callable[..., Theatre]) -> None:
    logs = []
    for cuts in ([], list(range(0, 20_000, 700))):
        theatre = new_theatre()
        work = theatre.queue("work", VisibilityTimeout="2")
        theatre.producer("shop", work, rate=6, groups=4, group_skew=0.5,
                         body="${uuid} ${name} ${city} ${amount}")  # fmt: skip
        theatre.consumer("clerk", work, slots=6, batch=3, work="lognormal", seconds=0.5,
                         seconds_p95=5, heartbeat=1, heartbeat_for=2, idempotent=True,
                         forget_share=0.1, deletes="batch", crash_every=6,
                         crash_down=1)  # fmt: skip
        for stop in cuts:
            theatre.to(stop)
            theatre.executor.worlds.clear()
        theatre.to(20_000)
        logs.append(theatre.log())
    assert len(logs[0]) > 200
    assert logs[0] == logs[1]


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"work": "lognormal", "seconds": 2, "seconds_p95": 1}, "seconds_p95"),
        ({"deletes": "some"}, "deletes"),
        ({"forget_share": 2}, "forget_share"),
        ({"heartbeat": -1}, "heartbeat"),
        ({"heartbeat_for": 0}, "heartbeat_for"),
        ({"idempotent": "yes"}, "idempotent"),
        ({"crash_every": -1}, "crash_every"),
        ({"crash_down": 0}, "crash_down"),
    ],
)
def test_settings_that_cannot_be_used_are_named(raw: dict[str, Any], field: str) -> None:
    with pytest.raises(SettingsError) as caught:
        consumer.read({"source": ARN, **raw})
    assert caught.value.field == field
