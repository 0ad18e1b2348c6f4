"""Who leaves the page while a long poll begins leaves nothing behind."""

import asyncio
from concurrent.futures import Future
from typing import Any, cast

import pytest

from dashboard.console.answers import Asked
from dashboard.console.desk import QueueDesk
from dashboard.console.polling import Held, _whole


async def test_a_call_that_begins_after_its_caller_has_left_is_given_up() -> None:
    begins, future = asyncio.Event(), Future[Any]()

    async def begin() -> Held:
        await begins.wait()
        return Held(cast(QueueDesk, None), cast(Asked, None), future)

    caller = asyncio.ensure_future(_whole(begin()))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert not future.cancelled()
    begins.set()
    while not future.done():
        await asyncio.sleep(0)
    assert future.cancelled()


async def test_a_call_whose_caller_stays_goes_on() -> None:
    future = Future[Any]()

    async def begin() -> Held:
        return Held(cast(QueueDesk, None), cast(Asked, None), future)

    held = await _whole(begin())
    assert held.future is future
    assert not future.done()
