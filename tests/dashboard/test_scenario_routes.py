"""Topics, buses and schedules in scenario documents: the same after a round, refused in place."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.scenarios.building import build
from dashboard.scenarios.capturing import capture
from dashboard.scenarios.document import Account, Queue, Scenario, write
from dashboard.scenarios.gallery import template_named
from dashboard.scenarios.parts import ScenarioError
from dashboard.scenarios.reading import read
from dashboard.scenarios.routes import Bus, Rule, Schedule, Subscription, Target, Topic
from messaging.engine import engine
from messaging.kernel.access import root_arn
from messaging.kernel.context import Caller
from messaging.kernel.models import Event, Sandbox
from messaging.simulation import control
from tests.dashboard.conftest import Desk

NUMBER, OTHER = "402177851930", "111122223333"
REGIONS = ("eu-central-2", "us-east-1")

words = st.text(st.sampled_from("abcXYZ019-_"), min_size=1, max_size=12)
patterns = st.dictionaries(words, st.lists(words, min_size=1, max_size=2), min_size=1, max_size=2)
objects = st.dictionaries(words, st.integers() | words | st.booleans(), min_size=1, max_size=2)
tags = st.dictionaries(words, words, max_size=1)


def caller(sandbox: Sandbox, account: str = NUMBER) -> Caller:
    return Caller(sandbox.pk, account, REGIONS[0], root_arn(account), "client:test", label="test")


def ask(sandbox: Sandbox, service: str, operation: str, **params: Any) -> dict[str, Any]:
    called = engine().executor.call_sync(caller(sandbox), service, operation, params)
    return dict(called or {})


def later(sandbox: Sandbox, ms: int) -> None:
    control.forward(sandbox.pk, control.pause(sandbox.pk).now + ms)


@st.composite
def some_settings(draw: st.DrawFn, dead: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if draw(st.booleans()):
        found["RetryPolicy"] = {"MaximumEventAgeInSeconds": draw(st.integers(60, 9_000)),
                                "MaximumRetryAttempts": draw(st.integers(0, 9))}  # fmt: skip
    if dead and draw(st.booleans()):
        found["DeadLetterConfig"] = {"Arn": draw(st.sampled_from(dead))}
    if draw(st.booleans()):
        found["Input"] = draw(objects | st.sampled_from(['{"spaced": 1}', "7", '{"a":1,"a":2}']))
    return found


@st.composite
def subscriptions(draw: st.DrawFn, queue: str, dead: list[str]) -> Subscription:
    attributes: dict[str, Any] = {}
    if draw(st.booleans()):
        attributes["FilterPolicy"] = draw(patterns)
        if draw(st.booleans()):
            attributes["FilterPolicyScope"] = "MessageBody"
    if draw(st.booleans()):
        attributes["RawMessageDelivery"] = True
    if draw(st.booleans()):
        attributes["RedrivePolicy"] = {"deadLetterTargetArn": draw(st.sampled_from(dead))}
    return Subscription("sqs", queue, attributes)


@st.composite
def rules(draw: st.DrawFn, name: str, ends: list[str], dead: list[str]) -> Rule:
    targets = [
        Target(draw(st.sampled_from(ends)), str(place + 1), "", draw(some_settings(dead)))
        for place in range(draw(st.integers(0, 2)))
    ]
    return Rule(
        name, draw(patterns), "", draw(st.sampled_from(["ENABLED", "DISABLED"])),
        draw(st.just("") | words), "", draw(tags), tuple(targets),
    )  # fmt: skip


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Return what a document holds that was captured: in order, and without what says nothing."""
    region = draw(st.sampled_from(REGIONS))
    names = draw(st.lists(words, min_size=1, max_size=3, unique=True))
    queues = [f"queue:{name}" for name in names]
    topics = [
        Topic(name, region, 0, draw(st.sampled_from([{}, {"DisplayName": "x"}])), draw(tags), tuple(
            draw(subscriptions(queue, queues)) for queue in queues if draw(st.booleans())
        ))
        for name in draw(st.lists(words, max_size=2, unique=True))
    ]  # fmt: skip
    ends = [*queues, *(f"topic:{topic.name}" for topic in topics)]
    buses = [
        Bus(name, region, 0, draw(st.sampled_from([{}, {"Description": "7"}])), draw(tags), tuple(
            draw(rules(rule, ends, queues))
            for rule in draw(st.lists(words, max_size=2, unique=True))
        ))
        for name in draw(st.lists(words.filter(lambda name: name != "default"), max_size=2,
                                  unique=True))
    ]  # fmt: skip
    schedules = [
        Schedule(name, region, draw(st.sampled_from(["rate(7 minutes)", "cron(0 3 * * ? *)"])),
                 Target(draw(st.sampled_from(ends)), settings=draw(some_settings(queues))),
                 0, draw(st.just("default") | words),
                 draw(st.sampled_from([{}, {"State": "DISABLED"},
                                       {"StartDate": "2031-02-03T04:05:06+00:00"}])))
        for name in draw(st.lists(words, max_size=2, unique=True))
    ]  # fmt: skip
    return Scenario(
        name=draw(words),
        seed=1,
        paused=True,
        accounts=(Account(NUMBER, REGIONS),),
        queues=tuple(Queue(name, region) for name in names),
        topics=tuple(topics),
        buses=tuple(buses),
        schedules=tuple(schedules),
    )


@given(scenarios())
def test_what_is_written_is_read_again(scenario: Scenario) -> None:
    assert read(write(scenario)) == scenario


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(scenarios())
def test_export_of_an_import_is_the_document(desk: Desk, scenario: Scenario) -> None:
    text = write(scenario)
    sandbox = build(read(text))
    assert write(capture(sandbox)) == text


@pytest.mark.parametrize("slug", ["fan-out", "event-routing", "order-fan-out"])
def test_templates_come_back_as_they_were_written(desk: Desk, slug: str) -> None:
    template = template_named(slug)
    assert template is not None
    first = capture(build(template.scenario))
    for part in (
        "queues", "topics", "buses", "schedules", "functions", "pipes", "alarms", "actors",
    ):  # fmt: skip
        assert getattr(first, part) == getattr(template.scenario, part)
    assert write(capture(build(read(write(first))))) == write(first)


def test_policies_follow_into_the_account_and_region_of_the_sandbox(desk: Desk) -> None:
    template = template_named("fan-out")
    assert template is not None
    # Nobody is to take what arrives.
    moved = write(replace(template.scenario, actors=())).replace("eu-central-2", "us-west-1")
    sandbox = build(read(moved))
    account = sandbox.accounts.get().number
    assert account != NUMBER
    arn = f"arn:aws:sns:us-west-1:{account}:orders"
    policy = json.loads(_attributes(sandbox, "gold-orders")["Policy"])
    assert policy["Statement"][0]["Condition"]["ArnEquals"]["aws:SourceArn"] == arn
    assert policy["Statement"][0]["Resource"] == f"arn:aws:sqs:us-west-1:{account}:gold-orders"
    put = {"tier": {"DataType": "String", "StringValue": "gold"}}
    home = Caller(sandbox.pk, account, "us-west-1", root_arn(account), "client:test", label="test")
    sent = {"TopicArn": arn, "Message": '{"total":3}', "MessageAttributes": put}
    engine().executor.call_sync(home, "sns", "Publish", sent)
    later(sandbox, 100)
    held = {name: int(_attributes(sandbox, name)["ApproximateNumberOfMessages"])
            for name in ("gold-orders", "big-orders")}  # fmt: skip
    assert held == {"gold-orders": 1, "big-orders": 0}


def _attributes(sandbox: Sandbox, queue: str) -> dict[str, Any]:
    account = sandbox.accounts.get()
    who = Caller(sandbox.pk, account.number, account.home_region, root_arn(account.number),
                 "client:test", label="test")  # fmt: skip
    params = {"QueueUrl": f"http://127.0.0.1:8000/{account.number}/{queue}",
              "AttributeNames": ["All"]}  # fmt: skip
    called = engine().executor.call_sync(who, "sqs", "GetQueueAttributes", params)
    return dict(called["Attributes"])


def everything(sandbox: Sandbox) -> None:
    """Make by AWS calls what a document must not lose."""
    orders = ask(sandbox, "sns", "CreateTopic", Name="orders.fifo",
                 Attributes={"FifoTopic": "true", "ContentBasedDeduplication": "true"},
                 Tags=[{"Key": "team", "Value": "shop"}])["TopicArn"]  # fmt: skip
    ask(sandbox, "sns", "AddPermission", TopicArn=orders, Label="guests",
        AWSAccountId=[OTHER], ActionName=["Publish"])  # fmt: skip
    mail = ask(sandbox, "sns", "CreateTopic", Name="mail")["TopicArn"]
    ask(sandbox, "sns", "Subscribe", TopicArn=mail, Protocol="email", Endpoint="ada@example.org",
        Attributes={"FilterPolicy": '{"tier":["gold"]}'})  # fmt: skip
    ask(sandbox, "events", "PutRule", Name="often", ScheduleExpression="rate(5 minutes)",
        Description="two\nlines")  # fmt: skip
    ask(sandbox, "events", "PutTargets", Rule="often", Targets=[{"Id": "topic", "Arn": mail}])
    ask(sandbox, "events", "CreateEventBus", Name="shop", Description="7")
    ask(sandbox, "events", "PutPermission", EventBusName="shop", Action="events:PutEvents",
        Principal=OTHER, StatementId="guests")  # fmt: skip
    bus = ask(sandbox, "events", "DescribeEventBus", Name="shop")["Arn"]
    ask(sandbox, "events", "PutRule", Name="on", EventBusName="shop",
        EventPattern=json.dumps({"resources": [mail], "detail": {"n": [1.5]}}))  # fmt: skip
    ask(sandbox, "scheduler", "CreateScheduleGroup", Name="nights")
    ask(sandbox, "scheduler", "CreateSchedule", Name="close", GroupName="nights",
        ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"},
        StartDate=1_900_000_000_123, State="DISABLED",
        Target={"Arn": bus, "RoleArn": "arn:aws:iam::402177851930:role/own", "Input": '{"a": 1}',
                "EventBridgeParameters": {"Source": "s", "DetailType": "d"}})  # fmt: skip


def test_what_was_made_by_hand_is_carried_whole(desk: Desk) -> None:
    first = build(Scenario("x", paused=True, accounts=(Account(NUMBER, REGIONS[:1]),)))
    everything(first)
    text = write(capture(first))
    told = json.loads(text)
    fifo, mail = told["topics"]
    assert fifo["attributes"]["ContentBasedDeduplication"] is True
    assert fifo["attributes"]["Policy"]["Statement"][1]["Resource"] == "topic:orders.fifo"
    assert fifo["tags"] == {"team": "shop"}
    # It waits for its reader's consent, and its filter is known all the same.
    assert mail["subscriptions"] == [{
        "protocol": "email", "endpoint": "ada@example.org",
        "attributes": {"FilterPolicy": {"tier": ["gold"]}},
    }]  # fmt: skip
    assert "attributes" not in mail
    default, shop = told["buses"]
    assert default["rules"][0] == {
        "name": "often", "schedule": "rate(5 minutes)", "description": "two\nlines",
        "targets": [{"id": "topic", "to": "topic:mail"}],
    }  # fmt: skip
    assert shop["attributes"]["Policy"]["Statement"][0]["Resource"] == "bus:shop"
    assert shop["rules"][0]["pattern"] == {"resources": ["topic:mail"], "detail": {"n": [1.5]}}
    (schedule,) = told["schedules"]
    assert schedule["target"]["to"] == "bus:shop"
    assert schedule["target"]["settings"]["Input"] == '{"a": 1}'
    assert schedule["settings"]["StartDate"] == "2030-03-17T17:46:40.123+00:00"
    assert write(capture(build(read(text)))) == text


def test_the_dead_letters_of_the_event_routing_are_seen(desk: Desk) -> None:
    template = template_named("event-routing")
    assert template is not None
    sandbox = build(template.scenario)
    later(sandbox, 60_000)
    held = int(_attributes(sandbox, "refunds-dlq")["ApproximateNumberOfMessages"])
    assert 1 <= held < 30
    assert int(_attributes(sandbox, "refunds")["ApproximateNumberOfMessages"]) == 0
    kinds = set(Event.objects.of_sandbox(sandbox.pk).values_list("kind", flat=True))
    assert "api.Failed" not in kinds


def one(kind: str, **more: Any) -> dict[str, Any]:
    return {"queues": [{"name": "a"}], kind: [{"name": "x"} | more]}


def target(**more: Any) -> dict[str, Any]:
    rule = {"name": "r", "pattern": {"source": ["s"]}, "targets": [{"to": "queue:a"} | more]}
    return one("buses", rules=[rule])


SUB = {"protocol": "sqs", "endpoint": "queue:a"}
NIGHTLY = {"expression": "rate(1 day)"}
PATHS = [
    ({"signalbox": 2, "topics": []}, "topics: is not known here"),
    (one("buses", archives=[]), "buses[0].archives: is not known here"),
    (one("topics", subscriptions=[{"protocol": "sqs", "endpoint": "queue:b"}]),
     "topics[0].subscriptions[0].endpoint: there is no queue b here"),
    (one("topics", subscriptions=[SUB | {"attributes": {"FilterPolicy": 3}}]),
     "topics[0].subscriptions[0].attributes.FilterPolicy: must be an object"),
    (one("topics", subscriptions=[SUB | {"attributes": {"FilterPolicy": {"a": 3}}}]),
     "topics[0].subscriptions[0].attributes.FilterPolicy: "),
    (one("topics", subscriptions=[SUB | {"attributes": {
        "RedrivePolicy": {"deadLetterTargetArn": "queue:c"}}}]),
     "topics[0].subscriptions[0].attributes.RedrivePolicy.deadLetterTargetArn: there is no queue"),
    (one("topics", subscriptions=[SUB | {"account": "1"}]),
     "topics[0].subscriptions[0].account: there is no account 1 in this document"),
    (one("topics", subscriptions=[{"protocol": "pigeon", "endpoint": "x"}]),
     "topics[0].subscriptions[0]: Invalid parameter: Amazon SNS does not support this protocol"),
    ({"topics": [{"name": "t"}, {"name": "t"}]},
     "topics[1].name: a topic named t is there twice"),
    (one("topics", attributes={"SignatureVersion": 3}), "topics[0].attributes.SignatureVersion: "),
    ({"topics": [{"name": "no good"}]}, "topics[0]: Invalid parameter: "),
    (one("buses", attributes={"Policy": "x"}), "buses[0].attributes.Policy: must be an object"),
    (one("buses", attributes={"Policy": {"Statement": 3}}), "buses[0].attributes.Policy: "),
    (one("buses", attributes={"Colour": "x"}), "buses[0].attributes.Colour: "),
    (one("buses", rules=[{"name": "r"}]), "buses[0].rules[0]: needs a pattern or a schedule"),
    (one("buses", rules=[{"name": "r", "pattern": {"source": 3}}]), "buses[0].rules[0]: "),
    (one("buses", rules=[{"name": "r", "schedule": "rate(1 hour)"}]),
     "buses[0].rules[0]: ScheduleExpression is supported only on the default event bus."),
    (one("buses", rules=2 * [{"name": "r", "pattern": {"source": ["s"]}}]),
     "buses[0].rules[1].name: a rule named r is there twice"),
    (target(to="topic:gone"), "buses[0].rules[0].targets[0].to: there is no topic:gone here"),
    (target(settings={"DeadLetterConfig": {"Arn": "queue:gone"}}),
     "buses[0].rules[0].targets[0].settings.DeadLetterConfig.Arn: there is no queue gone here"),
    (target(settings={"Arn": "queue:a"}),
     "buses[0].rules[0].targets[0].settings.Arn: stands beside the settings"),
    (target(settings={"InputPath": "nonsense"}),
     "buses[0].rules[0].targets[0].settings.InputPath: "),
    (target(settings={"RetryPolicy": "often"}),
     "buses[0].rules[0].targets[0].settings.RetryPolicy: "),
    (target(settings={"InputTransformer": {"InputTemplate": "x", "Colour": 3}}),
     "buses[0].rules[0].targets[0].settings.InputTransformer: Unknown parameter"),
    (one("schedules"), "schedules[0].expression: is required"),
    (one("schedules", **NIGHTLY), "schedules[0].target.to: is required"),
    (one("schedules", expression="rate(often)", target={"to": "queue:a"}),
     "schedules[0]: Invalid Schedule Expression rate(often)."),
    (one("schedules", **NIGHTLY, target={"to": "bus:gone"}),
     "schedules[0].target.to: there is no bus:gone here"),
    (one("schedules", **NIGHTLY, target={"to": "queue:a"}, settings={"StartDate": "soon"}),
     "schedules[0].settings.StartDate: "),
    (one("schedules", **NIGHTLY, target={"to": "queue:a"}, settings={"FlexibleTimeWindow": 3}),
     "schedules[0].settings.FlexibleTimeWindow: "),
    ({"actors": [{"kind": "producer", "name": "p", "settings": {"target": "topic:b"}}]},
     "actors[0].settings.target: there is no topic:b here"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), PATHS, ids=[words for _, words in PATHS])
def test_what_is_wrong_is_said_with_its_path(desk: Desk, change: Any, words: str) -> None:
    before = Event.objects.count(), Sandbox.objects.count()
    with pytest.raises(ScenarioError) as refused:
        build(read(json.dumps({"signalbox": 3, "name": "x"} | change)))
    assert str(refused.value).startswith(words)
    assert (Event.objects.count(), Sandbox.objects.count()) == before


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to each value inside a document."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    below = [(*path, key) for key, _ in pairs]
    inner = [
        place for key in below if isinstance(each := value[key[-1]], dict | list)
        for place in places(each, key)
    ]  # fmt: skip
    return [*below, *inner]


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    at = document
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return document


odd = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False)
    | st.text(max_size=9)
    | st.sampled_from(["queue:refunds", "bus:shop", "rule:shop/gone", "arn:aws:sqs:::", "\x00"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data())
def test_any_value_anywhere_is_built_or_refused(desk: Desk, data: st.DataObject) -> None:
    template = template_named("event-routing")
    assert template is not None
    whole = json.loads(write(template.scenario))
    routes = {"accounts": whole["accounts"], "buses": whole["buses"],
              "schedules": whole["schedules"], "topics": FAN_OUT_TOPICS}  # fmt: skip
    path = data.draw(st.sampled_from(places(routes)))
    changed = replaced(json.loads(json.dumps(whole | routes)), path, data.draw(odd))
    try:
        sandbox = build(read(json.dumps(changed)))
    except ScenarioError as error:
        assert str(error)
    else:
        text = write(capture(sandbox))
        assert write(capture(build(read(text)))) == text


FAN_OUT_TOPICS = [{"name": "orders", "attributes": {"DisplayName": "x"}, "subscriptions": [
    {"protocol": "sqs", "endpoint": "queue:refunds", "attributes": {
        "FilterPolicy": {"tier": ["gold"]}, "RawMessageDelivery": True,
        "RedrivePolicy": {"deadLetterTargetArn": "queue:refunds-dlq"}}}]}]  # fmt: skip
