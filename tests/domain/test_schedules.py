"""When at, rate and cron expressions fire (SC1): zones, summer time, L, W and #."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.kernel.schedules.expressions import BadSchedule, parse

DAY_MS = 86_400_000


def ms(text: str, zone: str = "UTC") -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def shown(at: int | None, zone: str = "UTC") -> str:
    assert at is not None
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def times(expression: str, since: str, count: int, zone: str = "UTC") -> list[str]:
    at, found = ms(since, zone), list[str]()
    schedule = parse(expression, zone=zone, once=True)
    for _ in range(count):
        after = schedule.next_after(at, since_ms=at)
        assert after is not None and after > at
        at = after
        found.append(shown(at, zone))
    return found


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("cron(0 10 * * ? *)", ["2026-11-21T10:00", "2026-11-22T10:00"]),
        ("cron(15 12 ? * MON-FRI *)", ["2026-11-23T12:15", "2026-11-24T12:15"]),
        ("cron(0/15 * * * ? *)", ["2026-11-21T00:15", "2026-11-21T00:30"]),
        ("cron(0 8 1 * ? *)", ["2026-12-01T08:00", "2027-01-01T08:00"]),
        ("cron(0 9 L * ? *)", ["2026-11-30T09:00", "2026-12-31T09:00"]),
        ("cron(0 9 15W * ? *)", ["2026-12-15T09:00", "2027-01-15T09:00"]),
        ("cron(0 9 1W AUG ? 2026-2027)", ["2027-08-02T09:00"]),
        ("cron(0 9 31W OCT ? 2027)", ["2027-10-29T09:00"]),
        ("cron(0 9 ? * 6L *)", ["2026-11-27T09:00", "2026-12-25T09:00"]),
        ("cron(0 9 ? * 2#1 *)", ["2026-12-07T09:00", "2027-01-04T09:00"]),
        ("cron(0 9 ? * FRI-SUN *)", ["2026-11-21T09:00", "2026-11-22T09:00"]),
        ("cron(0 0 29 2 ? *)", ["2028-02-29T00:00", "2032-02-29T00:00"]),
        ("rate(5 minutes)", ["2026-11-21T00:05", "2026-11-21T00:10"]),
        ("at(2026-11-21T13:30:00)", ["2026-11-21T13:30"]),
    ],
)
def test_it_fires_when_aws_says(expression: str, found: list[str]) -> None:
    assert times(expression, "2026-11-21T00:00", len(found)) == found


def test_clocks_of_another_place_are_followed() -> None:
    found = parse("cron(0 9 * * ? *)", zone="America/New_York").next_after(
        ms("2026-07-01T00:00"), since_ms=0
    )
    assert shown(found) == "2026-07-01T13:00"
    once = parse("at(2026-01-05T09:00:00)", zone="Asia/Tokyo", once=True).next_after(0, since_ms=0)
    assert shown(once) == "2026-01-05T00:00"


def test_a_time_that_summer_time_leaves_out_does_not_come_that_day() -> None:
    found = times("cron(30 2 * * ? *)", "2026-03-28T00:00", 3, "Europe/Berlin")
    assert found == ["2026-03-28T02:30", "2026-03-30T02:30", "2026-03-31T02:30"]


def test_a_time_that_comes_twice_comes_once() -> None:
    found = times("cron(30 2 * * ? *)", "2026-10-24T12:00", 2, "Europe/Berlin")
    assert found == ["2026-10-25T02:30", "2026-10-26T02:30"]


@pytest.mark.parametrize(
    "expression",
    [
        "", "rate(0 minutes)", "rate(1 minutes)", "rate(5 minute)", "rate(5 weeks)",
        "cron(0 10 * * * *)", "cron(0 10 ? * ? *)", "cron(60 10 * * ? *)", "cron(0 10 * * ?)",
        "cron(0 10 32W * ? *)", "cron(0 10 ? * 8 *)", "cron(0 10 ? * MON#6 *)",
        "cron(a 10 * * ? *)", "rate(-1 days)",
        "cron(0/0 10 * * ? *)", "at(2026-13-01T00:00:00)", "at(tomorrow)", "every day",
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused(expression: str) -> None:
    with pytest.raises(BadSchedule):
        parse(expression, once=True)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(BadSchedule):
        parse("cron(0 10 * * ? *)", zone="Moon/Tranquility")


def test_nothing_comes_after_the_last_year() -> None:
    assert parse("cron(0 0 1 1 ? 2020)").next_after(ms("2026-11-21T00:00"), since_ms=0) is None


@given(st.integers(0, 4_102_444_800_000), st.integers(0, 59), st.integers(0, 23))
def test_a_daily_time_comes_within_a_day(after: int, minute: int, hour: int) -> None:
    found = parse(f"cron({minute} {hour} * * ? *)").next_after(after, since_ms=0)
    assert found is not None
    assert 0 < found - after <= DAY_MS
    assert shown(found)[-5:] == f"{hour:02}:{minute:02}"


@given(st.integers(2, 999), st.integers(0, 10**13), st.integers(0, 10**13))
def test_a_rate_keeps_its_beat(hours: int, anchor: int, after: int) -> None:
    schedule = parse(f"rate({hours} hours)")
    found = schedule.next_after(after, since_ms=anchor)
    assert found is not None
    assert found > max(after, anchor) - 1
    assert (found - anchor) % (hours * 3_600_000) == 0
