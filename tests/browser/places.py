"""Every page of the dashboard and every state worth looking at: how to get there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

DEMO = "order-pipeline"
MAP = f"/s/{DEMO}/?view=map"
QUEUE = f"{MAP}&select=orders"

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Place:
    """A page, and what is done on it before it is looked at."""

    path: str
    act: Act | None = None
    is_live: bool = False
    is_lost: bool = False
    is_new: bool = False

    @property
    def is_selected(self) -> bool:
        return "select=" in self.path


def _live(path: str, *acts: Act, lost: bool = False, new: bool = False) -> Place:
    def act(page: Page) -> None:
        for each in acts:
            each(page)

    return Place(path, act, is_live=True, is_lost=lost, is_new=new)


def _press(key: str, then: str) -> Act:
    def press(page: Page) -> None:
        page.keyboard.press(key)
        page.locator(then).first.wait_for()

    return press


def _click(what: str, then: str) -> Act:
    def click(page: Page) -> None:
        page.locator(what).first.click()
        page.locator(then).first.wait_for()

    return click


def _check(what: str) -> Act:
    return lambda page: page.locator(what).check()


def _fill(what: str, text: str, then: str) -> Act:
    def fill(page: Page) -> None:
        page.locator(what).fill(text)
        page.locator(then).first.wait_for()

    return fill


def _tab(name: str) -> Act:
    return _click(f"#tab-{name}", f"#page-{name}:not([hidden])")


def _back(page: Page) -> None:
    page.locator("#track").focus()
    page.keyboard.press("Home")
    page.locator("#past").wait_for()


def _hang_up(page: Page) -> None:
    page.context.set_offline(True)
    page.evaluate("() => window.signalbox.session.stream.socket.close()")
    page.locator("#link").wait_for()


def _collapse(page: Page) -> None:
    page.locator("#view-menu > summary").click()
    page.locator("#group-list input").first.check()
    page.keyboard.press("Escape")


def _open_message(page: Page) -> None:
    page.goto(
        page.locator("a.life-row").first.evaluate(
            "(row) => new URL(row.href.baseVal ?? row.href, location).href"
        )
    )
    page.locator("#story-title").wait_for()


def _open_then(page: Page) -> None:
    _open_message(page)
    page.locator(".story a[data-seek]").first.click()
    page.locator(".story .here").filter(has_text="You are here.").wait_for()


def _refuse(page: Page) -> None:
    page.locator("#import-document").fill('{"signalbox": 2, "name": "x", "seed": -1}')
    page.locator("#import form button").click()
    page.locator("#import .problem code").wait_for()


def _hold_a_poll(page: Page) -> None:
    page.locator("#bench [data-operation=ReceiveMessage]").click()
    page.locator("#bench [name=WaitTimeSeconds]").fill("20")
    page.locator("#form-ReceiveMessage > div > button").click()
    page.locator("[data-held]:not([hidden])").wait_for()


def _tag(page: Page) -> None:
    page.locator("#queue-tag").fill("team=payments")
    page.locator("#queue-tags form button").last.click()
    page.locator("#queue-tags li").wait_for()


READING = {
    "home": Place("/"),
    "new sandbox": Place("/new/"),
    "scenario refused": Place("/new/", _refuse),
    "words and keys": Place("/help/"),
    "sign in": Place("/login/"),
    "nowhere": Place("/nowhere/"),
    "about": Place(f"/s/{DEMO}/about/"),
    "keys": Place(f"/s/{DEMO}/keys/"),
    "charts": Place(f"/s/{DEMO}/charts/"),
    "requests": Place(f"/s/{DEMO}/requests/"),
    "one request": Place(
        f"/s/{DEMO}/requests/", _click("#requests-log tbody :is(a, button)", "#request-call pre")
    ),
    "lifetimes": Place(f"/s/{DEMO}/lifetimes/"),
    "lifetimes as rows": Place(f"/s/{DEMO}/lifetimes/?view=table"),
    "one message": Place(f"/s/{DEMO}/lifetimes/", _open_message),
    "one message, then": Place(f"/s/{DEMO}/lifetimes/", _open_then),
    "no such message": Place(f"/s/{DEMO}/message/999999999/"),
    "switcher": Place("/", _press("s", "#switch-list a")),
    "one word": Place("/", _click("dfn", "#term-card h2")),
}
SANDBOX = {
    "map": _live(MAP),
    "table": _live(f"/s/{DEMO}/?view=table"),
    "empty": _live("/s/playground/"),
    "queue": _live(QUEUE),
    "queue, send": _live(QUEUE, _tab("send")),
    "queue, settings": _live(QUEUE, _tab("settings"), _tag),
    "queue, policy": _live(QUEUE, _tab("policy"), _click("#bench-policy h3", "#bench-policy form")),
    "queue, calls": _live(QUEUE, _tab("calls")),
    "queue, an error": _live(
        QUEUE, _tab("send"), _fill("#SendMessage-DelaySeconds", "9999", "#page-send .problem")
    ),
    "queue, a held call": _live(f"{MAP}&select=shipments-dlq.fifo", _tab("calls"), _hold_a_poll),
    "dead letters": _live(f"{MAP}&select=orders-dlq"),
    "actor": _live(f"{MAP}&select=packer"),
    "chaos": _live(f"{MAP}&select=packer", _click("#chaos-tray summary", ".fault-form button")),
    "new queue": _live(MAP, _press("n", "#panel form")),
    "new actor": _live(MAP, _press("a", "#panel form")),
    "past": _live(QUEUE, _back),
    "fork": _live(MAP, _back, _click("#past-fork", "#fork[open]")),
    "lifetimes under the map": _live(QUEUE, _press("m", "#lifetimes-live .gantt")),
    "share": _live(QUEUE, _click(".top [data-share-url]", "#sharing[open]")),
    "link lost": _live(MAP, _hang_up, lost=True),
    "view paused": _live(MAP, _press("Space", "#held")),
    "found": _live(MAP, _fill("#find", "name = orders", "#find-count")),
    "not understood": _live(MAP, _fill("#find", "receives >> x", ".find .problem")),
    "groups": _live(MAP, _collapse),
    "view menu": _live(MAP, _click("#view-menu > summary", "#detail-choice")),
    "until": _live(MAP, _click("#until-open", "#until-go")),
    "palette": _live(MAP, _press(":", "#palette-list [role=option]")),
    "endpoint": _live(MAP, _click("[data-opens=endpoint]", "#endpoint[open]")),
    "keyboard": _live(MAP, _press("?", "#help[open]")),
    "first steps": _live(MAP, new=True),
    "embedded": _live(f"/s/{DEMO}/?embed=1"),
    "performance": Place("/bench/"),
    "player": _live(f"/s/{DEMO}/?player=1"),
    "projector": _live(f"{MAP}&mode=projector"),
    "reduced motion": _live(MAP, _click("#view-menu > summary", "#still"), _check("#still")),
}
PLACES = READING | SANDBOX
