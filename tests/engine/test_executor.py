"""Group commit: calls that wait share a transaction, and yet each stands or falls alone."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from messaging import executor as executor_module
from messaging.commands import Command
from messaging.dispatch import prepare
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.errors import AwsError, InternalFailure, Throttling
from messaging.kernel.ids import number_of
from messaging.kernel.models import Event, Sandbox
from messaging.registry import SERVICES
from messaging.sqs.models import Message, Queue
from tests.fixtures.engine import Api

TWO = 2


@pytest.fixture
def together(executor: Executor, sqs: Api) -> Callable[..., list[Any]]:
    """Return a function that runs calls in one group commit, and returns results or errors."""

    def run(*calls: tuple[str, dict[str, Any]]) -> list[Any]:
        gate, entered = threading.Event(), threading.Event()

        def hold(batch: Batch) -> None:
            entered.set()
            gate.wait(10)

        executor.post(hold)
        assert entered.wait(10)
        futures: list[Future[Any]] = []
        for operation, params in calls:
            call = prepare(sqs.caller, "sqs", operation, params)
            command = Command(call=call, sandboxes=(sqs.caller.sandbox,))
            executor._enqueue(command)
            futures.append(command.future)
        gate.set()
        return [future.exception(10) or future.result(10) for future in futures]

    return run


def log(sandbox: Sandbox) -> list[int]:
    return [
        number_of(pk) for pk in Event.objects.of_sandbox(sandbox.pk).values_list("id", flat=True)
    ]


def test_a_refused_call_undoes_only_itself(
    together: Callable[..., list[Any]], sandbox: Sandbox, url: str
) -> None:
    good, bad, also_good = together(
        ("SendMessage", {"QueueUrl": url, "MessageBody": "one"}),
        ("SendMessage", {"QueueUrl": url, "MessageBody": ""}),
        ("SendMessage", {"QueueUrl": url, "MessageBody": "two"}),
    )
    assert good["MessageId"] != also_good["MessageId"]
    assert isinstance(bad, AwsError)
    assert sorted(Message.objects.values_list("body", flat=True)) == ["one", "two"]
    assert Queue.objects.get().visible == TWO
    numbers = sorted(log(sandbox))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_call_that_breaks_is_an_internal_failure_to_its_caller_alone(
    together: Callable[..., list[Any]], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(ctx: Context, req: Any) -> Any:
        ctx.emit("test.Started", url, {})
        ctx.db.write("UPDATE sqs_queue SET visible = 99")
        raise RuntimeError("a bug")

    operation = SERVICES["sqs"].operations["ListQueueTags"]
    changed = type(operation)(operation.name, broken, hot=True)
    monkeypatch.setitem(SERVICES["sqs"].operations, "ListQueueTags", changed)
    sent, failed, received = together(
        ("SendMessage", {"QueueUrl": url, "MessageBody": "kept"}),
        ("ListQueueTags", {"QueueUrl": url}),
        ("ReceiveMessage", {"QueueUrl": url}),
    )
    assert isinstance(failed, InternalFailure)
    assert "bug" not in failed.message
    assert received["Messages"][0]["MessageId"] == sent["MessageId"]
    assert not Event.objects.filter(kind="test.Started").exists()
    assert (Queue.objects.get().visible, Queue.objects.get().in_flight) == (0, 1)


def test_a_hot_operation_that_wrote_before_it_failed_is_undone(
    together: Callable[..., list[Any]], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrote_first(ctx: Context, req: Any) -> Any:
        ctx.db.write("UPDATE sqs_queue SET visible = 99")
        raise AwsError("too late")

    operation = SERVICES["sqs"].operations["ListQueueTags"]
    changed = type(operation)(operation.name, wrote_first, hot=True)
    monkeypatch.setitem(SERVICES["sqs"].operations, "ListQueueTags", changed)
    sent, failed = together(
        ("SendMessage", {"QueueUrl": url, "MessageBody": "kept"}),
        ("ListQueueTags", {"QueueUrl": url}),
    )
    assert "MessageId" in sent
    assert isinstance(failed, AwsError)
    assert failed.message == "too late"
    assert Queue.objects.get().visible == 1


def test_sends_come_before_receives_of_the_same_commit(
    together: Callable[..., list[Any]], url: str
) -> None:
    received, sent = together(
        ("ReceiveMessage", {"QueueUrl": url}),
        ("SendMessage", {"QueueUrl": url, "MessageBody": "first"}),
    )
    assert received["Messages"][0]["MessageId"] == sent["MessageId"]


def test_past_the_backlog_callers_are_throttled(
    executor: Executor, sqs: Api, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executor_module, "MAX_BACKLOG", 0)
    with pytest.raises(Throttling, match="Rate exceeded"):
        sqs.send_message(QueueUrl=url, MessageBody="one too many")


def test_a_long_poll_is_woken_by_a_send(executor: Executor, sqs: Api, url: str) -> None:
    async def scene() -> Any:
        params = {"QueueUrl": url, "WaitTimeSeconds": 20}
        poll = asyncio.ensure_future(executor.call(sqs.caller, "sqs", "ReceiveMessage", params))
        await executor.run(lambda batch: None)
        assert not poll.done()
        await executor.call(
            sqs.caller, "sqs", "SendMessage", {"QueueUrl": url, "MessageBody": "at last"}
        )
        return await asyncio.wait_for(poll, 10)

    assert asyncio.run(scene())["Messages"][0]["Body"] == "at last"


def test_one_message_wakes_one_of_many_polls(executor: Executor, sqs: Api, url: str) -> None:
    async def scene() -> list[Any]:
        params = {"QueueUrl": url, "WaitTimeSeconds": 1}
        polls = [
            asyncio.ensure_future(executor.call(sqs.caller, "sqs", "ReceiveMessage", params))
            for _ in range(5)
        ]
        await executor.run(lambda batch: None)
        await executor.call(
            sqs.caller, "sqs", "SendMessage", {"QueueUrl": url, "MessageBody": "one"}
        )
        return await asyncio.wait_for(asyncio.gather(*polls), 10)

    assert sum(len(answer.get("Messages", [])) for answer in asyncio.run(scene())) == 1


def test_a_client_that_has_gone_takes_no_message_with_it(
    executor: Executor, sqs: Api, url: str
) -> None:
    async def scene() -> Any:
        params = {"QueueUrl": url, "WaitTimeSeconds": 20}
        gone = asyncio.ensure_future(executor.call(sqs.caller, "sqs", "ReceiveMessage", params))
        stays = asyncio.ensure_future(executor.call(sqs.caller, "sqs", "ReceiveMessage", params))
        await executor.run(lambda batch: None)
        gone.cancel()
        await executor.call(
            sqs.caller, "sqs", "SendMessage", {"QueueUrl": url, "MessageBody": "for you"}
        )
        return await asyncio.wait_for(stays, 10)

    assert asyncio.run(scene())["Messages"][0]["Body"] == "for you"


def test_a_paused_world_answers_a_long_poll_when_its_callers_time_is_up(
    executor: Executor, sqs: Api, sandbox: Sandbox, url: str
) -> None:
    def pause(batch: Batch) -> None:
        world = batch.entered[sandbox.pk]
        world.clock = world.clock.pause(batch.wall)

    executor.run_sync(pause, (sandbox.pk,))
    assert sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1) == {}


def test_stopping_answers_held_long_polls(executor: Executor, sqs: Api, url: str) -> None:
    async def scene() -> Any:
        params = {"QueueUrl": url, "WaitTimeSeconds": 20}
        poll = asyncio.ensure_future(executor.call(sqs.caller, "sqs", "ReceiveMessage", params))
        await executor.run(lambda batch: None)
        await asyncio.to_thread(executor.stop)
        return await asyncio.wait_for(poll, 10)

    assert asyncio.run(scene()) == {}
