"""How long a seek takes in a long log: from the wish in the page to the frame that shows it."""

from collections.abc import Iterator
from statistics import median
from threading import Event
from typing import TYPE_CHECKING, Any, Final
from urllib.request import urlopen

import orjson

from dashboard.bench.browser import Tab, tab
from dashboard.bench.rows import Row, percentiles
from dashboard.bench.server import scratch, served
from dashboard.bench.traffic import Traffic, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

GOAL_MS: Final = 100.0
EVENTS: Final = 50_000
# The server is started so often anew, for a first seek each.
STARTS: Final = 3
# After each start; a short log is soon looked through.
SEEKS: Final = 100
EVENTS_EACH: Final = 100
WAIT_MS: Final = 30_000
LOOK_SECONDS: Final = 0.1
# Successive seeks lie far apart, and all over the log: by the golden ratio.
STRIDE: Final = 0.618034

ANSWERS: Final = "#stage[data-link=live]"
SEEK: Final = """async (seqs) => {
  const {traveller} = window.signalbox.time;
  const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const took = [];
  for (const seq of seqs) {
    const began = performance.now();
    await traveller.seek(seq);
    await drawn();
    took.push(performance.now() - began);
    if (traveller.moment?.seq !== seq) throw new Error(`event ${seq} is not shown`);
  }
  return took;
}"""


def seek_rows(
    browser: "Browser", server: str, database_url: str, *, events: int, starts: int
) -> Iterator[Row]:
    """Fill a log, then look back in it: at once after a start of the server, and all over it."""
    first: list[float] = []
    later: list[float] = []
    wrong: list[str] = []
    with scratch(database_url) as (home, url):
        with served(server, home, url) as own:
            last = _filled(own.url, events)
        number = min(SEEKS, 1 + last // EVENTS_EACH)
        seqs = [1 + int(nth * STRIDE % 1 * (last - 1)) for nth in range(1, number + 1)]
        for _ in range(starts):
            with served(server, home, url) as own, tab(browser) as place:
                _open(place, own.url)
                # Half of everything lies behind this one.
                first += place.page.evaluate(SEEK, [last // 2])
                later += place.page.evaluate(SEEK, seqs)
                wrong += place.complaints
    yield _row(f"seek in {last:,} events, first after the server's start", first, wrong)
    yield _row(f"seek in {last:,} events, anywhere", later, wrong)


def _filled(url: str, events: int) -> int:
    """Send, receive and delete until the log has as many events; return how many there are."""
    traffic, nap = Traffic(url), Event()
    traffic.pace = 0
    with running(traffic):
        while not traffic.wrong and _last(url) < events:
            nap.wait(LOOK_SECONDS)
    return _last(url)


def _last(url: str) -> int:
    with urlopen(f"{url}/s/playground/markers/?buckets=1") as answer:
        told: dict[str, Any] = orjson.loads(answer.read())
    return int(told["last"])


def _open(place: Tab, url: str) -> None:
    place.page.goto(f"{url}/s/playground/?view=map")
    place.page.wait_for_selector(ANSWERS, timeout=WAIT_MS)
    place.page.wait_for_selector("#scene .node", state="attached", timeout=WAIT_MS)
    place.page.wait_for_function("() => window.signalbox?.time")


def _row(label: str, took: list[float], wrong: list[str]) -> Row:
    worst = max(took)
    missed = f"goal missed: up to {worst:.0f} ms, not {GOAL_MS:.0f}"
    return Row(
        "ui-seek",
        label,
        value=round(median(took), 1),
        unit="ms (median)",
        count=len(took),
        seconds=0.0,
        errors=len(wrong),
        first_error=wrong[0] if wrong else "",
        details={"worst_ms": round(worst, 1)} | ({"missed": missed} if worst > GOAL_MS else {}),
        **percentiles([each / 1000 for each in took]),
    )
