"""A browser that leaves early leaves no trace in the server's log."""

import asyncio
from typing import Any

import pytest
from django.core.exceptions import RequestAborted

from dashboard.leaving import Leaving


@pytest.mark.parametrize("is_wrapped", [True, False])
async def test_a_request_that_was_given_up_says_nothing_when_its_browser_leaves(
    is_wrapped: bool,
) -> None:
    said: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda loop, context: said.append(type(context["exception"]).__name__)
    )
    arrived: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    begun, left = asyncio.Event(), asyncio.Event()

    async def listen(receive: Any) -> None:
        try:
            if (await receive())["type"] == "http.disconnect":
                raise RequestAborted
        finally:
            left.set()

    async def page(scope: Any, receive: Any, send: Any) -> None:
        """Do as Django does: listen beside the work, and look at the listener when it is done."""
        listener = asyncio.create_task(listen(receive))
        begun.set()
        await asyncio.Event().wait()
        await listener

    pages: Any = Leaving(page) if is_wrapped else page
    asked = asyncio.create_task(pages({"type": "http"}, arrived.get, None))
    await begun.wait()
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    del asked
    arrived.put_nowait({"type": "http.disconnect"})
    await left.wait()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    # Without the wrapper the forgotten task complains.
    assert said == ([] if is_wrapped else ["RequestAborted"])
