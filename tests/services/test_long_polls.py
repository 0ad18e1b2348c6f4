"""Held long polls: woken once a message, never overlooked, never in the way."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from messaging import registry, sandboxes, waiters
from messaging.kernel.batch import Batch
from messaging.kernel.clock import wall_ms
from messaging.kernel.service import Operation
from messaging.simulation.engine import advance_to
from messaging.sqs.errors import QueueDoesNotExist
from messaging.sqs.models import Message
from tests.services.conftest import PATIENCE_S, Writer
from tests.services.sqs import invariants


@pytest.fixture
def tries(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows with every try of a receive."""
    found: list[int] = []
    operations = registry.SERVICES["sqs"].operations
    receive = operations["ReceiveMessage"]

    def counted(ctx: Any, req: Any) -> Any:
        found.append(ctx.now)
        return receive.run(ctx, req)

    operation = Operation("ReceiveMessage", counted, hot=True, rank=2)
    monkeypatch.setitem(operations, "ReceiveMessage", operation)
    return found


def poll(writer: Writer, **more: Any) -> "Future[Any]":
    """Start a long poll and wait until it is held."""
    future = writer.start("ReceiveMessage", WaitTimeSeconds=20, **more)
    writer.settle()
    assert not future.done()
    return future


def body(future: "Future[Any]") -> str:
    [message] = future.result(PATIENCE_S)["Messages"]
    return str(message["Body"])


def pass_time(writer: Writer, milliseconds: int) -> None:
    def job(batch: Batch) -> None:
        world = batch.entered[writer.sandbox.pk]
        advance_to(batch, world, world.now + milliseconds)

    writer.executor.run_sync(job, (writer.sandbox.pk,))


def test_each_message_wakes_one_poll(writer: Writer, tries: list[int]) -> None:
    held = [poll(writer) for _ in range(5)]
    assert len(tries) == 5
    for place, each in enumerate(held):
        writer.call("SendMessage", MessageBody=str(place))
        assert body(each) == str(place), "who has waited longest comes first"
        assert [other.done() for other in held[place + 1 :]] == [False] * (4 - place)
    assert len(tries) == 10


def test_a_batch_of_messages_wakes_as_many(writer: Writer, tries: list[int]) -> None:
    held = [poll(writer) for _ in range(5)]
    writer.call(
        "SendMessageBatch", Entries=[{"Id": str(n), "MessageBody": str(n)} for n in range(3)]
    )
    assert sorted(map(body, held[:3])) == ["0", "1", "2"]
    writer.settle()
    assert not held[3].done()
    assert len(tries) == 8


def test_what_becomes_visible_behind_a_receive_of_the_same_batch_wakes_it(
    writer: Writer,
) -> None:
    writer.call("SendMessage", MessageBody="a")
    [message] = writer.call("ReceiveMessage")["Messages"]
    with writer.one_batch():
        held = writer.start("ReceiveMessage", WaitTimeSeconds=20)
        writer.start(
            "ChangeMessageVisibility", ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )
    assert body(held) == "a"


def test_the_end_of_a_timeout_or_a_delay_wakes(writer: Writer) -> None:
    writer.call("SendMessage", MessageBody="hidden")
    writer.call("ReceiveMessage", VisibilityTimeout=5)
    writer.call("SendMessage", MessageBody="delayed", DelaySeconds=10)
    held = [poll(writer), poll(writer)]
    pass_time(writer, 5_000)
    assert body(held[0]) == "hidden"
    pass_time(writer, 5_000)
    assert body(held[1]) == "delayed"


def test_a_deletion_that_frees_a_group_wakes(writer: Writer) -> None:
    writer.url = writer.call(
        "CreateQueue",
        QueueName="work.fifo",
        Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"},
    )["QueueUrl"]
    for text in "ab":
        writer.call("SendMessage", MessageBody=text, MessageGroupId="g")
    [first] = writer.call("ReceiveMessage")["Messages"]
    held = poll(writer)
    writer.call("DeleteMessage", ReceiptHandle=first["ReceiptHandle"])
    assert body(held) == "b"


def test_a_client_that_leaves_loses_nothing(writer: Writer) -> None:
    gone, stays = poll(writer), poll(writer)
    gone.cancel()
    writer.call("SendMessage", MessageBody="a")
    assert body(stays) == "a"


def test_a_client_that_leaves_when_it_is_woken_passes_the_wake_up_on(writer: Writer) -> None:
    """Between the commit that wakes it and its next try."""
    gone, stays = poll(writer), poll(writer)
    writer.executor.listeners.append(lambda world: gone.cancel())
    writer.call("SendMessage", MessageBody="a")
    assert body(stays) == "a"
    assert gone.cancelled()
    assert Message.objects.get().receives == 1


def test_a_look_shows_who_is_held_and_until_when(writer: Writer) -> None:
    sandbox, clock = writer.sandbox.pk, writer.sandbox.clock
    look = writer.executor.polls
    assert look(sandbox, clock) == []
    held = [poll(writer), poll(writer)]
    ends = clock.anchor_sim + 20_000
    assert [(each.arn.rpartition(":")[2], each.until) for each in look(sandbox, clock)] == [
        ("work", ends)
    ] * 2
    assert look(sandbox + 1, clock) == []
    slow = replace(clock, rate=0.001, paused=False, anchor_wall=wall_ms())
    assert max(each.until for each in look(sandbox, slow)) <= clock.anchor_sim + 20
    held[0].cancel()
    assert len(look(sandbox, clock)) == 1
    writer.call("SendMessage", MessageBody="a")
    assert body(held[1]) == "a"
    assert look(sandbox, clock) == []


def test_a_look_from_another_thread_does_not_trip_over_the_writer(writer: Writer) -> None:
    sandbox, clock = writer.sandbox.pk, writer.sandbox.clock
    ended = Event()

    def look_on() -> int:
        looks = 0
        while not ended.is_set():
            assert all(each.until for each in writer.executor.polls(sandbox, clock))
            looks += 1
        return looks

    with ThreadPoolExecutor(1) as beside:
        looks = beside.submit(look_on)
        held = [writer.start("ReceiveMessage", WaitTimeSeconds=20) for _ in range(40)]
        sent = [writer.start("SendMessage", MessageBody=str(n)) for n in range(40)]
        assert sorted(map(body, held)) == sorted(str(n) for n in range(40))
        ended.set()
        assert looks.result(PATIENCE_S) > 0
    assert all(future.done() for future in sent)


def test_a_deleted_queue_ends_its_polls(writer: Writer) -> None:
    held = [poll(writer) for _ in range(3)]
    writer.call("DeleteQueue")
    for each in held:
        with pytest.raises(QueueDoesNotExist):
            each.result(PATIENCE_S)


def test_a_deleted_sandbox_ends_its_polls(writer: Writer) -> None:
    held = poll(writer)
    writer.executor.run_sync(
        lambda batch: sandboxes.delete(batch, writer.sandbox.pk), (writer.sandbox.pk,)
    )
    assert held.exception(PATIENCE_S) is not None


def test_a_poll_ends_empty_when_its_sandbox_time_is_up(writer: Writer, tries: list[int]) -> None:
    held = poll(writer)
    pass_time(writer, 19_999)
    writer.settle()
    assert not held.done()
    pass_time(writer, 1)
    assert held.result(PATIENCE_S) == {}


def test_in_a_paused_sandbox_a_poll_ends_when_its_callers_time_is_up(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = poll(writer)
    later = wall_ms() + 20_001
    monkeypatch.setattr(waiters, "wall_ms", lambda: later)
    writer.settle()
    assert held.result(PATIENCE_S) == {}


def test_polls_and_sends_of_many_clients_deliver_everything_once(writer: Writer) -> None:
    held = [writer.start("ReceiveMessage", WaitTimeSeconds=20) for _ in range(30)]
    sent = [writer.start("SendMessage", MessageBody=str(n)) for n in range(30)]
    for future in sent:
        future.result(PATIENCE_S)
    assert sorted(map(body, held)) == sorted(str(n) for n in range(30))
    invariants.check(writer.sandbox.pk)
