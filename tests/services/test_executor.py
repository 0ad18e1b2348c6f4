"""Group commit: commands share a transaction, and share nothing else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from messaging import executor as executor_module
from messaging import registry, sandboxes
from messaging.kernel.batch import Batch
from messaging.kernel.errors import AwsError, InternalFailure, ServiceUnavailable, Throttling
from messaging.kernel.models import Event, Sandbox
from messaging.kernel.service import Operation
from messaging.kernel.world import World
from messaging.sqs.errors import QueueDoesNotExist
from messaging.sqs.models import Message, Queue
from tests.services.conftest import PATIENCE_S, Writer, caller_of
from tests.services.sqs import invariants


def bodies() -> list[str]:
    return sorted(Message.objects.values_list("body", flat=True))


def break_operation(monkeypatch: pytest.MonkeyPatch, name: str, **options: Any) -> None:
    """Let an operation crash as a bug would."""

    def crash(*_: Any) -> None:
        raise RuntimeError("a bug")

    operations = registry.SERVICES["sqs"].operations
    monkeypatch.setitem(operations, name, Operation(name, crash, **options))


def test_commands_that_wait_share_one_transaction(writer: Writer, transactions: list[int]) -> None:
    with writer.one_batch():
        sent = [writer.start("SendMessage", MessageBody=str(n)) for n in range(20)]
    assert len({future.result(PATIENCE_S)["MessageId"] for future in sent}) == 20
    assert transactions[-1] == 20
    invariants.check(writer.sandbox.pk)


def test_a_refused_command_undoes_only_itself(writer: Writer, transactions: list[int]) -> None:
    with writer.one_batch():
        good = writer.start("SendMessage", MessageBody="good")
        bad = writer.start("SendMessage", MessageBody="\x00")
        worse = writer.start("CreateQueue", QueueName="not a name")
        more = writer.start("SendMessage", MessageBody="more")
    assert good.result(PATIENCE_S)
    assert more.result(PATIENCE_S)
    for refused in (bad, worse):
        with pytest.raises(AwsError):
            refused.result(PATIENCE_S)
    assert bodies() == ["good", "more"]
    assert transactions[-1] == 4, "nothing had to be done again"
    assert Event.objects.filter(kind="api.Failed").count() == 2
    invariants.check(writer.sandbox.pk)


@pytest.mark.parametrize("options", [{}, {"hot": True, "rank": 0}], ids=["guarded", "hot"])
def test_a_command_that_crashes_fails_alone(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    break_operation(monkeypatch, "PurgeQueue", **options)
    with writer.one_batch():
        good = writer.start("SendMessage", MessageBody="good")
        crash = writer.start("PurgeQueue")
        more = writer.start("SendMessage", MessageBody="more")
    with pytest.raises(InternalFailure, match="unknown error"):
        crash.result(PATIENCE_S)
    assert good.result(PATIENCE_S)
    assert more.result(PATIENCE_S)
    assert bodies() == ["good", "more"]
    invariants.check(writer.sandbox.pk)


def test_a_job_that_fails_leaves_nothing_and_is_told_why(writer: Writer) -> None:
    def job(batch: Batch) -> None:
        Queue.objects.filter(sandbox=writer.sandbox.pk).delete()
        raise LookupError("it went wrong")

    with writer.one_batch():
        failed = writer.executor.post(job, (writer.sandbox.pk,))
        good = writer.start("SendMessage", MessageBody="good")
    with pytest.raises(LookupError):
        failed.result(PATIENCE_S)
    assert good.result(PATIENCE_S)
    assert Queue.objects.count() == 1


def test_a_rollback_leaves_nothing_in_memory(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a rolled back transaction has put into caches must not be believed afterwards."""

    def create_and_crash(ctx: Any, req: Any) -> None:
        create.run(ctx, {"QueueName": "ghost"})
        registry.SERVICES["sqs"].operations["SendMessage"].run(
            ctx, {"QueueUrl": "ghost", "MessageBody": "boo"}
        )
        raise RuntimeError("a bug")

    create = registry.SERVICES["sqs"].operations["CreateQueue"]
    operation = Operation("PurgeQueue", create_and_crash)
    monkeypatch.setitem(registry.SERVICES["sqs"].operations, "PurgeQueue", operation)
    with pytest.raises(InternalFailure):
        writer.call("PurgeQueue")
    with pytest.raises(QueueDoesNotExist):
        writer.call("SendMessage", QueueUrl="ghost", MessageBody="a")
    writer.call("SendMessage", MessageBody="a")
    invariants.check(writer.sandbox.pk)


def test_a_hot_operation_that_fails_after_writing_is_answered_with_its_own_error(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_and_refuse(ctx: Any, req: Any) -> None:
        ctx.db.write("UPDATE sqs_queue SET purged_at=1")
        raise QueueDoesNotExist

    operation = Operation("PurgeQueue", write_and_refuse, hot=True)
    monkeypatch.setitem(registry.SERVICES["sqs"].operations, "PurgeQueue", operation)
    with writer.one_batch():
        bad = writer.start("PurgeQueue")
        good = writer.start("SendMessage", MessageBody="good")
    with pytest.raises(QueueDoesNotExist):
        bad.result(PATIENCE_S)
    assert good.result(PATIENCE_S)
    assert Queue.objects.get().purged_at is None


def test_a_full_backlog_throttles(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor_module, "MAX_BACKLOG", 3)
    with writer.one_batch():
        taken = [writer.start("SendMessage", MessageBody=str(n)) for n in range(3)]
        with pytest.raises(Throttling) as caught:
            writer.start("SendMessage", MessageBody="too many")
    assert caught.value.code == "ThrottlingException"
    assert all(future.result(PATIENCE_S) for future in taken)
    assert bodies() == ["0", "1", "2"]


def test_sends_come_before_receives_of_the_same_batch(
    writer: Writer, transactions: list[int]
) -> None:
    with writer.one_batch():
        received = writer.start("ReceiveMessage")
        sent = writer.start("SendMessage", MessageBody="a")
    [message] = received.result(PATIENCE_S)["Messages"]
    assert message["MessageId"] == sent.result(PATIENCE_S)["MessageId"]
    assert transactions[-1] == 2


def test_sandboxes_in_one_batch_are_strangers(writer: Writer) -> None:
    other = sandboxes.create("other", accounts=("111122223333",), paused=True)
    theirs = caller_of(other)
    writer.submit(theirs, "CreateQueue", QueueName="work").result(PATIENCE_S)
    with writer.one_batch():
        mine = writer.start("SendMessage", MessageBody="mine")
        foreign = writer.submit(theirs, "SendMessage", MessageBody="theirs")
        crash = writer.submit(theirs, "SendMessage", QueueUrl="nobody", MessageBody="x")
    for future in (mine, foreign):
        assert future.result(PATIENCE_S)
    with pytest.raises(QueueDoesNotExist):
        crash.result(PATIENCE_S)
    for home, body in ((writer.sandbox, "mine"), (other, "theirs")):
        assert list(Message.objects.filter(sandbox=home.pk).values_list("body", flat=True)) == [
            body
        ]
        invariants.check(home.pk)


def test_a_caller_of_a_deleted_sandbox_is_told_so(writer: Writer) -> None:
    gone = replace(writer.caller, sandbox=writer.sandbox.pk + 1)
    with pytest.raises(ServiceUnavailable, match="has been deleted"):
        writer.submit(gone, "ListQueues").result(PATIENCE_S)


def test_event_numbers_are_gap_free_under_many_threads(writer: Writer) -> None:
    def work(number: int) -> None:
        for turn in range(10):
            writer.call("SendMessage", MessageBody=f"{number}-{turn}")
            answer = writer.call("ReceiveMessage", MaxNumberOfMessages=2)
            for message in answer.get("Messages", [])[:1]:
                writer.call("DeleteMessage", ReceiptHandle=message["ReceiptHandle"])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    invariants.check(writer.sandbox.pk)


def test_a_listener_that_fails_does_not_stop_the_writer(writer: Writer) -> None:
    heard: list[int] = []

    def fail(world: World) -> None:
        raise RuntimeError("a bug in a listener")

    writer.executor.listeners += [fail, lambda world: heard.append(world.last_seq)]
    writer.call("SendMessage", MessageBody="a")
    writer.call("SendMessage", MessageBody="b")
    writer.settle()
    assert len(heard) >= 2


def test_stopping_answers_everybody(writer: Writer) -> None:
    held = writer.start("ReceiveMessage", WaitTimeSeconds=20)
    writer.settle()
    with writer.one_batch():
        sent = [writer.start("SendMessage", MessageBody=str(n)) for n in range(5)]
        stopping = threading.Thread(target=writer.executor.stop)
        stopping.start()
    stopping.join(PATIENCE_S)
    assert all(future.result(PATIENCE_S) for future in sent)
    assert held.result(PATIENCE_S) is not None
    assert writer.call("SendMessage", MessageBody="without a thread")
    writer.executor.start()
    assert writer.call("SendMessage", MessageBody="and with one again")


def test_the_clock_is_read_once_for_a_batch(writer: Writer) -> None:
    Sandbox.objects.filter(pk=writer.sandbox.pk).update(paused=False)
    with writer.one_batch():
        sent = [writer.start("SendMessage", MessageBody=str(n)) for n in range(5)]
    for future in sent:
        future.result(PATIENCE_S)
    assert Message.objects.values("sent_at").distinct().count() == 1
