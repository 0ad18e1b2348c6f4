"""When a producer sends: bursts, ramps, times of the day, a daily curve."""

import itertools
from typing import Any

import pytest

from messaging.simulation import control
from messaging.simulation.behaviours import producer
from messaging.simulation.fields import SettingsError
from tests.fixtures.engine import START_MS
from tests.simulation.conftest import Theatre

ARN = "arn:aws:sqs:eu-central-1:402177851930:work"
DAY_MS = 86_400_000


def sent(theatre: Theatre) -> list[int]:
    return [event["at"] for event in theatre.events("sqs.MessageSent")]


def test_a_burst_sends_all_at_once_and_again_after_its_time(theatre: Theatre) -> None:
    theatre.producer("shop", theatre.queue("work"), pattern="burst", burst_size=25, batch=10,
                     burst_every=4)  # fmt: skip
    theatre.to(9_000)
    assert sent(theatre) == [1] * 25 + [4_000] * 25 + [8_000] * 25
    assert theatre.actor("shop").memory["sent"] == 75


def test_new_settings_of_a_burst_count_from_the_change(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, pattern="burst", burst_size=2, burst_every=10)
    theatre.to(3_000)
    settings = {"target": work, "pattern": "burst", "burst_size": 1, "burst_every": 2}
    control.change_actor(theatre.sandbox, "shop", settings=settings)
    theatre.to(6_500)
    assert sent(theatre) == [1, 1, 4_000, 6_000]


def test_a_ramp_grows_and_then_holds(theatre: Theatre) -> None:
    theatre.producer("shop", theatre.queue("work"), pattern="ramp", pace="even", rate=1, rate_to=9,
                     ramp_seconds=10)  # fmt: skip
    theatre.to(20_000)
    times = sent(theatre)
    assert sum(at <= 10_000 for at in times) == 50, "the area under the ramp"
    assert sum(at > 10_000 for at in times) == 90
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert gaps[0] > 2 * gaps[10] > 4 * gaps[49] > 0


def test_a_ramp_that_repeats_falls_back(theatre: Theatre) -> None:
    theatre.producer("shop", theatre.queue("work"), pattern="ramp", pace="even", rate=2, rate_to=8,
                     ramp_seconds=10, ramp_then="repeat")  # fmt: skip
    theatre.to(30_000)
    counts = [sum(low < at <= low + 10_000 for at in sent(theatre)) for low in (0, 10_000, 20_000)]
    assert counts == [50, 50, 50]


def test_set_times_come_each_day_and_after_the_start(theatre: Theatre) -> None:
    midnight = START_MS - START_MS % DAY_MS
    theatre.producer("shop", theatre.queue("work"), pattern="times", burst_size=2,
                     times="+5, 00:00:30, +20\n23:59")  # fmt: skip
    theatre.to(3 * DAY_MS)
    due = {START_MS + 5_000, START_MS + 20_000}
    for day in range(4):
        due |= {midnight + day * DAY_MS + 30_000, midnight + day * DAY_MS + DAY_MS - 60_000}
    due = {at - START_MS for at in due if START_MS < at <= START_MS + 3 * DAY_MS}
    assert sent(theatre) == sorted([*due, *due])


def test_times_that_are_over_leave_it_idle(theatre: Theatre) -> None:
    theatre.producer("shop", theatre.queue("work"), pattern="times", burst_size=1, times="+5")
    theatre.to(DAY_MS)
    assert sent(theatre) == [5_000]
    assert theatre.actor("shop").next_at is None


def test_a_daily_curve_has_its_hours(theatre: Theatre) -> None:
    theatre.producer("shop", theatre.queue("work"), pattern="daily", pace="even",
                     curve="00:00 0, 06:00 0, 12:00 0.1, 18:00 0")  # fmt: skip
    theatre.to(2 * DAY_MS)
    times = [(START_MS + at) % DAY_MS for at in sent(theatre)]
    assert len(times) == pytest.approx(2 * 0.05 * 12 * 3600, abs=2)
    assert min(times) > 6 * 3_600_000
    assert max(times) <= 18 * 3_600_000


def test_one_noisy_tenant_has_its_share(theatre: Theatre) -> None:
    theatre.producer("shop", theatre.queue("work"), rate=20, groups=10, group_skew=0.7)
    theatre.to(60_000)
    groups = [event["g"] for event in theatre.events("sqs.MessageSent")]
    assert 0.68 < groups.count("group-01") / len(groups) < 0.78
    assert len(set(groups)) == 10


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"pattern": "wave"}, "pattern"),
        ({"pattern": "times"}, "times"),
        ({"pattern": "times", "times": "25:00"}, "times"),
        ({"pattern": "times", "times": "+soon"}, "times"),
        ({"pattern": "daily"}, "curve"),
        ({"pattern": "daily", "curve": "09:00 0"}, "curve"),
        ({"pattern": "daily", "curve": "09:00 many"}, "curve"),
        ({"pattern": "burst", "burst_size": 0}, "burst_size"),
        ({"pattern": "burst", "burst_every": 0}, "burst_every"),
        ({"pattern": "ramp", "rate_to": 0}, "rate_to"),
        ({"pattern": "ramp", "ramp_seconds": float("inf")}, "ramp_seconds"),
        ({"group_skew": 2}, "group_skew"),
        ({"attributes": {str(n): "x" for n in range(11)}}, "attributes"),
    ],
)
def test_settings_that_cannot_be_used_are_named(raw: dict[str, Any], field: str) -> None:
    with pytest.raises(SettingsError) as caught:
        producer.read({"target": ARN, **raw})
    assert caught.value.field == field
