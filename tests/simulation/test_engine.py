"""The loop over time: order, exactness, budget, and the same log for the same commands."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.world import World
from messaging.simulation import engine
from messaging.sqs.sending import accept_messages
from tests.fixtures.engine import START_MS
from tests.simulation.conftest import Log, Theatre

DAY_MS = 86_400_000


def set_stage(theatre: Theatre) -> None:
    """Build a pipeline in which everything happens: FIFO and standard, poison, failures."""
    dead = theatre.queue("dead")
    redrive = {"deadLetterTargetArn": dead, "maxReceiveCount": 2}
    work = theatre.queue("work", VisibilityTimeout="3", RedrivePolicy=redrive)
    ledger = theatre.queue("ledger.fifo", VisibilityTimeout="4", DelaySeconds="1")
    theatre.producer("shop", work, rate=8, poison_share=0.2, poison_body="bad ${letters:4}",
                     body="${counter} ${integer:1,9}")  # fmt: skip
    theatre.producer("bank", ledger, rate=5, batch=2, pace="even", groups=3)
    theatre.consumer("clerk", work, slots=3, batch=2, poison="bad", seconds=0.3)
    theatre.consumer("auditor", ledger, slots=2, failure_rate=0.3, work="uniform", seconds=0.2,
                     seconds_most=0.6)  # fmt: skip
    theatre.consumer("poller", work, wait=0, pause=0.4, work="fixed", seconds=0.7)


def test_same_seed_and_commands_give_the_same_log(new_theatre: Callable[..., Theatre]) -> None:
    logs: list[Log] = []
    for _ in range(2):
        theatre = new_theatre()
        set_stage(theatre)
        theatre.to(60_000)
        logs.append(theatre.log())
    assert len(logs[0]) > 1_000
    assert logs[0] == logs[1]


def test_another_seed_gives_another_log(new_theatre: Callable[..., Theatre]) -> None:
    logs = []
    for seed in (1, 2):
        theatre = new_theatre(seed=seed)
        set_stage(theatre)
        theatre.to(5_000)
        logs.append(theatre.log())
    assert logs[0] != logs[1]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stops=st.lists(st.integers(0, 4_000), max_size=12).map(sorted),
    steps=st.sampled_from((1, 7, 1_000)),
)
def test_how_time_is_cut_into_batches_does_not_matter(
    new_theatre: Callable[..., Theatre], stops: list[int], steps: int
) -> None:
    whole, cut = new_theatre(), new_theatre()
    for theatre in (whole, cut):
        set_stage(theatre)
    whole.to(4_000)
    for stop in stops:
        cut.to(stop, steps=steps)
    cut.to(4_000, steps=steps)
    assert cut.log() == whole.log()


def test_losing_what_is_in_memory_does_not_matter(new_theatre: Callable[..., Theatre]) -> None:
    """A restart, or another process that takes over, goes on with the rows."""
    whole, interrupted = new_theatre(), new_theatre()
    for theatre in (whole, interrupted):
        set_stage(theatre)
    whole.to(10_000)
    for stop in range(0, 10_000, 900):
        interrupted.to(stop)
        interrupted.executor.worlds.clear()
    interrupted.to(10_000)
    assert interrupted.log() == whole.log()


def test_two_processes_move_one_world_as_one_does(new_theatre: Callable[..., Theatre]) -> None:
    """Each finds what the other has done: nothing twice, nothing left out."""
    whole, shared = new_theatre(), new_theatre()
    for theatre in (whole, shared):
        set_stage(theatre)
    other = Executor()
    other.advance = engine.advance
    processes = (shared, Theatre(other, shared.sandbox))
    whole.to(6_000)
    for turn, stop in enumerate(range(250, 6_001, 250)):
        processes[turn % 2].to(stop)
    assert shared.log() == whole.log()


def test_one_more_actor_changes_nobody_elses_dice(new_theatre: Callable[..., Theatre]) -> None:
    bodies = []
    for extra in (False, True):
        theatre = new_theatre()
        work, other = theatre.queue("work"), theatre.queue("other")
        if extra:
            theatre.producer("extra", other, rate=20)
        theatre.producer("shop", work, rate=5, body="${integer:1,1000000}")
        theatre.to(10_000)
        sent = theatre.events("sqs.MessageSent")
        bodies.append([(event["at"], event["b"]) for event in sent if event["arn"] == work])
    assert len(bodies[0]) > 20
    assert bodies[0] == bodies[1]


def test_a_paused_world_does_not_move(theatre: Theatre) -> None:
    set_stage(theatre)
    before = theatre.log()
    for wall in range(0, 100_000, 10_000):
        world = theatre.beat(wall)
        assert world.now == START_MS
    assert theatre.log() == before


def test_a_playing_world_follows_the_wall_clock(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=2, pace="even")
    theatre.play()
    for wall in (300, 700, 1_100, 4_900):
        theatre.beat(wall)
    sent = [event["at"] for event in theatre.events("sqs.MessageSent")]
    assert sent == list(range(500, 4_901, 500)), "exact, however late the wall clock looked"


def test_a_thousandfold_rate_gives_the_same_log(new_theatre: Callable[..., Theatre]) -> None:
    stepped, fast = new_theatre(), new_theatre()
    for theatre in (stepped, fast):
        set_stage(theatre)
    fast.play(rate=1000)
    for wall in range(1, 31):
        fast.beat(wall)
    stepped.to(30_000)
    assert fast.log() == stepped.log()


def test_a_day_with_300_timers_passes_at_once(theatre: Theatre) -> None:
    work = theatre.queue("work", VisibilityTimeout="0")
    for _ in range(300):
        theatre.send(work, "x")
    ends = []
    for place in range(300):
        seconds = 60 + place * 143
        theatre.aws("ReceiveMessage", QueueUrl=theatre.urls[work], VisibilityTimeout=seconds)
        ends.append(seconds * 1000)
    batches = 0
    arrived = False
    while not arrived:
        arrived = theatre.job(lambda b, w: engine.advance_to(b, w, START_MS + DAY_MS))
        batches += 1
    shown = [event["at"] for event in theatre.events("sqs.MessageVisible")]
    assert shown == ends
    assert batches <= 1 + 2 * 300 // engine.STEPS_PER_BATCH


def test_step_moves_to_the_next_due_moment_and_no_further(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.send(work, "a", DelaySeconds=5)
    theatre.send(work, "b", DelaySeconds=9)
    for due in (5_000, 9_000):
        assert theatre.job(engine.peek) == START_MS + due
        assert theatre.job(engine.step)
        assert theatre.job(lambda batch, world: world.now) == START_MS + due
    assert [event["at"] for event in theatre.events("sqs.MessageVisible")] == [5_000, 9_000]


def test_a_world_without_anything_to_do_has_no_next_moment(theatre: Theatre) -> None:
    theatre.queue("work")
    assert theatre.job(engine.peek) is None
    assert not theatre.job(engine.step)
    assert theatre.job(lambda batch, world: engine.alarm(world)) is None


def test_services_come_before_actors_at_one_moment(theatre: Theatre) -> None:
    """A message whose delay ends now is there for the poll that happens now."""
    work = theatre.queue("work")
    theatre.send(work, "late", DelaySeconds=1)
    theatre.consumer("poller", work, wait=0, pause=0.999, seconds=1)
    theatre.to(1_000)
    kinds = [
        (e["at"], e["kind"]) for e in theatre.events("sqs.MessageVisible", "sqs.MessageReceived")
    ]
    assert kinds == [(1_000, "sqs.MessageVisible"), (1_000, "sqs.MessageReceived")]


class TestBehind:
    """A world that has more to do than one batch may take."""

    @pytest.fixture
    def busy(self, theatre: Theatre) -> Theatre:
        work = theatre.queue("work")
        theatre.producer("shop", work, rate=1_000, pace="even")
        theatre.play()
        return theatre

    def test_commands_run_at_the_time_that_was_reached(self, busy: Theatre) -> None:
        seen: list[int] = []

        def command(batch: Batch, world: World) -> None:
            Context(batch, world, busy.caller).emit("test.Command", "", {})
            seen.append(world.now)

        world = busy.beat(engine.STEPS_PER_BATCH * 2, command)
        assert seen == [START_MS + engine.STEPS_PER_BATCH]
        assert world.next_due == seen[0] + 1
        times = [event["at"] for event in busy.events()]
        assert times == sorted(times)
        assert busy.beat(engine.STEPS_PER_BATCH * 2 + 1).now == seen[0] + engine.STEPS_PER_BATCH, (
            "it goes on"
        )

    def test_the_clock_of_a_world_that_cannot_keep_up_is_set_back(self, busy: Theatre) -> None:
        world = busy.beat(3_600_000)
        assert world.now == START_MS + engine.STEPS_PER_BATCH
        assert world.clock.now(START_MS + 3_600_000) == world.now
        busy.beat(3_600_050)
        sent = [event["at"] for event in busy.events("sqs.MessageSent")]
        assert sent == list(range(1, engine.STEPS_PER_BATCH + 51)), "nothing was left out"

    def test_a_short_lag_is_caught_up(self, busy: Theatre) -> None:
        world = busy.beat(900)
        assert world.clock.anchor_sim == START_MS
        for wall in range(901, 911):
            world = busy.beat(wall)
        assert world.now == START_MS + 910
        assert len(busy.events("sqs.MessageSent")) == 910


def test_time_does_not_run_backwards_with_the_wall_clock(theatre: Theatre) -> None:
    set_stage(theatre)
    theatre.play()
    for wall in (1_000, 2_000, 3_000):
        reached = theatre.beat(wall).now
    assert reached == START_MS + 3_000
    assert theatre.beat(1_500).now == reached
    theatre.beat(3_500)
    times = [at for _, at, *_ in theatre.log()]
    assert times == sorted(times)


class TestBrokenActor:
    """Whatever goes wrong in one actor, the world goes on."""

    @pytest.fixture
    def broken(self, theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> Theatre:
        work = theatre.queue("work")
        theatre.producer("shop", work, rate=1, pace="even")
        theatre.producer("odd", work, rate=1, pace="even", attributes={"a": "b"})
        monkeypatch.setattr(
            "messaging.sqs.operations.messages.accept_messages", _fail_on_attributes
        )
        return theatre

    def test_it_is_stopped_and_says_why(
        self, broken: Theatre, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken.to(3_000)
        assert len(broken.events("sqs.MessageSent")) == 3
        [stopped] = broken.events("actor.Stopped")
        assert stopped["at"] == 1_000
        assert (stopped["arn"], stopped["by"]) == ("actor:odd", "engine")
        assert stopped["why"] == "RuntimeError: it broke"
        assert broken.actor("odd").state == "stopped"
        assert "odd of sandbox" in caplog.text

    def test_nothing_of_its_act_is_kept(self, broken: Theatre) -> None:
        broken.to(3_000)
        assert not [e for e in broken.events() if e["kind"] == "test.Leftover"]
        numbers = [seq for seq, *_ in broken.log()]
        assert numbers == list(range(1, len(numbers) + 1))


def _fail_on_attributes(ctx: Context, queue: Any, messages: Any) -> list[dict[str, str]]:
    if any(message.attributes for message in messages):
        ctx.emit("test.Leftover", "", {})
        raise RuntimeError("it broke")
    return accept_messages(ctx, queue, messages)
