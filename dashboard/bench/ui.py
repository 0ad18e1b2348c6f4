"""``manage.py bench ui``: what a person sees, measured in Chromium against our own server."""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from dashboard.bench import machine
from dashboard.bench.browser import chromium
from dashboard.bench.frames import SIGHTS, Sight, frame_rows
from dashboard.bench.loading import load_rows
from dashboard.bench.rows import Row
from dashboard.bench.seeking import EVENTS, STARTS, seek_rows
from dashboard.bench.server import Served, scratch, served
from dashboard.bench.soak import hurried_row, live_rows

PARTS: Final = ("load", "frames", "seek", "soak")
LOADS: Final = 7
VIEWS: Final = ("whole", "read")
HOUR: Final = 1_800_000
LIVE_SECONDS: Final = 60.0
FLOOD: Final = 100_000

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure, and how much of it."""

    parts: tuple[str, ...]
    seconds: float
    loads: int
    events: int
    starts: int
    messages: int
    live_seconds: float
    flood: int
    size: tuple[int, int, int] | None
    path: str
    server: str
    database_url: str


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what only ``bench ui`` takes."""
    group = parser.add_argument_group("bench ui")
    group.add_argument(
        "--parts", metavar="NAMES", type=_parts, default=PARTS,
        help=f"what to measure, with commas: {','.join(PARTS)} (all)",
    )  # fmt: skip
    group.add_argument(
        "--size", metavar="NUMBERS", type=_size,
        help="measure frames in one world only: nodes,edges,glyphs",
    )  # fmt: skip
    group.add_argument(
        "--loads", type=_count, default=LOADS, help=f"first visits with an empty cache ({LOADS})"
    )
    group.add_argument(
        "--starts", type=_count, default=STARTS,
        help=f"starts of the server, each for a first look back ({STARTS})",
    )  # fmt: skip
    group.add_argument(
        "--events", type=int, default=EVENTS,
        help=f"events of the log that is looked back in ({EVENTS})",
    )  # fmt: skip
    group.add_argument(
        "--messages", type=int, default=HOUR,
        help=f"messages that the page is put through ({HOUR}: an hour at 500 a second)",
    )  # fmt: skip
    group.add_argument(
        "--live-seconds", type=float, default=LIVE_SECONDS,
        help=f"how long real traffic is watched ({LIVE_SECONDS:.0f})",
    )  # fmt: skip
    group.add_argument(
        "--flood", type=int, default=FLOOD,
        help=f"messages then sent as fast as it goes ({FLOOD}); each leaves three events",
    )  # fmt: skip
    group.add_argument("--chromium", metavar="PATH", default="", help="the browser (on the PATH)")


def plan_of(options: dict[str, Any]) -> Plan:
    """Return what the command line asks for."""
    return Plan(
        parts=options["parts"],
        seconds=options["seconds"],
        loads=options["loads"],
        events=options["events"],
        starts=options["starts"],
        messages=options["messages"],
        live_seconds=options["live_seconds"],
        flood=options["flood"],
        size=options["size"],
        path=options["chromium"],
        server=options["server"],
        database_url=options["database_url"],
    )


def run(plan: Plan, say: Say) -> tuple[dict[str, Any], list[Row]]:
    """Return what was measured on and the rows; raises NoBrowser and NotServed."""
    with (
        scratch(plan.database_url) as (home, database_url),
        served(plan.server, home, database_url, demo=True) as own,
        chromium(plan.path) as browser,
    ):
        about = {
            "machine": machine.machine(),
            "server": {
                "name": f"signalbox, {plan.server}",
                **machine.program(home, database_url),
            },
            "browser": f"Chromium {browser.version}, headless, without GPU, 1440 x 900",
        }
        rows = []
        for part in plan.parts:
            say(part)
            rows += list(MEASURES[part](plan, browser, own))
    return about, rows


def _load(plan: Plan, browser: Any, own: Served) -> list[Row]:
    return load_rows(browser, own.url, "/s/order-pipeline/?view=map", plan.loads)


def _frames(plan: Plan, browser: Any, own: Served) -> list[Row]:
    sights: tuple[Sight, ...] = SIGHTS
    if plan.size is not None:
        nodes, edges, particles = plan.size
        whole, read = (Sight(view, nodes, edges, particles, view=view) for view in VIEWS)
        sights = (whole, read)
    return frame_rows(browser, own.url, plan.seconds, sights)


def _seek(plan: Plan, browser: Any, own: Served) -> Iterator[Row]:
    return seek_rows(
        browser, plan.server, plan.database_url, events=plan.events, starts=plan.starts
    )


def _soak(plan: Plan, browser: Any, own: Served) -> Iterator[Row]:
    yield hurried_row(browser, own.url, plan.messages)
    yield from live_rows(browser, own, plan.live_seconds, plan.flood)


MEASURES: Final = {"load": _load, "frames": _frames, "seek": _seek, "soak": _soak}


def _parts(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {','.join(PARTS)}")
    return names


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


def _size(text: str) -> tuple[int, int, int]:
    numbers = [int(number) for number in text.split(",") if number.isdecimal() and int(number) > 0]
    if len(numbers) != 3 or text.count(",") != 2:  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"{text!r} is not nodes,edges,glyphs")
    return numbers[0], numbers[1], numbers[2]
