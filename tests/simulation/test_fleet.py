"""A fleet is as large as the backlog asks for, within its limits and not too hastily."""

from typing import Any

import pytest

from messaging.simulation import topology
from messaging.simulation.behaviours import fleet
from messaging.simulation.control import add_actor
from messaging.simulation.fields import SettingsError
from tests.simulation.conftest import Theatre

ARN = "arn:aws:sqs:eu-central-1:402177851930:work"


def hire(theatre: Theatre, arn: str, **settings: Any) -> None:
    usual = {"source": arn, "work": "fixed", "seconds": 1, "target_backlog": 10, "period": 10,
             "cooldown_out": 10, "cooldown_in": 30, "most": 8}  # fmt: skip
    add_actor(theatre.sandbox, kind="fleet", label="crew", settings={**usual, **settings})


def sizes(theatre: Theatre) -> list[tuple[int, int, int]]:
    return [(e["at"], e["before"], e["workers"]) for e in theatre.events("actor.Scaled")]


def test_it_grows_with_the_backlog_and_shrinks_when_it_is_gone(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="60")
    for number in range(60):
        theatre.send(work, str(number))
    hire(theatre, work)
    theatre.to(120_000)
    grown, *shrunk = sizes(theatre)
    assert grown == (10_000, 1, 5), "50 wait, 10 is the target of each"
    # The backlog is gone after ten more seconds; 30 s after it grew it may shrink.
    assert shrunk == [(40_000, 5, 1)]
    assert len(theatre.events("sqs.MessageDeleted")) == 60
    event = theatre.events("actor.Scaled")[0]
    assert (event["backlog"], event["target"], event["by"]) == (50, 10, "actor:crew")


def test_limits_hold(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="600")
    for number in range(200):
        theatre.send(work, str(number))
    hire(theatre, work, seconds=100, least=2, most=4)
    theatre.to(60_000)
    assert sizes(theatre) == [(10_000, 2, 4)]
    [node] = topology.nodes(theatre.sandbox)
    assert node.kind == "fleet"
    assert (node.cfg["workers"], node.cfg["slots"], node.cfg["busy"]) == (4, 4, 4)
    assert node.cfg["meta"] == "4 workers · 4 busy"


def test_it_waits_for_its_cooldown(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="600")
    theatre.producer("shop", work, rate=2, pace="even")
    hire(theatre, work, seconds=300, cooldown_out=30, most=50)
    theatre.to(80_000)
    assert [at for at, _, _ in sizes(theatre)] == [10_000, 40_000, 70_000]


def test_scaling_to_none_and_back(theatre: Theatre) -> None:
    work = theatre.queue("work")
    hire(theatre, work, least=0)
    theatre.to(5_000)
    theatre.send(work, "one")
    theatre.to(30_000)
    assert sizes(theatre)[0] == (10_000, 0, 1)
    assert len(theatre.events("sqs.MessageDeleted")) == 1


def test_who_is_let_go_finishes_what_it_holds(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="600")
    for number in range(40):
        theatre.send(work, str(number))
    hire(theatre, work, seconds=25, cooldown_in=0, target_backlog=5)
    theatre.to(400_000)
    assert min(after for _, _, after in sizes(theatre)) == 1
    received = theatre.events("sqs.MessageReceived")
    assert len(received) == 40, "nothing had to be done again"
    assert len(theatre.events("sqs.MessageDeleted")) == 40


def test_one_worker_crashes_and_the_others_go_on(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="5")
    theatre.producer("shop", work, rate=3)
    hire(theatre, work, slots=2, least=3, most=3, crash_every=30, crash_down=8)
    theatre.to(300_000)
    crashed = theatre.events("actor.Crashed")
    assert 10 < len(crashed) < 50
    assert max(event["held"] for event in crashed) <= 2
    down = {at for event in crashed for at in range(event["at"], event["at"] + 8_000, 1_000)}
    worked = [e for e in theatre.events("sqs.MessageReceived") if e["at"] // 1_000 * 1_000 in
              {at // 1_000 * 1_000 for at in down}]  # fmt: skip
    assert worked


def test_a_day_of_a_fleet_and_many_timers_passes_in_seconds(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, pattern="daily", curve="06:00 0.005, 14:00 0.05, 22:00 0.005")
    hire(theatre, work, seconds=20, wait=20, period=300)
    theatre.to(86_400_000)
    assert len(theatre.events("sqs.MessageDeleted")) > 1_000


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({}, "source"),
        ({"source": ARN, "target_backlog": 0}, "target_backlog"),
        ({"source": ARN, "least": 5, "most": 2}, "most"),
        ({"source": ARN, "most": 1_000}, "most"),
        ({"source": ARN, "period": 0}, "period"),
        ({"source": ARN, "cooldown_in": -1}, "cooldown_in"),
        ({"source": ARN, "slots": 0}, "slots"),
        ({"source": ARN, "rate": 1}, "rate"),
    ],
)
def test_settings_that_cannot_be_used_are_named(raw: dict[str, Any], field: str) -> None:
    with pytest.raises(SettingsError) as caught:
        fleet.read(raw)
    assert caught.value.field == field
