"""From wall seconds to moments."""

import threading
from collections.abc import Callable, Iterator

import pytest

from messaging import sandboxes
from messaging.engine import Engine
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.clock import Clock, wall_ms
from messaging.kernel.errors import Throttling
from messaging.kernel.models import Lease, Sandbox
from messaging.kernel.world import World
from messaging.simulation import control, engine
from messaging.simulation import runner as module
from messaging.simulation.engine import advance
from messaging.simulation.runner import RETRY_MS, Runner
from tests.fixtures.engine import START_MS
from tests.simulation.conftest import Theatre


class TestTick:
    """Without a thread: each tick is a call."""

    @pytest.fixture
    def runner(self, theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> Runner:
        monkeypatch.setattr(module, "_is_shared", lambda: False)
        runner = Runner(theatre.executor, owner="me")
        runner.listen()
        return runner

    @staticmethod
    def set_clock(theatre: Theatre, *, late_by: int, rate: float = 1.0) -> int:
        """Let the clock run, as if it had been started ``late_by`` ms of wall time ago."""
        walls: list[int] = []

        def work(batch: Batch, world: World) -> None:
            walls.append(batch.wall)
            world.clock = Clock(START_MS, batch.wall - late_by, rate)

        theatre.job(work)
        return walls[0]

    def test_nothing_is_asked_of_worlds_with_nothing_to_do(
        self, theatre: Theatre, runner: Runner
    ) -> None:
        theatre.queue("work")
        control.play(theatre.sandbox)
        wall = wall_ms()
        runner.tick(wall)
        runner.tick(wall)
        batches: list[Batch] = []
        theatre.executor.advance = lambda batch, world: batches.append(batch)
        assert runner.tick(wall + 3_600_000) is None
        assert batches == []

    def test_a_due_world_is_leased_and_moved(self, theatre: Theatre, runner: Runner) -> None:
        theatre.producer("shop", theatre.queue("work"), rate=1, pace="even")
        wall = self.set_clock(theatre, late_by=2_500)
        runner.tick(wall)
        assert len(theatre.events("sqs.MessageSent")) == 2
        assert Lease.objects.get().owner == "me"
        after = runner.tick(wall)
        assert after is not None
        assert 400 <= after - wall <= 501, "the third message is due half a second later"

    def test_a_paused_world_is_left_alone(self, theatre: Theatre, runner: Runner) -> None:
        theatre.producer("shop", theatre.queue("work"), rate=1)
        wall = wall_ms()
        runner.tick(wall)
        assert runner.tick(wall + 10) is None

    def test_a_world_that_is_behind_is_asked_again_at_once(
        self, theatre: Theatre, runner: Runner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "LAG_MAX_MS", 3_600_000)
        theatre.producer("shop", theatre.queue("work"), rate=1_000, pace="even")
        wall = self.set_clock(theatre, late_by=900)
        runner.tick(wall)
        ticks = 0
        while (after := runner.tick(wall + 100)) is not None and after <= wall:
            ticks += 1
            assert ticks < 20
        assert len(theatre.events("sqs.MessageSent")) >= 900

    def test_worlds_of_others_are_left_to_them_until_they_vanish(
        self, theatre: Theatre, runner: Runner
    ) -> None:
        theatre.producer("shop", theatre.queue("work"), rate=1, pace="even")
        wall = self.set_clock(theatre, late_by=900)
        held_until = wall + 60_000
        Lease.objects.create(sandbox_id=theatre.sandbox, owner="other", until=held_until)
        runner.tick(wall + 200)
        assert not theatre.events("sqs.MessageSent")
        assert runner.tick(wall + 200) == held_until

        self.set_clock(theatre, late_by=1_500)
        Lease.objects.update(until=wall - 1)
        runner.tick(held_until)
        assert len(theatre.events("sqs.MessageSent")) == 1
        assert Lease.objects.get().owner == "me"

    def test_it_finds_what_played_before_it_came(self, theatre: Theatre) -> None:
        theatre.producer("shop", theatre.queue("work"), rate=1, pace="even")
        wall = self.set_clock(theatre, late_by=5_200)
        theatre.executor.worlds.clear()
        late = Runner(theatre.executor, owner="late")
        late.listen()
        late.tick(wall)
        late.tick(wall)
        assert len(theatre.events("sqs.MessageSent")) == 5

    def test_it_takes_over_what_another_moved_before_it_came(
        self, theatre: Theatre, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_is_shared", lambda: False)
        theatre.producer("shop", theatre.queue("work"), rate=1, pace="even")
        wall = self.set_clock(theatre, late_by=5_200)
        Lease.objects.create(sandbox_id=theatre.sandbox, owner="other", until=wall + 60_000)
        theatre.executor.worlds.clear()
        late = Runner(theatre.executor, owner="late")
        late.listen()
        assert late.tick(wall) == wall + 60_000
        Lease.objects.update(until=wall - 1)
        late.tick(wall + 60_000)
        assert Lease.objects.get().owner == "late"
        assert len(theatre.events("sqs.MessageSent")) == 5

    def test_where_processes_share_a_database_it_looks_around(
        self, theatre: Theatre, runner: Runner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_is_shared", lambda: True)
        wall = wall_ms()
        assert runner.tick(wall) == wall + module.LOOK_AROUND_MS

    def test_a_full_backlog_is_waited_for(
        self, theatre: Theatre, runner: Runner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        theatre.producer("shop", theatre.queue("work"), rate=1, pace="even")
        wall = self.set_clock(theatre, late_by=1_500)

        def refuse(*args: object) -> None:
            raise Throttling

        with monkeypatch.context() as patched:
            patched.setattr(theatre.executor, "post", refuse)
            after = runner.tick(wall)
        assert after is not None
        assert RETRY_MS - 100 <= after - wall <= RETRY_MS + 1_000
        runner.tick(after)
        assert len(theatre.events("sqs.MessageSent")) >= 1

    def test_a_deleted_sandbox_is_forgotten(self, theatre: Theatre, runner: Runner) -> None:
        theatre.producer("shop", theatre.queue("work"), rate=1, pace="even")
        wall = self.set_clock(theatre, late_by=900)
        theatre.executor.run_sync(
            lambda batch: sandboxes.delete(batch, theatre.sandbox), (theatre.sandbox,)
        )
        runner.tick(wall + 1_000)
        assert runner.tick(wall + 2_000) is None


@pytest.mark.django_db(transaction=True)
class TestThread:
    """The real thing: threads, commits, the wall clock; every wait ends with what is waited for."""

    @pytest.fixture
    def live(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
        executor = Executor()
        executor.advance = advance
        live = Engine(executor)
        runner = Runner(executor)
        live.on_start.append(runner.start)
        live.on_stop.append(runner.stop)
        monkeypatch.setattr("messaging.simulation.control.current", lambda: live)
        yield live
        live.stop()

    @staticmethod
    def reached(live: Engine, is_there: Callable[[World], bool]) -> threading.Event:
        """Return an event that is set by the first commit after which ``is_there`` holds."""
        seen = threading.Event()
        live.executor.listeners.append(lambda world: seen.set() if is_there(world) else None)
        return seen

    def make(self, live: Engine) -> Theatre:
        sandbox = live.executor.run_sync(
            lambda batch: sandboxes.create("live", accounts=("402177851930",), paused=True)
        )
        theatre = Theatre(live.executor, sandbox.pk)
        theatre.producer("shop", theatre.queue("work"), rate=5)
        return theatre

    def test_time_passes_by_itself_and_stops_with_the_engine(self, live: Engine) -> None:
        live.start()
        theatre = self.make(live)
        enough = self.reached(live, lambda world: world.last_seq > 60)
        control.set_rate(theatre.sandbox, 1000)
        control.play(theatre.sandbox)
        assert enough.wait(20)
        live.stop()
        assert not Lease.objects.exists(), "left to whoever comes next"
        assert live.executor.listeners[1:] == []
        Sandbox.objects.get(pk=theatre.sandbox)

    def test_a_restart_goes_on_with_what_was_playing(self, live: Engine) -> None:
        live.start()
        theatre = self.make(live)
        control.set_rate(theatre.sandbox, 100)
        control.play(theatre.sandbox)
        live.stop()
        before = len(theatre.log())
        live.executor.worlds.clear()
        more = self.reached(live, lambda world: world.last_seq > before + 5)
        live.start()
        assert more.wait(20)

    def test_stopping_twice_and_without_a_start_is_harmless(self, live: Engine) -> None:
        live.stop()
        live.start()
        live.start()
        live.stop()
        live.stop()
