"""Where somebody puts a node, all windows see at once; and nothing new lies on it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.sight import Sight
from tests.fixtures.server import RunningServer
from tests.live.clients.connect import PLAYGROUND

pytestmark = pytest.mark.needs("chromium")

BOX = """(label) => {
  const {session} = window.signalbox;
  const node = [...session.shown.nodes.values()].find((each) => each.label === label);
  const box = node && session.stage.scene.boxes.get(node.i);
  return box && [box.x, box.y];
}"""
OVERLAPS = """() => {
  const {session} = window.signalbox;
  const all = [...session.stage.scene.boxes];
  const meet = (a, b) =>
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  return all.filter(([i, a]) => all.some(([other, b]) => i < other && meet(a, b)));
}"""


@pytest.fixture
def two(
    site: RunningServer, playground: Any, page: Page, context: Callable[..., BrowserContext]
) -> Iterator[tuple[Sight, Sight]]:
    for name in ("pinned", "loose"):
        playground.create_queue(QueueName=name)
    one, other = Sight(page, site.url), Sight(context().new_page(), site.url)
    for sight in (one, other):
        sight.open(PLAYGROUND, view="map")
        sight.wait_for("nodes", "pinned", "queue")
        sight.wait_for("nodes", "loose", "queue")
        sight.settle()
    yield one, other
    for url in playground.list_queues()["QueueUrls"]:
        playground.delete_queue(QueueUrl=url)


def drag(sight: Sight, label: str, dx: int, dy: int) -> None:
    node = sight.page.locator("#scene .node", has_text=label).first.bounding_box()
    assert node is not None
    x, y = node["x"] + node["width"] / 2, node["y"] + 14
    sight.page.mouse.move(x, y)
    sight.page.mouse.down()
    sight.page.mouse.move(x + dx, y + dy, steps=6)
    sight.page.mouse.up()


def test_a_moved_node_moves_in_the_other_window_too(two: tuple[Sight, Sight]) -> None:
    one, other = two
    before = other.page.evaluate(BOX, "pinned")
    drag(one, "pinned", 160, 120)
    one.until("() => Object.keys(window.signalbox.session.pins).length === 1")
    [place] = one.page.evaluate("() => Object.values(window.signalbox.session.pins)")
    assert place[1] > before[1] + 20
    for sight in two:
        sight.until(
            f"(wanted) => {{ const box = ({BOX})('pinned');"
            " return box && Math.hypot(box[0] - wanted[0], box[1] - wanted[1]) < 1; }",
            place,
        )
    assert other.page.locator("#unpin-all").is_enabled()
    one.page.keyboard.press("Control+z")
    other.until("() => Object.keys(window.signalbox.session.pins).length === 0")


def test_nothing_new_lies_on_a_pinned_node(two: tuple[Sight, Sight], playground: Any) -> None:
    one, other = two
    # Where the next queue would come: below the others.
    drag(one, "pinned", 0, 140)
    one.until("() => Object.keys(window.signalbox.session.pins).length === 1")
    stands = one.page.evaluate("() => Object.values(window.signalbox.session.pins)[0]")
    for number in range(6):
        playground.create_queue(QueueName=f"new-{number}")
    for sight in two:
        sight.wait_for("nodes", "new-5", "queue")
        sight.settle()
        sight.until(f"() => !window.signalbox.session.placing && ({OVERLAPS})().length === 0")
        assert sight.page.evaluate(BOX, "pinned") == pytest.approx(stands, abs=1)
    one.page.keyboard.press("Control+z")
    other.until("() => Object.keys(window.signalbox.session.pins).length === 0")
