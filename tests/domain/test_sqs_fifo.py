"""FIFO and fair queues: D1–D3, F3, Q-F1–Q-F4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.sqs.domain.attributes import QueueSettings
from messaging.sqs.domain.fairness import Tenant, Totals, is_noisy, order
from messaging.sqs.domain.fifo import (
    content_dedup_id,
    dedup_token,
    effective_dedup_id,
    sequence_number,
)
from messaging.sqs.errors import InvalidParameterValue

IDS = st.text(alphabet="ab/,", min_size=1, max_size=4)
QUIET = Totals(in_flight=1_000, busy_ms=100_000)
MINUTE_MS = 60_000


def tenant(waiting: int = 5, in_flight: int = 0, busy_ms: int = 0, last_send_at: int = 0) -> Tenant:
    return Tenant("t", waiting, in_flight, busy_ms, last_send_at)


def test_D1_explicit_wins_over_content() -> None:
    content = QueueSettings(fifo=True, content_dedup=True)
    assert effective_dedup_id("mine", "hello", content) == "mine"
    assert effective_dedup_id(None, "hello", content) == content_dedup_id("hello")
    with pytest.raises(InvalidParameterValue) as caught:
        effective_dedup_id(None, "hello", QueueSettings(fifo=True))
    assert caught.value.message == (
        "The queue should either have ContentBasedDeduplication enabled or "
        "MessageDeduplicationId provided explicitly"
    )


def test_D3_scope() -> None:
    assert dedup_token("queue", "g1", "d") == dedup_token("queue", "g2", "d")
    assert dedup_token("messageGroup", "g1", "d") != dedup_token("messageGroup", "g2", "d")
    assert dedup_token("queue", "g", content_dedup_id("x")) == content_dedup_id("x")


@given(IDS, IDS, IDS, IDS)
def test_D3_tokens_do_not_collide(g1: str, d1: str, g2: str, d2: str) -> None:
    same = dedup_token("messageGroup", g1, d1) == dedup_token("messageGroup", g2, d2)
    assert same == ((g1, d1) == (g2, d2))


@given(st.integers(0, 2**63 - 2))
def test_F3_sequence_numbers(position: int) -> None:
    here, after = sequence_number(position), sequence_number(position + 1)
    assert len(here) == 20
    assert here < after
    assert int(after) - int(here) > 1


@pytest.mark.parametrize(
    ("in_flight", "total", "noisy"),
    [(30, 299, True), (30, 300, False), (29, 100, False), (200, 1_000, True), (31, 31, True)],
)
def test_QF2_by_what_is_in_flight(in_flight: int, total: int, noisy: bool) -> None:
    assert is_noisy(tenant(in_flight=in_flight), Totals(total, 100_000), 0) is noisy


@pytest.mark.parametrize(("busy_ms", "noisy"), [(10_000, False), (10_001, True)])
def test_QF2_by_processing_time(busy_ms: int, noisy: bool) -> None:
    assert is_noisy(tenant(busy_ms=busy_ms), QUIET, 0) is noisy


def test_QF4_stays_noisy_until_calm() -> None:
    was = tenant(in_flight=1)._replace(noisy=True)
    assert is_noisy(was, QUIET, 5 * MINUTE_MS - 1)
    assert not is_noisy(was, QUIET, 5 * MINUTE_MS)
    assert not is_noisy(was._replace(waiting=0), QUIET, 0)


def test_QF3_quiet_first_then_the_noisy_with_fewest_in_flight() -> None:
    tenants = [
        Tenant("loud", 9, 400, 0, 0),
        Tenant("louder", 9, 500, 0, 0),
        Tenant("b", 9, 20, 0, 0),
        Tenant("a", 9, 25, 0, 0),
    ]
    ordered = order(tenants, Totals(945, 0), 0)
    assert [each.name for each in ordered] == ["b", "a", "loud", "louder"]
    assert [each.noisy for each in ordered] == [False, False, True, True]


@given(
    st.lists(
        st.builds(
            Tenant,
            st.text(max_size=3),
            st.integers(0, 9),
            st.integers(0, 99),
            st.integers(0, 9_999),
            st.integers(0, 9),
            st.booleans(),
        ),
        max_size=9,
    )
)
def test_QF3_nobody_is_left_out(tenants: list[Tenant]) -> None:
    totals = Totals(sum(t.in_flight for t in tenants), sum(t.busy_ms for t in tenants))
    ordered = order(tenants, totals, 9)
    assert sorted(t.name for t in ordered) == sorted(t.name for t in tenants)
    assert [t.noisy for t in ordered] == sorted(t.noisy for t in ordered)
