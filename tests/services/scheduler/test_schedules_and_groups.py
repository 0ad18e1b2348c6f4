"""Schedules and groups: made, read, changed, listed, deleted, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fixtures.engine import ACCOUNT, REGION
from tests.services.scheduler.conftest import ROLE, START, Make, arn

RATE = "rate(5 minutes)"


def refusal(call: Any, **asked: Any) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as raised:
        call(**asked)
    answer = raised.value.response
    error = answer["Error"]
    return error["Code"], error["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_what_is_made_can_be_read(make: Make, api: Any) -> None:
    made = make(RATE, Description="each five")
    found = api.get_schedule(Name="tick")
    assert made == f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/tick"
    assert (found["Arn"], found["GroupName"], found["State"]) == (made, "default", "ENABLED")
    assert found["Target"]["RetryPolicy"] == {
        "MaximumEventAgeInSeconds": 86_400,
        "MaximumRetryAttempts": 185,
    }
    assert found["CreationDate"] == found["LastModificationDate"] == START


def test_a_name_is_taken_once_and_a_token_is_remembered(make: Make, api: Any) -> None:
    first = make(RATE, ClientToken="t-1")
    assert make(RATE, ClientToken="t-1") == first
    target = {"Arn": arn("work"), "RoleArn": ROLE}
    asked = {"Name": "tick", "ScheduleExpression": RATE, "Target": target}
    told = refusal(api.create_schedule, **asked, FlexibleTimeWindow={"Mode": "OFF"})
    assert told == ("ConflictException", "Schedule tick already exists.", 409)


def test_an_update_replaces_everything(make: Make, api: Any) -> None:
    make(RATE, Description="old", ActionAfterCompletion="DELETE")
    api.update_schedule(
        Name="tick", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn("work"), "RoleArn": ROLE},
    )  # fmt: skip
    found = api.get_schedule(Name="tick")
    assert "Description" not in found
    assert (found["ScheduleExpression"], found["ActionAfterCompletion"]) == ("rate(1 day)", "NONE")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"ScheduleExpression": "rate(5 weeks)"}, "Invalid Schedule Expression rate(5 weeks)."),
        ({"ScheduleExpression": "cron(* * * * * *)"}, "Invalid Schedule Expression cron(* * *"),
        ({"ScheduleExpressionTimezone": "Moon"}, "Invalid Schedule Expression Timezone Moon."),
        ({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, "MaximumWindowInMinutes is required"),
        (
            {"StartDate": START, "EndDate": START - timedelta(1)},
            "The StartDate you specify must come before the EndDate.",
        ),
        ({"Target": {"Arn": "nothing", "RoleArn": ROLE}}, "Provided Arn is not in correct format."),
        (
            {"Target": {"Arn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/b", "RoleArn": ROLE}},
            "EventBridgeParameters is required",
        ),
    ],
)
def test_what_is_wrong_is_said(api: Any, asked: dict[str, Any], message: str) -> None:
    good = {
        "Name": "tick",
        "ScheduleExpression": RATE,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": arn("work"), "RoleArn": ROLE},
    }
    code, text, status = refusal(api.create_schedule, **(good | asked))
    assert (code, status) == ("ValidationException", 400)
    assert message in text
    assert api.list_schedules()["Schedules"] == []


def test_a_universal_target_is_not_modelled(api: Any) -> None:
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "RoleArn": ROLE}
    code, text, status = refusal(
        api.create_schedule, Name="tick", ScheduleExpression=RATE, Target=target,
        FlexibleTimeWindow={"Mode": "OFF"},
    )  # fmt: skip
    assert (code, status) == ("NotImplemented", 501)
    assert "universal targets" in text


def test_schedules_are_listed_in_pages(make: Make, api: Any) -> None:
    for number in range(5):
        make(RATE, name=f"tick-{number}", State="DISABLED" if number == 3 else "ENABLED")
    make(RATE, name="other")
    pages = api.get_paginator("list_schedules").paginate(
        NamePrefix="tick", State="ENABLED", PaginationConfig={"PageSize": 2}
    )
    names = [[each["Name"] for each in page["Schedules"]] for page in pages]
    assert names == [["tick-0", "tick-1"], ["tick-2", "tick-4"]]
    code, _, _ = refusal(api.list_schedules, NextToken="bogus")
    assert code == "ValidationException"


def test_a_group_holds_schedules_and_takes_them_along(make: Make, api: Any) -> None:
    assert refusal(make, expression=RATE, GroupName="nights")[0] == "ResourceNotFoundException"
    group = api.create_schedule_group(Name="nights", Tags=[{"Key": "team", "Value": "a"}])
    made = make(RATE, GroupName="nights")
    assert made.endswith("schedule/nights/tick")
    named = {"ResourceArn": group["ScheduleGroupArn"]}
    api.tag_resource(**named, Tags=[{"Key": "cost", "Value": "7"}])
    api.untag_resource(**named, TagKeys=["team"])
    assert api.list_tags_for_resource(**named)["Tags"] == [{"Key": "cost", "Value": "7"}]
    assert [each["Name"] for each in api.list_schedule_groups()["ScheduleGroups"]] == [
        "default", "nights",
    ]  # fmt: skip
    api.delete_schedule_group(Name="nights")
    assert api.list_schedules()["Schedules"] == []
    code, text, _ = refusal(api.get_schedule_group, Name="nights")
    assert (code, text) == ("ResourceNotFoundException", "Schedule group nights does not exist.")
    assert refusal(api.create_schedule_group, Name="default")[0] == "ConflictException"
    assert refusal(api.delete_schedule_group, Name="default")[0] == "ValidationException"


def test_deleted_means_gone(make: Make, api: Any) -> None:
    make(RATE)
    api.delete_schedule(Name="tick")
    told = refusal(api.delete_schedule, Name="tick")
    assert told == ("ResourceNotFoundException", "Schedule tick does not exist.", 404)
    make(RATE)
