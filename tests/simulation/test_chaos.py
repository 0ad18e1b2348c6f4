"""Faults: what each does, when it starts and ends, and that it is stored, seeded and logged."""

from collections.abc import Callable
from typing import Any

import pytest

from messaging import sandboxes
from messaging.simulation import chaos, control, topology
from messaging.simulation.fields import SettingsError
from messaging.simulation.models import Fault
from messaging.sqs.errors import RequestThrottled
from tests.fixtures.engine import START_MS
from tests.simulation.conftest import Log, Theatre


def put(theatre: Theatre, target: str, kind: str, **settings: Any) -> Fault:
    return chaos.start(theatre.sandbox, {"target": target, "kind": kind, **settings})


def times(theatre: Theatre, *kinds: str) -> list[int]:
    return [event["at"] for event in theatre.events(*kinds)]


def test_a_fault_is_told_with_all_that_it_is_and_ends_by_itself(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.consumer("clerk", work)
    theatre.to(1_000)
    fault = put(theatre, "actor:clerk", "latency", seconds=3, lasts=20, share=0.5, seed=9)
    [started] = theatre.events("chaos.Started")
    assert (started["at"], started["arn"], started["by"]) == (1_000, "actor:clerk", "console")
    assert (started["fault"], started["share"], started["seconds"]) == ("latency", 0.5, 3)
    assert (started["seed"], started["until"]) == (9, START_MS + 21_000)
    assert chaos.felt(theatre.sandbox) == {"actor:clerk": ["latency"]}
    theatre.to(60_000)
    [ended] = theatre.events("chaos.Ended")
    assert (ended["at"], ended["number"], ended["hits"]) == (21_000, started["number"], 0)
    assert ended["by"] == "engine"
    assert not Fault.objects.filter(pk=fault.pk).exists()
    assert chaos.listed(theatre.sandbox) == []


def test_a_crash_lasts_as_long_as_the_fault(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="10")
    theatre.producer("shop", work, rate=2, pace="even")
    theatre.consumer("clerk", work, slots=4, work="fixed", seconds=3)
    theatre.to(5_000)
    put(theatre, "actor:clerk", "crash", lasts=15)
    theatre.to(6_000)
    [node] = [node for node in topology.nodes(theatre.sandbox) if node.kind == "consumer"]
    assert (node.cfg["meta"], node.cfg["busy"]) == ("crashed", 0)
    theatre.to(40_000)
    [crashed] = theatre.events("actor.Crashed")
    assert (crashed["at"], crashed["why"], crashed["held"]) == (5_000, "fault", 4)
    assert times(theatre, "actor.Restarted") == [20_000]
    received = times(theatre, "sqs.MessageReceived")
    assert not [at for at in received if 5_000 < at <= 20_000]
    assert [at for at in received if at > 20_000]
    assert times(theatre, "sqs.MessageVisible"), "what it held comes back"


def test_taking_a_crash_off_brings_it_up(theatre: Theatre) -> None:
    theatre.consumer("clerk", theatre.queue("work"))
    theatre.to(1_000)
    put(theatre, "actor:clerk", "crash", lasts=600)
    theatre.to(5_000)
    [row] = chaos.listed(theatre.sandbox)
    chaos.stop(theatre.sandbox, row["number"])
    theatre.to(6_000)
    assert times(theatre, "chaos.Ended") == [5_000]
    assert times(theatre, "actor.Restarted") == [5_001]
    with pytest.raises(control.Gone):
        chaos.stop(theatre.sandbox, row["number"])


def test_latency_adds_to_the_work(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.consumer("clerk", work, work="fixed", seconds=1)
    put(theatre, work, "latency", seconds=4, lasts=5)
    for at in (1_000, 10_000):
        theatre.to(at)
        theatre.send(work, "x")
    theatre.to(30_000)
    began, ended = times(theatre, "sqs.MessageReceived"), times(theatre, "sqs.MessageDeleted")
    assert [end - begin for begin, end in zip(began, ended, strict=True)] == [5_000, 1_000]


def test_a_dropped_delete_is_believed_and_the_message_comes_back(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="5")
    theatre.consumer("clerk", work, work="fixed", seconds=1)
    put(theatre, "actor:clerk", "drop", lasts=3)
    theatre.send(work, "x")
    theatre.to(20_000)
    assert len(theatre.events("chaos.Dropped")) == 1
    assert times(theatre, "sqs.MessageReceived") == [1, 5_001]
    assert times(theatre, "sqs.MessageDeleted") == [6_001]
    memory = theatre.actor("clerk").memory
    assert (memory["deleted"], memory["dropped"], memory["twice"]) == (2, 1, 1)


def test_poison_for_a_share_of_the_messages(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=20, pace="even", body="good", poison_body="bad")
    put(theatre, "actor:shop", "poison", share=0.25, lasts=50)
    theatre.to(100_000)
    bad = [event["at"] for event in theatre.events("sqs.MessageSent") if event["b"] == "bad"]
    assert 0.18 < len(bad) / 1_000 < 0.32
    assert max(bad) <= 50_000
    assert theatre.events("chaos.Ended")[0]["hits"] == len(bad)


def test_throttled_calls_get_awss_error_and_are_tried_again(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=1, pace="even", body="${counter}")
    theatre.consumer("clerk", work, slots=5, work="fixed", seconds=0.5)
    put(theatre, work, "throttle", lasts=3)
    theatre.to(20_000)
    failed = theatre.events("api.Failed")
    assert {event["code"] for event in failed} == {"RequestThrottled"}
    assert {event["by"] for event in failed} == {"actor:shop", "actor:clerk"}
    assert {event["arn"] for event in failed} == {work}
    assert max(event["at"] for event in failed) < 3_000
    sent = theatre.events("sqs.MessageSent")
    assert sent[0]["b"] == "1", "nothing was lost"
    assert sent[0]["at"] >= 3_000 - 1_000


def test_a_throttle_on_a_queue_concerns_outside_clients(theatre: Theatre) -> None:
    work, other = theatre.queue("work"), theatre.queue("other")
    put(theatre, work, "throttle", lasts=100)
    with pytest.raises(RequestThrottled):
        theatre.send(work, "x")
    theatre.send(other, "x")
    assert len(theatre.events("sqs.MessageSent")) == 1


def test_later_and_again_and_again(theatre: Theatre) -> None:
    theatre.consumer("clerk", theatre.queue("work"))
    put(theatre, "actor:clerk", "crash", after=10, lasts=2, every=30)
    [scheduled] = theatre.events("chaos.Scheduled")
    assert scheduled["until"] == START_MS + 10_000
    theatre.to(80_000)
    assert times(theatre, "chaos.Started") == [10_000, 40_000, 70_000]
    assert times(theatre, "chaos.Ended") == [12_000, 42_000, 72_000]
    [row] = chaos.listed(theatre.sandbox)
    assert (row["state"], row["next_at"]) == ("waiting", START_MS + 100_000)
    chaos.stop(theatre.sandbox, row["number"])
    assert len(theatre.events("chaos.Cancelled")) == 1
    theatre.to(200_000)
    assert len(theatre.events("chaos.Started")) == 3


def set_stage(theatre: Theatre, *, seed: int = 3) -> str:
    work = theatre.queue("work", VisibilityTimeout="3")
    theatre.producer("shop", work, rate=8)
    theatre.consumer("clerk", work, slots=4, seconds=0.4)
    put(theatre, work, "drop", share=0.3, lasts=8, after=1, seed=seed)
    put(theatre, "actor:clerk", "crash", after=4, lasts=1, every=5)
    put(theatre, work, "throttle", share=0.2, lasts=15, after=2)
    return work


def test_a_restart_in_the_middle_changes_nothing(new_theatre: Callable[..., Theatre]) -> None:
    logs: list[Log] = []
    for cuts in ([], list(range(0, 20_000, 650))):
        theatre = new_theatre()
        set_stage(theatre)
        for stop in cuts:
            theatre.to(stop)
            theatre.executor.worlds.clear()
        theatre.to(20_000)
        logs.append(theatre.log())
    assert len(logs[0]) > 200
    assert logs[0] == logs[1]


def test_the_seed_of_a_fault_is_its_own(new_theatre: Callable[..., Theatre]) -> None:
    drops = []
    for seed in (3, 3, 4):
        theatre = new_theatre()
        set_stage(theatre, seed=seed)
        theatre.to(10_000)
        drops.append(times(theatre, "chaos.Dropped"))
    assert drops[0] == drops[1] != drops[2]


def test_what_is_listed_puts_the_same_fault_elsewhere(new_theatre: Callable[..., Theatre]) -> None:
    one, other = new_theatre(), new_theatre()
    for theatre in (one, other):
        theatre.consumer("clerk", theatre.queue("work"))
    put(one, "actor:clerk", "drop", share=0.5, lasts=60, every=100, seed=5)
    [row] = chaos.listed(one.sandbox)
    chaos.start(other.sandbox, row["settings"])
    assert one.events("chaos.Started") == other.events("chaos.Started")


def test_faults_go_with_their_actor_and_with_a_copy(theatre: Theatre) -> None:
    theatre.consumer("clerk", theatre.queue("work"))
    put(theatre, "actor:clerk", "crash", lasts=60)
    copy = theatre.executor.run_sync(
        lambda batch: sandboxes.duplicate(batch, theatre.sandbox, "copy"), (theatre.sandbox,)
    )
    assert len(chaos.listed(copy.pk)) == 1
    control.remove_actor(theatre.sandbox, "clerk")
    assert chaos.listed(theatre.sandbox) == []
    theatre.to(100_000)


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"target": "actor:nobody"}, "target"),
        ({"target": "arn:aws:sqs:eu-central-1:402177851930:none"}, "target"),
        ({"target": "arn:aws:nonsense:eu-central-1:402177851930:none"}, "target"),
        ({"kind": "fire"}, "kind"),
        ({"kind": "poison"}, "kind"),
        ({"share": 0}, "share"),
        ({"lasts": 0}, "lasts"),
        ({"after": -1}, "after"),
        ({"lasts": 10, "every": 10}, "every"),
        ({"seed": -1}, "seed"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_put_on_is_named(theatre: Theatre, raw: dict[str, Any], field: str) -> None:
    theatre.consumer("clerk", theatre.queue("work"))
    before = theatre.log()
    with pytest.raises(SettingsError) as caught:
        chaos.start(theatre.sandbox, {"target": "actor:clerk", "kind": "drop", **raw})
    assert caught.value.field == field
    assert theatre.log() == before
