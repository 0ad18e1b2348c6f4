"""Asynchronous invocations: retries, age, concurrency, destinations, dead letters (LM5)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.engine import ACCOUNT, REGION, START_MS, Time
from tests.services.awslambda.conftest import Make, function_arn, queue_arn

Log = Callable[..., list[Any]]
MINUTE = 60_000


def send(api: Any, payload: Any = "job", name: str = "worker") -> int:
    text = json.dumps(payload)
    answer = api.invoke(FunctionName=name, InvocationType="Event", Payload=text)
    return int(answer["StatusCode"])


def received(queues: Any, url: str) -> list[dict[str, Any]]:
    """Receive what is there, with all attributes."""
    asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
    return list(queues.receive_message(**asked).get("Messages", []))


def test_an_event_is_queued_and_runs_for_its_time(
    make: Make, api: Any, clock: Time, events: Log
) -> None:
    make("seconds=0.4")
    assert send(api) == 202
    clock.advance(1)
    [invoked], [succeeded] = events("lambda.Invoked"), events("lambda.Succeeded")
    assert (invoked["by"], invoked["n"], invoked["at"]) == ("client:boto3", 1, START_MS)
    assert succeeded["at"] - invoked["at"] == 400
    assert succeeded["m"] == invoked["m"]
    assert events()[succeeded["cause"] - 1]["kind"] == "lambda.Invoked"


def test_two_retries_after_one_and_two_minutes(
    make: Make, api: Any, clock: Time, events: Log
) -> None:
    make("seconds=1 poison=bad")
    send(api, "bad")
    clock.advance(3600)
    began = [(event["at"] - START_MS) for event in events("lambda.Invoked")]
    assert began == [0, MINUTE + 1_000, 3 * MINUTE + 2_000]
    assert [event["why"] for event in events("lambda.Failed")] == ["poison"] * 3
    assert [event["attempt"] for event in events("lambda.Retrying")] == [2, 3]
    [dropped] = events("lambda.Dropped")
    assert (dropped["to"], dropped["why"]) == ("", "poison")


def test_an_event_that_is_too_old_is_not_tried_again(
    make: Make, api: Any, clock: Time, events: Log
) -> None:
    make("poison=bad")
    api.put_function_event_invoke_config(
        FunctionName="worker", MaximumEventAgeInSeconds=60, MaximumRetryAttempts=2
    )
    send(api, "bad")
    clock.advance(3600)
    assert len(events("lambda.Invoked")) == 1
    [dropped] = events("lambda.Dropped")
    assert START_MS + MINUTE < dropped["at"] < START_MS + MINUTE + 200


def test_the_failure_destination_gets_a_record(
    make: Make, api: Any, queue: Make, queues: Any, clock: Time, events: Log
) -> None:
    make("poison=bad")
    url = queue("failed")
    config = {"DestinationConfig": {"OnFailure": {"Destination": queue_arn("failed")}}}
    api.put_function_event_invoke_config(FunctionName="worker", MaximumRetryAttempts=1, **config)
    send(api, {"order": "bad"})
    clock.advance(600)
    [message] = received(queues, url)
    record = json.loads(message["Body"])
    context = record["requestContext"]
    assert record["version"] == "1.0"
    assert record["requestPayload"] == {"order": "bad"}
    assert context["functionArn"] == f"{function_arn()}:$LATEST"
    assert (context["condition"], context["approximateInvokeCount"]) == ("RetriesExhausted", 2)
    assert record["responseContext"] == {
        "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled",
    }  # fmt: skip
    assert record["responsePayload"]["errorMessage"] == "The function failed: poison."
    [dead] = events("lambda.DeadLettered")
    assert dead["to"] == queue_arn("failed")


def test_the_success_destination_gets_one_too(
    make: Make, api: Any, queue: Make, queues: Any, clock: Time, events: Log
) -> None:
    make("result=packed")
    url = queue("done")
    api.put_function_event_invoke_config(
        FunctionName="worker",
        DestinationConfig={"OnSuccess": {"Destination": queue_arn("done")}},
    )
    send(api, {"order": 1})
    clock.advance(1)
    record = json.loads(received(queues, url)[0]["Body"])
    assert record["requestContext"]["condition"] == "Success"
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert (record["requestPayload"], record["responsePayload"]) == ({"order": 1}, "packed")
    assert "functionError" not in record["responseContext"]
    [delivered] = events("lambda.Delivered")
    assert events()[delivered["cause"] - 1]["kind"] == "lambda.Succeeded"


def test_a_dead_letter_queue_gets_the_event_itself(
    make: Make, api: Any, queue: Make, queues: Any, clock: Time
) -> None:
    url = queue("dead")
    make("poison=bad", DeadLetterConfig={"TargetArn": queue_arn("dead")})
    send(api, {"order": "bad"})
    clock.advance(600)
    [letter] = received(queues, url)
    told = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert json.loads(letter["Body"]) == {"order": "bad"}
    assert told["ErrorCode"] == "200"
    assert told["ErrorMessage"] == "The function failed: poison."
    assert len(told["RequestID"]) == 36


def test_a_dead_letter_topic_too(
    make: Make, api: Any, queue: Make, queues: Any, clock: Time, aws: Callable[..., Any]
) -> None:
    sns = aws("sns")
    topic = sns.create_topic(Name="dead")["TopicArn"]
    permit = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    url = queue("letters", Policy={"Version": "2012-10-17", "Statement": [permit]})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn("letters"))
    make("poison=bad", DeadLetterConfig={"TargetArn": topic})
    send(api, "bad")
    clock.advance(600)
    [letter] = received(queues, url)
    assert json.loads(json.loads(letter["Body"])["Message"]) == "bad"


def test_a_function_can_be_a_destination(make: Make, api: Any, clock: Time, events: Log) -> None:
    make(name="first")
    make(name="second")
    config = {"DestinationConfig": {"OnSuccess": {"Destination": function_arn("second")}}}
    api.put_function_event_invoke_config(FunctionName="first", **config)
    send(api, name="first")
    clock.advance(1)
    second = [event for event in events("lambda.Invoked") if event["arn"] == function_arn("second")]
    assert [event["by"] for event in second] == [function_arn("first")]


def test_a_bus_can_be_a_destination(
    make: Make, api: Any, queue: Make, queues: Any, clock: Time, aws: Callable[..., Any]
) -> None:
    rules = aws("events")
    permit = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    url = queue("told", Policy={"Version": "2012-10-17", "Statement": [permit]})
    rules.put_rule(Name="results", EventPattern='{"source": ["lambda"]}')
    rules.put_targets(Rule="results", Targets=[{"Id": "q", "Arn": queue_arn("told")}])
    make("result=done")
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    config = {"DestinationConfig": {"OnSuccess": {"Destination": bus}}}
    api.put_function_event_invoke_config(FunctionName="worker", **config)
    send(api)
    clock.advance(1)
    event = json.loads(received(queues, url)[0]["Body"])
    assert event["detail-type"] == "Lambda Function Invocation Result - Success"
    assert event["detail"]["responsePayload"] == "done"


def test_what_a_destination_refuses_is_dropped(
    make: Make, api: Any, clock: Time, events: Log
) -> None:
    make("poison=bad", DeadLetterConfig={"TargetArn": queue_arn("nowhere")})
    send(api, "bad")
    clock.advance(600)
    [dropped] = events("lambda.Dropped")
    assert (dropped["to"], dropped["code"]) == (queue_arn("nowhere"), "QueueDoesNotExist")


def test_reserved_concurrency_throttles(make: Make, api: Any, clock: Time, events: Log) -> None:
    make("seconds=2")
    api.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=1)
    send(api)
    send(api)
    clock.advance(1.5)
    assert len(events("lambda.Invoked")) == 1
    assert len(events("lambda.Throttled")) == 2
    clock.advance(10)
    began = [event["at"] - START_MS for event in events("lambda.Invoked")]
    # It tries again after 1, 2, … seconds, until the first has ended.
    assert began == [0, 3_000]
    assert len(events("lambda.Succeeded")) == 2


def test_without_a_reservation_functions_share_the_account(
    make: Make, api: Any, clock: Time, events: Log
) -> None:
    make("seconds=60", Timeout=60)
    make(name="reserved")
    make("seconds=60", name="other", Timeout=60)
    api.put_function_concurrency(FunctionName="reserved", ReservedConcurrentExecutions=900)
    for _ in range(60):
        send(api)
        send(api, name="other")
    clock.advance(0.5)
    assert len(events("lambda.Invoked")) == 100
    assert len(events("lambda.Throttled")) == 20
    send(api, name="reserved")
    clock.advance(0.5)
    assert events("lambda.Succeeded")[0]["arn"] == function_arn("reserved")


def test_a_reservation_of_zero_stops_a_function(
    make: Make, api: Any, queue: Make, queues: Any, clock: Time, events: Log
) -> None:
    url = queue("dead")
    make(DeadLetterConfig={"TargetArn": queue_arn("dead")})
    api.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=0)
    send(api, "late")
    clock.advance(1)
    assert events("lambda.Invoked") == []
    assert received(queues, url)[0]["Body"] == '"late"'


def test_a_function_that_is_too_slow_times_out(
    make: Make, api: Any, clock: Time, events: Log
) -> None:
    make("seconds=5")
    api.put_function_event_invoke_config(FunctionName="worker", MaximumRetryAttempts=0)
    send(api)
    clock.advance(60)
    [failed], [dropped] = events("lambda.Failed"), events("lambda.Dropped")
    assert (failed["why"], failed["at"] - START_MS) == ("timeout", 3_000)
    assert dropped["why"] == "timeout"


def test_errors_come_as_often_as_is_said(make: Make, api: Any, clock: Time, events: Log) -> None:
    make("errors=0.3")
    api.put_function_event_invoke_config(FunctionName="worker", MaximumRetryAttempts=0)
    for _ in range(200):
        send(api)
    clock.advance(60)
    assert 40 < len(events("lambda.Failed")) < 80
    assert len(events("lambda.Failed")) + len(events("lambda.Succeeded")) == 200


def test_a_restart_loses_no_event(make: Make, api: Any, clock: Time, events: Log) -> None:
    make("poison=bad seconds=1")
    send(api, "bad")
    send(api, "good")
    for seconds in (0, 0.5, 30, 60, 120):
        clock.executor.worlds.clear()
        clock.advance(seconds)
    assert len(events("lambda.Invoked")) == 4
    assert len(events("lambda.Succeeded")) == len(events("lambda.Dropped")) == 1


def test_what_waits_goes_with_its_function(make: Make, api: Any, clock: Time, events: Log) -> None:
    make("poison=bad")
    send(api, "bad")
    clock.advance(1)
    api.delete_function(FunctionName="worker")
    clock.advance(3600)
    assert len(events("lambda.Invoked")) == 1
    assert events("lambda.Dropped") == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"MaximumRetryAttempts": 3}, "ValidationException"),
        ({"MaximumEventAgeInSeconds": 30_000}, "ValidationException"),
        (
            {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:iam::1:role/x"}}},
            "InvalidParameterValueException",
        ),
        (
            {"DestinationConfig": {"OnSuccess": {"Destination": function_arn()}}},
            "InvalidParameterValueException",
        ),
    ],
)
def test_a_wrong_configuration_is_refused(
    make: Make, api: Any, asked: dict[str, Any], code: str
) -> None:
    make()
    with pytest.raises(api.exceptions.ClientError) as raised:
        api.put_function_event_invoke_config(FunctionName="worker", **asked)
    assert raised.value.response["Error"]["Code"] == code


def test_the_configuration_is_kept_changed_and_deleted(make: Make, api: Any) -> None:
    arn = make()
    config = {"DestinationConfig": {"OnFailure": {"Destination": queue_arn("dead")}}}
    api.put_function_event_invoke_config(FunctionName="worker", **config)
    changed = api.update_function_event_invoke_config(FunctionName="worker", MaximumRetryAttempts=0)
    assert changed["MaximumRetryAttempts"] == 0
    assert changed["DestinationConfig"]["OnFailure"]["Destination"] == queue_arn("dead")
    found = api.list_function_event_invoke_configs(FunctionName="worker")
    [listed] = found["FunctionEventInvokeConfigs"]
    assert listed["FunctionArn"] == f"{arn}:$LATEST"
    api.delete_function_event_invoke_config(FunctionName="worker")
    with pytest.raises(api.exceptions.ResourceNotFoundException):
        api.get_function_event_invoke_config(FunctionName="worker")
