"""The first load of a sandbox with an empty cache: bytes on the way, and when it answers."""

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from dashboard.bench.browser import Tab, tab
from dashboard.bench.rows import Row, percentiles

if TYPE_CHECKING:
    from playwright.sync_api import Browser

GOAL_BYTES: Final = 120_000
GOAL_MS: Final = 1_000.0
SETTLED_MS: Final = 1_500
WAIT_MS: Final = 30_000
WORKER: Final = "/vendor/elkjs@"
TYPE: Final = ".woff2"
DATA: Final = "/markers/"
WEIGH: Final = """async () => {
  const url = document.getElementById("stage").dataset.elk;
  const answer = await fetch(`${url}?weigh`, {cache: "no-store"});
  await answer.arrayBuffer();
  return performance.getEntriesByName(answer.url)[0].encodedBodySize;
}"""
# The page answers when the cards are there, the link is live and a first frame has been drawn.
WATCH: Final = """
addEventListener("DOMContentLoaded", () => {
  const look = () => {
    const live = document.getElementById("stage")?.dataset.link === "live";
    if (live && document.querySelector("#scene .node")) {
      requestAnimationFrame(() => setTimeout(() => {
        window.answersAfter = performance.now();
        document.documentElement.dataset.answers = "";
      }));
    } else requestAnimationFrame(look);
  };
  look();
});
"""


@dataclass(slots=True)
class Load:
    """What one visit took: encoded bytes of each kind with their headers, and milliseconds."""

    program: int = 0
    data: int = 0
    type: int = 0
    worker: int = 0
    requests: int = 0
    answers_ms: float = 0.0
    painted_ms: float = 0.0
    largest: list[tuple[int, str]] = field(default_factory=list)


def load_rows(browser: "Browser", url: str, path: str, times: int) -> list[Row]:
    """Visit a page some times, each time as a newcomer."""
    loads = [_visit(browser, f"{url}{path}") for _ in range(times)]
    one = min(loads, key=lambda load: load.program)
    details = {"largest": one.largest} | _missed(
        one.program > GOAL_BYTES, f"not within {GOAL_BYTES:,} bytes"
    )
    return [
        _sized("first load: page, code, styles, glyphs", one.program, one.requests, details),
        _sized("  typefaces, shown when they come", one.type, times, {}),
        _sized("  what the sandbox holds: marks of its time", one.data, times, {}),
        _sized("  layout worker, beside the page", one.worker, times, {}),
        _timed(loads),
    ]


def _sized(label: str, size: int, count: int, details: dict[str, Any]) -> Row:
    value = round(size / 1000, 1)
    return Row("ui-load", label, value, "kB", count, 0.0, details=details)


def _timed(loads: list[Load]) -> Row:
    took = [load.answers_ms for load in loads]
    middle = median(took)
    painted = round(median(load.painted_ms for load in loads))
    return Row(
        "ui-load",
        "first load: until the map answers",
        value=round(middle),
        unit="ms (median)",
        count=len(loads),
        seconds=0.0,
        details={"painted_ms": painted} | _missed(middle > GOAL_MS, f"not within {GOAL_MS:.0f} ms"),
        **percentiles([each / 1000 for each in took]),
    )


def _missed(is_missed: bool, what: str) -> dict[str, str]:
    return {"missed": f"goal missed: {what}"} if is_missed else {}


def _visit(browser: "Browser", address: str) -> Load:
    with tab(browser) as place:
        sizes, addresses = _overhear(place)
        place.page.add_init_script(WATCH)
        place.page.goto(address)
        place.page.wait_for_selector("html[data-answers]", state="attached", timeout=WAIT_MS)
        load = Load(
            answers_ms=place.page.evaluate("() => window.answersAfter"),
            painted_ms=place.page.evaluate(
                "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
            ),
        )
        # What the page still fetches of itself belongs to the load, too.
        place.page.wait_for_timeout(SETTLED_MS)
        # A worker fetches its file out of the page's sight.
        load.worker = place.page.evaluate(WEIGH)
    for request, size in sizes.items():
        _count(load, addresses.get(request, ""), size)
    load.largest = sorted(load.largest, reverse=True)[:12]
    return load


def _count(load: Load, address: str, size: int) -> None:
    if not address.startswith("http"):
        return
    load.requests += 1
    if WORKER in address.replace("%40", "@"):
        return
    if address.endswith(TYPE):
        load.type += size
    elif DATA in address:
        load.data += size
    else:
        load.program += size
        load.largest.append((size, address.partition("//")[2].partition("/")[2]))


def _overhear(place: Tab) -> tuple[dict[str, int], dict[str, str]]:
    """Note the size and address of every answer; each request counts once."""
    sizes: dict[str, int] = {}
    addresses: dict[str, str] = {}

    def answered(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["response"]["url"]

    def finished(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = int(event["encodedDataLength"])

    place.cdp.send("Network.enable")
    place.cdp.on("Network.responseReceived", answered)
    place.cdp.on("Network.loadingFinished", finished)
    return sizes, addresses
