"""Failing deliveries, retries and dead letters; other buses and other services (P5, P6, P9)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging import dispatch, registry, sandboxes
from messaging.events import samples
from messaging.events.domain import retries
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.errors import AwsError, Throttling
from messaging.kernel.models import Delivery, Sandbox
from messaging.kernel.packets import Packet
from tests.fixtures.engine import ACCOUNT, REGION, START_MS, Time
from tests.services.events.conftest import DEFAULT, Queue, entry

Events = Callable[..., list[Any]]
Wire = Callable[..., str]
OTHER = "999988887777"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/events"


def target(queue: Queue, dlq: Queue | None = None, **more: Any) -> dict[str, Any]:
    config: dict[str, Any] = {"Id": "t", "Arn": queue.arn, **more}
    return config | ({"DeadLetterConfig": {"Arn": dlq.arn}} if dlq else {})


def told(message: dict[str, Any]) -> dict[str, str]:
    return {name: each["StringValue"] for name, each in message["MessageAttributes"].items()}


def test_P5_a_queue_without_a_permission_is_not_tried_again(
    api: Any, queue_named: Callable[..., Queue], wire: Wire, events: Events
) -> None:
    closed, dead = queue_named("closed", closed=True), queue_named("dead")
    rule = wire(target(closed, dead))
    api.put_events(Entries=[entry({"n": 1})])
    [letter] = dead.take()
    assert json.loads(letter["Body"])["detail"] == {"n": 1}
    attributes = told(letter)
    assert "sqs:sendmessage" in attributes.pop("ERROR_MESSAGE")
    assert attributes == {
        "RULE_ARN": rule, "TARGET_ARN": closed.arn, "ERROR_CODE": "NO_PERMISSIONS",
        "RETRY_ATTEMPTS": "0",
    }  # fmt: skip
    [failed], [buried] = events("events.DeliveryFailed"), events("events.DeadLettered")
    assert (failed["code"], failed["attempt"], failed["next"]) == ("NO_PERMISSIONS", 1, None)
    assert events()[buried["cause"] - 1] == failed
    assert not Delivery.objects.exists()


def test_P5_the_policy_may_be_for_one_rule_alone(
    api: Any, queue_named: Callable[..., Queue], wire: Wire
) -> None:
    queue = queue_named(closed=True)
    mine, other = wire(queue, name="mine"), wire(queue, name="other")
    queue.open_to(mine)
    api.put_events(Entries=[entry()])
    assert len(queue.take()) == 1
    queue.open_to(mine, other)
    api.put_events(Entries=[entry()])
    assert len(queue.take()) == 2


def test_P5_a_target_that_is_not_there_is_not_tried_again(
    api: Any, queue: Queue, wire: Wire, events: Events
) -> None:
    gone = {"Id": "t", "Arn": queue.arn + "-not", "DeadLetterConfig": {"Arn": queue.arn}}
    wire(gone)
    api.put_events(Entries=[entry()])
    [letter] = queue.take()
    assert told(letter)["ERROR_CODE"] == "NO_RESOURCE"
    assert [failed["code"] for failed in events("events.DeliveryFailed")] == ["NO_RESOURCE"]


def test_P5_without_a_dead_letter_queue_an_event_is_lost_and_the_log_says_so(
    api: Any, queue_named: Callable[..., Queue], wire: Wire, events: Events
) -> None:
    wire(target(queue_named("closed", closed=True)))
    api.put_events(Entries=[entry()])
    [failed] = events("events.DeliveryFailed")
    assert (failed["next"], events("events.DeadLettered")) == (None, [])


def test_P5_a_dead_letter_queue_that_is_closed_loses_the_event(
    api: Any, queue_named: Callable[..., Queue], wire: Wire, events: Events
) -> None:
    closed = queue_named("closed", closed=True)
    wire(target(closed, closed))
    api.put_events(Entries=[entry()])
    first, second = events("events.DeliveryFailed")
    assert (first["to"], second["to"]) == (closed.arn, closed.arn)
    assert second["cause"] == events().index(first) + 1
    assert events("events.DeadLettered") == []


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[AwsError]:
    """Return a list of errors that queues answer deliveries with, one after the other."""
    coming: list[AwsError] = []
    sqs = registry.SERVICES["sqs"]
    original = sqs.accept
    assert original is not None

    def accept(ctx: Any, packet: Packet) -> None:
        if coming and not packet.note.startswith("!"):
            raise coming.pop(0)
        original(ctx, packet)

    monkeypatch.setitem(sqs.__dict__, "accept", accept)
    return coming


def test_P5_a_throttled_target_is_tried_again_until_it_takes_the_event(
    api: Any, queue: Queue, wire: Wire, broken: list[AwsError], clock: Time, events: Events
) -> None:
    wire(target(queue))
    broken += [Throttling(), Throttling()]
    api.put_events(Entries=[entry({"n": 1})])
    assert queue.take() == []
    clock.advance(10)
    assert [event["detail"] for event in queue.events()] == [{"n": 1}]
    failed = events("events.DeliveryFailed")
    assert [(each["code"], each["attempt"]) for each in failed] == [
        ("THROTTLING", 1), ("THROTTLING", 2),
    ]  # fmt: skip
    [delivered] = events("events.Delivered")
    assert delivered["at"] == failed[1]["next"] > failed[1]["at"] == failed[0]["next"]


def test_P5_retries_end_at_their_number(
    api: Any, queue_named: Callable[..., Queue], wire: Wire, broken: list[AwsError], clock: Time
) -> None:
    queue, dead = queue_named(), queue_named("dead")
    wire(target(queue, dead, RetryPolicy={"MaximumRetryAttempts": 3}))
    broken += [Throttling()] * 4
    api.put_events(Entries=[entry()])
    clock.advance(60)
    [letter] = dead.take()
    attributes = told(letter)
    assert attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    assert (attributes["RETRY_ATTEMPTS"], attributes["ERROR_CODE"]) == ("3", "THROTTLING")
    assert queue.take() == []


def test_P5_retries_end_at_the_age_of_the_event(
    api: Any, queue_named: Callable[..., Queue], wire: Wire, broken: list[AwsError], clock: Time,
    events: Events,
) -> None:  # fmt: skip
    queue, dead = queue_named(), queue_named("dead")
    wire(target(queue, dead, RetryPolicy={"MaximumEventAgeInSeconds": 60}))
    broken += [Throttling()] * 9
    begun = clock.now
    api.put_events(Entries=[entry()])
    clock.advance(60)
    [letter] = dead.take()
    assert told(letter)["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"
    assert int(told(letter)["RETRY_ATTEMPTS"]) >= 5
    assert all(each["at"] - begun <= 60_000 for each in events("events.DeliveryFailed"))


def test_P5_by_default_it_is_a_day_and_185_retries(
    api: Any, queue_named: Callable[..., Queue], wire: Wire, broken: list[AwsError], clock: Time,
    events: Events,
) -> None:  # fmt: skip
    queue, dead = queue_named(), queue_named("dead")
    wire(target(queue, dead))
    broken += [Throttling()] * 186
    api.put_events(Entries=[entry()])
    clock.advance(86_400)
    assert told(dead.take()[0])["RETRY_ATTEMPTS"] == "185"
    assert len(events("events.DeliveryFailed")) == 186


def test_P5_a_target_that_was_removed_is_not_tried_again(
    api: Any, queue: Queue, wire: Wire, broken: list[AwsError], clock: Time, events: Events
) -> None:
    wire(target(queue))
    broken += [Throttling(), Throttling()]
    api.put_events(Entries=[entry()])
    api.remove_targets(Rule="orders", Ids=["t"])
    clock.advance(60)
    assert [each["next"] is None for each in events("events.DeliveryFailed")] == [False, True]
    assert queue.take() == []


def test_P5_with_its_rule_the_waiting_tries_of_an_event_are_gone(
    api: Any, queue: Queue, wire: Wire, broken: list[AwsError]
) -> None:
    wire(target(queue))
    broken.append(Throttling())
    api.put_events(Entries=[entry()])
    assert Delivery.objects.count() == 1
    api.remove_targets(Rule="orders", Ids=["t"])
    api.delete_rule(Name="orders")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("code", "status", "wanted"),
    [
        ("AccessDenied", 403, "NO_PERMISSIONS"),
        ("AuthorizationError", 403, "NO_PERMISSIONS"),
        ("QueueDoesNotExist", 400, "NO_RESOURCE"),
        ("ResourceNotFoundException", 400, "NO_RESOURCE"),
        ("NotImplemented", 501, "NO_RESOURCE"),
        ("ThrottlingException", 400, "THROTTLING"),
        ("OverLimit", 403, "THROTTLING"),
        ("InternalFailure", 500, "ERROR_FROM_TARGET"),
        ("InvalidMessageContents", 400, "INVALID_PARAMETER"),
    ],
)
def test_P5_errors_of_services_have_a_code_of_eventbridges(
    code: str, status: int, wanted: str
) -> None:
    assert retries.classify(code, status) == wanted


@given(st.integers(0, 184), st.floats(0, 1, exclude_max=True))
def test_P6_waiting_grows_up_to_eight_minutes(retried: int, dice: float) -> None:
    waits = retries.backoff_ms(retried, dice) / 1000
    middle = min(480, 2.0**retried)
    assert 0.9 * middle - 0.001 <= waits <= 1.1 * middle + 0.001


def test_P9_a_bus_hands_on_what_its_rule_matches(
    api: Any, queue: Queue, wire: Wire, events: Events
) -> None:
    bus = api.create_event_bus(Name="second")["EventBusArn"]
    wire({"Id": "t", "Arn": bus, "RoleArn": ROLE}, name="forward")
    wire(queue, name="collect", bus="second")
    answer = api.put_events(Entries=[entry({"n": 1}, Resources=["arn:x"])])
    [event] = queue.events()
    assert event["id"] == answer["Entries"][0]["EventId"]
    assert (event["detail"], event["resources"]) == ({"n": 1}, ["arn:x"])
    assert [each["arn"] for each in events("events.Received")] == [DEFAULT, bus]


def test_P9_another_account_and_another_region_keep_where_an_event_came_from(
    api: Any, aws: Callable[..., Any], sandbox: Sandbox, queue_named: Callable[..., Queue],
    wire: Wire,
) -> None:  # fmt: skip
    sandboxes.add_account(sandbox, OTHER, regions=("us-east-1",))
    there = aws("events", account=OTHER, region="us-east-1")
    bus = there.describe_event_bus()["Arn"]
    queue = queue_named(account=OTHER, region="us-east-1")
    wire(queue, client=there, name="collect")
    dead = queue_named("dead")
    wire(
        {"Id": "t", "Arn": bus, "RoleArn": ROLE, "DeadLetterConfig": {"Arn": dead.arn}},
        name="forward",
    )
    api.put_events(Entries=[entry()])
    [letter] = dead.take()
    assert told(letter)["ERROR_CODE"] == "NO_PERMISSIONS"
    there.put_permission(Action="events:PutEvents", Principal=ACCOUNT, StatementId="in")
    api.put_events(Entries=[entry()])
    [event] = queue.events()
    assert (event["account"], event["region"]) == (ACCOUNT, REGION)


def test_P9_there_is_no_third_bus_and_no_circle(
    api: Any, queue_named: Callable[..., Queue], wire: Wire, events: Events
) -> None:
    second = api.create_event_bus(Name="second")["EventBusArn"]
    dead = queue_named("dead")
    wire({"Id": "t", "Arn": second, "RoleArn": ROLE}, name="there")
    back = {"Id": "t", "Arn": DEFAULT, "RoleArn": ROLE, "DeadLetterConfig": {"Arn": dead.arn}}
    wire(back, name="back", bus="second")
    api.put_events(Entries=[entry()])
    assert [each["arn"] for each in events("events.Received")] == [DEFAULT, second]
    assert told(dead.take()[0])["ERROR_CODE"] == "THIRD_ACCOUNT_HOP_DETECTED"


def test_P9_what_goes_in_a_circle_ends_with_a_warning(
    api: Any, queue: Queue, wire: Wire, executor: Executor, sandbox: Sandbox, events: Events
) -> None:
    rule = wire(target(queue))

    def job(batch: Batch) -> None:
        ctx = dispatch.engine_context(batch, batch.entered[sandbox.pk])
        body = json.dumps(entry({}))
        ctx.deliver(Packet(DEFAULT, body, None, "pipes.amazonaws.com", rule, hops=23))

    executor.run_sync(job, (sandbox.pk,))
    [looped] = events("events.Looped")
    assert (looped["arn"], looped["to"]) == (rule, queue.arn)
    assert queue.take() == []


def test_P9_a_circle_is_found_though_a_try_of_it_had_to_wait(
    api: Any, queue: Queue, wire: Wire, *, executor: Executor, sandbox: Sandbox,
    broken: list[AwsError], clock: Time,
) -> None:  # fmt: skip
    bus = api.create_event_bus(Name="second")["EventBusArn"]
    wire({"Id": "t", "Arn": bus, "RoleArn": ROLE}, name="there")
    wire(target(queue), name="last", bus="second")
    broken += [Throttling(), Throttling()]

    def job(batch: Batch) -> None:
        ctx = dispatch.engine_context(batch, batch.entered[sandbox.pk])
        via = f"arn:aws:pipes:{REGION}:{ACCOUNT}:pipe/p"
        ctx.deliver(
            Packet(DEFAULT, json.dumps(entry({})), None, "pipes.amazonaws.com", via, hops=21)
        )

    executor.run_sync(job, (sandbox.pk,))
    for seconds in (0, 1.2):
        clock.advance(seconds)
        [waiting] = Delivery.objects.all()
        assert waiting.hops == 23
    clock.advance(10)
    assert len(queue.take()) == 1


@pytest.mark.parametrize("service", ["lambda", "kinesis", "firehose", "states", "glue"])
def test_P9_a_service_that_is_not_there_fails_as_a_missing_resource(
    api: Any, queue: Queue, wire: Wire, service: str
) -> None:
    arn = f"arn:aws:{service}:{REGION}:{ACCOUNT}:thing/x"
    wire({"Id": "t", "Arn": arn, "RoleArn": ROLE, "DeadLetterConfig": {"Arn": queue.arn}})
    api.put_events(Entries=[entry()])
    [letter] = queue.take()
    assert told(letter)["TARGET_ARN"] == arn
    assert told(letter)["ERROR_CODE"] == "NO_RESOURCE"


def test_P9_a_log_group_keeps_what_rules_write(
    api: Any, wire: Wire, sandbox: Sandbox, events: Events
) -> None:
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/events/all"
    wire({"Id": "t", "Arn": group, "InputPath": "$.detail"})
    api.put_events(Entries=[entry({"n": 1}), entry({"n": 2})])
    topology = registry.SERVICES["events"].topology
    assert topology is not None
    lines = topology.logged(sandbox.pk, group)
    assert [line["message"] for line in lines] == ['{"n":2}', '{"n":1}']
    assert [each["to"] for each in events("events.Delivered")] == [group, group]


def test_P9_of_a_log_group_the_newest_lines_are_kept(
    api: Any, wire: Wire, sandbox: Sandbox
) -> None:
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/events/all:*"
    wire({"Id": "t", "Arn": group, "InputPath": "$.detail.n"})
    for start in range(0, 4_000, 10):
        api.put_events(Entries=[entry({"n": n}) for n in range(start, start + 10)])
    topology = registry.SERVICES["events"].topology
    assert topology is not None
    lines = topology.logged(sandbox.pk, group, limit=10_000)
    assert 2_000 <= len(lines) <= 3_000
    assert lines[0]["message"] == "3999"


def test_P2_services_of_the_sandbox_send_under_their_own_names(
    api: Any,
    queue: Queue,
    wire: Wire,
    executor: Executor,
    sandbox: Sandbox,
    events: Events,
) -> None:
    wire(queue, pattern={"source": [{"prefix": "aws."}]})
    catalogue = samples.samples(account=ACCOUNT, region=REGION, now_ms=START_MS)

    def job(batch: Batch) -> None:
        for sample in catalogue:
            made = json.dumps({**sample, "Detail": json.dumps(sample["Detail"])})
            packet = Packet(DEFAULT, made, principal="s3.amazonaws.com")
            dispatch.hand_over(batch, batch.entered[sandbox.pk], packet)

    executor.run_sync(job, (sandbox.pk,))
    found = queue.events()
    kinds = {(event["source"], event["detail-type"]) for event in found}
    assert kinds == {(each["Source"], each["DetailType"]) for each in catalogue}
    assert len(kinds) == len(catalogue) >= 15
    assert {(event["account"], event["region"]) for event in found} == {(ACCOUNT, REGION)}
    assert {each["by"] for each in events("events.Received")} == {"s3.amazonaws.com"}


def test_P2_a_sample_tells_of_the_account_the_region_and_the_time_of_the_sandbox() -> None:
    told = json.dumps(samples.samples(account=ACCOUNT, region=REGION, now_ms=START_MS))
    assert "${" not in told
    assert f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/web" in told
    assert f'"stopDate": {START_MS}' in told
    assert '"eventTime": "2026-09-21T14:13:20Z"' in told
