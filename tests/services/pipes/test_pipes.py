"""Pipes: made, read, changed, listed, tagged, deleted, and what is refused (PI1)."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fixtures.engine import ACCOUNT, REGION
from tests.services.pipes.conftest import ROLE, Make, arn


def refusal(call: Any, **asked: Any) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as raised:
        call(**asked)
    answer = raised.value.response
    error = answer["Error"]
    return error["Code"], error["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_what_is_made_can_be_read_changed_and_deleted(make: Make, api: Any) -> None:
    made = make(Description="first", Tags={"team": "a"})
    assert made == f"arn:aws:pipes:{REGION}:{ACCOUNT}:pipe/flow"
    found = api.describe_pipe(Name="flow")
    assert (found["CurrentState"], found["Source"], found["Tags"]) == (
        "RUNNING", arn("in"), {"team": "a"},
    )  # fmt: skip
    api.update_pipe(Name="flow", RoleArn=ROLE, Target=arn("elsewhere"), Description="second")
    found = api.describe_pipe(Name="flow")
    assert (found["Target"], found["Description"]) == (arn("elsewhere"), "second")
    assert api.delete_pipe(Name="flow")["DesiredState"] == "DELETED"
    told = refusal(api.describe_pipe, Name="flow")
    assert told == ("NotFoundException", "Pipe flow does not exist.", 404)


def test_an_update_of_parameters_keeps_the_members_that_it_leaves_out(make: Make, api: Any) -> None:
    make(TargetParameters={"InputTemplate": "{}"})
    group = {"SqsQueueParameters": {"MessageGroupId": "one"}}
    api.update_pipe(Name="flow", RoleArn=ROLE, TargetParameters=group)
    found = api.describe_pipe(Name="flow")["TargetParameters"]
    assert found == {"InputTemplate": "{}", **group}
    api.update_pipe(Name="flow", RoleArn=ROLE, TargetParameters={"InputTemplate": ""})
    assert api.describe_pipe(Name="flow")["TargetParameters"] == {"InputTemplate": "", **group}


def test_a_name_is_taken_once(make: Make) -> None:
    make()
    assert refusal(make) == ("ConflictException", "Pipe flow already exists.", 409)


def test_pipes_are_listed_in_pages(make: Make, api: Any) -> None:
    for number in range(5):
        make(f"flow-{number}", DesiredState="STOPPED" if number == 3 else "RUNNING")
    first = api.list_pipes(NamePrefix="flow", CurrentState="RUNNING", Limit=3)
    assert [each["Name"] for each in first["Pipes"]] == ["flow-0", "flow-1", "flow-2"]
    rest = api.list_pipes(CurrentState="RUNNING", Limit=3, NextToken=first["NextToken"])
    assert [each["Name"] for each in rest["Pipes"]] == ["flow-4"]
    assert refusal(api.list_pipes, NextToken="bogus")[0] == "ValidationException"


def test_tags_come_and_go(make: Make, api: Any) -> None:
    made = make()
    api.tag_resource(resourceArn=made, tags={"a": "1", "b": "2"})
    api.untag_resource(resourceArn=made, tagKeys=["a"])
    assert api.list_tags_for_resource(resourceArn=made)["tags"] == {"b": "2"}


def test_starting_twice_is_a_conflict(make: Make, api: Any) -> None:
    make()
    assert refusal(api.start_pipe, Name="flow")[0] == "ConflictException"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"Source": "queue"}, "is not an ARN"),
        ({"SourceParameters": {"SqsQueueParameters": {"BatchSize": 11}}}, "greater than 10"),
        (
            {
                "Source": arn("in.fifo"),
                "SourceParameters": {"SqsQueueParameters": {"BatchSize": 11}},
            },
            "at most 10",
        ),
        (
            {"SourceParameters": {"FilterCriteria": {"Filters": [{"Pattern": '{"a": 1}'}]}}},
            "Invalid filter pattern",
        ),
        (
            {"SourceParameters": {"FilterCriteria": {"Filters": [{"Pattern": '{"a": [1]}'}] * 6}}},
            "",
        ),
        ({"Target": arn("out.fifo")}, "MessageGroupId is required"),
    ],
)
def test_what_is_wrong_is_said(make: Make, api: Any, asked: dict[str, Any], message: str) -> None:
    code, text, status = refusal(make, **asked)
    assert (code, status) == ("ValidationException", 400)
    assert message in text
    assert api.list_pipes()["Pipes"] == []


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"Source": arn("stream/s", "kinesis")}, "source"),
        ({"Target": arn("stateMachine:s", "states")}, "states"),
        ({"Enrichment": arn("api-destination/a/b", "events")}, "enriched"),
    ],
)
def test_what_is_not_modelled_is_said_by_name(make: Make, asked: dict[str, Any], word: str) -> None:
    code, text, status = refusal(make, **asked)
    assert (code, status) == ("NotImplemented", 501)
    assert word in text
