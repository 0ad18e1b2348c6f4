"""The courier's threads: what is left is brought, also by many at once, and stopping is quick."""

import itertools
import threading
from collections.abc import Callable, Iterator
from time import perf_counter

import pytest

from messaging import dispatch, sandboxes
from messaging.courier import Courier
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Errand
from messaging.kernel.packets import Packet

PATIENCE_S = 20
Leave = Callable[[int], None]


@pytest.fixture
def executor(transactional_db: None) -> Iterator[Executor]:
    made = Executor()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def leave(executor: Executor) -> Leave:
    """Return a function that leaves packets for a program outside."""
    numbers = itertools.count()
    home = executor.run_sync(lambda batch: sandboxes.create("errands").pk)

    def post(count: int) -> None:
        def job(batch: Batch) -> None:
            ctx = dispatch.engine_context(batch, batch.entered[home])
            for _ in range(count):
                ctx.deliver(Packet(f"http://127.0.0.1:9/{next(numbers)}", "{}"))

        executor.run_sync(job, (home,))

    return post


def test_what_is_left_is_brought_once_each(executor: Executor, leave: Leave) -> None:
    brought: list[str] = []
    all_there = threading.Event()

    def bring(url: str, body: str) -> AwsError | None:
        brought.append(url)
        if len(brought) == 30:
            all_there.set()
        return None

    leave(10)
    courier = Courier(executor, bring=bring)
    courier.start()
    leave(20)
    assert all_there.wait(PATIENCE_S)
    courier.stop()
    assert len(set(brought)) == 30


def test_stopping_waits_for_nobody_who_is_out(executor: Executor, leave: Leave) -> None:
    out, over = threading.Semaphore(0), threading.Event()

    def bring(url: str, body: str) -> AwsError | None:
        out.release()
        over.wait()
        return None

    courier = Courier(executor, bring=bring)
    courier.start()
    leave(3 * Courier.count)
    for _ in range(Courier.count):
        assert out.acquire(timeout=PATIENCE_S)
    begun = perf_counter()
    courier.stop()
    assert perf_counter() - begun < PATIENCE_S / 2
    over.set()
    assert Errand.objects.count() == 3 * Courier.count
