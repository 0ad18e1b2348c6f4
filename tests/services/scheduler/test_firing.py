"""Schedules fire on the sandbox's clock (SC1)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.fixtures.engine import Time
from tests.services.scheduler.conftest import START, Make, arn, bodies


@pytest.fixture
def work(sqs: Any) -> str:
    return str(sqs.create_queue(QueueName="work")["QueueUrl"])


def at(**later: float) -> str:
    return f"at({START + timedelta(**later):%Y-%m-%dT%H:%M:%S})"


def test_a_rate_fires_again_and_again(make: Make, work: str, sqs: Any, clock: Time) -> None:
    make("rate(5 minutes)")
    clock.advance(299)
    assert bodies(sqs, work) == []
    clock.advance(1)
    assert bodies(sqs, work) == ["ring"]
    clock.advance(1500)
    assert bodies(sqs, work) == ["ring"] * 5


def test_a_one_time_schedule_fires_once_and_stays(
    make: Make, work: str, sqs: Any, clock: Time, api: Any
) -> None:
    make(at(hours=1))
    clock.advance(3 * 3600)
    assert bodies(sqs, work) == ["ring"]
    assert api.get_schedule(Name="tick")["State"] == "ENABLED"


def test_it_deletes_itself_when_it_is_told_to(
    make: Make, work: str, sqs: Any, clock: Time, api: Any
) -> None:
    make(at(hours=1), ActionAfterCompletion="DELETE")
    clock.advance(3600)
    assert bodies(sqs, work) == ["ring"]
    with pytest.raises(api.exceptions.ResourceNotFoundException):
        api.get_schedule(Name="tick")


def test_a_time_zone_is_that_of_the_place(make: Make, work: str, sqs: Any, clock: Time) -> None:
    local = START + timedelta(hours=9, minutes=2)
    make(f"cron({local.minute} {local.hour} * * ? *)", ScheduleExpressionTimezone="Asia/Tokyo")
    clock.advance(180)
    assert bodies(sqs, work) == ["ring"]


def test_start_and_end_bound_a_rate_and_mean_nothing_to_one_time_schedules(
    make: Make, work: str, sqs: Any, clock: Time
) -> None:
    span = {"StartDate": START + timedelta(hours=2), "EndDate": START + timedelta(hours=4)}
    make("rate(1 hour)", **span)
    make(at(minutes=10), name="once", Target={"Input": "once"}, **span)
    clock.advance(3600)
    assert bodies(sqs, work) == ["once"]
    clock.advance(9 * 3600)
    assert bodies(sqs, work) == ["ring"] * 2


def test_it_fires_somewhere_in_its_window(
    make: Make, work: str, clock: Time, events: Callable[..., list[Any]]
) -> None:
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 30}
    made = clock.now
    make("rate(1 hour)", FlexibleTimeWindow=window)
    clock.advance(24 * 3600)
    late = [(event["at"] - made) % 3_600_000 for event in events("scheduler.Fired")]
    assert len(late) in (23, 24)
    assert all(0 <= ms < 1_800_000 for ms in late)
    assert len(set(late)) > 20


def test_a_stopped_schedule_is_silent_until_it_is_enabled(
    make: Make, work: str, sqs: Any, clock: Time, api: Any
) -> None:
    make("rate(1 minute)", State="DISABLED")
    clock.advance(600)
    assert bodies(sqs, work) == []
    found = api.get_schedule(Name="tick")
    names = ("ScheduleExpression", "Target", "FlexibleTimeWindow")
    api.update_schedule(Name="tick", State="ENABLED", **{name: found[name] for name in names})
    clock.advance(60)
    assert bodies(sqs, work) == ["ring"]


def test_the_input_names_what_fires(make: Make, work: str, sqs: Any, clock: Time) -> None:
    names = ("schedule-arn", "scheduled-time", "attempt-number")
    text = " ".join(f"<aws.scheduler.{name}>" for name in names)
    made = make(at(minutes=1), Target={"Input": text})
    clock.advance(60)
    when = START + timedelta(minutes=1)
    assert bodies(sqs, work) == [f"{made} {when:%Y-%m-%dT%H:%M:%SZ} 1"]


def test_without_input_an_event_says_what_fired(api: Any, work: str, sqs: Any, clock: Time) -> None:
    api.create_schedule(
        Name="bare", ScheduleExpression=at(minutes=1), FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn("work"), "RoleArn": "arn:aws:iam::402177851930:role/r"},
    )  # fmt: skip
    clock.advance(60)
    [body] = bodies(sqs, work)
    event = json.loads(body)
    assert event["detail-type"] == "Scheduled Event"
    assert event["resources"][0].endswith("schedule/default/bare")


def test_a_group_is_kept_in_a_fifo_queue(make: Make, sqs: Any, clock: Time) -> None:
    fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    url = sqs.create_queue(QueueName="work.fifo", Attributes=fifo)["QueueUrl"]
    make(at(minutes=1), queue="work.fifo", Target={"SqsParameters": {"MessageGroupId": "g"}})
    clock.advance(60)
    asked = {"QueueUrl": url, "MessageSystemAttributeNames": ["MessageGroupId"]}
    [message] = sqs.receive_message(**asked)["Messages"]
    assert message["Attributes"]["MessageGroupId"] == "g"


def test_causes_lead_from_the_message_to_the_schedule(
    make: Make, work: str, clock: Time, events: Callable[..., list[Any]]
) -> None:
    made = make(at(minutes=1))
    clock.advance(60)
    [sent], [fired] = events("sqs.MessageSent"), events("scheduler.Fired")
    assert (sent["by"], fired["arn"]) == (made, made)
    assert events()[sent["cause"] - 1]["kind"] == "scheduler.Fired"
    [delivered] = events("scheduler.Delivered")
    assert delivered["to"] == arn("work")
