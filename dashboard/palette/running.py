"""Runs a call as the console and waits for its answer, which may be a long poll."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from asgiref.sync import sync_to_async

from messaging.engine import engine
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from messaging.wire.client_side import refusal_text

# As long as the CLI waits for an answer.
PATIENCE_SECONDS: Final = 60


class Refused(Exception):
    """There is no result; the message is what the CLI would say."""


async def run(caller: Caller, service: str, operation: str, params: Mapping[str, Any]) -> Any:
    """Return the result of a call; raises Refused."""
    try:
        work = _call(caller, service, operation, params)
        return await asyncio.wait_for(work, PATIENCE_SECONDS)
    except AwsError as error:
        raise Refused(refusal_text(error, service, operation)) from error
    except TimeoutError as error:
        raise Refused(f'Read timeout on endpoint URL: "{caller.host}/"') from error


async def _call(caller: Caller, service: str, operation: str, params: Mapping[str, Any]) -> Any:
    executor = engine().executor
    if executor.running:
        return await executor.call(caller, service, operation, params)
    # Without a writer thread a call runs where it is, which must be where the database may be used.
    return await sync_to_async(executor.call_sync)(caller, service, operation, params)
