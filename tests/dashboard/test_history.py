"""The past of a sandbox: the state at an event is what was there, and markers say where to look."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from dashboard.history import base, chronicle, log, shelf
from dashboard.history.chronicle import Chronicle
from dashboard.history.frames import frame
from dashboard.history.past import Past
from dashboard.topology.snapshot import Head, read_head
from messaging.kernel.models import Event, Sandbox
from messaging.simulation import control
from tests.dashboard.conftest import Desk, toast_of
from tests.fixtures.engine import START_MS, Api, Time
from tests.live.scenarios import SCENES, Stage
from tests.live.test_equality import fresh_look
from tests.live.twin import Canonical, Twin


@pytest.fixture(autouse=True)
def _new_process() -> Iterator[None]:
    shelf.forget()
    yield
    shelf.forget()


@pytest.fixture
def stage(sqs: Api, clock: Time) -> Stage:
    return Stage(sqs, clock)


def head_of(sandbox: Sandbox) -> Head:
    head = read_head(sandbox.pk)
    assert head is not None
    return head


def seen(past: Past, head: Head) -> Canonical:
    twin = Twin()
    twin.take(json.dumps(frame(past, head)))
    return twin.canonical()


def chronicle_of(sandbox: Sandbox) -> Chronicle:
    made = Chronicle(head_of(sandbox))
    made.follow(head_of(sandbox))
    return made


@pytest.mark.parametrize("name", SCENES)
def test_the_state_at_an_event_is_what_a_look_showed_then(
    stage: Stage, sandbox: Sandbox, name: str
) -> None:
    looks: dict[int, Canonical] = {}

    def look(*_: object) -> None:
        looks[head_of(sandbox).last_seq] = fresh_look(sandbox)

    stage.sqs.executor.listeners.append(look)
    stage.prepare()
    SCENES[name][0](stage)
    told = chronicle_of(sandbox)
    for seq, expected in looks.items():
        assert seen(told.at(seq), head_of(sandbox)) == expected, f"at event {seq}"


def test_it_is_the_fold_of_all_events_before(
    stage: Stage, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chronicle, "SPACING", 7)
    stage.prepare()
    SCENES["dead letters"][0](stage)
    head = head_of(sandbox)
    told = chronicle_of(sandbox)
    folded = base.before(head)
    for seq in range(1, head.last_seq + 1):
        folded.fold(log.events(sandbox.pk, seq - 1, seq))
        assert frame(told.at(seq), head) == frame(folded, head)


def test_a_chronicle_goes_on_from_where_it_was(stage: Stage, sandbox: Sandbox) -> None:
    stage.prepare()
    told = chronicle_of(sandbox)
    early = seen(told.at(9), head_of(sandbox))
    SCENES["move back"][0](stage)
    told.follow(head_of(sandbox))
    assert seen(told.at(9), head_of(sandbox)) == early
    assert seen(told.at(told.last), head_of(sandbox)) == fresh_look(sandbox)


def test_keyframes_stay_within_their_bound(
    stage: Stage, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chronicle, "SPACING", 5)
    monkeypatch.setattr(chronicle, "MARKS_MAX", 200)
    stage.prepare()
    SCENES["send many"][0](stage)
    told = chronicle_of(sandbox)
    assert told.weight() <= 200
    assert told.spacing > 5
    assert seen(told.at(told.last), head_of(sandbox)) == fresh_look(sandbox)


@pytest.mark.parametrize("name", ["dead letters", "delete a queue", "time passes", "send many"])
def test_a_log_that_was_cut_still_leads_to_the_present(
    stage: Stage, sandbox: Sandbox, name: str
) -> None:
    """What the log does not see come into being was there before; counts are right at once."""
    counts: dict[int, Any] = {}

    def look(*_: object) -> None:
        counts[head_of(sandbox).last_seq] = fresh_look(sandbox)["ctr"]

    stage.prepare()
    stage.sqs.executor.listeners.append(look)
    cut = head_of(sandbox).last_seq
    SCENES[name][0](stage)
    Event.objects.of_sandbox(sandbox.pk).filter(id__lte=(sandbox.pk << 40) + cut).delete()
    Sandbox.objects.filter(pk=sandbox.pk).update(first_seq=cut + 1)
    told = chronicle_of(sandbox)
    assert told.first == cut
    if name != "delete a queue":
        for seq, expected in counts.items():
            assert seen(told.at(seq), head_of(sandbox))["ctr"] == expected
    last = seen(told.at(told.last), head_of(sandbox))
    now = fresh_look(sandbox)
    assert (last["nodes"], last["edges"], last["ctr"]) == (now["nodes"], now["edges"], now["ctr"])
    with pytest.raises(chronicle.OutOfReach):
        told.at(cut - 1)


class TestPages:
    @pytest.fixture(autouse=True)
    def _story(self, desk: Desk) -> None:
        desk.create()
        desk.send("one")
        desk.send("two")
        received = desk.call("ReceiveMessage", QueueUrl=desk.url("orders"), WaitTimeSeconds=0)
        handle = received["Messages"][0]["ReceiptHandle"]
        desk.call("DeleteMessage", QueueUrl=desk.url("orders"), ReceiptHandle=handle)

    def look(self, desk: Desk, **query: str) -> dict[str, Any]:
        response = desk.get("at/", **query)
        assert response.status_code == 200, response.content
        return dict(json.loads(response.content))

    def seq_of(self, desk: Desk, kind: str) -> int:
        found = Event.objects.of_sandbox(desk.sandbox.pk).filter(kind=kind).order_by("id")
        return int(found[0].pk & (1 << 40) - 1)

    def test_a_moment_says_what_happened_and_where_to_go(self, desk: Desk) -> None:
        seq = self.seq_of(desk, "sqs.MessageReceived")
        told = self.look(desk, seq=str(seq))
        assert (told["t"], told["q"], told["rate"]) == ("snap", seq, 0.0)
        assert told["ctr"][0][1:4] == [1, 1, 0]
        past = told["past"]
        assert (past["kind"], past["first"]) == ("received", 0)
        assert past["event"] == [seq - 1, seq + 1]
        assert past["decision"] == [None, self.seq_of(desk, "sqs.MessageDeleted")]
        assert "received from orders" in past["what"]

    def test_a_step_tells_what_moved_and_which_way(self, desk: Desk) -> None:
        """From where one was; back, what moves is what the step undoes."""
        seq = self.seq_of(desk, "sqs.MessageReceived")
        on = self.look(desk, seq=str(seq), **{"from": str(seq - 1)})
        back = self.look(desk, seq=str(seq - 1), **{"from": str(seq)})
        (row,) = on["moved"]
        assert row[0] == desk.arn("orders")
        assert row[2:4] == ["receive", "f"]
        assert (back["moved"], on["back"], back["back"]) == ([row], False, True)
        assert back["q"] == seq - 1
        assert self.look(desk, seq=str(seq))["moved"] == []

    def test_the_world_was_empty_before_the_first_event(self, desk: Desk) -> None:
        told = self.look(desk, seq="0")
        assert told["nodes"] == []
        assert told["past"]["event"] == [None, 1]

    def test_a_time_finds_its_last_event(self, desk: Desk) -> None:
        assert self.look(desk, time=str(START_MS + 5))["q"] == desk.last_seq()
        assert self.look(desk, time=str(START_MS - 5))["q"] == 0

    @pytest.mark.parametrize(
        ("query", "status"), [({"seq": "999"}, 404), ({"seq": "x"}, 400), ({}, 400)]
    )
    def test_what_cannot_be_shown_is_refused(
        self, desk: Desk, query: dict[str, str], status: int
    ) -> None:
        assert desk.get("at/", **query).status_code == status

    def test_markers_count_each_kind(self, desk: Desk) -> None:
        told = json.loads(desk.get("markers/", buckets="10").content)
        assert told["count"]["sent"] == 2
        assert told["count"]["deleted"] == told["count"]["received"] == 1
        assert told["kinds"]["sent"] == [[9, 2, self.seq_of(desk, "sqs.MessageSent")]]

    def test_markers_fall_into_their_stretch_of_time(self, desk: Desk) -> None:
        desk.post("clock/", action="play")
        desk.post("clock/", action="pause")
        query = {"from": str(START_MS - 500), "to": str(START_MS + 499), "buckets": "2"}
        told = json.loads(desk.get("markers/", **query).content)
        assert [row[0] for row in told["kinds"]["sent"]] == [1]

    def test_a_reset_sandbox_has_another_past(self, desk: Desk) -> None:
        self.look(desk, seq="3")
        desk.post("reset/", name=desk.sandbox.name)
        assert desk.get("at/", seq="3").status_code == 404
        assert self.look(desk, seq="0")["nodes"] == []

    def test_a_sandbox_that_is_not_there_has_none(self, client: Client) -> None:
        assert client.get("/s/nowhere/at/", {"seq": "1"}).status_code == 404


class TestWorld:
    """Every action answers with the clock as it stands then."""

    def run(self, desk: Desk, **data: str) -> tuple[dict[str, Any], str]:
        response = desk.post("clock/", action="until", **data)
        assert response.status_code == 200, toast_of(response)
        return json.loads(response.content), toast_of(response)["text"]

    def receive(self, desk: Desk) -> None:
        desk.call("ReceiveMessage", QueueUrl=desk.url("orders"), WaitTimeSeconds=0)

    def test_an_action_answers_with_the_clock(self, desk: Desk) -> None:
        told = json.loads(desk.post("clock/", action="speed", rate="0.001").content)
        assert told == {"now": START_MS, "rate": 0.001, "paused": True, "moved": True}

    def test_until_events(self, desk: Desk) -> None:
        desk.create()
        for delay in (10, 20, 30):
            desk.send("x", DelaySeconds=delay)
        told, said = self.run(desk, what="events", number="2")
        assert (told["now"], told["paused"], told["met"]) == (START_MS + 20_000, True, True)
        assert said.startswith("Paused at ")

    def test_until_a_message_is_dead_lettered(self, desk: Desk) -> None:
        """A consumer that always fails wears a message out; the world stops where it moves."""
        dlq = desk.create("dead")
        redrive = json.dumps({"deadLetterTargetArn": dlq, "maxReceiveCount": 2})
        arn = desk.create(RedrivePolicy=redrive, VisibilityTimeout="30")
        settings = {"source": arn, "failure_rate": 1, "seconds": 1}
        control.add_actor(desk.sandbox.pk, kind="consumer", label="clumsy", settings=settings)
        desk.send("poison")
        told, _ = self.run(desk, what="dead")
        assert told["met"] is True
        assert len(desk.events("sqs.MessageArrived")) == 1
        assert desk.get("at/", seq=str(desk.last_seq())).status_code == 200

    def test_until_a_queue_is_empty(self, desk: Desk) -> None:
        arn = desk.create()
        for body in "abc":
            desk.send(body, DelaySeconds=60)
        settings = {"source": arn, "seconds": 1}
        control.add_actor(desk.sandbox.pk, kind="consumer", label="clerk", settings=settings)
        told, said = self.run(desk, what="empty", queue=arn)
        assert told["met"] is True
        assert "queue is empty" in said
        assert len(desk.events("sqs.MessageDeleted")) == 3

    def test_until_time_has_passed(self, desk: Desk) -> None:
        told, _ = self.run(desk, what="time", number="3600")
        assert (told["now"], told["met"]) == (START_MS + 3_600_000, True)

    def test_what_never_happens_is_said(self, desk: Desk) -> None:
        arn = desk.create()
        desk.send("stays")
        told, said = self.run(desk, what="empty", queue=arn)
        assert told["met"] is False
        assert "Not within a day" in said

    @pytest.mark.parametrize(
        "data",
        [
            {"what": "luck"},
            {"what": "events", "number": "0"},
            {"what": "events", "number": "many"},
            {"what": "time", "number": "inf"},
            {"what": "empty", "queue": ""},
            {"what": "empty", "queue": "arn:aws:nothing:x:y:z"},
        ],
    )
    def test_what_cannot_be_run_is_refused(self, desk: Desk, data: dict[str, str]) -> None:
        response = desk.post("clock/", action="until", **data)
        assert response.status_code == 400
        assert toast_of(response)["kind"] == "error"
        assert desk.last_seq() == 0
