"""How evenly frames come: the performance page in each size, whole, read and moved about."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from dashboard.bench.browser import Tab, tab
from dashboard.bench.rows import Row, percentiles

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WARM_UP_SECONDS: Final = 2.0
# A weak machine is measured when the governor has found what it can draw.
SETTLE_SECONDS: Final = 10.0
PLACED_MS: Final = 60_000
GOAL_P95_MS: Final = 17.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What is looked at: how large the world, how much slower the processor, how it is viewed."""

    label: str
    nodes: int
    edges: int
    particles: int
    slower: int = 1
    view: str = "whole"
    pan: bool = False
    is_goal: bool = False


LARGE: Final = (500, 800, 5_000)
WEAK: Final = (60, 100, 500)
SIGHTS: Final = (
    Sight("whole map", *LARGE, is_goal=True),
    Sight("readable", *LARGE, view="read"),
    Sight("readable, panning", *LARGE, view="read", pan=True),
    Sight("processor x4 slower, whole map", *WEAK, slower=4, is_goal=True),
    Sight("processor x4 slower, readable", *WEAK, slower=4, view="read", is_goal=True),
)


def frame_rows(
    browser: "Browser", url: str, seconds: float, sights: tuple[Sight, ...]
) -> list[Row]:
    """Measure each sight in a page of its own."""
    return [row for sight in sights for row in _look(browser, url, seconds, sight)]


def page_url(url: str, nodes: int, edges: int, particles: int) -> str:
    """Return the address of the performance page of one size, driven from outside."""
    size = {"nodes": nodes, "edges": edges, "particles": particles, "driven": 1}
    return f"{url}/bench/?{urlencode(size)}"


def opened(opened_tab: Tab, address: str) -> None:
    """Open the performance page and wait until its map is laid out."""
    opened_tab.page.goto(address)
    opened_tab.page.wait_for_selector("#scene .node", state="attached", timeout=PLACED_MS)
    opened_tab.page.evaluate("async () => { await window.bench.ready; }")


def _look(browser: "Browser", url: str, seconds: float, sight: Sight) -> list[Row]:
    with tab(browser) as place:
        opened(place, page_url(url, sight.nodes, sight.edges, sight.particles))
        place.throttle(sight.slower)
        options = {"view": sight.view, "pan": sight.pan}
        warm_up = WARM_UP_SECONDS if sight.slower == 1 else SETTLE_SECONDS
        _measure(place, {**options, "seconds": min(warm_up, 2 * seconds)})
        before = place.metrics()
        told = _measure(place, {**options, "seconds": seconds})
        after = place.metrics()
        complaints = list(place.complaints)
    used = after["TaskDuration"] - before["TaskDuration"]
    details = {
        "particles": told["particles"],
        "zoom": round(told["zoom"], 3),
        "governor": told["level"],
        "thread_cpu_ms": round(used * 1000 / max(1, len(told["intervals"])), 2),
    }
    return _rows(sight, told, seconds, details, complaints)


def _measure(place: Tab, options: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = place.page.evaluate("(options) => window.bench.frames(options)", options)
    return told


def _rows(
    sight: Sight, told: dict[str, Any], seconds: float, details: dict[str, Any], wrong: list[str]
) -> list[Row]:
    name = f"{sight.nodes} nodes, {sight.edges} edges, {told['particles']:,} glyphs: {sight.label}"
    intervals = [each / 1000 for each in told["intervals"]]
    figures = percentiles(intervals)
    p95 = figures["p95_ms"] or 0.0
    over = sight.is_goal and p95 > GOAL_P95_MS
    missed = {"missed": f"goal missed: p95 is {p95:.1f} ms, not {GOAL_P95_MS:.0f}"} if over else {}
    frames = Row(
        "ui-frames",
        name,
        value=round(len(intervals) / sum(intervals), 1) if intervals else 0.0,
        unit="frames/s",
        count=len(intervals),
        seconds=seconds,
        errors=len(wrong),
        first_error=wrong[0] if wrong else "",
        details=details | missed,
        **figures,
    )
    return [frames, *_work(name, [each / 1000 for each in told["work"]], seconds, details)]


def _work(name: str, work: list[float], seconds: float, details: dict[str, Any]) -> list[Row]:
    """What the page's thread did: by the clock, and without what else the machine did."""
    common: dict[str, Any] = {"unit": "ms (mean)", "count": len(work), "seconds": seconds}
    return [
        Row(
            "ui-work",
            "  work of the page's thread in a frame, by the clock",
            value=round(sum(work) / len(work) * 1000, 2) if work else 0.0,
            details={"sight": name},
            **common,
            **percentiles(work),
        ),
        Row(
            "ui-work",
            "  all of its processor time, for each frame",
            value=details["thread_cpu_ms"],
            details={"sight": name},
            **common,
        ),
    ]
