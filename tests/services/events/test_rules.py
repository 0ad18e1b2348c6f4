"""Rules, their targets and TestEventPattern: P3, P8, P11, E1, E3, E6."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.engine import ACCOUNT, REGION
from tests.services.events.conftest import Queue, said

QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
EVENT = {
    "id": "1", "account": ACCOUNT, "source": "shop", "time": "2026-01-01T00:00:00Z",
    "region": REGION, "resources": [], "detail-type": "x", "detail": {"n": 1},
}  # fmt: skip


def test_P3_a_rule_is_described_as_it_was_put(api: Any) -> None:
    api.create_event_bus(Name="shop")
    pattern = json.dumps({"source": ["shop"]})
    arn = api.put_rule(
        Name="orders", EventBusName="shop", EventPattern=pattern, Description="d",
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/r", Tags=[{"Key": "a", "Value": "1"}],
    )["RuleArn"]  # fmt: skip
    assert arn == f"arn:aws:events:{REGION}:{ACCOUNT}:rule/shop/orders"
    shown = api.describe_rule(Name="orders", EventBusName="shop")
    shown.pop("ResponseMetadata")
    assert shown == {
        "Name": "orders", "Arn": arn, "EventPattern": pattern, "State": "ENABLED",
        "Description": "d", "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r", "EventBusName": "shop",
        "CreatedBy": ACCOUNT,
    }  # fmt: skip
    assert api.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "1"}]


def test_P3_putting_a_rule_again_replaces_what_it_says_and_keeps_its_targets(
    api: Any, wire: Callable[..., str]
) -> None:
    wire({"Id": "t", "Arn": QUEUE}, Description="first", State="DISABLED")
    wire(pattern={"source": ["other"]})
    shown = api.describe_rule(Name="orders")
    assert ("Description" in shown, shown["State"]) == (False, "ENABLED")
    assert json.loads(shown["EventPattern"]) == {"source": ["other"]}
    assert [t["Id"] for t in api.list_targets_by_rule(Rule="orders")["Targets"]] == ["t"]


def test_P3_rules_are_listed_by_prefix_and_by_pages(api: Any, wire: Callable[..., str]) -> None:
    for name in ("a-1", "a-2", "a-3", "b-1"):
        wire(name=name)
    first = api.list_rules(NamePrefix="a-", Limit=2)
    rest = api.list_rules(NamePrefix="a-", Limit=2, NextToken=first["NextToken"])
    assert [r["Name"] for r in first["Rules"] + rest["Rules"]] == ["a-1", "a-2", "a-3"]
    assert said(api.list_rules, Limit=101)[1].endswith("less than or equal to 100")


def test_P11_a_rule_is_disabled_and_enabled(api: Any, wire: Callable[..., str]) -> None:
    wire()
    api.disable_rule(Name="orders")
    assert api.describe_rule(Name="orders")["State"] == "DISABLED"
    api.enable_rule(Name="orders")
    assert api.describe_rule(Name="orders")["State"] == "ENABLED"
    trail = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    wire(State=trail)
    assert api.describe_rule(Name="orders")["State"] == trail
    assert said(wire, State="ON")[0] == "ValidationException"


def test_P3_a_rule_with_targets_cannot_be_deleted(api: Any, wire: Callable[..., str]) -> None:
    wire({"Id": "t", "Arn": QUEUE})
    assert said(api.delete_rule, Name="orders") == (
        "ValidationException", "Rule can't be deleted since it has targets.",
    )  # fmt: skip
    api.remove_targets(Rule="orders", Ids=["t", "unknown"])
    api.delete_rule(Name="orders")
    api.delete_rule(Name="orders")
    assert said(api.describe_rule, Name="orders") == (
        "ResourceNotFoundException", "Rule orders does not exist on EventBus default.",
    )  # fmt: skip
    assert said(api.delete_rule, Name="x", EventBusName="y")[1] == "Event bus y does not exist."


def test_P3_three_hundred_rules_and_thirty_with_wildcards_are_the_most(
    api: Any, wire: Callable[..., str]
) -> None:
    wild = {"source": [{"wildcard": "a*b"}]}
    for number in range(30):
        wire(name=f"w{number}", pattern=wild)
    too_many = ("LimitExceededException", "The requested resource exceeds the maximum number "
                "allowed.")  # fmt: skip
    assert said(wire, name="w30", pattern=wild) == too_many
    wire(name="w29", pattern=wild)
    for number in range(270):
        wire(name=f"r{number}")
    assert said(wire, name="one-more") == too_many


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({}, "Parameter(s) EventPattern or ScheduleExpression must be specified."),
        ({"ScheduleExpression": "rate(1 minutes)"}, "Parameter ScheduleExpression is not valid."),
        ({"ScheduleExpression": "cron(0 1 * * * *)"}, "Parameter ScheduleExpression is not valid."),
        ({"EventPattern": json.dumps({"a": ["x" * 2040]})},
         "Parameter EventPattern for rule r exceeds limit of 2048."),
    ],
)  # fmt: skip
def test_P8_what_is_wrong_with_a_rule_is_said_in_awss_words(
    api: Any, wrong: Any, message: str
) -> None:
    assert said(api.put_rule, Name="r", **wrong) == ("ValidationException", message)


def test_P8_schedules_are_for_the_default_bus(api: Any) -> None:
    api.create_event_bus(Name="shop")
    assert said(
        api.put_rule, Name="r", EventBusName="shop", ScheduleExpression="rate(1 minute)"
    ) == (
        "ValidationException", "ScheduleExpression is supported only on the default event bus.",
    )  # fmt: skip


# What AWS was recorded to say of such patterns, and the columns that it names.
REFUSED = [
    ('{"int": 42}', '"int" must be an object or an array', [11]),
    ('{"text": "value"}', '"text" must be an object or an array', [11]),
    ('{"resources": []}', "Empty arrays are not allowed", [17]),
    ('{"my_key": [{"EXISTS": true}]}', "Unrecognized match type EXISTS", [28]),
    ('{"n": [{"numeric": [">", 0, ">", 0]}]}', "Bad numeric range operator: >", [32]),
    ('{"n": [{"numeric": [">", 0, "<"]}]}', "Value of < must be numeric", [33]),
    ('{"a": [{"wildcard": "*:*:*:*:*:end"}]}', "Rule is too complex - try using fewer wildcard"
     " characters or fewer repeating character sequences after a wildcard character", []),
    ('{"a": [{"wildcard": "a:**:b"}]}', "Consecutive wildcard characters at pos 2", [29]),
    ('{"a": [{"wildcard": 123}]}', "wildcard match pattern must be a string", [24]),
    ('{"a": [{"prefix": ["b"]}]}', "prefix match pattern must be a string", [20]),
    ('{"a": [{"equals-ignore-case": {"prefix": "b"}}]}',
     "equals-ignore-case match pattern must be a string", [32]),
    ('{"a": [{"anything-but": {"equals-ignore-case": [1, 2]}}]}', "Inside"
     " anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
     [50, 50]),
    ('{"a": [{"anything-but": {"suffix": 123}}]}',
     "prefix/suffix match pattern must be a string", [39]),
    ('{"a": [{"anything-but": {"wildcard": [123, "*"]}}]}',
     "wildcard match pattern must be a string", [42, 42]),
    ('{"a": [{"anything-but": {"prefix": {"equals-ignore-case": "b"}}}]}',
     "Value of anything-but must be an array or single string/number value.", [37]),
    ('{"ip": [{"cidr": "10.0.0.255"}]}', "Malformed CIDR, one '/' required", []),
    ('{"ip": [{"cidr": "10.0.0.0/xx"}]}', "Malformed CIDR, mask bits must be an integer", []),
    ('{"ip": [{"cidr": "xx.11.xx/8"}]}', "Nonstandard IP address: xx.11.xx", []),
    ("{'bad': 'quotation'}", "Unexpected character (''' (code 39)): was expecting double-quote to"
     " start field name", [2]),
    ('{"not": closed mark"', "Unrecognized token 'closed': was expecting (JSON String, Number,"
     " Array, Object or token 'null', 'true' or 'false')", [15]),
    ('["no", "object"]', "Filter is not an object", [2]),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "reason", "columns"), REFUSED)
def test_E1_a_bad_pattern_is_refused_in_the_words_of_eventbridge(
    api: Any, pattern: str, reason: str, columns: list[int]
) -> None:
    places = [f'\n at [Source: (String)"{pattern}"; line: 1, column: {at}]' for at in columns]
    text = f"Event pattern is not valid. Reason: {reason}{''.join(places)}"
    wanted = ("InvalidEventPatternException", text)
    assert said(api.put_rule, Name="r", EventPattern=pattern) == wanted
    assert said(api.test_event_pattern, EventPattern=pattern, Event=json.dumps(EVENT)) == wanted


@pytest.mark.parametrize(
    ("pattern", "result"),
    [
        ({"source": ["shop"]}, True),
        ({"source": ["shop"], "detail": {"n": [{"numeric": [">", 1]}]}}, False),
        ({"detail": {"n": [{"exists": False}]}}, False),
        ({"$or": [{"source": ["x"]}, {"detail": {"n": [1]}}]}, True),
        ({"time": [{"wildcard": "2026-*Z"}]}, True),
    ],
)
def test_E3_a_pattern_can_be_tried(api: Any, pattern: Any, result: bool) -> None:
    answer = api.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(EVENT))
    assert answer["Result"] is result


@pytest.mark.parametrize("event", ["{", "[]", '{"source": "shop"}'])
def test_E3_only_whole_events_can_be_tried(api: Any, event: str) -> None:
    refused = said(api.test_event_pattern, EventPattern='{"source":["x"]}', Event=event)
    assert refused == ("ValidationException", "Parameter Event is not valid.")


def test_E6_a_pattern_of_2048_characters_fits_however_it_is_spaced(api: Any) -> None:
    pattern = {"a": ["x" * (2048 - len('{"a":[""]}'))]}
    api.put_rule(Name="r", EventPattern=json.dumps(pattern, indent=4))


def test_P3_targets_are_replaced_listed_and_found(api: Any, wire: Callable[..., str]) -> None:
    wire({"Id": "a", "Arn": QUEUE}, {"Id": "b", "Arn": QUEUE + "-b"})
    api.put_targets(Rule="orders", Targets=[{"Id": "a", "Arn": QUEUE, "InputPath": "$.detail"}])
    targets = api.list_targets_by_rule(Rule="orders")["Targets"]
    assert targets == [
        {"Id": "a", "Arn": QUEUE, "InputPath": "$.detail"}, {"Id": "b", "Arn": QUEUE + "-b"},
    ]  # fmt: skip
    wire({"Id": "z", "Arn": QUEUE}, name="second")
    names = api.list_rule_names_by_target(TargetArn=QUEUE)["RuleNames"]
    assert names == ["orders", "second"]


def test_P3_five_targets_are_the_most(api: Any, wire: Callable[..., str]) -> None:
    wire()
    targets = [{"Id": f"t{n}", "Arn": QUEUE} for n in range(6)]
    assert said(api.put_targets, Rule="orders", Targets=targets) == (
        "LimitExceededException", "The requested resource exceeds the maximum number allowed.",
    )  # fmt: skip
    api.put_targets(Rule="orders", Targets=targets[:5])
    api.put_targets(Rule="orders", Targets=targets[:5])
    assert said(api.put_targets, Rule="orders", Targets=targets[5:])[0] == "LimitExceededException"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"Id": "!@#"}, "1 validation error detected: Value '!@#' at 'targets.1.member.id' failed"
         r" to satisfy constraint: Member must satisfy regular expression pattern:"
         r" [\.\-_A-Za-z0-9]+"),
        ({"Id": "x" * 65}, f"1 validation error detected: Value '{'x' * 65}' at"
         " 'targets.1.member.id' failed to satisfy constraint: Member must have length less than"
         " or equal to 64"),
        ({"Arn": "orders"}, "Parameter orders is not valid. Reason: Provided Arn is not in correct"
         " format."),
        ({"Input": "{"}, "JSON syntax error in input for target t."),
        ({"KinesisParameters": {"PartitionKeyPath": "$.id"}},
         "Parameter(s) KinesisParameters not supported for target: t."),
        ({"DeadLetterConfig": {"Arn": QUEUE + ".fifo"}},
         "SQS FIFO is not supported by Dead Letter Queues."),
        ({"DeadLetterConfig": {"Arn": f"arn:aws:sns:{REGION}:{ACCOUNT}:t"}},
         "sns is not supported as a dead letter resource."),
        ({"Arn": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/s"},
         f"RoleArn is required for target arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/s."),
        ({"RetryPolicy": {"MaximumRetryAttempts": 186}},
         "1 validation error detected: Value '186' at"
         " 'targets.1.member.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member"
         " must have value less than or equal to 185"),
    ],
)  # fmt: skip
def test_P3_what_is_wrong_with_a_target_is_said_in_awss_words(
    api: Any, wire: Callable[..., str], wrong: Any, message: str
) -> None:
    wire()
    refused = said(api.put_targets, Rule="orders", Targets=[{"Id": "t", "Arn": QUEUE} | wrong])
    assert refused == ("ValidationException", message)
    assert api.list_targets_by_rule(Rule="orders")["Targets"] == []


def test_P3_targets_need_their_rule(api: Any, queue: Queue) -> None:
    for call, more in (
        (api.put_targets, {"Targets": [{"Id": "t", "Arn": queue.arn}]}),
        (api.remove_targets, {"Ids": ["t"]}),
        (api.list_targets_by_rule, {}),
    ):
        assert said(call, Rule="r", **more) == (
            "ResourceNotFoundException", "Rule r does not exist on EventBus default.",
        )  # fmt: skip
