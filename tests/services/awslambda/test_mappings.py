"""Event source mappings: made, read, changed, switched, deleted, and what is refused (LM1, LM2)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fixtures.engine import ACCOUNT, REGION, Time
from tests.services.awslambda.conftest import Make, Map, counts, function_arn, queue_arn

Log = Callable[..., list[Any]]


def refusal(call: Any, **asked: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as raised:
        call(**asked)
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_mapping_is_made_and_after_a_second_enabled(make: Make, api: Any, clock: Time) -> None:
    make()
    made = api.create_event_source_mapping(
        EventSourceArn=queue_arn("jobs"), FunctionName="worker", Tags={"team": "parcels"}
    )
    assert (made["State"], made["BatchSize"]) == ("Creating", 10)
    assert made["MaximumBatchingWindowInSeconds"] == 0
    assert made["EventSourceMappingArn"].endswith(f":event-source-mapping:{made['UUID']}")
    clock.advance(1)
    found = api.get_event_source_mapping(UUID=made["UUID"])
    assert (found["State"], found["FunctionArn"]) == ("Enabled", function_arn())
    tags = api.list_tags(Resource=made["EventSourceMappingArn"])["Tags"]
    assert tags == {"team": "parcels"}


def test_one_queue_is_mapped_to_a_function_once(make: Make, api: Any, connect: Map) -> None:
    make()
    uuid = connect()
    code, text = refusal(
        api.create_event_source_mapping, EventSourceArn=queue_arn("jobs"), FunctionName="worker"
    )
    assert code == "ResourceConflictException"
    assert text.endswith(f"delete the existing mapping with UUID {uuid}")


@pytest.mark.parametrize(
    ("asked", "code", "text"),
    [
        ({"BatchSize": 10_001}, "ValidationException", "less than or equal to 10000"),
        ({"BatchSize": 11}, "InvalidParameterValueException", "must be greater than 0"),
        (
            {"MaximumBatchingWindowInSeconds": 301},
            "ValidationException", "less than or equal to 300",
        ),
        (
            {"ScalingConfig": {"MaximumConcurrency": 1_001}},
            "ValidationException", "less than or equal to 1000",
        ),
        (
            {"FilterCriteria": {"Filters": [{"Pattern": "{"}]}},
            "InvalidParameterValueException", "Invalid filter pattern definition",
        ),
        (
            {"FilterCriteria": {"Filters": [{"Pattern": "{}"}] * 6}},
            "InvalidParameterValueException", "at most 5",
        ),
        (
            {"BisectBatchOnFunctionError": True},
            "InvalidParameterValueException", "BisectBatchOnFunctionError",
        ),
        (
            {"EventSourceArn": queue_arn("jobs.fifo"), "BatchSize": 11},
            "InvalidParameterValueException", "not supported for FIFO",
        ),
        (
            {"EventSourceArn": queue_arn("jobs.fifo"), "MaximumBatchingWindowInSeconds": 5},
            "InvalidParameterValueException", "Batching window is not supported",
        ),
        ({"EventSourceArn": "jobs"}, "ValidationException", "eventSourceArn"),
        ({"FunctionName": "nobody"}, "ResourceNotFoundException", "Function not found"),
        (
            {"EventSourceArn": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/s"},
            "NotImplemented", "does not model event source mappings for kinesis",
        ),
        (
            {"ProvisionedPollerConfig": {"MinimumPollers": 2}},
            "NotImplemented", "provisioned pollers",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(
    make: Make, api: Any, asked: dict[str, Any], code: str, text: str
) -> None:
    make()
    given = {"EventSourceArn": queue_arn("jobs"), "FunctionName": "worker", **asked}
    told = refusal(api.create_event_source_mapping, **given)
    assert told[0] == code
    assert text in told[1]
    assert api.list_event_source_mappings()["EventSourceMappings"] == []


def test_a_mapping_is_switched_off_and_on(
    make: Make, api: Any, queue: Make, connect: Map, queues: Any, clock: Time
) -> None:
    make()
    url = queue()
    uuid = connect()
    assert api.update_event_source_mapping(UUID=uuid, Enabled=False)["State"] == "Disabling"
    clock.advance(1)
    queues.send_message(QueueUrl=url, MessageBody="job")
    clock.advance(3600)
    assert api.get_event_source_mapping(UUID=uuid)["State"] == "Disabled"
    assert counts(queues, url) == (1, 0)
    api.update_event_source_mapping(UUID=uuid, Enabled=True, BatchSize=5)
    clock.advance(2)
    found = api.get_event_source_mapping(UUID=uuid)
    assert (found["State"], found["BatchSize"]) == ("Enabled", 5)
    assert counts(queues, url) == (0, 0)


def test_what_changes_cannot_be_changed(make: Make, api: Any, connect: Map, clock: Time) -> None:
    make()
    uuid = connect()
    api.update_event_source_mapping(UUID=uuid, BatchSize=2)
    code, text = refusal(api.delete_event_source_mapping, UUID=uuid)
    assert (code, "in use" in text) == ("ResourceInUseException", True)
    clock.advance(1)
    assert api.delete_event_source_mapping(UUID=uuid)["State"] == "Deleting"
    clock.advance(1)
    assert refusal(api.get_event_source_mapping, UUID=uuid)[0] == "ResourceNotFoundException"


def test_what_runs_when_a_mapping_is_deleted_is_finished(
    make: Make, api: Any, queue: Make, connect: Map, queues: Any, clock: Time
) -> None:
    make("seconds=3", Timeout=10)
    url = queue()
    uuid = connect()
    queues.send_message(QueueUrl=url, MessageBody="job")
    clock.advance(0.5)
    api.delete_event_source_mapping(UUID=uuid)
    clock.advance(5)
    assert counts(queues, url) == (0, 0)


def test_mappings_are_listed_by_function_and_by_queue(make: Make, api: Any, connect: Map) -> None:
    make(name="one")
    make(name="two")
    first = connect("a", "one")
    second = connect("b", "one")
    third = connect("b", "two")

    def found(**asked: Any) -> set[str]:
        listed = api.list_event_source_mappings(**asked)["EventSourceMappings"]
        return {each["UUID"] for each in listed}

    assert found() == {first, second, third}
    assert found(FunctionName="one") == {first, second}
    assert found(EventSourceArn=queue_arn("b")) == {second, third}
    page = api.list_event_source_mappings(MaxItems=2)
    rest = api.list_event_source_mappings(Marker=page["NextMarker"])["EventSourceMappings"]
    assert len(page["EventSourceMappings"]) + len(rest) == 3


def test_a_queue_that_is_not_there_is_a_problem_until_it_is(
    make: Make, api: Any, queue: Make, connect: Map, queues: Any, clock: Time
) -> None:
    make()
    uuid = connect("late")
    clock.advance(60)
    result = api.get_event_source_mapping(UUID=uuid)["LastProcessingResult"]
    assert result.startswith("PROBLEM: QueueDoesNotExist")
    url = queue("late")
    queues.send_message(QueueUrl=url, MessageBody="job")
    clock.advance(300)
    assert counts(queues, url) == (0, 0)
    assert api.get_event_source_mapping(UUID=uuid)["LastProcessingResult"] == "OK"


def test_the_queue_policy_can_refuse_the_role(
    make: Make, api: Any, queue: Make, connect: Map, clock: Time
) -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sqs:ReceiveMessage", "Resource": "*"}
    queue(Policy={"Version": "2012-10-17", "Statement": [deny]})
    make()
    uuid = connect()
    clock.advance(1)
    result = api.get_event_source_mapping(UUID=uuid)["LastProcessingResult"]
    assert result.startswith("PROBLEM: AccessDenied")


def test_two_functions_share_a_queue(
    make: Make, queue: Make, connect: Map, queues: Any, clock: Time, events: Log
) -> None:
    make("seconds=5", name="one", Timeout=10)
    make("seconds=5", name="two", Timeout=10)
    url = queue()
    connect("jobs", "one", BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})
    connect("jobs", "two", BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})
    entries = [{"Id": str(place), "MessageBody": json.dumps(place)} for place in range(8)]
    queues.send_message_batch(QueueUrl=url, Entries=entries)
    clock.advance(1)
    arns = [event["arn"] for event in events("lambda.Invoked")]
    assert sorted(arns) == sorted([function_arn("one"), function_arn("two")] * 2)
    clock.advance(20)
    assert counts(queues, url) == (0, 0)
