"""Code of functions by the rules of invocations: begun in the writer, run outside, reported."""

import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from messaging import sandboxes
from messaging.awslambda import outside
from messaging.awslambda.domain.answers import failed_places
from messaging.awslambda.models import Code, Invocation, Run
from messaging.executor import Executor
from messaging.kernel.models import Sandbox
from messaging.workshop import Workshop
from tests.fixtures.engine import ACCOUNT, REGION, Time
from tests.live.forked import Album
from tests.services.awslambda.conftest import Make, Map, archive, counts, function_arn, queue_arn
from tests.services.awslambda.test_picture import functions_of

Log = Callable[..., list[Any]]
Work = Callable[[], int]
WELL = "def handler(event, context): return 'run'"
RAISES = "def handler(event, context): raise KeyError('order')"


@pytest.fixture
def work(executor: Executor, settings: Any) -> Work:
    """Return a function that runs the code that is to be run; from now on code may run."""
    settings.RUN_CODE = True
    return Workshop(executor).work


def of(text: str) -> dict[str, Any]:
    return {"Code": {"ZipFile": archive(text)}}


def begin(api: Any, clock: Time, **more: Any) -> None:
    """Let an event begin, whose code is to be run then."""
    api.invoke(FunctionName="worker", InvocationType="Event", Payload=b'{"n": 1}', **more)
    clock.advance(1)


def test_code_is_off_and_then_not_even_kept(
    make: Make, api: Any, clock: Time, events: Log, executor: Executor
) -> None:
    make(**of(RAISES))
    assert json.loads(api.invoke(FunctionName="worker")["Payload"].read()) is None
    begin(api, clock)
    assert len(events("lambda.Succeeded")) == 2
    assert (Code.objects.count(), Run.objects.count(), Workshop(executor).work()) == (0, 0, 0)
    found = api.get_function(FunctionName="worker")["Configuration"]
    assert found["CodeSha256"] == b64encode(sha256(archive(RAISES)).digest()).decode()
    assert "StateReason" not in found


def test_an_event_ends_when_its_code_does(
    work: Work, make: Make, api: Any, clock: Time, events: Log
) -> None:
    make(**of(WELL))
    assert api.get_function(FunctionName="worker")["Configuration"]["StateReason"]
    begin(api, clock)
    # The sandbox's time is not the code's.
    clock.advance(100_000)
    assert events("lambda.Succeeded") == []
    assert work() == 1
    [invoked], [succeeded] = events("lambda.Invoked"), events("lambda.Succeeded")
    assert succeeded["m"] == invoked["m"]
    assert (Invocation.objects.count(), Run.objects.count()) == (0, 0)


def test_what_its_code_raises_is_tried_again_and_then_a_dead_letter(
    *, work: Work, make: Make, api: Any, clock: Time, events: Log, queue: Make, queues: Any
) -> None:
    url = queue("dead")
    make(DeadLetterConfig={"TargetArn": queue_arn("dead")}, **of(RAISES))
    begin(api, clock)
    for _ in range(3):
        assert work() == 1
        clock.advance(121)
    assert [event["why"] for event in events("lambda.Failed")] == ["KeyError"] * 3
    assert len(events("lambda.Retrying")) == 2
    [message] = queues.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert message["Body"] == '{"n": 1}'
    assert message["MessageAttributes"]["ErrorMessage"]["StringValue"] == "'order'"


def test_a_batch_that_raises_comes_back_as_a_whole_and_the_mapping_backs_off(
    *, work: Work, make: Make, connect: Map, queue: Make, queues: Any, clock: Time, events: Log
) -> None:
    url = queue("jobs", VisibilityTimeout="30")
    make(**of(RAISES))
    connect(FunctionResponseTypes=["ReportBatchItemFailures"])
    entries = [{"Id": str(n), "MessageBody": str(n)} for n in range(3)]
    queues.send_message_batch(QueueUrl=url, Entries=entries)
    clock.advance(1)
    assert work() == 1
    [failed] = events("lambda.Failed")
    assert (failed["why"], len(failed["back"])) == ("KeyError", 3)
    assert counts(queues, url) == (0, 3)


def test_a_handler_sees_records_as_aws_makes_them(
    *, work: Work, make: Make, connect: Map, queue: Make, queues: Any, clock: Time, events: Log
) -> None:
    url = queue("jobs")
    names = "messageId receiptHandle body attributes messageAttributes md5OfBody eventSourceARN"
    make(**of(
        "def handler(event, context):\n"
        "    [record] = event['Records']\n"
        f"    assert all(name in record for name in {names.split()!r})\n"
        "    assert record['attributes']['ApproximateReceiveCount'] == '1'\n"
        "    assert record['messageAttributes']['kind']['stringValue'] == 'parcel'\n"
        "    assert record['eventSource'] == 'aws:sqs' and record['body'] == 'hello'\n"
    ))  # fmt: skip
    connect()
    attributes = {"kind": {"DataType": "String", "StringValue": "parcel"}}
    queues.send_message(QueueUrl=url, MessageBody="hello", MessageAttributes=attributes)
    clock.advance(1)
    assert work() == 1
    assert [event.get("why") for event in events("lambda.Failed")] == []
    assert counts(queues, url) == (0, 0)


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        ("null", set()),
        ("{}", set()),
        ('{"batchItemFailures": null}', set()),
        ('{"batchItemFailures": []}', set()),
        ('{"batchItemFailures": [{"itemIdentifier": "b"}]}', {1}),
        ('{"batchItemFailures": [{"itemIdentifier": "x"}]}', {0, 1}),
        ('{"batchItemFailures": [{"itemIdentifier": ""}]}', {0, 1}),
        ('{"batchItemFailures": [{}]}', {0, 1}),
        ('{"batchItemFailures": [{"itemIdentifier": ["b"]}]}', {0, 1}),
        ('{"batchItemFailures": "b"}', {0, 1}),
        ('"text"', {0, 1}),
    ],
)
def test_which_messages_come_back(answer: str, failed: set[int]) -> None:
    assert failed_places(answer, ["a", "b"]) == failed


def test_a_service_that_waits_in_its_own_transaction_has_the_configured_answer(
    work: Work, make: Make, queue: Make, queues: Any, clock: Time, aws: Callable[..., Any]
) -> None:
    make(**of(RAISES))
    source = queue("in")
    queue("out")
    aws("pipes").create_pipe(
        Name="flow", Source=queue_arn("in"), Target=queue_arn("out"), Enrichment=function_arn(),
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/pipe",
    )  # fmt: skip
    clock.advance(60)
    queues.send_message(QueueUrl=source, MessageBody="hello")
    clock.advance(60)
    assert counts(queues, source) == (0, 0)
    assert work() == 0


def test_a_duplicate_runs_nothing_of_what_ran(
    work: Work, make: Make, api: Any, clock: Time, sandbox: Sandbox, executor: Executor
) -> None:
    make(**of(WELL))
    begin(api, clock)
    copy = executor.run_sync(
        lambda batch: sandboxes.duplicate(batch, sandbox.pk, "copy"), (sandbox.pk,)
    )
    assert Code.objects.filter(sandbox=copy.pk).count() == 0
    Time(executor, copy.pk).advance(1)
    left = Invocation.objects.get(sandbox=copy.pk)
    assert (left.state, left.fails) == ("q", "interrupted")
    assert Invocation.objects.get(sandbox=sandbox.pk).state == "r"
    assert work() == 1
    Time(executor, copy.pk).advance(100)
    assert work() == 0
    assert Invocation.objects.count() == 0
    found = functions_of(executor, copy).get_function(FunctionName="worker")
    assert "StateReason" not in found["Configuration"]


def test_a_fork_has_no_code(
    work: Work, make: Make, api: Any, clock: Time, sandbox: Sandbox, executor: Executor
) -> None:
    album = Album(sandbox, executor)
    make(**of(RAISES))
    begin(api, clock)
    album.take()
    copy = album.fork(album.seqs[0])
    assert not Invocation.objects.filter(sandbox=copy.pk).exists()
    functions_of(executor, copy).invoke(FunctionName="worker", InvocationType="Event")
    Time(executor, copy.pk).advance(10)
    assert not Run.objects.filter(sandbox=copy.pk).exists()


def test_an_emptied_sandbox_keeps_no_code(
    work: Work, make: Make, api: Any, clock: Time, sandbox: Sandbox, executor: Executor
) -> None:
    make(**of(WELL))
    begin(api, clock)
    executor.run_sync(lambda batch: sandboxes.reset(batch, sandbox.pk), (sandbox.pk,))
    assert (Code.objects.count(), Run.objects.count(), work()) == (0, 0, 0)


def test_a_function_that_is_deleted_while_it_runs_leaves_nothing(
    work: Work, make: Make, api: Any, clock: Time, executor: Executor, events: Log
) -> None:
    make(**of(WELL))
    begin(api, clock)
    [task] = executor.run_sync(lambda batch: outside.take(batch, limit=1))
    api.delete_function(FunctionName="worker")
    Run.objects.update(taken_until=0)
    assert task.order is not None
    assert work() == 1
    assert events("lambda.Succeeded") == []
    assert Code.objects.count() == 0


def test_a_start_that_lets_no_code_run_ends_what_ran(
    *, work: Work, make: Make, api: Any, clock: Time, events: Log, executor: Executor,
    settings: Any,
) -> None:  # fmt: skip
    make(**of(RAISES))
    begin(api, clock)
    settings.RUN_CODE = False
    executor.worlds.clear()
    Workshop(executor).start()
    clock.advance(1)
    assert [event["why"] for event in events("lambda.Failed")] == ["interrupted"]
    clock.advance(100)
    assert len(events("lambda.Succeeded")) == 1


def test_a_caller_of_before_the_start_gets_nothing_and_its_code_is_not_run_again(
    work: Work, make: Make, api: Any, clock: Time, events: Log, executor: Executor
) -> None:
    make(**of(WELL))
    # Without a thread nobody can wait: the caller hears what it would hear when the server stops.
    with pytest.raises(api.exceptions.ClientError) as raised:
        api.invoke(FunctionName="worker")
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    executor.run_sync(lambda batch: outside.take(batch, limit=1))
    executor.run_sync(lambda batch: outside.give_back(batch.db))
    assert work() == 1
    assert [event["why"] for event in events("lambda.Failed")] == ["interrupted"]
    executor.run_sync(lambda batch: outside.give_back(batch.db))
    assert Run.objects.count() == 0


def test_what_a_handler_finds_around_it_is_its_sandboxes(
    *, work: Work, make: Make, api: Any, clock: Time, queue: Make, queues: Any,
    settings: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("DATABASE_URL", "postgres://me:s3cret@host/name")
    monkeypatch.setenv("AWS_PROFILE", "real")
    settings.OWN_URL = "http://127.0.0.1:8000"
    url = queue("out")
    make(
        Environment={"Variables": {"OWN": "value", "AWS_CONFIG_FILE": "/real"}},
        **of("import os\ndef handler(event, context): return dict(os.environ)"),
    )
    to = {"OnSuccess": {"Destination": queue_arn("out")}}
    api.put_function_event_invoke_config(FunctionName="worker", DestinationConfig=to)
    begin(api, clock)
    work()
    [message] = queues.receive_message(QueueUrl=url)["Messages"]
    found = json.loads(message["Body"])["responsePayload"]
    assert (found["OWN"], found["AWS_REGION"]) == ("value", REGION)
    assert found["AWS_ENDPOINT_URL"] == settings.OWN_URL
    assert found["AWS_CONFIG_FILE"] == found["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert not {"AWS_PROFILE", "DATABASE_URL", "SIGNALBOX_SECRET_KEY"} & set(found)
    assert settings.SECRET_KEY not in found.values()
