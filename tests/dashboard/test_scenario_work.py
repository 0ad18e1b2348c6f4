"""Functions, pipes, alarms and archives in scenario documents: a round, and what is refused."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.scenarios.building import build
from dashboard.scenarios.capturing import capture
from dashboard.scenarios.document import Account, Queue, Scenario, write
from dashboard.scenarios.parts import ScenarioError
from dashboard.scenarios.reading import read
from dashboard.scenarios.routes import Archive, Bus
from dashboard.scenarios.work import Alarm, Function, Pipe, Source
from messaging.kernel.models import Event, Sandbox
from tests.dashboard.conftest import Desk
from tests.dashboard.test_scenario_routes import (
    NUMBER,
    REGIONS,
    ask,
    later,
    odd,
    patterns,
    places,
    replaced,
    tags,
    words,
)

names = st.lists(words, max_size=2, unique=True)


def some(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=values)


filters = st.lists(patterns | st.just('{"body" : {"a":[1]}}'), max_size=3).map(tuple)


@st.composite
def functions(draw: st.DrawFn, name: str, region: str, queues: list[str]) -> Function:
    ends = st.sampled_from([*queues, "topic:ops"])
    chosen = draw(st.lists(st.sampled_from(queues), unique=True, max_size=2))
    return Function(
        name, region, 0, draw(st.sampled_from(["", "seconds=0.5 errors=0.1", "poison=bad"])),
        draw(st.sampled_from(["", f"arn:aws:iam::{NUMBER}:role/own"])),
        draw(st.none() | st.integers(0, 9)),
        draw(some(
            Timeout=st.integers(4, 900), Environment=st.just({"Variables": {"a": "b"}}),
            DeadLetterConfig=ends.map(lambda end: {"TargetArn": end}),
        )),
        draw(some(
            DestinationConfig=ends.map(lambda end: {"OnFailure": {"Destination": end}}),
            MaximumEventAgeInSeconds=st.integers(60, 900), MaximumRetryAttempts=st.integers(0, 2),
        )),
        tuple(
            {"StatementId": label, "Principal": "sns.amazonaws.com", "SourceArn": "topic:ops"}
            for label in draw(names)
        ),
        draw(tags),
        tuple(
            Source(queue, draw(filters), draw(st.booleans()), draw(some(
                BatchSize=st.integers(1, 9), MaximumBatchingWindowInSeconds=st.integers(1, 9),
                FunctionResponseTypes=st.just(["ReportBatchItemFailures"]),
            )), draw(tags))
            for queue in sorted(chosen)
        ),
    )  # fmt: skip


@st.composite
def pipes(draw: st.DrawFn, name: str, region: str, ends: list[str]) -> Pipe:
    queues = [end for end in ends if end.startswith("queue:")]
    works = [end for end in ends if end.startswith("function:")]
    return Pipe(
        name, region, draw(st.sampled_from(queues)), draw(st.sampled_from(ends)), 0, draw(filters),
        draw(st.sampled_from(["", *works])), "", draw(st.booleans()),
        draw(some(
            Description=words, TargetParameters=st.just({"InputTemplate": '{"a": <$.body.a>}'}),
            SourceParameters=st.just({"SqsQueueParameters": {"BatchSize": 3}}),
        )),
        draw(tags),
    )  # fmt: skip


@st.composite
def alarms(draw: st.DrawFn, region: str) -> list[Alarm]:
    on_metrics = draw(names)
    actions = st.lists(st.just("topic:ops"), min_size=1, max_size=1)
    more = some(
        AlarmDescription=words, AlarmActions=actions, OKActions=actions,
        ActionsEnabled=st.just(False), TreatMissingData=st.just("notBreaching"),
    )  # fmt: skip
    metric = {
        "Namespace": "AWS/SQS", "MetricName": "NumberOfMessagesSent", "Statistic": "Sum",
        "Dimensions": [{"Name": "QueueName", "Value": "x"}], "Period": 60, "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
    }  # fmt: skip
    found = [
        Alarm(name, region, 0, metric | {"Threshold": draw(st.integers(0, 9))} | draw(more),
              draw(tags))
        for name in on_metrics
    ]  # fmt: skip
    if on_metrics and draw(st.booleans()):
        rule = " OR ".join(f'ALARM("{name}")' for name in on_metrics)
        found.append(Alarm("all of them", region, 0, {"AlarmRule": rule, **draw(some(
            AlarmActions=actions))}))  # fmt: skip
    return found


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Return what a document holds that was captured: in order, and without what says nothing."""
    region = draw(st.sampled_from(REGIONS))
    queues = draw(st.lists(words, min_size=1, max_size=3, unique=True))
    marks = [f"queue:{name}" for name in queues]
    made = [draw(functions(name, region, marks)) for name in draw(names)]
    ends = [*marks, "topic:ops", *(f"function:{one.name}" for one in made)]
    archives = tuple(
        Archive(name, draw(st.none() | patterns), draw(st.integers(0, 9)),
                draw(st.just("") | words))
        for name in sorted(draw(names))
    )  # fmt: skip
    return Scenario(
        name=draw(words), seed=1, paused=True, accounts=(Account(NUMBER, REGIONS),),
        queues=tuple(Queue(name, region) for name in queues),
        topics=(OPS[region],),
        # A composite alarm turns at once, and so the default bus comes into use.
        buses=(Bus("shop", region, archives=archives), Bus("default", region)),
        functions=tuple(made),
        pipes=tuple(draw(pipes(name, region, ends)) for name in draw(names)),
        alarms=tuple(draw(alarms(region))),
    )  # fmt: skip


OPS = {
    region: read(json.dumps({
        "signalbox": 4, "name": "x", "accounts": [{"number": NUMBER, "regions": REGIONS}],
        "topics": [{"name": "ops", "region": region}],
    })).topics[0]
    for region in REGIONS
}  # fmt: skip


@given(scenarios())
def test_what_is_written_is_read_again(scenario: Scenario) -> None:
    assert read(write(scenario)) == scenario


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(scenarios())
def test_export_of_an_import_is_the_document(desk: Desk, scenario: Scenario) -> None:
    text = write(scenario)
    assert write(capture(build(read(text)))) == text


def test_what_was_made_by_hand_is_carried_whole(desk: Desk) -> None:
    first = build(Scenario("x", paused=True, accounts=(Account(NUMBER, REGIONS[:1]),)))
    everything(first)
    before = Event.objects.of_sandbox(first.pk).count()
    text = write(capture(first))
    assert Event.objects.of_sandbox(first.pk).count() == before
    told = json.loads(text)
    price, picture = told["functions"]
    assert price == {
        "name": "price", "reserved": 0, "behaviour": "seconds=0.2",
        "settings": {"Layers": [f"arn:aws:lambda:{REGIONS[0]}:{NUMBER}:layer:tax:1"],
                     "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "/aws/lambda/price"},
                     "Runtime": "nodejs22.x"},
        "permissions": [{"StatementId": "guest", "Principal": "111122223333"},
                        {"StatementId": "shop", "Principal": "events.amazonaws.com",
                         "SourceArn": "rule:default/often"}],
        "tags": {"team": "shop"},
        "mappings": [{"from": "queue:orders", "filters": [{"body": {"total": [3]}}]}],
    }  # fmt: skip
    assert picture["settings"] == {"Code": {"ImageUri": "shop/picture:1"}, "PackageType": "Image"}
    assert told["pipes"] == [{
        "name": "tickets", "from": "queue:orders", "to": "bus:default",
        "filters": [{"body": {"total": [{"numeric": [">", 5]}]}}], "running": False,
    }]  # fmt: skip
    # Alarms that a rule names come first, and a rule names them by name.
    assert [alarm["name"] for alarm in told["alarms"]] == ["late", "again", "all"]
    assert told["alarms"][2]["settings"] == {"AlarmRule": 'ALARM("again")'}
    assert told["alarms"][0]["settings"]["AlarmActions"] == ["function:price"]
    assert told["buses"][0]["archives"] == [{"name": "kept", "days": 3}]
    assert write(capture(build(read(text)))) == text


def everything(sandbox: Sandbox) -> None:
    """Make by AWS calls what a document must not lose."""
    ask(sandbox, "sqs", "CreateQueue", QueueName="orders")
    queue = f"arn:aws:sqs:{REGIONS[0]}:{NUMBER}:orders"
    role = f"arn:aws:iam::{NUMBER}:role/signalbox-function"
    made = ask(
        sandbox, "lambda", "CreateFunction", FunctionName="price", Role=role,
        Handler="main.handler", Runtime="nodejs22.x", Code={"S3Bucket": "code", "S3Key": "p.zip"},
        Tags={"team": "shop", "signalbox:behaviour": "seconds=0.2"},
        Layers=[f"arn:aws:lambda:{REGIONS[0]}:{NUMBER}:layer:tax:1"],
        LoggingConfig={"LogFormat": "JSON"},
    )  # fmt: skip
    ask(sandbox, "lambda", "CreateFunction", FunctionName="picture", Role=role,
        PackageType="Image", Code={"ImageUri": "shop/picture:1"})  # fmt: skip
    named = {"FunctionName": "price"}
    ask(sandbox, "lambda", "PutFunctionConcurrency", **named, ReservedConcurrentExecutions=0)
    ask(sandbox, "lambda", "CreateEventSourceMapping", **named, EventSourceArn=queue,
        FilterCriteria={"Filters": [{"Pattern": '{"body":{"total":[3]}}'}]})  # fmt: skip
    ask(sandbox, "events", "PutRule", Name="often", ScheduleExpression="rate(5 minutes)")
    rule = f"arn:aws:events:{REGIONS[0]}:{NUMBER}:rule/often"
    may = {"Action": "lambda:InvokeFunction", **named}
    ask(sandbox, "lambda", "AddPermission", StatementId="guest", Principal="111122223333", **may)
    ask(sandbox, "lambda", "AddPermission", StatementId="shop", Principal="events.amazonaws.com",
        SourceArn=rule, **may)  # fmt: skip
    bus = ask(sandbox, "events", "DescribeEventBus", Name="default")["Arn"]
    ask(sandbox, "events", "CreateArchive", ArchiveName="kept", EventSourceArn=bus, RetentionDays=3)
    pattern = '{"body":{"total":[{"numeric":[">",5]}]}}'
    ask(sandbox, "pipes", "CreatePipe", Name="tickets", Source=queue, Target=bus,
        RoleArn=f"arn:aws:iam::{NUMBER}:role/signalbox-pipe", DesiredState="STOPPED",
        SourceParameters={"FilterCriteria": {"Filters": [{"Pattern": pattern}]}})  # fmt: skip
    metric = {"Namespace": "own", "MetricName": "m", "Statistic": "Sum", "Period": 60,
              "EvaluationPeriods": 1, "Threshold": 1.5,
              "ComparisonOperator": "GreaterThanThreshold"}  # fmt: skip
    ask(sandbox, "cloudwatch", "PutMetricAlarm", AlarmName="late", **metric,
        AlarmActions=[made["FunctionArn"]])  # fmt: skip
    ask(sandbox, "cloudwatch", "PutCompositeAlarm", AlarmName="all", AlarmRule="ALARM(late)")
    ask(sandbox, "cloudwatch", "PutCompositeAlarm", AlarmName="again", AlarmRule="OK(late)")
    again = f"arn:aws:cloudwatch:{REGIONS[0]}:{NUMBER}:alarm:again"
    ask(sandbox, "cloudwatch", "PutCompositeAlarm", AlarmName="all", AlarmRule=f'ALARM("{again}")')


WHOLE: dict[str, Any] = {
    "signalbox": 4, "name": "x", "clock": {"paused": True}, "seed": 1,
    "accounts": [{"regions": ["eu-central-2"]}],
    "queues": [{"name": "a"}, {"name": "a-dlq"}],
    "topics": [{"name": "ops", "subscriptions": [
        {"protocol": "lambda", "endpoint": "function:f"}]}],
    "buses": [{"name": "shop", "archives": [
        {"name": "kept", "pattern": {"source": ["s"]}, "days": 3, "description": "d"}]}],
    "functions": [{
        "name": "f", "behaviour": "seconds=0.2", "reserved": 3,
        "settings": {"Timeout": 9, "DeadLetterConfig": {"TargetArn": "queue:a-dlq"}},
        "asynchronous": {"MaximumRetryAttempts": 1, "DestinationConfig": {
            "OnSuccess": {"Destination": "bus:shop"}}},
        "permissions": [{"StatementId": "ops", "Principal": "sns.amazonaws.com",
                         "SourceArn": "topic:ops"}],
        "mappings": [{"from": "queue:a", "filters": [{"body": {"n": [1]}}], "enabled": False,
                      "settings": {"BatchSize": 5}}]}],
    "pipes": [{
        "name": "p", "from": "queue:a", "to": "bus:shop", "enrichment": "function:f",
        "filters": [{"body": {"n": [2]}}, {"body": {"n": [3]}}],
        "settings": {"TargetParameters": {"InputTemplate": "<$.body.n>"}}}],
    "alarms": [
        {"name": "dead", "settings": {
            "Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible",
            "Dimensions": [{"Name": "QueueName", "Value": "a-dlq"}], "Statistic": "Maximum",
            "Period": 60, "EvaluationPeriods": 1, "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "AlarmActions": ["topic:ops", "function:f"]}},
        {"name": "both", "settings": {"AlarmRule": "ALARM(dead)"}}],
}  # fmt: skip
CHANGES = [
    (("functions", 0, "behaviour"), "seconds=often", "functions[0].behaviour: Tag signalbox:beha"),
    (("functions", 0, "reserved"), -1, "functions[0].reserved: must be a whole number from 0 to"),
    (("functions", 0, "reserved"), 950, "functions[0].reserved: Specified ReservedConcurrentExec"),
    (("functions", 0, "settings", "Timeout"), 0, "functions[0].settings.Timeout: "),
    (("functions", 0, "settings", "Colour"), 0, "functions[0].settings.Colour: Unknown parameter"),
    (("functions", 0, "settings", "Role"), "r", "functions[0].settings.Role: stands beside the se"),
    (("functions", 0, "settings", "DeadLetterConfig", "TargetArn"), "queue:b",
     "functions[0].settings.DeadLetterConfig.TargetArn: there is no queue b here"),
    (("functions", 0, "asynchronous", "MaximumRetryAttempts"), 3, "functions[0].asynchronous: "),
    (("functions", 0, "asynchronous", "DestinationConfig", "OnSuccess", "Destination"), "bus:b",
     "functions[0].asynchronous.DestinationConfig.OnSuccess.Destination: there is no bus:b here"),
    (("functions", 0, "permissions", 0, "Principal"), "me", "functions[0].permissions[0]: The pro"),
    (("functions", 0, "permissions", 0, "Principal"), "", "functions[0].permissions[0].Principal"),
    (("functions", 0, "permissions", 0, "SourceArn"), "topic:gone",
     "functions[0].permissions[0].SourceArn: there is no topic:gone here"),
    (("functions", 0, "tags"), {"signalbox:behaviour": "errors=1"},
     "functions[0].tags.signalbox:behaviour: stands beside the tags"),
    (("functions", 0, "mappings", 0, "from"), "queue:b",
     "functions[0].mappings[0].from: there is no queue b here"),
    (("functions", 0, "mappings", 0, "settings", "BatchSize"), 0,
     "functions[0].mappings[0].settings.BatchSize: "),
    (("functions", 0, "mappings", 0, "filters", 0), 3,
     "functions[0].mappings[0].filters[0]: must be an object"),
    (("functions", 0, "mappings", 0, "filters", 0), {"body": 3}, "functions[0].mappings[0]: Inval"),
    (("functions", 0, "mappings", 0, "enabled"), 1, "functions[0].mappings[0].enabled: must be tr"),
    (("pipes", 0, "from"), "topic:ops", "pipes[0]: "),
    (("pipes", 0, "to"), "bus:gone", "pipes[0].to: there is no bus:gone here"),
    (("pipes", 0, "enrichment"), "function:g", "pipes[0].enrichment: there is no function:g here"),
    (("pipes", 0, "filters"), 6 * [{}], "pipes[0].filters: has 6 entries; at most 5 are read"),
    (("pipes", 0, "filters"), {}, "pipes[0].filters: must be a list"),
    (("pipes", 0, "settings", "SourceParameters"), {"FilterCriteria": {}},
     "pipes[0].settings.SourceParameters.FilterCriteria: stands beside the settings"),
    (("pipes", 0, "settings", "SourceParameters"), 3, "pipes[0].settings.SourceParameters: "),
    (("alarms", 0, "settings", "Period"), 7, "alarms[0].settings.Period: "),
    (("alarms", 0, "settings", "AlarmActions", 0), "topic:gone",
     "alarms[0].settings.AlarmActions[0]: there is no topic:gone here"),
    (("alarms", 1, "settings", "AlarmRule"), "ALARM(gone)", "alarms[1]: Could not save the compos"),
    (("alarms", 1, "settings", "AlarmRule"), "ALARM(", "alarms[1].settings.AlarmRule: "),
    (("alarms", 1, "name"), "dead", "alarms[1].name: an alarm named dead is there twice"),
    (("buses", 0, "archives", 0, "name"), "no good", "buses[0].archives[0]: "),
    (("buses", 0, "archives", 0, "days"), -1, "buses[0].archives[0].days: must be a whole number"),
    (("buses", 0, "archives", 0, "pattern"), {"source": 3}, "buses[0].archives[0]: "),
    (("signalbox",), 3, "functions: is not known here"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "said"), CHANGES, ids=[said for *_, said in CHANGES])
def test_what_is_wrong_is_said_with_its_path(
    desk: Desk, path: tuple[Any, ...], value: Any, said: str
) -> None:
    before = Event.objects.count(), Sandbox.objects.count()
    document = json.loads(json.dumps(WHOLE))
    if path == ("signalbox",):
        del document["buses"]
    with pytest.raises(ScenarioError) as refused:
        build(read(json.dumps(replaced(document, path, value))))
    assert str(refused.value).startswith(said)
    assert (Event.objects.count(), Sandbox.objects.count()) == before


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data())
def test_any_value_anywhere_is_built_or_refused(desk: Desk, data: st.DataObject) -> None:
    parts = {name: WHOLE[name] for name in ("buses", "functions", "pipes", "alarms")}
    path = data.draw(st.sampled_from(places(parts)))
    changed = replaced(json.loads(json.dumps(WHOLE)), path, data.draw(odd))
    try:
        sandbox = build(read(json.dumps(changed)))
    except ScenarioError as error:
        assert str(error)
    else:
        text = write(capture(sandbox))
        assert write(capture(build(read(text)))) == text


def test_what_was_built_works(desk: Desk) -> None:
    sandbox = build(read(json.dumps(WHOLE | {"clock": {}, "messages": [
        {"queue": "a", "body": '{"n":2}'}, {"queue": "a-dlq", "body": "dead"}]})))  # fmt: skip
    later(sandbox, 130_000)
    log = Event.objects.of_sandbox(sandbox.pk)
    kinds = set(log.values_list("kind", flat=True))
    assert {"events.Received", "lambda.Invoked", "sns.Published"} <= kinds
    turned = log.filter(kind="cloudwatch.AlarmStateChanged").values_list("data", flat=True)
    assert any(json.loads(data)["to"] == "ALARM" for data in turned)
    assert "api.Failed" not in kinds
