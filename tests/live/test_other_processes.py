"""Browsers of one server process see what clients of another process do."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from dashboard.topology import hub as hub_module
from dashboard.topology.feed import Feed
from dashboard.topology.hubs import hubs
from messaging.executor import Executor
from tests.fixtures.engine import Api
from tests.live.conftest import Browser, World

Open = Callable[..., Any]


@pytest.fixture
def elsewhere(transactional_db: None) -> Iterator[Executor]:
    """Return the writer of another server process: our hubs do not listen to it."""
    executor = Executor()
    executor.start()
    yield executor
    executor.stop()


@pytest.fixture
async def watched(world: World, browser: Open) -> AsyncIterator[Browser]:
    """Return a browser that looks at a sandbox with a queue."""
    await world.create()
    one: Browser = await browser()
    await one.hello()
    await one.until("snap")
    yield one


async def send(world: World, executor: Executor, *bodies: str) -> None:
    api = Api(executor, world.caller())
    url = f"{world.caller().host}/{world.caller().account}/orders"
    for body in bodies:
        await sync_to_async(api.send_message)(QueueUrl=url, MessageBody=body)


@pytest.mark.needs("postgres")
async def test_without_a_channel_layer_it_is_seen_within_a_second(
    world: World, watched: Browser, elsewhere: Executor
) -> None:
    assert hub_module.LOOK_AGAIN <= 1
    await send(world, elsewhere, "a", "b")
    await watched.reach(await world.last_seq())
    assert [frame["t"] for frame in watched.frames].count("snap") == 1


@pytest.mark.needs("postgres", "redis")
async def test_with_redis_it_is_seen_at_once(
    world: World, watched: Browser, elsewhere: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "LOOK_AGAIN", 60.0)
    here, there = Feed(hubs.notice, hubs.watched), Feed(lambda sandbox: None, list)
    here.start()
    there.start()
    try:
        assert await sync_to_async(here.joined.wait)(10)
        elsewhere.listeners.append(there.committed)
        await send(world, elsewhere, "a", "b", "c")
        await watched.reach(await world.last_seq())
    finally:
        here.stop()
        there.stop()


@pytest.mark.needs("postgres")
async def test_a_stream_goes_on_when_the_database_is_back(
    world: World, watched: Browser, elsewhere: Executor
) -> None:
    await sync_to_async(_end_connections_of_the_reader)()
    await send(world, elsewhere, "a")
    await watched.until("reset")
    await watched.hello()
    await watched.until("snap")
    await watched.reach(await world.last_seq())


def _end_connections_of_the_reader() -> None:
    """End idle connections that last read for the stream, as a restart of PostgreSQL does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'ROLLBACK'"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert (True,) in cursor.fetchall()
