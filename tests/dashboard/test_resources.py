"""Panels and forms of topics, buses, rules and schedules: made, told, called, refused."""

import json
from base64 import b64encode
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from tests.dashboard.conftest import ACCOUNT, REGION, Desk, text_of

RULE = {"source": ["shop.orders"], "detail": {"tier": ["gold"]}}
ENTRY = {"Source": "shop.orders", "DetailType": "OrderPlaced", "EventBusName": "shop"}


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


@pytest.fixture
def bus(desk: Desk) -> str:
    made = desk.post("aws/events/new/CreateEventBus/", Name="shop")
    assert made.status_code == 200
    assert "Event bus created." in made.headers["HX-Trigger"]
    desk.post(
        "aws/events/op/PutRule/", Name="gold", EventBusName="shop", EventPattern=json.dumps(RULE)
    )
    return arn("events", "event-bus/shop")


def test_a_bus_tells_its_rules(desk: Desk, bus: str) -> None:
    told = " ".join(desk.panel(bus).split())
    assert "event bus" in told
    assert "gold" in told
    assert "&quot;tier&quot;: [&quot;gold&quot;]" in told


def test_a_rule_tells_its_pattern_and_its_targets(desk: Desk, bus: str) -> None:
    rule = arn("events", "rule/shop/gold")
    assert "No target: what matches goes nowhere." in desk.panel(rule)
    queue = desk.create("vip")
    form = desk.get("aws/events/op/PutTargets/", arn=rule).content.decode()
    assert 'value="gold"' in form
    targets = json.dumps([{"Id": "1", "Arn": queue}])
    asked = {"arn": rule, "Rule": "gold", "EventBusName": "shop", "Targets": targets}
    done = desk.post("aws/events/op/PutTargets/", **asked)
    assert done.status_code == 200
    assert "FailedEntryCount" in text_of(done)
    assert queue in desk.panel(rule)


def test_every_modelled_operation_has_a_form(desk: Desk, bus: str) -> None:
    for service in ("events", "scheduler", "sns"):
        listed = desk.get(f"aws/{service}/operations/").content.decode()
        names = [part.split('"')[0] for part in listed.split('data-operation="')[1:]]
        assert len(names) > 10
        for name in names:
            page = desk.get(f"aws/{service}/op/{name}/")
            assert page.status_code == 200, name
            assert f"Call {name}" in text_of(page)


def test_what_aws_refuses_stands_in_the_form(desk: Desk, bus: str) -> None:
    page = desk.post("aws/events/op/PutRule/", Name="bad", EventPattern='{"a": 1}')
    assert page.status_code == 422
    assert "InvalidEventPatternException" in page.content.decode()
    page = desk.post("aws/events/op/PutEvents/", Entries="[{")
    assert page.status_code == 422
    assert "Line 1" in text_of(page)


def test_an_unknown_operation_is_not_there(desk: Desk) -> None:
    for path in (
        "aws/events/op/DropTables/",
        "aws/mq/op/CreateBroker/",
        "aws/sqs/new/CreateQueue/",
    ):
        assert desk.get(path).status_code == 404


def test_a_check_says_what_the_call_would_be(desk: Desk) -> None:
    asked = {"Name": "shop", "touched": "Name"}
    page = desk.post("aws/events/op/CreateEventBus/check/", **asked).content.decode()
    assert "aws events create-event-bus --name shop" in page
    assert "CreateEventBusCommand" in page


def test_a_topic_tells_its_subscriptions_and_what_they_filter(desk: Desk) -> None:
    queue = desk.create("vip")
    made = desk.post("aws/sns/new/CreateTopic/", Name="orders")
    assert made.status_code == 200
    topic = arn("sns", "orders")
    assert "Nobody is subscribed" in desk.panel(topic)
    asked = {"arn": topic, "TopicArn": topic, "Protocol": "sqs", "Endpoint": queue}
    attributes = json.dumps({"FilterPolicy": '{"tier": ["gold"]}'})
    done = desk.post("aws/sns/op/Subscribe/", Attributes=attributes, **asked)
    assert done.status_code == 200
    told = desk.panel(topic)
    assert queue in told
    assert "&quot;tier&quot;: [&quot;gold&quot;]" in told


def test_a_schedule_tells_when_it_fires(desk: Desk) -> None:
    queue = desk.create("work")
    target = {"Arn": queue, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}
    asked: dict[str, Any] = {
        "Name": "tick",
        "ScheduleExpression": "rate(5 minutes)",
        "FlexibleTimeWindow": '{"Mode": "OFF"}',
        "Target": json.dumps(target),
    }
    made = desk.post("aws/scheduler/new/CreateSchedule/", **asked)
    assert made.status_code == 200
    assert "rate(5 minutes)" in desk.panel(arn("scheduler", "schedule/default/tick"))
    refused = desk.post("aws/scheduler/new/CreateSchedule/", **asked)
    assert refused.status_code == 422
    assert "Schedule tick already exists." in text_of(refused)


def test_a_function_tells_what_it_does_and_is_invoked(desk: Desk) -> None:
    archive = BytesIO()
    with ZipFile(archive, "w") as zipped:
        zipped.writestr("a.py", "")
    code = json.dumps({"ZipFile": b64encode(archive.getvalue()).decode()})
    asked = {"FunctionName": "work", "Runtime": "python3.12", "Handler": "a.b", "Code": code}
    tags = json.dumps({"signalbox:behaviour": "seconds=0.2 errors=0"})
    role = f"arn:aws:iam::{ACCOUNT}:role/r"
    made = desk.post("aws/lambda/op/CreateFunction/", Role=role, Tags=tags, **asked)
    assert made.status_code == 200, text_of(made)
    function = arn("lambda", "function:work")
    assert "seconds=0.2 errors=0" in desk.panel(function)
    assert "Its code does not run: it does what the tag says." in desk.panel(function)
    called = {"arn": function, "FunctionName": "work", "Payload": '{"order": 1}'}
    done = desk.post("aws/lambda/op/Invoke/", **called)
    assert done.status_code == 200
    assert "StatusCode: 200" in text_of(done)
    queue = desk.create("jobs")
    mapped = {"arn": function, "FunctionName": "work", "EventSourceArn": queue}
    assert desk.post("aws/lambda/op/CreateEventSourceMapping/", **mapped).status_code == 200
    assert queue in desk.panel(function)


def test_a_function_tells_whether_its_code_runs(desk: Desk, settings: Any) -> None:
    archive = BytesIO()
    with ZipFile(archive, "w") as zipped:
        zipped.writestr("a.py", "")
    code = json.dumps({"ZipFile": b64encode(archive.getvalue()).decode()})
    asked = {
        "Runtime": "python3.12", "Handler": "a.b", "Code": code,
        "Role": f"arn:aws:iam::{ACCOUNT}:role/r",
    }  # fmt: skip
    for name, may_run in (("before", False), ("since", True)):
        settings.RUN_CODE = may_run
        made = desk.post("aws/lambda/op/CreateFunction/", FunctionName=name, **asked)
        assert made.status_code == 200, text_of(made)
        if not may_run:
            assert "start the server on your own machine with --run-code" in desk.panel(
                arn("lambda", "function:before")
            )
    assert "upload Python code as a ZIP file" in desk.panel(arn("lambda", "function:before"))
    assert "Its Python code runs on this machine" in desk.panel(arn("lambda", "function:since"))


def test_what_is_gone_is_said(desk: Desk, bus: str) -> None:
    desk.post("aws/events/op/DeleteRule/", arn=bus, Name="gold", EventBusName="shop")
    desk.post("aws/events/op/DeleteEventBus/", arn=bus, Name="shop")
    assert "was deleted" in text_of(desk.get("node/", id=bus))
    assert "was deleted" in text_of(desk.get("node/", id="arn:aws:mq:x:1:broker:b"))
