"""The lifetime on the page of a message: its neighbours, who had it, and what comes next."""

import json
import re

from dashboard.inspector import focus
from dashboard.inspector.entries import Facts
from dashboard.inspector.lifetimes import FLIGHT, Life, Overlap, Segment, Work
from messaging.simulation import control
from tests.dashboard.conftest import Desk
from tests.dashboard.test_inspector import path, receive, sent

FACTS = Facts({"actor:1": "worker-1", "actor:2": "worker-2"})


def rows(page: str) -> list[int]:
    return [int(m) for m in re.findall(r'id="life-(\d+)"', page)]


def shown(desk: Desk, m: int, **query: str) -> str:
    return desk.get(path(m), **query).content.decode()


def test_each_who_had_it_gets_a_row_and_time_shared_is_hatched() -> None:
    life = Life(
        1,
        segments=[Segment(FLIGHT, 0, 30_000, 1), Segment(FLIGHT, 32_000, 62_000, 2)],
        overlaps=[Overlap(32_000, 45_000)],
        work=[Work("actor:1", 0, 45_000), Work("actor:2", 32_000)],
    )
    first, second = focus.hands(life, FACTS)
    assert (first.name, second.name) == ("worker-1", "worker-2")
    assert first.spans == [Segment("work", 0, 45_000)]
    # Nobody told when the second was done: its span ends with its flight.
    assert second.spans == [Segment("untold", 32_000, 62_000)]
    assert first.overlaps == second.overlaps == [Overlap(32_000, 45_000)]


def test_what_comes_next() -> None:
    life = Life(1, segments=[Segment(FLIGHT, 0, 20_000, 1)])
    message = {"state": "f", "until": 30_000, "receives": 2, "max_receives": 3}
    left, back = focus.coming(message, life, now=20_000)
    assert (left, back[:2]) == (Segment("left", 20_000, 30_000), ("back", 30_000))
    last = focus.coming({**message, "receives": 3}, life, now=20_000)
    assert [one.kind for one in last] == ["left", "dead"]
    long = focus.coming({**message, "until": 900_000}, life, now=20_000)
    assert long == [Segment("left", 20_000, 40_000)]
    delayed = focus.coming({**message, "state": "d"}, life, now=20_000)
    assert [one.kind for one in delayed] == ["delay", "back"]
    assert focus.coming({**message, "state": "v"}, life, now=20_000) == []
    assert focus.coming(None, life, now=20_000) == []


def test_the_neighbours_are_those_sent_just_before_and_after(desk: Desk) -> None:
    desk.create("other")
    desk.create()
    numbers = []
    for n in range(12):
        numbers.append(sent(desk, str(n)))
        sent(desk, "elsewhere", "other")
    assert rows(shown(desk, numbers[5])) == numbers[1:10]
    assert rows(shown(desk, numbers[0])) == numbers[:5]


def test_by_queue_or_by_group(desk: Desk) -> None:
    desk.create("line.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    a, b, c = (sent(desk, str(n), "line.fifo", MessageGroupId=g) for n, g in enumerate("ABA"))
    assert sorted(rows(shown(desk, a))) == [a, b, c]
    assert rows(shown(desk, a, by="group")) == [a, c]
    url = f"/s/{desk.sandbox.slug}/message/{a}/"
    asked = {"HX-Target": "message-live", "HX-Current-URL": f"http://testserver{url}?by=group"}
    assert rows(desk.client.get(url, headers=asked).content.decode()) == [a, c]


def test_a_flight_shows_what_is_left_and_where_it_goes(desk: Desk) -> None:
    dlq = desk.create("orders-dlq")
    policy = json.dumps({"deadLetterTargetArn": dlq, "maxReceiveCount": 2})
    desk.create("orders", RedrivePolicy=policy, VisibilityTimeout="5")
    m = sent(desk)
    receive(desk)
    first = shown(desk, m)
    assert re.search(r'<tspan data-until="\d+">5.0 s</tspan> left', first)
    assert 'class="next-back"' in first
    assert 'class="seg-untold"' in first
    control.skip(desk.sandbox.pk)
    assert 'class="next-' not in shown(desk, m)
    receive(desk)
    last = shown(desk, m)
    assert 'class="next-dead"' in last
    assert ">dead letter</text>" in last


def test_what_is_left_of_a_delay_is_marked_as_one(desk: Desk) -> None:
    desk.create("orders", DelaySeconds="5")
    waits = shown(desk, sent(desk))
    assert 'class="next-delay"' in waits
    assert re.search(r'class="in-delay"[^>]*><tspan data-until="\d+">5.0 s</tspan> left', waits)
    assert 'class="next-left"' not in waits
    assert 'class="next-back"' in waits
