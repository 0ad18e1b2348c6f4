"""Fair queues, standard queues with MessageGroupId: Q-F1–Q-F4."""

from collections import Counter
from collections.abc import Callable

import pytest

from messaging.sqs import fair
from messaging.sqs.models import Tenant
from tests.fixtures.engine import Time
from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Message, Queue


def fill(queue: Queue, tenant: str | None, count: int) -> None:
    """Send ``count`` messages of one tenant, its name as body."""
    group = {} if tenant is None else {"MessageGroupId": tenant}
    for start in range(0, count, 10):
        queue.api.send_message_batch(
            QueueUrl=queue.url,
            Entries=[
                {"Id": str(n), "MessageBody": tenant or "nobody", **group}
                for n in range(start, min(start + 10, count))
            ],
        )


def take(queue: Queue, count: int) -> list[Message]:
    found: list[Message] = []
    while len(found) < count:
        found += queue.receive(min(10, count - len(found)))
    return found


def tenants_of(messages: list[Message]) -> Counter[str]:
    return Counter(message["Body"] for message in messages)


@pytest.fixture
def crowded(queue: Queue, clock: Time) -> Queue:
    """Return a queue with 40 of a noisy tenant in flight and 100 of its messages waiting."""
    fill(queue, "noisy", 140)
    take(queue, 40)
    clock.advance(1)
    return queue


def test_QF1_messages_of_one_group_run_in_parallel(queue: Queue) -> None:
    queue.send_all("a", "b", group="g")
    one = queue.take(AttributeNames=["All"])
    two = queue.take(AttributeNames=["All"])
    assert {m["Attributes"]["MessageGroupId"] for m in (one, two)} == {"g"}
    assert "SequenceNumber" not in one["Attributes"]


def test_QF1_a_group_id_has_a_form_here_too(queue: Queue) -> None:
    with refused("InvalidParameterValue"):
        queue.send("a", "a b")


def test_QF1_without_groups_nothing_is_counted(queue: Queue) -> None:
    fill(queue, None, 20)
    queue.delete(*take(queue, 20))
    assert not Tenant.objects.exists()


def test_QF2_a_tenant_with_most_of_the_flight_is_noisy(crowded: Queue) -> None:
    fill(crowded, "quiet", 5)
    assert tenants_of(crowded.receive(10)) == {"quiet": 5, "noisy": 5}


def test_QF2_below_thirty_in_flight_it_is_not(queue: Queue, clock: Time) -> None:
    fill(queue, "busy", 60)
    take(queue, 29)
    clock.advance(1)
    fill(queue, "other", 5)
    assert tenants_of(queue.receive(10)) == {"busy": 10}


def test_QF2_a_tenth_of_the_flight_is_not_enough(queue: Queue, clock: Time) -> None:
    fill(queue, None, 300)
    take(queue, 300)
    fill(queue, "some", 50)
    take(queue, 30)
    clock.advance(1)
    fill(queue, "other", 5)
    assert tenants_of(queue.receive(10)) == {"some": 10}


def test_QF2_a_tenant_that_consumed_most_time_is_noisy(queue: Queue, clock: Time) -> None:
    fill(queue, "slow", 30)
    for _ in range(9):
        fill(queue, None, 1)
    held = take(queue, 20)
    clock.advance(10)
    queue.delete(*held)
    fill(queue, "other", 3)
    assert tenants_of(queue.receive(3)) != {"slow": 3}
    assert Tenant.objects.get(name="slow").noisy


def test_QF2_time_consumed_by_others_counts_in_the_total(queue: Queue, clock: Time) -> None:
    fill(queue, "small", 1)
    fill(queue, None, 19)
    held = take(queue, 20)
    clock.advance(10)
    queue.delete(*held)
    fill(queue, "small", 5)
    clock.advance(0.001)
    fill(queue, "other", 5)
    assert tenants_of(queue.receive(5)) == {"small": 5}


def test_QF3_quiet_tenants_and_messages_without_group_go_first(crowded: Queue, clock: Time) -> None:
    fill(crowded, "quiet", 2)
    clock.advance(1)
    fill(crowded, None, 3)
    assert tenants_of(crowded.receive(5)) == {"quiet": 2, "nobody": 3}


def test_QF3_they_are_found_behind_any_backlog(
    crowded: Queue, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fair, "NEAR", 10)
    fill(crowded, "quiet", 2)
    fill(crowded, "calm", 2)
    fill(crowded, None, 3)
    assert tenants_of(crowded.receive(7)) == {"quiet": 2, "calm": 2, "nobody": 3}
    assert tenants_of(crowded.receive(7)) == {"noisy": 7}


def test_QF3_where_only_noisy_messages_wait_they_are_delivered(crowded: Queue) -> None:
    assert tenants_of(crowded.receive(10)) == {"noisy": 10}


def test_QF3_of_several_noisy_ones_the_one_with_fewest_in_flight_goes_first(
    queue: Queue, clock: Time
) -> None:
    for name, count in (("most", 50), ("fewest", 40)):
        fill(queue, name, count)
        take(queue, count)
        clock.advance(1)
    fill(queue, "most", 20)
    clock.advance(1)
    fill(queue, "fewest", 20)
    assert tenants_of(queue.receive(10)) == {"fewest": 10}


def test_QF4_a_drained_backlog_makes_it_quiet(crowded: Queue, clock: Time) -> None:
    take(crowded, 100)
    fill(crowded, "noisy", 5)
    clock.advance(1)
    fill(crowded, "quiet", 5)
    crowded.receive(1)
    assert Tenant.objects.get(name="noisy").noisy, "140 in flight make it noisy again"


def test_QF4_five_minutes_without_a_send_make_it_quiet(queue: Queue, clock: Time) -> None:
    fill(queue, "noisy", 140)
    for message in take(queue, 40):
        queue.hide(message, 3_600)
    clock.advance(299)
    fill(queue, "quiet", 1)
    assert tenants_of(queue.receive(1)) == {"quiet": 1}
    clock.advance(1)
    fill(queue, "quiet", 1)
    assert tenants_of(queue.receive(1)) == {"noisy": 1}


def test_counts_of_a_tenant_follow_its_messages(
    make: Callable[..., Queue], queue: Queue, clock: Time
) -> None:
    """The tables are checked behind each test: here every way into and out of a state is used."""
    dead = make("dead")
    queue.set(RedrivePolicy={"deadLetterTargetArn": dead.arn, "maxReceiveCount": 2})
    fill(queue, "t", 10)
    queue.send("late", "t", DelaySeconds=5)
    one, two, three, *_ = queue.receive(8)
    queue.hide(one, 0)
    queue.hide(one, 0)
    queue.delete(two)
    queue.hide(three, 100)
    clock.advance(31)
    queue.hide(one, 50)
    queue.receive(5)
    clock.advance(31)
    queue.receive(10)
    assert dead.counts[0] > 0
