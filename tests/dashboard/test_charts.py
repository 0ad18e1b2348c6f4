"""Charts: depth, age and rates over sandbox time, folded from the log."""

import json
import time
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts import kept
from dashboard.charts.drawn import POINTS, SPANS, drawn
from dashboard.charts.series import DELAYED, FLIGHT, OLDEST, VISIBLE, Series, fold
from messaging.engine import engine
from messaging.kernel.ids import compose
from messaging.kernel.models import Event, Sandbox
from messaging.simulation.engine import advance_to
from tests.dashboard.conftest import Desk, text_of
from tests.fixtures.engine import START_MS

ARN = "arn:aws:sqs:eu-central-1:111122223333:orders"
LISTS = ("visible", "flight", "delayed", "age", "sent", "received", "deleted", "moved")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    kept.forget_all()


def points(desk: Desk, arn: str, span: str = "5m") -> dict[str, Any]:
    response = desk.get("charts/data/", arn=arn, span=span)
    assert response.status_code == 200
    return dict(json.loads(response.content))


def advance(desk: Desk, seconds: int) -> None:
    until = Sandbox.objects.get(pk=desk.sandbox.pk).anchor_sim + seconds * 1_000

    def job(batch: Any) -> bool:
        return advance_to(batch, batch.entered[desk.sandbox.pk], until)

    while not engine().executor.run_sync(job, (desk.sandbox.pk,)):
        continue


def test_depth_follows_a_message_through_its_states(desk: Desk) -> None:
    arn = desk.create(VisibilityTimeout="30")
    desk.send("one")
    desk.send("two", DelaySeconds=10)
    now = points(desk, arn)
    assert [now[name][-1] for name in ("visible", "flight", "delayed")] == [1, 0, 1]
    desk.call("ReceiveMessage", QueueUrl=desk.url("orders"))
    now = points(desk, arn)
    assert [now[name][-1] for name in ("visible", "flight", "delayed")] == [0, 1, 1]
    advance(desk, 40)
    now = points(desk, arn)
    assert [now[name][-1] for name in ("visible", "flight", "delayed")] == [2, 0, 0]
    assert now["age"][-1] == 40
    desk.call("PurgeQueue", QueueUrl=desk.url("orders"))
    now = points(desk, arn)
    assert [now[name][-1] for name in ("visible", "flight", "delayed", "age")] == [0, 0, 0, 0]
    assert "It is empty." in now["summary"]
    assert "2 sent, 1 received, 0 deleted" in now["summary"]


def test_every_span_has_a_point_for_each_time(desk: Desk) -> None:
    arn = desk.create()
    desk.send("one")
    advance(desk, 7_200)
    for span in ("5m", "1h", "all"):
        found = points(desk, arn, span)
        assert {len(found[name]) for name in LISTS} == {len(found["t"])}
        assert 1 < len(found["t"]) <= POINTS * 2
        steps = {b - a for a, b in zip(found["t"], found["t"][1:], strict=False)}
        assert steps == {found["step"]}
    assert sum(points(desk, arn, "5m")["sent"]) == 0
    whole = points(desk, arn, "all")
    assert sum(whole["sent"]) * whole["step"] > 0.9
    assert points(desk, arn, "5m")["age"][-1] == 7_200


def test_only_what_came_since_is_read_again(desk: Desk, django_assert_max_num_queries: Any) -> None:
    arn = desk.create()
    desk.send("one")
    points(desk, arn)
    series = kept.series_of(desk.sandbox, arn)
    desk.send("two")
    with django_assert_max_num_queries(8):
        assert points(desk, arn)["visible"][-1] == 2
    assert kept.series_of(desk.sandbox, arn) is series


def test_a_log_that_has_lost_its_beginning_ends_at_todays_counters(desk: Desk) -> None:
    arn = desk.create()
    for _ in range(5):
        desk.send("m")
    oldest = Event.objects.of_sandbox(desk.sandbox.pk).order_by("-id")[0].id
    Event.objects.of_sandbox(desk.sandbox.pk).filter(id__lt=oldest).delete()
    Sandbox.objects.filter(pk=desk.sandbox.pk).update(first_seq=oldest & (2**40 - 1))
    assert points(desk, arn)["visible"][-1] == 5


def test_a_reset_begins_anew(desk: Desk) -> None:
    arn = desk.create()
    desk.send("m")
    assert points(desk, arn)["visible"][-1] == 1
    Sandbox.objects.filter(pk=desk.sandbox.pk).update(generation=99, last_seq=0)
    Event.objects.of_sandbox(desk.sandbox.pk).delete()
    assert points(desk, arn)["visible"][-1] == 0


def test_fifty_thousand_events_are_drawn_in_time(desk: Desk) -> None:
    arn = desk.create()
    base = desk.last_seq()
    events = []
    for number in range(25_000):
        sent = orjson.dumps({"m": number, "is": "v", "n": 0, "by": "actor:a", "b": "x"}).decode()
        gone = orjson.dumps({"m": number, "was": "v", "n": 1, "by": "actor:b"}).decode()
        at = START_MS + number * 100
        for offset, kind, data in ((1, "sqs.MessageSent", sent), (2, "sqs.MessageDeleted", gone)):
            seq = compose(desk.sandbox.pk, base + number * 2 + offset)
            events.append(Event(id=seq, at=at, kind=kind, arn=arn, cause=None, data=data))
    Event.objects.bulk_create(events, batch_size=5_000)
    Sandbox.objects.filter(pk=desk.sandbox.pk).update(
        last_seq=base + 50_000, anchor_sim=START_MS + 2_500_000
    )
    points(desk, arn, "all")
    fastest = min(_timed(lambda: points(desk, arn, "all")) for _ in range(5))
    assert fastest < 0.1
    assert sum(points(desk, arn, "all")["sent"]) > 0


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 400)), max_size=60))
def test_counters_equal_a_recount_at_any_time(steps: list[tuple[int, int]]) -> None:
    """A model that moves each message through its states agrees with the fold."""
    found: dict[str, Series] = {}
    states: dict[int, tuple[str, int]] = {}
    at = 0
    for message, wait in steps:
        at += wait
        before = states.pop(message, None)
        data: dict[str, Any] = {"m": message}
        after = {None: "v", "v": "f", "f": None}[before[0] if before else None]
        data |= {"was": before[0]} if before else {}
        if after is not None:
            data["is"] = after
            states[message] = (after, before[1] if before else at)
        fold(found, [(at, "sqs.MessageX", ARN, data)])
    if not steps:
        return
    row = found[ARN].rows[-1]
    held = [state for state, _ in states.values()]
    assert [row[VISIBLE], row[FLIGHT], row[DELAYED]] == [held.count("v"), held.count("f"), 0]
    assert row[OLDEST] == min((born for _, born in states.values()), default=0)


def test_a_chart_of_nothing_has_points() -> None:
    for span in (*SPANS, "all"):
        found = drawn([], now=1_000_000, begins=1_000_000, span=span)
        assert found["visible"] == [0] * len(found["t"])


def test_the_page_chooses_a_queue_and_has_a_table_twin(desk: Desk) -> None:
    assert "No queues yet." in text_of(desk.get("charts/"))
    desk.create("orders")
    arn = desk.create("invoices")
    page = desk.get("charts/", arn=arn, span="1h").content.decode()
    assert f'value="{arn}" selected' in page
    assert "<table" in page
    assert desk.get("charts/data/", arn="nonsense").status_code == 404
    assert desk.get("charts/", arn="<script>").content.decode().count("<script>") == 0
