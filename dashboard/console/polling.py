"""ReceiveMessage from its form: a long poll holds its answer, and nothing else.

The view is asynchronous, so it keeps no thread while it waits. Whoever closes the connection (the
form's *Stop waiting*, another page) gives the poll up: the future is cancelled, and the writer
hands a message to nobody who has left.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse

from dashboard.console import bench
from dashboard.console.answers import Asked, ask
from dashboard.console.desk import QueueDesk
from dashboard.console.operations.messages import ReceiveMessage
from dashboard.people import of_sandbox
from messaging.engine import engine
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox

KEY = "ReceiveMessage"


@dataclass(frozen=True)
class Held:
    """A call on its way, and where its answer will stand."""

    desk: QueueDesk
    asked: Asked
    future: "Future[Any]"


async def receive(request: HttpRequest, slug: str) -> Any:
    """Show the form of ReceiveMessage, or make its call and await the answer."""
    if request.method != "POST":
        return await sync_to_async(bench.operation)(request, slug=slug, key=KEY)
    begun = await _whole(sync_to_async(_begin)(request, slug=slug))
    if not isinstance(begun, Held):
        return begun
    try:
        result = await asyncio.wrap_future(begun.future)
    except AwsError as error:
        return await sync_to_async(_refused)(begun, error)
    return await sync_to_async(_answered)(begun, result)


async def _whole(beginning: Coroutine[Any, Any, Any]) -> Any:
    """Await what begins a call; who leaves meanwhile gives the call up as soon as it has begun."""
    task = asyncio.ensure_future(beginning)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_give_up)
        raise


def _give_up(task: "asyncio.Task[Any]") -> None:
    if not task.cancelled() and task.exception() is None and isinstance(task.result(), Held):
        task.result().future.cancel()


@of_sandbox
def _begin(request: HttpRequest, sandbox: Sandbox) -> Any:
    desk = QueueDesk.open(request, sandbox, request.POST.get("arn", ""))
    if desk is None:
        return bench.gone(request, request.POST.get("arn", ""))
    form = ReceiveMessage(request.POST, desk=desk)
    asked = ask(form)
    if not isinstance(asked, Asked):
        return bench.outcome(desk, KEY, form, asked)
    try:
        future = engine().executor.begin(desk.caller, "sqs", KEY, asked.params)
    except AwsError as error:
        return bench.outcome(desk, KEY, form, asked.refused(error))
    return Held(desk, asked, future)


def _answered(held: Held, result: Any) -> HttpResponse:
    answer = held.asked.answered(result)
    return bench.outcome(held.desk, KEY, held.asked.form, answer)


def _refused(held: Held, error: AwsError) -> HttpResponse:
    return bench.outcome(held.desk, KEY, held.asked.form, held.asked.refused(error))
