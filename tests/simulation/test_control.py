"""What a page may do to time and to actors."""

from collections.abc import Callable

import pytest

from messaging.kernel.batch import Batch
from messaging.kernel.clock import Clock
from messaging.kernel.models import Sandbox
from messaging.kernel.world import World
from messaging.simulation import control
from messaging.simulation.engine import STEPS_PER_BATCH
from messaging.simulation.fields import SettingsError
from messaging.simulation.models import Actor
from tests.fixtures.engine import START_MS
from tests.simulation.conftest import Theatre


def clock_of(theatre: Theatre) -> tuple[int, float, bool]:
    row = Sandbox.objects.get(pk=theatre.sandbox)
    return row.anchor_sim - START_MS, row.rate, row.paused


class TestTime:
    def test_pause_keeps_the_moment_that_was_reached(self, theatre: Theatre) -> None:
        """A world that lags behind its clock is paused where it is: nothing is left out."""
        theatre.producer("shop", theatre.queue("work"), rate=1_000, pace="even")

        def lag(batch: Batch, world: World) -> None:
            world.clock = Clock(START_MS, batch.wall - 900)

        theatre.job(lag)
        reached = control.pause(theatre.sandbox)
        assert reached.now == START_MS + STEPS_PER_BATCH
        assert clock_of(theatre) == (STEPS_PER_BATCH, 1.0, True)
        theatre.beat(60_000)
        assert len(theatre.events("sqs.MessageSent")) == STEPS_PER_BATCH

    def test_play_goes_on_from_there(self, theatre: Theatre) -> None:
        reached = control.play(theatre.sandbox)
        assert (reached.now, reached.paused) == (START_MS, False)
        assert control.pause(theatre.sandbox).paused
        kinds = [(e["kind"], e["by"], e["paused"]) for e in theatre.events()]
        assert kinds == [("clock.Played", "console", False), ("clock.Paused", "console", True)]

    def test_rate_changes_without_a_jump(self, theatre: Theatre) -> None:
        theatre.play()
        at = theatre.beat(4_000).now
        reached = control.set_rate(theatre.sandbox, 50)
        assert reached.rate == 50
        assert reached.now >= at
        [rated] = theatre.events("clock.Rated")
        assert (rated["rate"], rated["paused"]) == (50.0, False)

    @pytest.mark.parametrize("rate", [0, 0.0009, 1000.1, -1, float("nan"), float("inf")])
    def test_a_rate_out_of_range_is_refused(self, theatre: Theatre, rate: float) -> None:
        with pytest.raises(ValueError, match=r"0\.001 to 1000"):
            control.set_rate(theatre.sandbox, rate)
        assert not theatre.events("clock.Rated")

    def test_step_passes_over_moments_without_an_event(self, theatre: Theatre) -> None:
        work = theatre.queue("work")
        theatre.consumer("clerk", work)
        theatre.producer("shop", work, rate=0.1, pace="even")
        assert control.step(theatre.sandbox).now == START_MS + 10_000
        kinds = [event["kind"] for event in theatre.events()][-3:]
        assert kinds == ["sqs.MessageSent", "sqs.MessageReceived", "clock.Stepped"]

    def test_step_pauses_and_skip_does_not(self, theatre: Theatre) -> None:
        work = theatre.queue("work")
        theatre.send(work, "x", DelaySeconds=100)
        theatre.send(work, "y", DelaySeconds=200)
        control.play(theatre.sandbox)
        skipped = control.skip(theatre.sandbox)
        assert skipped.now == START_MS + 100_000
        assert not skipped.paused
        stepped = control.step(theatre.sandbox)
        assert (stepped.now, stepped.paused, stepped.moved) == (START_MS + 200_000, True, True)
        assert clock_of(theatre) == (200_000, 1.0, True)

    def test_with_nothing_due_step_and_skip_stay(self, theatre: Theatre) -> None:
        for move in (control.step, control.skip):
            reached = move(theatre.sandbox)
            assert (reached.now, reached.moved) == (START_MS, False)

    def test_forward_passes_through_everything_on_the_way(self, theatre: Theatre) -> None:
        work = theatre.queue("work")
        theatre.producer("shop", work, rate=10, pace="even")
        reached = control.forward(theatre.sandbox, START_MS + 60_000)
        assert (reached.now, reached.paused) == (START_MS + 60_000, True)
        assert len(theatre.events("sqs.MessageSent")) == 600
        assert len(theatre.events("clock.Skipped")) == 1

    def test_forward_to_the_past_changes_nothing(self, theatre: Theatre) -> None:
        control.forward(theatre.sandbox, START_MS - 5_000)
        assert clock_of(theatre)[0] == 0

    @pytest.mark.parametrize("change", [control.pause, control.play, control.step, control.skip])
    def test_held_polls_look_at_the_new_time(
        self, theatre: Theatre, change: Callable[[int], control.Reached]
    ) -> None:
        theatre.send(theatre.queue("work"), "x", DelaySeconds=9)
        batches: list[Batch] = []
        theatre.executor.advance = lambda batch, world: batches.append(batch)
        change(theatre.sandbox)
        assert batches[-1].reclocked == {theatre.sandbox}

    def test_a_sandbox_that_is_gone(self, theatre: Theatre) -> None:
        with pytest.raises(control.Gone):
            control.pause(theatre.sandbox + 1)


class TestActors:
    def test_it_gets_a_key_of_its_own(self, theatre: Theatre) -> None:
        work = theatre.queue("work")
        keys = [theatre.consumer("Order desk №1", work).key for _ in range(2)]
        assert keys == ["order-desk-no1", "order-desk-no1-2"]
        nodes = [row[3] for row in theatre.log_of("actor.Added")]
        assert nodes == ["actor:order-desk-no1", "actor:order-desk-no1-2"]

    def test_it_calls_from_the_region_of_its_queue(self, theatre: Theatre) -> None:
        actor = theatre.consumer("clerk", "arn:aws:sqs:us-west-2:111122223333:far")
        assert (actor.account, actor.region) == ("111122223333", "us-west-2")

    def test_settings_are_checked_before_anything_changes(self, theatre: Theatre) -> None:
        work = theatre.queue("work")
        before = theatre.log()
        with pytest.raises(SettingsError):
            theatre.consumer("clerk", work, slots=-1)
        with pytest.raises(SettingsError):
            control.add_actor(theatre.sandbox, kind="wizard", label="x", settings={})
        assert theatre.log() == before
        assert not Actor.objects.exists()

    def test_a_stopped_actor_does_nothing_and_a_started_one_begins_anew(
        self, theatre: Theatre
    ) -> None:
        work = theatre.queue("work", VisibilityTimeout="5")
        theatre.consumer("clerk", work, work="fixed", seconds=3)
        theatre.send(work, "x")
        theatre.to(1_000)
        stopped = control.stop_actor(theatre.sandbox, "clerk")
        assert (stopped.state, stopped.next_at, stopped.memory.get("jobs")) == (
            "stopped",
            None,
            None,
        )
        theatre.to(10_000)
        assert not theatre.events("sqs.MessageDeleted")
        assert [e["at"] for e in theatre.events("sqs.MessageVisible")] == [5_001]
        control.start_actor(theatre.sandbox, "clerk")
        theatre.to(20_000)
        assert [e["at"] for e in theatre.events("sqs.MessageReceived")] == [1, 10_001]
        assert len(theatre.events("sqs.MessageDeleted")) == 1

    def test_starting_what_runs_and_stopping_what_is_stopped_leave_no_event(
        self, theatre: Theatre
    ) -> None:
        theatre.consumer("clerk", theatre.queue("work"))
        control.start_actor(theatre.sandbox, "clerk")
        control.stop_actor(theatre.sandbox, "clerk")
        control.stop_actor(theatre.sandbox, "clerk")
        assert len(theatre.log_of("actor.Started")) == 1
        assert len(theatre.log_of("actor.Stopped")) == 1

    def test_settings_change_while_it_works(self, theatre: Theatre) -> None:
        work = theatre.queue("work")
        theatre.producer("shop", work, rate=1, pace="even")
        theatre.consumer("clerk", work, work="fixed", seconds=60)
        theatre.to(5_000)
        faster = {"target": work, "rate": 10, "pace": "even"}
        control.change_actor(theatre.sandbox, "shop", settings=faster)
        wider = {"source": work, "slots": 5, "work": "fixed", "seconds": 1}
        control.change_actor(theatre.sandbox, "clerk", label="Clerk!", settings=wider)
        theatre.to(6_000)
        assert len(theatre.events("sqs.MessageSent")) == 15
        clerk = theatre.actor("clerk")
        assert clerk.label == "Clerk!"
        assert len(clerk.memory["jobs"]) == 5, "four new ones beside what it held"

    def test_a_change_to_another_queue_begins_anew(self, theatre: Theatre) -> None:
        work, other = theatre.queue("work"), theatre.queue("other")
        theatre.consumer("clerk", work)
        theatre.to(100)
        theatre.send(other, "x")
        control.change_actor(theatre.sandbox, "clerk", settings={"source": other})
        theatre.to(200)
        assert [e["arn"] for e in theatre.events("sqs.MessageReceived")] == [other]

    def test_a_removed_actor_is_gone(self, theatre: Theatre) -> None:
        theatre.producer("shop", theatre.queue("work"), rate=10)
        theatre.to(1_000)
        sent = len(theatre.events("sqs.MessageSent"))
        control.remove_actor(theatre.sandbox, "shop")
        theatre.to(5_000)
        assert len(theatre.events("sqs.MessageSent")) == sent
        for act in (control.start_actor, control.stop_actor, control.remove_actor):
            with pytest.raises(control.Gone):
                act(theatre.sandbox, "shop")
        with pytest.raises(control.Gone):
            control.change_actor(theatre.sandbox, "shop", settings={})
