"""Calls that fail are drawn: from who called to what it named, without being counted as traffic."""

from collections.abc import Callable
from typing import Any

import pytest

from messaging.kernel.errors import AwsError
from tests.live.conftest import Browser, World

Open = Callable[..., Any]
Dots = list[tuple[str, str, str]]


def dots(one: Browser) -> Dots:
    """Return (from, class, to) of each particle, by names; "" comes in at the left port."""
    nodes = {i: row[3] for i, row in one.twin.nodes.items()}
    found: Dots = []
    for edge, _, _, kind, *_told in (dot for frame in one.frames for dot in frame.get("p", ())):
        if edge < 0:
            found.append(("", kind, nodes[-1 - edge]))
        else:
            _, source, target, *_ = one.twin.edges[edge]
            found.append((nodes[source], kind, nodes[target]))
    return found


async def fail(world: World, operation: str, actor: str = "client:test", **params: Any) -> None:
    with pytest.raises(AwsError):
        await world.call(operation, actor, **params)


async def look(browser: Open) -> Browser:
    one: Browser = await browser()
    await one.hello()
    await one.take()
    return one


async def test_a_refused_send_is_a_diamond_on_the_senders_edge(world: World, browser: Open) -> None:
    url = await world.create()
    await world.send(url, "known")
    one = await look(browser)
    await fail(world, "SendMessage", QueueUrl=url, MessageBody="")
    await one.reach(await world.last_seq())
    assert dots(one) == [("test", "e", "orders")]
    assert one.twin.totals == {}
    [row] = [row for frame in one.frames for row in frame.get("req", ())]
    assert row[1:] == ["test", "SendMessage", "orders", "MissingParameter"]


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("DeleteMessage", {"ReceiptHandle": "nonsense"}),
        ("SetQueueAttributes", {"Attributes": {"DelaySeconds": "901"}}),
    ],
    ids=["hot", "guarded"],
)
async def test_who_only_receives_fails_against_the_arrow(
    world: World, browser: Open, operation: str, params: dict[str, Any]
) -> None:
    url = await world.create()
    await world.call("ReceiveMessage", QueueUrl=url)
    one = await look(browser)
    await fail(world, operation, QueueUrl=url, **params)
    await one.reach(await world.last_seq())
    assert dots(one) == [("orders", "u", "test")]


async def test_a_stranger_that_fails_comes_in_at_the_left_port(world: World, browser: Open) -> None:
    url = await world.create()
    one = await look(browser)
    await fail(world, "SendMessage", "client:new", QueueUrl=url, MessageBody="")
    await one.reach(await world.last_seq())
    assert dots(one) == [("", "e", "orders")]


async def test_a_call_that_names_no_queue_of_ours_is_told_in_the_strip_only(
    world: World, browser: Open
) -> None:
    url = await world.create()
    one = await look(browser)
    await fail(world, "SendMessage", QueueUrl=f"{url}-not", MessageBody="x")
    await one.reach(await world.last_seq())
    assert dots(one) == []
    [row] = [row for frame in one.frames for row in frame.get("req", ())]
    assert row[2:4] == ["SendMessage", ""]


async def test_what_the_page_sends_comes_in_at_the_left_port(world: World, browser: Open) -> None:
    url = await world.create()
    one = await look(browser)
    await world.call("SendMessage", "console", QueueUrl=url, MessageBody="x")
    await one.reach(await world.last_seq())
    assert dots(one) == [("", "v", "orders")]
    assert one.twin.totals == {}
