"""Whatever goes wrong in the writer, everybody gets an answer and nobody waits for ever."""

import asyncio
import ctypes
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from messaging import commands
from messaging.engine import Engine
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.errors import InternalFailure, ServiceUnavailable
from messaging.kernel.world import World
from messaging.sqs.models import Message
from messaging.writer_thread import MAX_FAILURES
from tests.fixtures.engine import Api

SECONDS = 10


def ended(error: type[BaseException]) -> Callable[[Batch], None]:
    """Return a job that raises ``error``."""

    def job(batch: Batch) -> None:
        raise error

    return job


def break_down(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the writer fail until it gives up, and wait for its end."""
    assert executor._thread is not None

    def broken() -> float:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(executor._waiters, "seconds_to_next", broken)
        executor.post(lambda batch: None)
        executor._thread._thread.join(SECONDS)
    assert not executor.running


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, asyncio.CancelledError])
def test_a_job_that_would_end_the_thread_fails_alone(
    executor: Executor, error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    gate = threading.Event()
    executor.post(lambda batch: gate.wait(SECONDS))
    outcomes: list[Future[Any]] = [
        executor.post(lambda batch: 1),
        executor.post(ended(error)),
        executor.post(lambda batch: None),
    ]
    gate.set()
    told = [future.exception(SECONDS) for future in outcomes]
    assert isinstance(told[1], InternalFailure)
    assert (told[0], told[2]) == (None, None)
    assert "A command failed" in caplog.text
    assert executor.running


@pytest.mark.parametrize("error", [SystemExit, StopIteration])
def test_an_event_loop_survives_such_a_job(executor: Executor, error: type[BaseException]) -> None:
    async def scene() -> Any:
        with pytest.raises(InternalFailure):
            await asyncio.wait_for(executor.run(ended(error)), SECONDS)
        return await asyncio.wait_for(executor.run(lambda batch: "alive"), SECONDS)

    assert asyncio.run(scene()) == "alive"


def test_a_listener_that_exits_takes_nothing_back(
    executor: Executor, sqs: Api, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[int] = []

    def leaves(world: World) -> None:
        raise SystemExit

    executor.listeners += [leaves, lambda world: heard.append(world.id)]
    sent = sqs.send_message(QueueUrl=url, MessageBody="kept")
    assert sent["MessageId"]
    executor.listeners.clear()
    assert Message.objects.get().body == "kept"
    assert heard == [sqs.caller.sandbox]
    assert "A listener failed" in caplog.text


def test_a_callback_that_exits_keeps_no_answer_from_the_others(executor: Executor) -> None:
    gate = threading.Event()
    executor.post(lambda batch: gate.wait(SECONDS))
    first = executor.post(lambda batch: 1)
    first.add_done_callback(ended(SystemExit))  # type: ignore[arg-type]
    second = executor.post(lambda batch: 2)
    gate.set()
    assert (first.result(SECONDS), second.result(SECONDS)) == (1, 2)


def test_what_was_taken_is_answered_when_answering_fails(
    executor: Executor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, failing = commands.answer, [SystemExit]

    def answer(done: list[commands.Command]) -> None:
        if done and failing:
            raise failing.pop()
        real(done)

    monkeypatch.setattr("messaging.executor.answer", answer)
    with pytest.raises(InternalFailure):
        executor.post(lambda batch: None).result(SECONDS)
    assert executor.post(lambda batch: "on it goes").result(SECONDS) == "on it goes"
    assert "The writer failed, and goes on" in [record.message for record in caplog.records]


def test_a_killed_thread_goes_on(executor: Executor, sqs: Api, url: str) -> None:
    """Raise SystemExit in the writer from outside, in the middle of a transaction."""
    assert executor._thread is not None
    thread = executor._thread._thread
    entered = threading.Event()

    def spins(batch: Batch) -> None:
        entered.set()
        for _ in range(10**9):
            continue

    future = executor.post(spins)
    assert entered.wait(SECONDS)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit)
    )
    assert isinstance(future.exception(SECONDS), InternalFailure)
    sqs.send_message(QueueUrl=url, MessageBody="after")
    assert Message.objects.get().body == "after"


def test_after_its_end_callers_are_refused_at_once_until_it_starts_again(
    executor: Executor, sqs: Api, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_down(executor, monkeypatch)
    with pytest.raises(ServiceUnavailable):
        sqs.send_message(QueueUrl=url, MessageBody="lost")

    async def scene() -> None:
        with pytest.raises(ServiceUnavailable):
            await asyncio.wait_for(executor.run(lambda batch: None), SECONDS)

    asyncio.run(scene())
    executor.start()
    sqs.send_message(QueueUrl=url, MessageBody="kept")
    assert Message.objects.get().body == "kept"


def test_a_held_long_poll_is_answered_when_the_writer_breaks_down(
    executor: Executor, sqs: Api, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        params = {"QueueUrl": url, "WaitTimeSeconds": 20}
        poll = asyncio.ensure_future(executor.call(sqs.caller, "sqs", "ReceiveMessage", params))
        await executor.run(lambda batch: None)
        await asyncio.to_thread(break_down, executor, monkeypatch)
        with pytest.raises(InternalFailure):
            await asyncio.wait_for(poll, SECONDS)

    asyncio.run(scene())


def test_what_is_queued_when_it_ends_is_refused(
    executor: Executor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert executor._thread is not None
    gate, entered = threading.Event(), threading.Event()

    def hold(batch: Batch) -> None:
        entered.set()
        gate.wait(SECONDS)

    def broken(queue: Any, taken: Any) -> bool:
        raise MemoryError

    executor.post(hold)
    assert entered.wait(SECONDS)
    waiting = [executor.post(lambda batch: None) for _ in range(3)]
    monkeypatch.setattr(executor._thread, "_serve", broken)
    gate.set()
    told = [future.exception(SECONDS) for future in waiting]
    assert [type(error) for error in told] == [ServiceUnavailable] * 3
    executor._thread._thread.join(SECONDS)
    failures = [r for r in caplog.records if "goes on" in r.message]
    assert len(failures) == MAX_FAILURES
    assert all(record.levelno == logging.CRITICAL for record in failures)


def test_an_engine_starts_and_stops_around_a_writer_that_ended(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Engine()
    started: list[str] = []
    made.on_start.append(lambda: started.append("up"))
    made.on_stop.append(lambda: made.executor.run_sync(lambda batch: None))
    made.start()
    break_down(made.executor, monkeypatch)
    made.start()
    assert made.executor.run_sync(lambda batch: "served") == "served"
    assert started == ["up"]
    break_down(made.executor, monkeypatch)
    made.stop()
    assert not made.executor.running
