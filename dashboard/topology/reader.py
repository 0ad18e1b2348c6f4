"""The thread that reads the database for the stream, so that the event loop never waits for it.

One for all hubs: it has one connection, and frames are built one after the other.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from django.db import connection

T = TypeVar("T")

_thread: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="signalbox-reader")


async def run(job: Callable[[], T]) -> T:
    """Run ``job`` in the reader thread."""
    return await asyncio.get_running_loop().run_in_executor(_thread, job)


async def hang_up() -> None:
    """Close the reader's database connection; the next job opens another."""
    await run(_close)


def _close() -> None:
    # The name ``connection`` means another connection in each thread.
    connection.close()
