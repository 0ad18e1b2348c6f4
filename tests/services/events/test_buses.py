"""Event buses, their policies and tags: P2, P3, P11 and the errors around them."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from messaging import sandboxes
from messaging.kernel.errors import NotModelled
from tests.fixtures.engine import ACCOUNT, REGION, Api
from tests.services.events.conftest import DEFAULT, entry, said

OTHER = "999988887777"


def test_P3_the_default_bus_is_there_before_anybody_uses_it(
    api: Any, events: Callable[..., list[Any]]
) -> None:
    assert api.describe_event_bus()["Arn"] == DEFAULT
    [bus] = api.list_event_buses()["EventBuses"]
    assert bus["Name"] == "default"
    assert events("events.BusCreated") == []
    api.put_events(Entries=[entry(), entry()])
    assert [made["arn"] for made in events("events.BusCreated")] == [DEFAULT]
    assert api.describe_event_bus(Name="default")["CreationTime"]


def test_P3_buses_are_made_described_listed_and_deleted(api: Any) -> None:
    made = api.create_event_bus(Name="orders", Description="all orders", Tags=[
        {"Key": "team", "Value": "shop"}
    ])  # fmt: skip
    arn = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/orders"
    assert (made["EventBusArn"], made["Description"]) == (arn, "all orders")
    assert api.describe_event_bus(Name=arn)["Name"] == "orders"
    assert api.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "team", "Value": "shop"}]
    listed = api.list_event_buses(NamePrefix="ord")["EventBuses"]
    assert [bus["Name"] for bus in listed] == ["orders"]
    api.delete_event_bus(Name="orders")
    api.delete_event_bus(Name="orders")
    assert said(api.describe_event_bus, Name="orders") == (
        "ResourceNotFoundException", "Event bus orders does not exist.",
    )  # fmt: skip


def test_P3_buses_are_listed_by_pages(api: Any) -> None:
    for number in range(5):
        api.create_event_bus(Name=f"bus-{number}")
    first = api.list_event_buses(NamePrefix="bus-", Limit=3)
    rest = api.list_event_buses(NamePrefix="bus-", Limit=3, NextToken=first["NextToken"])
    names = [bus["Name"] for page in (first, rest) for bus in page["EventBuses"]]
    assert names == [f"bus-{number}" for number in range(5)]
    assert "NextToken" not in rest
    wrong = said(api.list_event_buses, NamePrefix="b", NextToken=first["NextToken"])
    assert wrong[0] == "ValidationException"


def test_P3_what_is_wrong_with_a_bus_is_said_in_awss_words(
    api: Any, wire: Callable[..., str]
) -> None:
    api.create_event_bus(Name="orders")
    assert said(api.create_event_bus, Name="orders") == (
        "ResourceAlreadyExistsException", "Event bus orders already exists.",
    )  # fmt: skip
    assert said(api.create_event_bus, Name="default")[1] == "Event bus default already exists."
    assert said(api.create_event_bus, Name="a/b")[1] == "Event bus name must not contain '/'."
    assert said(api.delete_event_bus, Name="default") == (
        "ValidationException", "Cannot delete event bus default.",
    )  # fmt: skip
    assert said(api.create_event_bus, Name="no spaces") == (
        "ValidationException",
        "1 validation error detected: Value 'no spaces' at 'name' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [/\.\-_A-Za-z0-9]+",
    )
    wire(bus="orders")
    assert said(api.delete_event_bus, Name="orders")[0] == "ValidationException"


def test_P3_a_hundred_buses_are_the_most(api: Any) -> None:
    for number in range(100):
        api.create_event_bus(Name=f"bus-{number}")
    assert said(api.create_event_bus, Name="one-more") == (
        "LimitExceededException", "The requested resource exceeds the maximum number allowed.",
    )  # fmt: skip


def test_P11_settings_of_a_bus_are_kept_and_replaced(api: Any) -> None:
    log = {"IncludeDetail": "FULL", "Level": "TRACE"}
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"
    api.create_event_bus(Name="orders", LogConfig=log, DeadLetterConfig={"Arn": queue})
    shown = api.describe_event_bus(Name="orders")
    assert (shown["LogConfig"], shown["DeadLetterConfig"]) == (log, {"Arn": queue})
    api.update_event_bus(Name="orders", Description="later")
    shown = api.describe_event_bus(Name="orders")
    assert (shown["Description"], "LogConfig" in shown) == ("later", False)
    wrong = said(api.create_event_bus, Name="x", LogConfig={"Level": "LOUD"})
    assert "at 'logConfig.level' failed to satisfy constraint: Member must satisfy enum" in wrong[1]


def test_P9_permissions_become_statements_of_the_policy(api: Any) -> None:
    api.put_permission(
        Action="events:PutEvents", Principal=OTHER, StatementId="partner",
        Condition={"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-1"},
    )  # fmt: skip
    api.put_permission(Action="events:PutEvents", Principal="*", StatementId="all")
    policy = json.loads(api.describe_event_bus()["Policy"])
    assert policy["Statement"][0] == {
        "Sid": "partner",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"},
        "Action": "events:PutEvents",
        "Resource": DEFAULT,
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
    }
    assert policy["Statement"][1]["Principal"] == "*"
    api.remove_permission(StatementId="partner")
    [left] = json.loads(api.describe_event_bus()["Policy"])["Statement"]
    assert left["Sid"] == "all"
    assert said(api.remove_permission, StatementId="partner") == (
        "ResourceNotFoundException", "Statement with the provided id does not exist.",
    )  # fmt: skip
    api.remove_permission(RemoveAllPermissions=True)
    assert "Policy" not in api.describe_event_bus()


def test_P9_a_whole_policy_replaces_the_statements(api: Any) -> None:
    statement = {"Sid": "s", "Effect": "Allow", "Principal": "*", "Action": "events:ListRules"}
    whole = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": DEFAULT}]}
    api.put_permission(Policy=json.dumps(whole))
    assert json.loads(api.describe_event_bus()["Policy"]) == whole
    assert said(api.put_permission, Policy="{}")[0] == "ValidationException"
    assert said(api.put_permission, Action="events:DeleteRule", Principal="*", StatementId="x") == (
        "ValidationException", "Provided value in parameter 'action' is not supported.",
    )  # fmt: skip
    big = {**whole, "Statement": [{**statement, "Sid": f"s{n}"} for n in range(200)]}
    assert said(api.put_permission, Policy=json.dumps(big))[0] == "PolicyLengthExceededException"
    assert said(api.put_permission, EventBusName="x", Policy=json.dumps(whole))[1] == (
        "Event bus x does not exist."
    )


def test_P9_a_bus_is_closed_to_other_accounts_until_its_policy_lets_them_in(
    api: Any, aws: Callable[..., Any], sandbox: Any, wire: Callable[..., str], queue: Any
) -> None:
    sandboxes.add_account(sandbox, OTHER, regions=(REGION,))
    stranger = aws("events", account=OTHER)
    wire(queue)
    code, message = said(stranger.put_events, Entries=[entry(EventBusName=DEFAULT)])
    assert code == "AccessDeniedException"
    assert message.endswith(
        f"is not authorized to perform: events:PutEvents on resource: {DEFAULT} because no"
        " resource-based policy allows the events:PutEvents action"
    )
    api.put_permission(Action="events:PutEvents", Principal=OTHER, StatementId="partner")
    stranger.put_events(Entries=[entry({"n": 1}, EventBusName=DEFAULT)])
    [event] = queue.events()
    assert (event["account"], event["detail"]) == (OTHER, {"n": 1})


def test_P9_the_policy_binds_its_owner_where_it_denies(api: Any) -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "events:PutEvents", "Resource": DEFAULT}
    api.put_permission(Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    assert said(api.put_events, Entries=[entry()])[0] == "AccessDeniedException"
    assert api.list_rules()["Rules"] == []


def test_P3_tags_of_buses_and_rules(api: Any, wire: Callable[..., str]) -> None:
    rule = wire()
    for arn in (DEFAULT, rule):
        api.tag_resource(ResourceARN=arn, Tags=[{"Key": k, "Value": "1"} for k in ("a", "b")])
        api.untag_resource(ResourceARN=arn, TagKeys=["a", "z"])
        assert api.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "b", "Value": "1"}]
    assert said(api.list_tags_for_resource, ResourceARN=rule + "x")[1] == (
        "Rule ordersx does not exist on EventBus default."
    )
    assert said(api.tag_resource, ResourceARN=rule, Tags=[{"Key": "aws:x", "Value": ""}])[0] == (
        "ValidationException"
    )


def test_what_is_not_modelled_says_so_by_its_name(executor: Any, caller: Any) -> None:
    with pytest.raises(NotModelled, match="events:CreateEndpoint"):
        Api(executor, caller, "events").create_endpoint()
    with pytest.raises(NotModelled, match="global endpoint"):
        Api(executor, caller, "events").put_events(Entries=[entry()], EndpointId="a.b")
