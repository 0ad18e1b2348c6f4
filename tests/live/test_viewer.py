"""A slow browser: what waits is merged, and merged batches lead to the same state."""

import asyncio
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dashboard.topology.batch import DOTS, Batch, Burst
from dashboard.topology.viewer import MOST_MESSAGES, WINDOW_BYTES, Viewer
from tests.live.twin import Twin

SNAPSHOT = json.dumps(
    {
        "t": "snap",
        "epoch": "e",
        "q": 0,
        "nodes": [[i, f"n{i}", "queue", f"n{i}", "queues", {}] for i in range(3)],
        "edges": [[0, 0, 1, "send", ""], [1, 1, 2, "dlq", "after 3 receives"]],
        "ctr": [],
        "msgs": [],
    }
)

marks = st.one_of(
    st.none(),
    st.tuples(st.sampled_from("vfd"), st.integers(0, 9), st.integers(0, 9), st.none()),
)
changes = st.sampled_from([["~n", 1, "renamed", {"meta": "m"}], ["-n", 2], ["~e", 0, "new"]])


def _burst(starts: list[int]) -> Burst:
    burst = Burst()
    for at in starts:
        burst.add(at)
    return burst


bursts = st.lists(st.integers(0, 99), min_size=1, max_size=20).map(_burst)


@st.composite
def runs(draw: st.DrawFn) -> list[Batch]:
    """Draw batches that follow on each other."""
    made = []
    for q in range(1, draw(st.integers(2, 6)) + 1):
        batch = Batch(q, q, q * 10, 10, 1.0)
        batch.counters = draw(
            st.dictionaries(st.integers(0, 2), st.tuples(*[st.integers(0, 9)] * 4), max_size=3)
        )
        batch.messages = draw(
            st.dictionaries(st.tuples(st.integers(0, 2), st.integers(1, 5)), marks, max_size=6)
        )
        batch.moved(
            draw(st.dictionaries(st.tuples(st.integers(0, 1), st.sampled_from("vfx")), bursts))
        )
        batch.topology = draw(st.lists(changes, max_size=2))
        made.append(batch)
    return made


@given(runs(), st.data())
def test_merged_batches_lead_to_the_same_state(batches: list[Batch], data: st.DataObject) -> None:
    one_by_one, merged = Twin(), Twin()
    one_by_one.take(SNAPSHOT)
    merged.take(SNAPSHOT)
    for batch in batches:
        one_by_one.take(batch.text)
    slot: Batch | None = None
    for batch in batches:
        slot = batch if slot is None else slot.merged(batch)
        if data.draw(st.booleans(), label="sent"):
            merged.take(slot.text)
            slot = None
    if slot is not None:
        merged.take(slot.text)
    assert merged.canonical() == one_by_one.canonical()
    assert merged.totals == one_by_one.totals


@given(st.lists(bursts, min_size=1, max_size=5))
def test_the_weights_of_dots_add_up_to_the_count(parts: list[Burst]) -> None:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.merged(part)
    assert sum(weight for _, weight, *_ in whole.dots()) == sum(part.count for part in parts)
    assert 1 <= len(whole.dots(DOTS)) <= DOTS


class Link:
    """A browser's link that a test opens and holds up."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, text: str) -> None:
        await self.open.wait()
        self.sent.append(json.loads(text))

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)


def batch(q: int, **fields: Any) -> Batch:
    made = Batch(q, q, q, 1, 1.0)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


async def test_a_slow_link_gets_one_merged_batch() -> None:
    link = Link()
    viewer = Viewer(link.send)
    task = asyncio.create_task(viewer.run())
    viewer.start('{"t":"snap"}')
    await link.settle()
    link.open.clear()
    for q in range(1, 8):
        viewer.follow(batch(q, counters={0: (q, 0, 0, 0)}))
        await link.settle()
    link.open.set()
    await link.settle()
    task.cancel()
    assert [(frame["q0"], frame["q"]) for frame in link.sent[1:]] == [(1, 1), (2, 7)]
    assert link.sent[-1]["n"] == [[0, 7, 0, 0, 0]]


async def test_a_link_that_says_nothing_for_a_megabyte_is_waited_for() -> None:
    link = Link()
    viewer = Viewer(link.send)
    task = asyncio.create_task(viewer.run())
    viewer.start('{"t":"snap"}')
    viewer.acked(0)
    heavy = [[0, "a", "b", "c", "x" * 300_000]]
    for q in range(1, 8):
        viewer.follow(batch(q, requests=heavy))
        await link.settle()
    held = [frame["q"] for frame in link.sent[1:]]
    assert held == list(range(1, len(held) + 1))
    assert len(held) * 300_000 > WINDOW_BYTES > (len(held) - 1) * 300_000
    viewer.acked(held[-1])
    await link.settle()
    task.cancel()
    assert (link.sent[-1]["q0"], link.sent[-1]["q"]) == (len(held) + 1, 7)


async def test_a_link_that_never_acknowledges_is_not_held() -> None:
    link = Link()
    viewer = Viewer(link.send)
    task = asyncio.create_task(viewer.run())
    viewer.start('{"t":"snap"}')
    for q in range(1, 12):
        viewer.follow(batch(q, requests=[[0, "a", "b", "c", "x" * 300_000]]))
        await link.settle()
    task.cancel()
    assert link.sent[-1]["q"] == 11


async def test_a_slot_that_grows_too_large_asks_for_a_snapshot() -> None:
    link = Link()
    link.open.clear()
    viewer = Viewer(link.send)
    task = asyncio.create_task(viewer.run())
    viewer.start('{"t":"snap"}')
    await link.settle()
    for q in range(1, 4):
        messages = {(0, q * MOST_MESSAGES + m): None for m in range(MOST_MESSAGES // 2)}
        viewer.follow(batch(q, messages=messages))
    task.cancel()
    assert viewer.overrun


async def test_whoever_waits_for_a_snapshot_gets_no_batch() -> None:
    link = Link()
    viewer = Viewer(link.send)
    task = asyncio.create_task(viewer.run())
    viewer.follow(batch(1))
    await link.settle()
    assert link.sent == []
    viewer.start('{"t":"snap"}')
    viewer.restart('{"t":"reset"}')
    viewer.follow(batch(2))
    await link.settle()
    task.cancel()
    assert [frame["t"] for frame in link.sent] == ["reset"]


async def test_a_dismissed_viewer_ends() -> None:
    viewer = Viewer(Link().send)
    task = asyncio.create_task(viewer.run())
    viewer.dismiss()
    await asyncio.wait_for(task, 1)
