"""In a fork from the past a schedule is due as it was then."""

from typing import Any

from messaging.scheduler.models import Schedule
from messaging.scheduler.rewinding import rewind
from tests.fixtures.engine import START_MS, Time
from tests.services.scheduler.conftest import Make

MINUTE_MS = 60_000


def test_a_schedule_goes_on_from_the_moment(make: Make, sqs: Any, clock: Time) -> None:
    sqs.create_queue(QueueName="work")
    make("rate(5 minutes)")
    clock.advance(3_600)
    schedule = Schedule.objects.get()
    assert schedule.due_at == START_MS + 65 * MINUTE_MS
    rewind(schedule, {"State": "ENABLED"}, START_MS + 12 * MINUTE_MS)
    assert Schedule.objects.get().due_at == START_MS + 15 * MINUTE_MS
    rewind(schedule, {"State": "DISABLED"}, START_MS + 12 * MINUTE_MS)
    assert Schedule.objects.get().due_at is None
