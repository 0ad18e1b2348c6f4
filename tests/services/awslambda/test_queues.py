"""Event source mappings of queues: polling, batches, deletion, failures (LM1–LM3)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.engine import START_MS, Time
from tests.services.awslambda.conftest import Make, Map, counts, function_arn, queue_arn

Log = Callable[..., list[Any]]
PARTIAL = ["ReportBatchItemFailures"]


def fill(queues: Any, url: str, count: int, *, text: str = "job", **more: str) -> None:
    for start in range(0, count, 10):
        entries = [
            {"Id": str(place), "MessageBody": f"{text} {place}", **more}
            for place in range(start, min(count, start + 10))
        ]
        queues.send_message_batch(QueueUrl=url, Entries=entries)


def sizes(events: Log) -> list[int]:
    return [event["n"] for event in events("lambda.Invoked")]


def test_success_deletes_the_batch(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make("seconds=0.5")
    url = queue()
    connect()
    fill(queues, url, 3)
    clock.advance(0.1)
    assert counts(queues, url) == (0, 3)
    clock.advance(1)
    assert counts(queues, url) == (0, 0)
    [invoked], [succeeded] = events("lambda.Invoked"), events("lambda.Succeeded")
    numbers = [event["m"] for event in events("sqs.MessageSent")]
    assert (invoked["by"], invoked["messages"]) == (queue_arn("jobs"), numbers)
    assert succeeded["at"] - invoked["at"] == 500
    assert {event["by"] for event in events("sqs.MessageDeleted")} == {function_arn()}
    cause = events()[invoked["cause"] - 1]
    assert (cause["kind"], cause["m"]) == ("sqs.MessageReceived", numbers[0])


def test_what_lay_there_before_is_found(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time
) -> None:
    make()
    url = queue()
    fill(queues, url, 25)
    connect()
    clock.advance(1)
    assert counts(queues, url) == (0, 0)


def test_an_idle_mapping_costs_no_time(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make()
    url = queue()
    connect()
    before = len(events())
    clock.advance(24 * 3600)
    assert len(events()) == before
    fill(queues, url, 1)
    clock.advance(1)
    assert len(events("lambda.Succeeded")) == 1


def test_a_restart_forgets_no_message(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time
) -> None:
    make()
    url = queue()
    connect()
    fill(queues, url, 3)
    clock.executor.worlds.clear()
    clock.advance(1)
    assert counts(queues, url) == (0, 0)


def test_a_delayed_message_is_found_when_its_delay_is_over(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make()
    url = queue()
    connect()
    queues.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=90)
    sent = clock.now
    clock.advance(600)
    [invoked] = events("lambda.Invoked")
    assert 90_000 <= invoked["at"] - sent < 90_100


def test_a_failed_batch_comes_back_whole(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make("poison=bad")
    url = queue(VisibilityTimeout="30")
    connect()
    fill(queues, url, 2)
    queues.send_message(QueueUrl=url, MessageBody="bad")
    clock.advance(20)
    assert counts(queues, url) == (0, 3)
    clock.advance(15)
    first, second = events("lambda.Invoked")
    assert (first["n"], second["n"]) == (3, 3)
    assert 30_000 <= second["at"] - first["at"] < 30_100
    assert [event["why"] for event in events("lambda.Failed")] == ["poison"] * 2
    assert events("sqs.MessageDeleted") == []


def test_reported_failures_come_back_alone(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make("poison=bad")
    url = queue(VisibilityTimeout="30")
    connect(FunctionResponseTypes=PARTIAL)
    fill(queues, url, 2)
    queues.send_message(QueueUrl=url, MessageBody="bad")
    clock.advance(1)
    assert counts(queues, url) == (0, 1)
    [succeeded] = events("lambda.Succeeded")
    assert succeeded["back"] == [events("sqs.MessageSent")[-1]["m"]]
    clock.advance(31)
    assert sizes(events) == [3, 1]
    assert events("lambda.Failed") == []


def test_a_timeout_fails_all_even_with_reports(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make("seconds=10")
    url = queue()
    connect(FunctionResponseTypes=PARTIAL)
    fill(queues, url, 3)
    clock.advance(5)
    assert counts(queues, url) == (0, 3)
    assert [event["why"] for event in events("lambda.Failed")] == ["timeout"]


def test_poison_ends_in_the_dead_letter_queue(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time
) -> None:
    dead = queue("dead")
    policy = {"deadLetterTargetArn": queue_arn("dead"), "maxReceiveCount": 3}
    url = queue(VisibilityTimeout="30", RedrivePolicy=policy)
    make("poison=bad")
    connect(FunctionResponseTypes=PARTIAL)
    queues.send_message(QueueUrl=url, MessageBody="bad")
    clock.advance(120)
    assert (counts(queues, url), counts(queues, dead)) == ((0, 0), (1, 0))


def test_fifo_stops_at_the_first_failure(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make("poison=bad")
    fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "30"}
    url = queue("jobs.fifo", **fifo)
    entries = [
        {"Id": str(place), "MessageBody": text, "MessageGroupId": "g"}
        for place, text in enumerate(("one", "bad", "three"))
    ]
    queues.send_message_batch(QueueUrl=url, Entries=entries)
    connect("jobs.fifo", FunctionResponseTypes=PARTIAL)
    clock.advance(1)
    one, bad, three = [event["m"] for event in events("sqs.MessageSent")]
    [succeeded] = events("lambda.Succeeded")
    assert succeeded["back"] == [bad, three]
    assert [event["m"] for event in events("sqs.MessageDeleted")] == [one]


def test_fifo_runs_one_batch_of_a_group_at_a_time(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make("seconds=1")
    url = queue("jobs.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    connect("jobs.fifo", BatchSize=1)
    for name in ("a1", "a2", "b1", "a3"):
        queues.send_message(QueueUrl=url, MessageBody=name, MessageGroupId=name[0])
    clock.advance(10)
    sent = {event["m"]: event["b"] for event in events("sqs.MessageSent")}
    began = [(event["at"], sent[event["m"]]) for event in events("lambda.Invoked")]
    start = began[0][0]
    assert [(at - start, name) for at, name in began] == [
        (0, "a1"), (0, "b1"), (1_000, "a2"), (2_000, "a3"),
    ]  # fmt: skip


def test_five_batches_first_then_more_each_minute(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make("seconds=600", Timeout=900)
    url = queue(VisibilityTimeout="43200")
    fill(queues, url, 1_000)
    connect(BatchSize=1)
    began = clock.now
    clock.advance(0.1)
    assert len(sizes(events)) == 5
    clock.advance(60)
    grown = [event for event in events("lambda.Invoked") if event["at"] <= began + 60_000]
    assert 295 <= len(grown) <= 306


def test_maximum_concurrency_is_a_ceiling(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make("seconds=10", Timeout=60)
    url = queue(VisibilityTimeout="360")
    fill(queues, url, 40)
    connect(BatchSize=1, ScalingConfig={"MaximumConcurrency": 8})
    clock.advance(9)
    assert len(sizes(events)) == 8
    assert events("lambda.Throttled") == []
    clock.advance(50)
    assert counts(queues, url) == (0, 0)


def test_a_function_without_room_leaves_messages_in_flight(
    *, make: Make, api: Any, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make("seconds=2")
    api.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=1)
    url = queue(VisibilityTimeout="30")
    fill(queues, url, 4)
    uuid = connect(BatchSize=1)
    clock.advance(0.5)
    assert (len(sizes(events)), len(events("lambda.Throttled"))) == (1, 1)
    assert counts(queues, url) == (2, 2)
    found = api.get_event_source_mapping(UUID=uuid)
    assert found["LastProcessingResult"].endswith("Rate Exceeded.")
    clock.advance(300)
    assert counts(queues, url) == (0, 0)
    assert api.get_event_source_mapping(UUID=uuid)["LastProcessingResult"] == "OK"


def test_errors_let_a_mapping_back_off(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make("errors=1 seconds=1")
    url = queue(VisibilityTimeout="3600")
    fill(queues, url, 60)
    connect(BatchSize=1)
    clock.advance(0.1)
    assert len(sizes(events)) == 5
    clock.advance(3)
    # Five began at once; after their errors one at a time, and slowly more.
    later = [event["at"] for event in events("lambda.Invoked")][5:]
    assert 2 <= len(later) < 10


@pytest.mark.parametrize(("count", "began", "wait"), [(3, [3], 20), (45, [20, 20, 5], 0)])
def test_a_window_gathers_batches(
    *, make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log, count: int,
    began: list[int], wait: int,
) -> None:  # fmt: skip
    make()
    url = queue()
    connect(BatchSize=20, MaximumBatchingWindowInSeconds=20)
    sent = clock.now
    fill(queues, url, count)
    clock.advance(60)
    assert sizes(events) == began
    first = events("lambda.Invoked")[0]["at"] - sent
    assert wait * 1000 <= first < wait * 1000 + 100
    assert counts(queues, url) == (0, 0)


def test_a_batch_of_messages_that_come_one_by_one(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make()
    url = queue(VisibilityTimeout="120")
    connect(BatchSize=3, MaximumBatchingWindowInSeconds=60)
    for _ in range(4):
        fill(queues, url, 1)
        clock.advance(5)
    assert sizes(events) == [3]
    clock.advance(60)
    assert sizes(events) == [3, 1]


@pytest.mark.parametrize("window", [0, 30])
def test_a_batch_has_at_most_six_megabytes(
    *, make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log, window: int
) -> None:
    make()
    url = queue(MaximumMessageSize="1048576", VisibilityTimeout="300")
    for _ in range(10):
        queues.send_message(QueueUrl=url, MessageBody="x" * 900_000)
    connect(MaximumBatchingWindowInSeconds=window)
    clock.advance(60)
    assert sizes(events) == [6, 4]
    assert counts(queues, url) == (0, 0)


def test_a_filter_deletes_what_it_stops(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make()
    url = queue()
    pattern = json.dumps({"body": {"kind": ["order"], "total": [{"numeric": [">", 10]}]}})
    connect(FilterCriteria={"Filters": [{"Pattern": pattern}]})
    for body in ({"kind": "order", "total": 11}, {"kind": "order", "total": 9}, "plain"):
        text = body if isinstance(body, str) else json.dumps(body)
        queues.send_message(QueueUrl=url, MessageBody=text)
    clock.advance(1)
    sent = [event["m"] for event in events("sqs.MessageSent")]
    assert [event["messages"] for event in events("lambda.Invoked")] == [sent[:1]]
    assert [event["m"] for event in events("lambda.FilteredOut")] == sent[1:]
    assert counts(queues, url) == (0, 0)


def test_what_a_filter_may_not_delete_is_left_for_a_while(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sqs:DeleteMessage", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [deny]}
    url = queue(VisibilityTimeout="0", Policy=policy)
    make()
    connect(FilterCriteria={"Filters": [{"Pattern": '{"body": {"kind": ["order"]}}'}]})
    fill(queues, url, 1)
    clock.advance(60)
    assert counts(queues, url) == (1, 0)
    assert 5 <= len(events("lambda.FilteredOut")) <= 7


def test_time_is_the_same_for_the_same_world(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make("seconds=0.1-2 errors=0.2")
    url = queue(VisibilityTimeout="30")
    connect(BatchSize=2)
    fill(queues, url, 30)
    clock.advance(600)
    assert counts(queues, url) == (0, 0)
    lasted = {event["m"]: event["until"] - event["at"] for event in events("lambda.Invoked")}
    assert len(set(lasted.values())) > 5
    assert all(100 <= ms <= 2_000 for ms in lasted.values())
    assert events()[0]["at"] == START_MS
