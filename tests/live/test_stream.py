"""The stream as a browser lives it: snapshot, batches, resume, slow links, resets, bad frames."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from dashboard.topology import hub as hub_module
from dashboard.topology import painter as painter_module
from dashboard.topology.hubs import hubs
from messaging import sandboxes
from messaging.engine import engine
from messaging.kernel.models import Sandbox
from messaging.simulation import control
from tests.fixtures.engine import START_MS
from tests.live.conftest import Browser, World
from tests.live.test_equality import fresh_look

Open = Callable[..., Any]


async def test_it_starts_with_a_snapshot_and_goes_on_with_batches(
    world: World, browser: Open
) -> None:
    url = await world.create()
    one: Browser = await browser()
    await one.hello()
    snapshot = await one.take()
    assert (snapshot["t"], snapshot["v"], snapshot["ts"], snapshot["rate"]) == (
        "snap",
        1,
        START_MS,
        0,
    )
    await world.send(url, "a", "b")
    await one.reach(await world.last_seq())
    assert one.twin.canonical() == await sync_to_async(fresh_look)(world.sandbox)
    assert [frame["t"] for frame in one.frames[1:]].count("b") >= 1


async def test_what_moved_is_counted_exactly_and_drawn(world: World, browser: Open) -> None:
    url = await world.create()
    await world.send(url, "first, so that the client is known")
    one: Browser = await browser()
    await one.hello()
    await one.take()
    await world.send(url, *"abcdefghij")
    await one.reach(await world.last_seq())
    [(edge, total)] = one.twin.totals.items()
    assert total == 10
    dots = [dot for frame in one.frames if frame["t"] == "b" for dot in frame["p"]]
    assert sum(dot[4] for dot in dots) == 10
    assert {(dot[0], dot[3]) for dot in dots} == {(edge, "v")}
    calls = [row for frame in one.frames if frame["t"] == "b" for row in frame["req"]]
    assert {tuple(row[1::2]) for row in calls} == {("test", "orders")}
    assert all(row[2].startswith("SendMessage") and row[4] == "200" for row in calls)


async def test_the_first_message_of_a_new_client_travels_too(world: World, browser: Open) -> None:
    url = await world.create()
    one: Browser = await browser()
    await one.hello()
    await one.take()
    await world.call("SendMessage", "client:newcomer", QueueUrl=url, MessageBody="x")
    await one.reach(await world.last_seq())
    assert sum(one.twin.totals.values()) == 1


async def test_a_browser_that_comes_back_gets_only_what_it_missed(
    world: World, browser: Open
) -> None:
    url = await world.create()
    one: Browser = await browser()
    await one.hello()
    await one.take()
    await one.leave()
    await world.send(url, "a", "b", "c")
    again: Browser = await browser()
    again.twin = one.twin
    await again.hello(have={"epoch": one.twin.epoch, "q": one.twin.q})
    await again.reach(await world.last_seq())
    assert "snap" not in [frame["t"] for frame in again.frames]
    assert again.twin.canonical() == await sync_to_async(fresh_look)(world.sandbox)


async def test_a_browser_with_everything_gets_only_the_time(world: World, browser: Open) -> None:
    one: Browser = await browser()
    await one.hello()
    await one.take()
    have = {"epoch": one.twin.epoch, "q": one.twin.q}
    await one.hello(have=have)
    assert (await one.take())["t"] == "clock"


@pytest.mark.parametrize("have", [{"epoch": "another.0.x", "q": 1}, {"epoch": None, "q": -7}])
async def test_a_gap_too_old_gets_a_snapshot(
    world: World, browser: Open, have: dict[str, Any]
) -> None:
    url = await world.create()
    one: Browser = await browser()
    await one.hello()
    await one.take()
    await world.send(url, "a")
    await one.reach(await world.last_seq())
    await one.hello(have={"epoch": have["epoch"] or one.twin.epoch, "q": have["q"]})
    assert (await one.until("snap"))["q"] == one.twin.q


async def test_all_viewers_get_the_same_batches(world: World, browser: Open) -> None:
    url = await world.create()
    viewers: list[Browser] = [await browser() for _ in range(3)]
    for one in viewers:
        await one.hello()
        await one.take()
    await world.send(url, *"abcde")
    seq = await world.last_seq()
    for one in viewers:
        await one.reach(seq)
    first, *others = ([frame for frame in one.frames if frame["t"] == "b"] for one in viewers)
    assert first
    assert others == [first, first]


async def test_a_reset_starts_another_epoch(world: World, browser: Open) -> None:
    url = await world.create()
    one: Browser = await browser()
    await one.hello()
    await one.take()
    before = one.twin.epoch
    await world.send(url, "a")
    await one.reach(await world.last_seq())

    def empty() -> None:
        engine().executor.run_sync(
            lambda batch: sandboxes.reset(batch, world.sandbox.pk), (world.sandbox.pk,)
        )

    await sync_to_async(empty)()
    await one.until("reset")
    await one.hello()
    await one.until("snap")
    assert one.twin.epoch != before
    assert one.twin.canonical() == {"nodes": [], "edges": [], "ctr": {}, "msgs": {}, "polls": {}}
    await world.create("afterwards")
    await one.reach(await world.last_seq())
    assert [node["label"] for node in one.twin.canonical()["nodes"]] == ["afterwards"]


async def test_a_deleted_sandbox_says_so(world: World, browser: Open) -> None:
    one: Browser = await browser()
    await one.hello()
    await one.take()

    def delete() -> None:
        engine().executor.run_sync(
            lambda batch: sandboxes.delete(batch, world.sandbox.pk), (world.sandbox.pk,)
        )

    await sync_to_async(delete)()
    hubs.notice(world.sandbox.pk)
    assert await one.closed() == 4404


async def test_the_clock_is_told_when_it_changes(world: World, browser: Open) -> None:
    one: Browser = await browser()
    await one.hello()
    await one.take()
    await sync_to_async(control.set_rate)(world.sandbox.pk, 10.0)
    await sync_to_async(control.play)(world.sandbox.pk)
    clock = await one.until("clock")
    while clock["rate"] != 10:
        clock = await one.until("clock")
    assert clock["ts"] >= START_MS


async def test_far_behind_it_looks_anew_instead_of_folding(
    world: World, browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(painter_module, "MOST_FOLDED", 5)
    url = await world.create()
    one: Browser = await browser()
    await one.hello()
    await one.take()
    await one.leave()
    await world.create("another")
    await world.send(url, *"abcdefgh")
    again: Browser = await browser()
    again.twin = one.twin
    await again.hello(have={"epoch": one.twin.epoch, "q": one.twin.q})
    await again.reach(await world.last_seq())
    assert again.twin.canonical() == await sync_to_async(fresh_look)(world.sandbox)


async def test_a_heartbeat_comes_when_nothing_happens(
    world: World, browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "HEARTBEAT", 0.0)
    monkeypatch.setattr(hub_module, "LOOK_AGAIN", 0.01)
    one: Browser = await browser()
    await one.hello()
    await one.take()
    assert (await one.until("hb"))["q"] == one.twin.q


async def test_a_hidden_tab_gets_batches_without_dots(world: World, browser: Open) -> None:
    url = await world.create()
    await world.send(url, "known")
    one: Browser = await browser()
    await one.hello(caps={"hz": 20, "p": 0})
    await one.take()
    await world.send(url, "a")
    await one.reach(await world.last_seq())
    batches = [frame for frame in one.frames if frame["t"] == "b"]
    assert sum(count for frame in batches for _, count in frame["e"]) == 1
    assert all(frame["p"] == [] for frame in batches)


async def test_a_hub_without_viewers_rests(world: World, browser: Open) -> None:
    one: Browser = await browser()
    await one.hello()
    await one.take()
    await one.leave()
    hub = hubs.of(world.sandbox.pk)
    await asyncio.wait_for(hub.rest(), 5)
    assert hubs.watched() == []


async def test_a_failing_database_costs_a_reset_and_no_more(
    world: World, browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await world.create()
    one: Browser = await browser()
    await one.hello()
    await one.take()
    real, failures = painter_module.read_contents, iter([True, False])

    def read_contents(*arguments: Any) -> Any:
        if next(failures, False):
            raise RuntimeError("half-way")
        return real(*arguments)

    monkeypatch.setattr(painter_module, "read_contents", read_contents)
    await world.call("SetQueueAttributes", QueueUrl=url, Attributes={"DelaySeconds": "1"})
    await one.until("reset")
    await one.hello()
    await one.until("snap")
    assert one.twin.canonical() == await sync_to_async(fresh_look)(world.sandbox)
    assert await Sandbox.objects.acount() == 1
