"""A pipe runs: it receives, filters, enriches, hands on and deletes (PI1)."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from tests.fixtures.engine import Time
from tests.services.pipes.conftest import ROLE, Make, arn, bodies, counts

Queues = Callable[..., list[str]]


def test_messages_go_from_queue_to_queue(
    make: Make, queues: Queues, sqs: Any, clock: Time, events: Callable[..., list[Any]]
) -> None:
    source, target = queues("in", "out")
    pipe = make()
    for number in range(25):
        sqs.send_message(QueueUrl=source, MessageBody=f"m{number}")
    clock.advance(1)
    assert counts(sqs, source) == (0, 0)
    records = [json.loads(body) for body in bodies(sqs, target)]
    assert sorted(record["body"] for record in records) == sorted(f"m{n}" for n in range(25))
    assert {record["eventSource"] for record in records} == {"aws:sqs"}
    assert {event["by"] for event in events("sqs.MessageReceived")} >= {pipe}
    assert len(events("pipes.Delivered")) == 25


def test_what_no_filter_wants_is_deleted(
    make: Make, queues: Queues, sqs: Any, clock: Time, events: Callable[..., list[Any]]
) -> None:
    source, target = queues("in", "out")
    patterns = ['{"body": {"tier": ["gold"]}}', '{"body": {"total": [{"numeric": [">", 99]}]}}']
    filters = {"Filters": [{"Pattern": pattern} for pattern in patterns]}
    template = {"InputTemplate": "<$.body.id>"}
    make(SourceParameters={"FilterCriteria": filters}, TargetParameters=template)
    for body in ({"id": "a", "tier": "gold"}, {"id": "b", "total": 100}, {"id": "c", "total": 1}):
        sqs.send_message(QueueUrl=source, MessageBody=json.dumps(body))
    clock.advance(1)
    assert counts(sqs, source) == (0, 0)
    assert sorted(bodies(sqs, target)) == ['"a"', '"b"']
    assert len(events("pipes.Filtered")) == 1


def test_what_the_target_refuses_comes_back_and_dies_in_the_end(
    make: Make, queues: Queues, sqs: Any, clock: Time, events: Callable[..., list[Any]]
) -> None:
    [dead] = queues("dead")
    policy = {"deadLetterTargetArn": arn("dead"), "maxReceiveCount": 2}
    [source] = queues("in", VisibilityTimeout="30", RedrivePolicy=json.dumps(policy))
    make()
    sqs.send_message(QueueUrl=source, MessageBody="lost")
    clock.advance(1)
    assert counts(sqs, source) == (0, 1)
    [failed] = events("pipes.DeliveryFailed")
    assert "QueueDoesNotExist" in failed["code"]
    clock.advance(31)
    assert len(events("pipes.DeliveryFailed")) == 2
    clock.advance(31)
    assert bodies(sqs, dead) == ["lost"]


def test_a_stopped_pipe_leaves_messages_where_they_are(
    make: Make, queues: Queues, sqs: Any, clock: Time, api: Any
) -> None:
    source, target = queues("in", "out")
    make(DesiredState="STOPPED", TargetParameters={"InputTemplate": "<$.body>"})
    sqs.send_message(QueueUrl=source, MessageBody="later")
    clock.advance(60)
    assert counts(sqs, source) == (1, 0)
    api.start_pipe(Name="flow")
    clock.advance(1)
    assert bodies(sqs, target) == ['"later"']
    api.stop_pipe(Name="flow")
    sqs.send_message(QueueUrl=source, MessageBody="stays")
    clock.advance(60)
    assert counts(sqs, source) == (1, 0)


def test_a_window_waits_for_more(
    make: Make, queues: Queues, sqs: Any, clock: Time, events: Callable[..., list[Any]]
) -> None:
    source, target = queues("in", "out")
    asked = {"BatchSize": 50, "MaximumBatchingWindowInSeconds": 20}
    make(SourceParameters={"SqsQueueParameters": asked})
    sqs.send_message(QueueUrl=source, MessageBody="first")
    clock.advance(10)
    sqs.send_message(QueueUrl=source, MessageBody="second")
    clock.advance(9)
    assert counts(sqs, source) == (2, 0)
    clock.advance(2)
    assert counts(sqs, source) == (0, 0)
    assert counts(sqs, target) == (2, 0)


def test_a_full_batch_does_not_wait(make: Make, queues: Queues, sqs: Any, clock: Time) -> None:
    source, target = queues("in", "out")
    asked = {"BatchSize": 12, "MaximumBatchingWindowInSeconds": 300}
    make(SourceParameters={"SqsQueueParameters": asked})
    for number in range(12):
        sqs.send_message(QueueUrl=source, MessageBody=str(number))
    clock.advance(1)
    assert counts(sqs, target) == (12, 0)


def test_order_is_kept_from_fifo_to_fifo(make: Make, queues: Queues, sqs: Any, clock: Time) -> None:
    source, target = queues("in.fifo", "out.fifo")
    parameters = {
        "SqsQueueParameters": {"MessageGroupId": "$.attributes.MessageGroupId"},
        "InputTemplate": "<$.body>",
    }
    make(Source=arn("in.fifo"), Target=arn("out.fifo"), TargetParameters=parameters)
    for number in range(8):
        sqs.send_message(QueueUrl=source, MessageBody=str(number), MessageGroupId="g")
    clock.advance(1)
    assert bodies(sqs, target) == [f'"{number}"' for number in range(8)]


def test_a_topic_and_a_bus_can_be_the_target(
    make: Make, queues: Queues, sqs: Any, aws: Callable[..., Any], clock: Time,
    events: Callable[..., list[Any]],
) -> None:  # fmt: skip
    source, _ = queues("in", "other")
    topic = aws("sns").create_topic(Name="news")["TopicArn"]
    aws("events").create_event_bus(Name="shop")
    make("to-topic", Target=topic)
    sqs.send_message(QueueUrl=source, MessageBody="hello")
    clock.advance(1)
    assert len(events("sns.Published")) == 1
    parameters = {"EventBridgeEventBusParameters": {"Source": "shop", "DetailType": "$.body.kind"}}
    make("to-bus", Source=arn("other"), Target=arn("event-bus/shop", "events"),
         TargetParameters=parameters)  # fmt: skip
    url = sqs.get_queue_url(QueueName="other")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody='{"kind": "sold"}')
    clock.advance(1)
    [received] = events("events.Received")
    assert (received["source"], received["type"]) == ("shop", "sold")


def test_a_day_of_nothing_passes_at_once(make: Make, queues: Queues, clock: Time) -> None:
    queues("in", "out")
    make()
    clock.advance(86_400)
    assert clock.now


@pytest.fixture
def function(aws: Callable[..., Any]) -> Any:
    """Return a function that makes Lambda functions of a behaviour."""

    archive = BytesIO()
    with ZipFile(archive, "w") as zipped:
        zipped.writestr("a.py", "")

    def create(name: str, behaviour: str) -> str:
        made = aws("lambda").create_function(
            FunctionName=name, Runtime="python3.12", Handler="a.b", Role=ROLE,
            Code={"ZipFile": archive.getvalue()}, Tags={"signalbox:behaviour": behaviour},
        )  # fmt: skip
        return str(made["FunctionArn"])

    return create


def test_a_function_that_fails_to_enrich_leaves_the_batch(
    make: Make, queues: Queues, sqs: Any, clock: Time, function: Any,
    events: Callable[..., list[Any]],
) -> None:  # fmt: skip
    source, target = queues("in", "out")
    make(Enrichment=function("look-up", "errors=1"))
    sqs.send_message(QueueUrl=source, MessageBody="x")
    clock.advance(1)
    assert counts(sqs, source) == (0, 1)
    assert counts(sqs, target) == (0, 0)
    assert [event["code"] for event in events("pipes.DeliveryFailed")] == ["EnrichmentFailed"]


def test_a_function_can_be_the_target(
    make: Make, queues: Queues, sqs: Any, clock: Time, function: Any,
    events: Callable[..., list[Any]],
) -> None:  # fmt: skip
    [source] = queues("in")
    make(Target=function("work", "errors=0"))
    sqs.send_message(QueueUrl=source, MessageBody="x")
    clock.advance(1)
    assert counts(sqs, source) == (0, 0)
    assert len(events("pipes.Delivered")) == 1
