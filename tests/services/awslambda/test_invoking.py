"""Who invokes a function, and who may: callers, topics, buses, schedules, other accounts."""

import json
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from messaging.kernel.models import Sandbox
from messaging.sandboxes import add_account
from tests.fixtures.engine import ACCOUNT, REGION, START_MS, Time
from tests.services.awslambda.conftest import ROLE, Make, function_arn

Log = Callable[..., list[Any]]
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/orders"
STRANGER = "210987654321"


def permit(api: Any, service: str, source: str = "", **more: str) -> dict[str, Any]:
    asked = {"SourceArn": source, **more} if source else more
    answer = api.add_permission(
        FunctionName="worker", StatementId=service.partition(".")[0],
        Action="lambda:InvokeFunction", Principal=service, **asked,
    )  # fmt: skip
    return dict(json.loads(answer["Statement"]))


def test_a_caller_has_its_answer_at_once_and_the_log_the_duration(
    make: Make, api: Any, clock: Time, events: Log
) -> None:
    make("seconds=1.5 result=packed")
    answer = api.invoke(FunctionName="worker", Payload=b'{"order": 1}', LogType="Tail")
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert answer["Payload"].read() == b'"packed"'
    assert "FunctionError" not in answer
    assert "Duration: 1500.00 ms" in b64decode(answer["LogResult"]).decode()
    assert events("lambda.Succeeded") == []
    clock.advance(2)
    assert events("lambda.Succeeded")[0]["at"] == START_MS + 1_500


def test_a_function_may_return_what_it_was_given(make: Make, api: Any) -> None:
    make("result=@")
    answer = api.invoke(FunctionName="worker", Payload=b'[{"order": 1}]')
    assert json.loads(answer["Payload"].read()) == [{"order": 1}]


@pytest.mark.parametrize(
    ("behaviour", "kind", "text"),
    [
        ("poison=bad", "Exception", "The function failed: poison."),
        ("errors=1", "Exception", "The function failed: failure."),
        ("seconds=4", "Sandbox.Timedout", "Task timed out after 3.00 seconds"),
    ],
)
def test_a_failure_is_an_answer_too(
    make: Make, api: Any, behaviour: str, kind: str, text: str
) -> None:
    make(behaviour)
    answer = api.invoke(FunctionName="worker", Payload=b'{"order": "bad"}')
    error = json.loads(answer["Payload"].read())
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    assert error["errorType"] == kind
    assert error["errorMessage"].endswith(text)


def test_a_caller_without_room_is_told_so(make: Make, api: Any, clock: Time, events: Log) -> None:
    make("seconds=1")
    api.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=1)
    api.invoke(FunctionName="worker")
    with pytest.raises(api.exceptions.TooManyRequestsException) as raised:
        api.invoke(FunctionName="worker")
    answer = raised.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert answer["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    clock.advance(1)
    assert api.invoke(FunctionName="worker")["StatusCode"] == 200


def test_a_dry_run_runs_nothing(make: Make, api: Any, clock: Time, events: Log) -> None:
    make()
    assert api.invoke(FunctionName="worker", InvocationType="DryRun")["StatusCode"] == 204
    clock.advance(1)
    assert events("lambda.Invoked") == []


@pytest.mark.parametrize(
    ("payload", "code"),
    [(b"{nonsense", "InvalidRequestContentException"), (b'"x"', ""), (b"", "")],
)
def test_a_payload_is_json(make: Make, api: Any, payload: bytes, code: str) -> None:
    make()
    if not code:
        assert api.invoke(FunctionName="worker", Payload=payload)["StatusCode"] == 200
        return
    with pytest.raises(ClientError) as raised:
        api.invoke(FunctionName="worker", Payload=payload)
    assert raised.value.response["Error"]["Code"] == code


def test_an_event_has_a_megabyte_and_a_call_six(make: Make, api: Any) -> None:
    make()
    text = json.dumps("x" * (1 << 20))
    assert api.invoke(FunctionName="worker", Payload=text)["StatusCode"] == 200
    with pytest.raises(api.exceptions.RequestTooLargeException):
        api.invoke(FunctionName="worker", Payload=text, InvocationType="Event")


def test_a_topic_invokes_what_permits_it(
    make: Make, api: Any, clock: Time, events: Log, aws: Callable[..., Any]
) -> None:
    make("poison=worm")
    sns = aws("sns")
    sns.create_topic(Name="orders")
    sns.subscribe(TopicArn=TOPIC, Protocol="lambda", Endpoint=function_arn())
    sns.publish(TopicArn=TOPIC, Message="apple")
    clock.advance(1)
    [failed] = events("sns.DeliveryFailed")
    assert failed["code"] == "AccessDeniedException"
    assert events("lambda.Invoked") == []
    permit(api, "sns.amazonaws.com", TOPIC)
    sns.publish(TopicArn=TOPIC, Message="a worm")
    clock.advance(1)
    [invoked] = events("lambda.Invoked")
    assert invoked["by"] == TOPIC
    assert events()[invoked["cause"] - 1]["kind"] == "sns.Published"
    # The body is in the event that the function gets.
    assert [event["why"] for event in events("lambda.Failed")] == ["poison"]
    assert len(events("sns.Delivered")) == 1


def test_the_permission_may_name_another_source(
    make: Make, api: Any, clock: Time, events: Log, aws: Callable[..., Any]
) -> None:
    make()
    permit(api, "sns.amazonaws.com", f"{TOPIC}-other")
    sns = aws("sns")
    sns.create_topic(Name="orders")
    sns.subscribe(TopicArn=TOPIC, Protocol="lambda", Endpoint=function_arn())
    sns.publish(TopicArn=TOPIC, Message="apple")
    clock.advance(1)
    assert events("lambda.Invoked") == []


def test_a_rule_invokes_what_permits_it(
    make: Make, api: Any, clock: Time, events: Log, aws: Callable[..., Any]
) -> None:
    make()
    permit(api, "events.amazonaws.com", RULE, SourceAccount=ACCOUNT)
    bus = aws("events")
    bus.put_rule(Name="orders", EventPattern='{"source": ["shop"]}')
    bus.put_targets(Rule="orders", Targets=[{"Id": "f", "Arn": function_arn()}])
    bus.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
    clock.advance(1)
    [invoked] = events("lambda.Invoked")
    assert invoked["by"] == RULE
    assert len(events("lambda.Succeeded")) == 1


def test_a_schedule_acts_in_its_role(
    make: Make, clock: Time, events: Log, aws: Callable[..., Any]
) -> None:
    make()
    soon = datetime.fromtimestamp(START_MS / 1000, UTC) + timedelta(minutes=1)
    aws("scheduler").create_schedule(
        Name="tick", ScheduleExpression=f"at({soon:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"}, Target={"Arn": function_arn(), "RoleArn": ROLE},
    )  # fmt: skip
    clock.advance(61)
    [invoked] = events("lambda.Invoked")
    assert invoked["by"].endswith("schedule/default/tick")


def test_another_account_needs_a_permission(
    make: Make, api: Any, sandbox: Sandbox, aws: Callable[..., Any]
) -> None:
    make()
    add_account(sandbox, STRANGER, regions=(REGION,))
    stranger = aws("lambda", account=STRANGER)
    with pytest.raises(ClientError) as raised:
        stranger.invoke(FunctionName=function_arn())
    error = raised.value.response["Error"]
    assert error["Code"] == "AccessDeniedException"
    assert f"lambda:InvokeFunction on resource: {function_arn()}" in error["Message"]
    permit(api, STRANGER)
    assert stranger.invoke(FunctionName=function_arn())["StatusCode"] == 200
    with pytest.raises(ClientError) as raised:
        stranger.get_function(FunctionName=function_arn())
    assert raised.value.response["Error"]["Code"] == "AccessDeniedException"


def test_the_policy_is_made_of_statements(make: Make, api: Any) -> None:
    make()
    with pytest.raises(api.exceptions.ResourceNotFoundException):
        api.get_policy(FunctionName="worker")
    statement = permit(api, "sns.amazonaws.com", TOPIC, SourceAccount=ACCOUNT)
    assert statement == {
        "Sid": "sns",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": function_arn(),
        "Condition": {
            "StringEquals": {"AWS:SourceAccount": ACCOUNT},
            "ArnLike": {"AWS:SourceArn": TOPIC},
        },
    }
    with pytest.raises(api.exceptions.ResourceConflictException) as raised:
        permit(api, "sns.amazonaws.com")
    assert "(sns) provided already exists" in raised.value.response["Error"]["Message"]
    found = api.get_policy(FunctionName="worker")
    policy = json.loads(found["Policy"])
    assert (policy["Id"], policy["Statement"]) == ("default", [statement])
    api.remove_permission(FunctionName="worker", StatementId="sns", RevisionId=found["RevisionId"])
    with pytest.raises(api.exceptions.ResourceNotFoundException) as missing:
        api.remove_permission(FunctionName="worker", StatementId="sns")
    text = "Statement sns is not found in resource policy."
    assert missing.value.response["Error"]["Message"] == text


def test_a_circle_of_functions_ends(make: Make, api: Any, clock: Time, events: Log) -> None:
    for name, other in (("ping", "pong"), ("pong", "ping")):
        make("seconds=0.01", name=name)
        config = {"DestinationConfig": {"OnSuccess": {"Destination": function_arn(other)}}}
        api.put_function_event_invoke_config(FunctionName=name, **config)
    api.invoke(FunctionName="ping", InvocationType="Event")
    clock.advance(60)
    assert 20 < len(events("lambda.Invoked")) < 30
    [dropped] = events("lambda.Dropped")
    assert dropped["code"] == "LoopDetected"
