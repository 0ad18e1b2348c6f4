"""Does anything grow? An hour of traffic, put forward in time; then real traffic for a while."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any, Final
from urllib.request import urlopen

import orjson

from dashboard.bench.browser import Tab, tab
from dashboard.bench.frames import opened, page_url
from dashboard.bench.machine import resident_bytes
from dashboard.bench.rows import Row
from dashboard.bench.server import Served
from dashboard.bench.traffic import Traffic, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SIZE: Final = (60, 100)
PER_SECOND: Final = 500
BEATS: Final = 20
# Each message moves twice, to its queue and from it; a dot is shown for 1.03 s.
PARTICLES: Final = round(2 * PER_SECOND * 1.03)
SAMPLES: Final = 12
GROWTH_MOST: Final = 5.0
# The page keeps ten minutes of frames; a third of a soak has to be longer.
LOG_HOURS: Final = 0.5
MEGA: Final = 1e6
WAIT_MS: Final = 30_000


@dataclass(slots=True)
class Samples:
    """What a page holds after each part of a soak."""

    heap: list[float] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    listeners: list[int] = field(default_factory=list)

    def take(self, place: Tab) -> None:
        held = place.held()
        self.heap.append(held["JSHeapUsedSize"] / MEGA)
        self.nodes.append(int(held["Nodes"]))
        self.listeners.append(int(held["JSEventListeners"]))

    def growth(self) -> float:
        """Return by how many percent the last third holds more than the one before it."""
        third = max(1, len(self.heap) // 3)
        before, last = self.heap[-2 * third : -third], self.heap[-third:]
        return (median(last) / median(before) - 1) * 100 if before else 0.0

    def details(self, *, steady: bool) -> dict[str, Any]:
        """Return the figures; what is ``steady`` by now may not grow: the log has been filled."""
        told = {
            "heap_mb": [round(each, 1) for each in self.heap],
            "growth_percent": round(self.growth(), 1),
            "dom_nodes": [self.nodes[0], self.nodes[-1]],
            "listeners": [self.listeners[0], self.listeners[-1]],
        }
        if steady and self.growth() > GROWTH_MOST:
            told["missed"] = f"goal missed: the heap grew by {self.growth():.1f} % to the end"
        return told


def hurried_row(browser: "Browser", url: str, messages: int) -> Row:
    """Let an hour's messages, or as many as are asked for, run through the page."""
    batches = max(SAMPLES, messages * BEATS // PER_SECOND)
    samples, taken, frames = Samples(), 0, 0
    with tab(browser) as place:
        opened(place, page_url(url, *SIZE, PARTICLES))
        for part in range(SAMPLES):
            count = batches * (part + 1) // SAMPLES - batches * part // SAMPLES
            told = place.page.evaluate("(count) => window.bench.hurry(count)", count)
            taken, frames = taken + told["events"], told["frames"]
            samples.take(place)
        wrong = list(place.complaints)
    hours = batches / BEATS / 3_600
    return Row(
        "ui-soak",
        f"heap after {hours:.2f} h at {PER_SECOND} messages/s, put forward in time",
        value=round(samples.heap[-1], 1),
        unit="MB",
        count=taken,
        seconds=batches / BEATS,
        errors=len(wrong),
        first_error=wrong[0] if wrong else "",
        details=samples.details(steady=hours >= LOG_HOURS) | {"log_frames": frames},
    )


def live_rows(browser: "Browser", own: Served, seconds: float, messages: int) -> Iterator[Row]:
    """Watch real traffic at the same pace; then let the server's log run over its bound."""
    samples = Samples()
    with tab(browser) as place, running(Traffic(own.url)) as traffic:
        place.page.goto(f"{own.url}/s/playground/?view=map")
        place.page.wait_for_selector("#stage[data-link=live]", timeout=WAIT_MS)
        traffic.pace = PER_SECOND
        place.page.wait_for_selector("#scene .node", state="attached", timeout=WAIT_MS)
        for _ in range(SAMPLES):
            place.page.wait_for_timeout(seconds * 1000 / SAMPLES)
            samples.take(place)
        sent, wrong = traffic.sent, [*place.complaints, *traffic.wrong]
        yield Row(
            "ui-soak",
            f"heap after {seconds:.0f} s of real traffic, page of a sandbox",
            value=round(samples.heap[-1], 1),
            unit="MB",
            count=sent,
            seconds=seconds,
            errors=len(wrong),
            first_error=wrong[0] if wrong else "",
            details=samples.details(steady=False) | {"messages_per_second": round(sent / seconds)},
        )
        yield _server_row(place, traffic, own, messages)


def _server_row(place: Tab, traffic: Traffic, own: Served, messages: int) -> Row:
    """As fast as it goes until the log has been filled more than once."""
    before = resident_bytes(own.pid)
    traffic.pace = 0
    goal = traffic.sent + messages
    while traffic.sent < goal and not traffic.wrong:
        place.page.wait_for_timeout(200)
    with urlopen(f"{own.url}/s/playground/markers/?buckets=1") as answer:
        kept = orjson.loads(answer.read())
    after = resident_bytes(own.pid)
    wrong = [*place.complaints, *traffic.wrong]
    return Row(
        "ui-soak",
        f"server: memory after {messages:,} messages more",
        value=round(after / MEGA, 1),
        unit="MB",
        count=messages,
        seconds=0.0,
        errors=len(wrong),
        first_error=wrong[0] if wrong else "",
        details={
            "before_mb": round(before / MEGA, 1),
            "events": kept["last"],
            "events_kept": kept["last"] - max(kept["first"], 1) + 1,
        },
    )
