"""Rules that fire by themselves, on the sandbox's clock (P8)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fixtures.engine import ACCOUNT, REGION, Time
from tests.services.events.conftest import Queue, entry

Events = Callable[..., list[Any]]


def scheduled(api: Any, queue: Queue, expression: str, **more: Any) -> str:
    arn = api.put_rule(Name="beat", ScheduleExpression=expression, **more)["RuleArn"]
    api.put_targets(Rule="beat", Targets=[{"Id": "t", "Arn": queue.arn}])
    return str(arn)


def moment(clock: Time) -> datetime:
    return datetime.fromtimestamp(clock.now / 1000, UTC)


def text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_P8_a_rate_fires_from_its_beginning_on(
    api: Any, queue: Queue, clock: Time, events: Events
) -> None:
    start, arn = moment(clock), scheduled(api, queue, "rate(5 minutes)")
    clock.advance(299)
    assert queue.take() == []
    clock.advance(601)
    found = queue.events()
    assert [event["time"] for event in found] == [
        text(start + timedelta(minutes=minutes)) for minutes in (5, 10, 15)
    ]
    first = found[0]
    assert {**first, "id": "", "time": ""} == {
        "version": "0", "id": "", "detail-type": "Scheduled Event", "source": "aws.events",
        "account": ACCOUNT, "time": "", "region": REGION, "resources": [arn], "detail": {},
    }  # fmt: skip
    assert len({event["id"] for event in found}) == 3
    assert [fired["arn"] for fired in events("events.Matched")] == [arn] * 3


def test_P8_cron_fires_at_the_minutes_it_names_in_utc(api: Any, queue: Queue, clock: Time) -> None:
    start = moment(clock)
    scheduled(api, queue, "cron(30 9 * * ? *)")
    clock.advance(3 * 86_400)
    due = start.replace(hour=9, minute=30, second=0, microsecond=0)
    first = due if due > start else due + timedelta(days=1)
    wanted = [text(first + timedelta(days=days)) for days in range(3)]
    assert [event["time"] for event in queue.events()] == wanted


def test_P8_a_disabled_schedule_rests_and_begins_anew(api: Any, queue: Queue, clock: Time) -> None:
    scheduled(api, queue, "rate(1 hour)")
    clock.advance(1800)
    api.disable_rule(Name="beat")
    clock.advance(7200)
    assert queue.take() == []
    api.enable_rule(Name="beat")
    start = moment(clock)
    clock.advance(3600)
    assert [event["time"] for event in queue.events()] == [text(start + timedelta(hours=1))]


def test_P8_a_scheduled_event_goes_to_its_own_rule_alone(
    api: Any, queue_named: Callable[..., Queue], wire: Callable[..., str], clock: Time
) -> None:
    mine, others = queue_named("mine"), queue_named("others")
    wire(others, name="everything", pattern={"source": [{"prefix": ""}]})
    scheduled(api, mine, "rate(1 minute)")
    clock.advance(120)
    assert (len(mine.take()), others.take()) == (2, [])


def test_P8_a_rule_may_have_both_a_pattern_and_a_schedule(
    api: Any, queue: Queue, clock: Time
) -> None:
    scheduled(api, queue, "rate(1 minute)", EventPattern='{"source":["shop"]}')
    api.put_events(Entries=[entry()])
    clock.advance(60)
    assert [event["source"] for event in queue.events()] == ["shop", "aws.events"]


def test_P8_a_schedule_of_the_past_never_fires(api: Any, queue: Queue, clock: Time) -> None:
    scheduled(api, queue, "cron(15 10 ? * 6L 2002-2005)")
    clock.advance(40 * 86_400)
    assert queue.take() == []


def test_P8_a_deleted_rule_fires_no_more(api: Any, queue: Queue, clock: Time) -> None:
    scheduled(api, queue, "rate(1 minute)")
    api.remove_targets(Rule="beat", Ids=["t"])
    api.delete_rule(Name="beat")
    clock.advance(600)
    assert queue.take() == []
