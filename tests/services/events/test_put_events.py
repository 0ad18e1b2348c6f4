"""PutEvents and what reaches a queue: P1, P2, P3."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.events.domain.entries import entry_size
from tests.fixtures.engine import ACCOUNT, REGION
from tests.services.events.conftest import DEFAULT, Queue, entry, said

Events = Callable[..., list[Any]]


def test_P2_the_envelope_is_awss(
    api: Any, queue: Queue, wire: Callable[..., str], clock: Any
) -> None:
    wire(queue)
    answer = api.put_events(Entries=[entry({"n": 1}, Resources=["arn:x"])])
    [body] = queue.bodies()
    event = json.loads(body)
    assert list(event) == [
        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"
    ]  # fmt: skip
    assert answer["FailedEntryCount"] == 0
    assert event == {
        "version": "0",
        "id": answer["Entries"][0]["EventId"],
        "detail-type": "OrderPlaced",
        "source": "shop",
        "account": ACCOUNT,
        "time": datetime.fromtimestamp(clock.now // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": ["arn:x"],
        "detail": {"n": 1},
    }


def test_P2_an_entry_may_say_its_own_time(api: Any, queue: Queue, wire: Callable[..., str]) -> None:
    wire(queue)
    api.put_events(Entries=[entry(Time=datetime(2022, 1, 2, 3, 4, 5, tzinfo=UTC))])
    assert queue.events()[0]["time"] == "2022-01-02T03:04:05Z"


@pytest.mark.parametrize(
    ("wrong", "code", "message"),
    [
        ({"Source": ""}, "InvalidArgument",
         "Parameter Source is not valid. Reason: Source is a required argument."),
        ({"DetailType": ""}, "InvalidArgument",
         "Parameter DetailType is not valid. Reason: DetailType is a required argument."),
        ({"Detail": ""}, "InvalidArgument",
         "Parameter Detail is not valid. Reason: Detail is a required argument."),
        ({"Detail": "{"}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": "[]"}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": '"{}"'}, "MalformedDetail", "Detail is malformed."),
        ({"Source": "aws.s3"}, "NotAuthorizedForSourceException", "Not authorized for the source."),
    ],
)  # fmt: skip
def test_P1_a_bad_entry_fails_alone_and_keeps_its_place(
    api: Any, queue: Queue, wire: Callable[..., str], wrong: Any, code: str, message: str
) -> None:
    wire(queue)
    answer = api.put_events(Entries=[entry(), entry() | wrong, entry({"n": 3})])
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][1] == {"ErrorCode": code, "ErrorMessage": message}
    assert sorted(answer["Entries"][0]) == sorted(answer["Entries"][2]) == ["EventId"]
    assert [event["detail"] for event in queue.events()] == [{}, {"n": 3}]


def test_P1_missing_members_are_said_the_same_way(api: Any) -> None:
    answer = api.put_events(Entries=[{"DetailType": "x", "Detail": "{}"}])
    assert answer["Entries"][0]["ErrorCode"] == "InvalidArgument"


def test_P1_ten_entries_are_the_most(api: Any) -> None:
    code, message = said(api.put_events, Entries=[entry()] * 11)
    one = (
        "PutEventsRequestEntry(time=null, source=shop, resources=null, detailType=OrderPlaced,"
        " detail={}, eventBusName=null, traceHeader=null, kmsKeyIdentifier=null,"
        " internalMetadata=null)"
    )
    assert code == "ValidationException"
    assert message == (
        f"1 validation error detected: Value '[{', '.join([one] * 11)}]' at 'entries' failed to"
        " satisfy constraint: Member must have length less than or equal to 10"
    )


def test_P1_a_mebibyte_is_too_much(api: Any) -> None:
    room = 1024 * 1024 - len("shop") - len("OrderPlaced") - len('{"a":""}')
    big, biggest = (f'{{"a":"{"x" * size}"}}' for size in (room, room - 1))
    assert said(api.put_events, Entries=[entry(big)]) == (
        "ValidationException", "Total size of the entries in the request is over the limit.",
    )  # fmt: skip
    assert api.put_events(Entries=[entry(biggest)])["FailedEntryCount"] == 0


@given(st.text(), st.text(), st.text(), st.lists(st.text(), max_size=3), st.booleans())
def test_P1_an_entry_weighs_its_texts_in_bytes(
    source: str, kind: str, detail: str, resources: list[str], has_time: bool
) -> None:
    made: dict[str, Any] = {"Source": source, "DetailType": kind, "Detail": detail}
    made |= {"Resources": resources, **({"Time": 0} if has_time else {})}
    texts = "".join([source, kind, detail, *resources])
    assert entry_size(made) == len(texts.encode()) + 14 * has_time


def test_P1_an_event_for_a_bus_that_is_not_there_is_lost_without_a_word(
    api: Any, queue: Queue, wire: Callable[..., str], events: Events
) -> None:
    wire(queue)
    answer = api.put_events(Entries=[entry(EventBusName="nowhere"), entry()])
    assert all("EventId" in result for result in answer["Entries"])
    assert len(queue.events()) == len(events("events.Received")) == 1


def test_P3_only_rules_of_the_bus_that_match_and_are_enabled_get_an_event(
    api: Any, queue_named: Callable[..., Queue], wire: Callable[..., str]
) -> None:
    api.create_event_bus(Name="shop")
    queues = {name: queue_named(name) for name in ("all", "paid", "off", "elsewhere")}
    wire(queues["all"], name="all", bus="shop", pattern={"source": [{"prefix": ""}]})
    wire(queues["paid"], name="paid", bus="shop", pattern={"detail": {"state": ["paid"]}})
    wire(queues["off"], name="off", bus="shop", State="DISABLED")
    wire(queues["elsewhere"], name="elsewhere")
    for state in ("open", "paid"):
        api.put_events(Entries=[entry({"state": state}, EventBusName="shop")])
    counts = {name: len(queue.events()) for name, queue in queues.items()}
    assert counts == {"all": 2, "paid": 1, "off": 0, "elsewhere": 0}
    api.enable_rule(Name="off", EventBusName="shop")
    api.put_events(Entries=[entry(EventBusName="shop")])
    assert len(queues["off"].events()) == 1


def test_P3_one_event_reaches_each_of_five_targets(
    api: Any, queue_named: Callable[..., Queue], wire: Callable[..., str]
) -> None:
    queues = [queue_named(f"q{n}") for n in range(5)]
    wire(*queues)
    api.put_events(Entries=[entry()])
    assert [len(queue.events()) for queue in queues] == [1] * 5


def test_P2_a_fifo_queue_gets_the_group_of_the_target(
    api: Any, queue_named: Callable[..., Queue], wire: Callable[..., str]
) -> None:
    fifo = queue_named("orders.fifo")
    bare = {"Id": "t", "Arn": fifo.arn}
    rule = wire()
    assert said(api.put_targets, Rule="orders", Targets=[bare])[1] == (
        "Parameter(s) SqsParameters must be specified for target: t."
    )
    wire({**bare, "SqsParameters": {"MessageGroupId": "g"}})
    api.put_events(Entries=[entry()])
    [message] = fifo.api.receive_message(
        QueueUrl=fifo.url, MessageSystemAttributeNames=["MessageGroupId"]
    )["Messages"]
    assert message["Attributes"]["MessageGroupId"] == "g"
    assert rule.endswith(":rule/orders")


def test_P2_the_log_tells_the_way_of_an_event(
    api: Any, queue: Queue, wire: Callable[..., str], events: Events
) -> None:
    rule = wire(queue)
    api.put_events(Entries=[entry({"n": 1})])
    [received], [matched] = events("events.Received"), events("events.Matched")
    [sent], [delivered] = events("sqs.MessageSent"), events("events.Delivered")
    log = events()
    number = received["m"]
    assert (received["arn"], received["by"], received["type"]) == (
        DEFAULT, "client:boto3", "OrderPlaced",
    )  # fmt: skip
    assert (matched["arn"], matched["m"], matched["bus"]) == (rule, number, DEFAULT)
    assert log[matched["cause"] - 1] == received
    assert log[sent["cause"] - 1] == log[delivered["cause"] - 1] == matched
    assert sent["by"] == rule
    assert (delivered["target"], delivered["to"], delivered["m"]) == ("t0", queue.arn, number)


def test_P2_numbers_stay_as_they_are(api: Any, queue: Queue, wire: Callable[..., str]) -> None:
    wire(queue)
    detail = '{"big":9223372036854775807,"small":-9223372036854775808,"half":0.5,"whole":1.0}'
    api.put_events(Entries=[entry(detail)])
    assert f'"detail":{detail}' in queue.bodies()[0]


def test_P2_the_trace_of_an_event_goes_with_it_to_a_queue(
    api: Any, queue: Queue, wire: Callable[..., str]
) -> None:
    wire(queue)
    header = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
    api.put_events(Entries=[entry(TraceHeader=header)])
    [message] = queue.api.receive_message(
        QueueUrl=queue.url, MessageSystemAttributeNames=["AWSTraceHeader"]
    )["Messages"]
    assert message["Attributes"]["AWSTraceHeader"] == header
