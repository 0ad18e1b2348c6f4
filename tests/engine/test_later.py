"""Results that are worked out outside the writer."""

from concurrent.futures import Future
from typing import Any

from messaging.commands import Command
from messaging.dispatch import prepare, run
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller
from messaging.kernel.frames import Unpacker, pack
from messaging.kernel.later import Later, finished
from tests.fixtures.engine import Api


def test_what_is_finished_stays_as_it_is() -> None:
    assert finished({"a": 1}) == {"a": 1}
    assert finished(None) is None
    assert finished(Later(sorted, ([2, 1],))) == [1, 2]


def test_a_receive_is_the_same_in_every_way_of_taking_it(executor: Executor, sqs: Api) -> None:
    url = sqs.create_queue(QueueName="q", Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
    sqs.send_message(
        QueueUrl=url,
        MessageBody="body",
        MessageAttributes={"a": {"DataType": "String", "StringValue": "b"}},
    )
    for more in ({}, {"MessageAttributeNames": ["All"], "AttributeNames": ["SenderId"]}):
        called = sqs.receive_message(QueueUrl=url, **more)
        unfinished = _unfinished(executor, sqs.caller, {"QueueUrl": url, **more})
        assert isinstance(unfinished, Later)
        (crossed,) = Unpacker().feed(pack(unfinished))
        inside = executor.run_sync(_inside(sqs.caller, {"QueueUrl": url, **more}))
        for found in (finished(crossed), inside):
            assert _bare(found) == _bare(called)
        assert len({str(_handle(each)) for each in (called, finished(crossed), inside)}) == 3


def _unfinished(executor: Executor, caller: Caller, params: dict[str, Any]) -> Any:
    call = prepare(caller, "sqs", "ReceiveMessage", params)
    future: Future[Any] = Future()
    executor._enqueue(Command(call=call, sandboxes=(caller.sandbox,), future=future))
    return future.result()


def _inside(caller: Caller, params: dict[str, Any]) -> Any:
    def job(batch: Batch) -> Any:
        batch.enter([caller.sandbox])
        world = batch.entered[caller.sandbox]
        return run(batch, world, prepare(caller, "sqs", "ReceiveMessage", params))

    return job


def _handle(answer: dict[str, Any]) -> Any:
    return answer["Messages"][0]["ReceiptHandle"]


def _bare(answer: dict[str, Any]) -> dict[str, Any]:
    (message,) = answer["Messages"]
    return {name: value for name, value in message.items() if name != "ReceiptHandle"}
