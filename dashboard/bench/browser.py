"""A headless Chromium of this machine, and what it says about a page (Chrome DevTools Protocol)."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

try:
    from playwright.sync_api import Error, sync_playwright
except ImportError:  # pragma: no cover - the development group is not installed
    sync_playwright = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
# No GPU is taken, so that figures of different machines can be compared; nothing is looked up.
OPTIONS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--enable-precise-memory-info",
)
SCREEN: Final = (1440, 900)
# The first steps are for people.
SEEN: Final = 'try { localStorage.setItem("signalbox.hints", "done"); } catch {}'


class NoBrowser(Exception):
    """There is nothing to measure with; the text says what is missing."""


@dataclass(slots=True)
class Tab:
    """One page in a context of its own, so with an empty cache; and its protocol session."""

    page: "Page"
    cdp: "CDPSession"
    complaints: list[str] = field(default_factory=list)

    def metrics(self) -> dict[str, float]:
        """Return Chromium's counters: seconds spent, bytes and nodes held."""
        told = self.cdp.send("Performance.getMetrics")["metrics"]
        return {metric["name"]: metric["value"] for metric in told}

    def held(self) -> dict[str, float]:
        """Return what is held after everything that is not needed was thrown away."""
        for _ in range(3):
            self.cdp.send("HeapProfiler.collectGarbage")
        return self.metrics()

    def throttle(self, rate: float) -> None:
        """Slow the page's thread down as a weaker processor would."""
        self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})


@contextmanager
def chromium(path: str = "") -> Iterator["Browser"]:
    """Start the browser and stop it at the end; raises NoBrowser."""
    found = path or next(filter(None, map(shutil.which, NAMES)), None)
    if sync_playwright is None:
        raise NoBrowser("Playwright is not installed: uv sync installs it.")
    if found is None:
        raise NoBrowser("No Chromium is installed: install one, or say where it is: --chromium.")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=list(OPTIONS))
        except Error as error:
            raise NoBrowser(
                f"The browser did not start: {error.message.splitlines()[0]}"
            ) from error
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def tab(browser: "Browser", **settings: Any) -> Iterator[Tab]:
    """Open an empty page; what goes wrong in it is kept in ``complaints``."""
    context = browser.new_context(
        viewport={"width": SCREEN[0], "height": SCREEN[1]}, locale="en-GB", **settings
    )
    try:
        context.add_init_script(SEEN)
        page = context.new_page()
        opened = Tab(page, context.new_cdp_session(page))
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        # Seconds of the processor, not of the clock: what else the machine does is not in them.
        opened.cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        yield opened
    finally:
        context.close()
