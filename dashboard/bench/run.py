"""Carries a plan out: a server for each scenario, or the given endpoint; the rows, and on what."""

import asyncio
import gc
import secrets
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from dashboard.bench import machine
from dashboard.bench.calls import Calls
from dashboard.bench.http import Address
from dashboard.bench.in_process import engine_rows
from dashboard.bench.rows import Row, medians
from dashboard.bench.scenarios import SCENARIOS
from dashboard.bench.server import scratch, served
from dashboard.bench.signing import Credentials
from dashboard.bench.stage import Stage

if sys.platform != "win32":
    import uvloop

# Scenarios that need no server, with the module that measures them.
ALONE: Final = {"engine": "operations", "fan-out": "fan_out"}
# These look inside the server, so it must be our own.
OWN: Final = frozenset({*ALONE, "screen"})
NAMES: Final = (*SCENARIOS, *ALONE)

Say = Callable[[str], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure. Without ``endpoint`` our own server is started for each scenario.

    ``credentials`` sign the calls to an endpoint; with ``sign`` our own server's key is used.
    """

    names: tuple[str, ...]
    seconds: float
    connections: int
    depth: int
    viewers: tuple[int, ...]
    repeat: int = 1
    endpoint: str = ""
    credentials: Credentials | None = None
    sign: bool = False
    server: str = "uvicorn"
    database_url: str = ""


def run(plan: Plan, say: Say) -> tuple[dict[str, Any], list[Row]]:
    """Return what was measured on and the rows; raises NotServed, CallFailed and OSError."""
    about = {"machine": machine.machine(), "server": _server(plan)}
    # What the program itself consists of need not be looked through while requests are timed.
    gc.collect()
    gc.freeze()
    runs: list[list[Row]] = []
    for number in range(plan.repeat):
        rows: list[Row] = []
        for name in plan.names:
            say(f"{name}" + (f", run {number + 1} of {plan.repeat}" if plan.repeat > 1 else ""))
            rows += _measure(plan, name, say)
        runs.append(rows)
    return about, medians(runs)


def _measure(plan: Plan, name: str, say: Say) -> list[Row]:
    if name in ALONE:
        with scratch(plan.database_url) as (home, database_url):
            return engine_rows(ALONE[name], plan.seconds, home, database_url)
    with _stage(plan, say) as stage:
        return _in_loop(_play(stage, name, clears=bool(plan.endpoint)))


async def _play(stage: Stage, name: str, *, clears: bool) -> list[Row]:
    try:
        return await SCENARIOS[name](stage)
    finally:
        if clears:
            await stage.clear()


@contextmanager
def _stage(plan: Plan, say: Say) -> Iterator[Stage]:
    """Give the stage of one scenario; our own server ends with it."""
    stage = Stage(
        Calls(Address.parse(plan.endpoint or "http://127.0.0.1"), plan.credentials),
        token=secrets.token_hex(4),
        seconds=plan.seconds,
        connections=plan.connections,
        depth=plan.depth,
        viewers=plan.viewers,
        say=say,
    )
    if plan.endpoint:
        yield stage
        return
    with (
        scratch(plan.database_url) as (home, database_url),
        served(plan.server, home, database_url) as own,
    ):
        calls = Calls(Address.parse(own.url), own.credentials if plan.sign else None)
        yield replace(stage, calls=calls, server=own.pid)


def _server(plan: Plan) -> dict[str, Any]:
    if plan.endpoint:
        return {"name": plan.endpoint}
    with scratch(plan.database_url) as (home, database_url):
        return {"name": f"signalbox, {plan.server}", **machine.program(home, database_url)}


def _in_loop(work: Coroutine[Any, Any, T]) -> T:
    factory = None if sys.platform == "win32" else uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(work)
