"""Changing the map: by pointer and by keyboard alone, with undo and redo."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.sight import Sight
from tests.fixtures.server import RunningServer
from tests.live.clients.connect import eventually

pytestmark = pytest.mark.needs("chromium")

HOME = "playground"
BOX = """(label) => {
  const {session} = window.signalbox;
  const {view, scene} = session.stage;
  const node = [...session.shown.nodes.values()].find((each) => each.label === label);
  const box = scene.boxes.get(node.i);
  const map = document.getElementById("map").getBoundingClientRect();
  return [box.x * view.k + view.x + map.x, box.y * view.k + view.y + map.y, box.w * view.k,
    box.h * view.k];
}"""


@pytest.fixture
def desk(site: RunningServer, playground: Any, page: Page) -> Iterator[Sight]:
    for name in ("edit", "edit-dead", "edit.fifo"):
        fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        playground.create_queue(QueueName=name, Attributes=fifo)
    sight = Sight(page, site.url).open(HOME, view="map")
    sight.wait_for("nodes", "edit.fifo", "fifo")
    sight.settle()
    yield sight
    queues = playground.list_queues(QueueNamePrefix="edit").get("QueueUrls", [])
    for url in queues:
        if url.rpartition("/")[2] in ("edit", "edit-dead"):
            playground.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": ""})


def box(sight: Sight, label: str) -> list[float]:
    return list(sight.page.evaluate(BOX, label))


def middle(sight: Sight, label: str) -> tuple[float, float]:
    x, y, w, h = box(sight, label)
    return x + w / 2, y + h / 2


def stand(sight: Sight, label: str) -> None:
    """Give a node the focus."""
    sight.page.evaluate(
        """(label) => { const {session} = window.signalbox;
        const node = [...session.shown.nodes.values()].find((each) => each.label === label);
        session.stage.scene.cards.get(node.i).button.focus(); }""",
        label,
    )


def redrive(sqs: Any, name: str) -> Any:
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
    text = found.get("Attributes", {}).get("RedrivePolicy")
    return json.loads(text) if text else None


def test_the_keyboard_alone_connects_undoes_and_redoes(desk: Sight, playground: Any) -> None:
    stand(desk, "edit")
    desk.page.keyboard.press("c")
    expect(desk.page.locator("#joining")).to_contain_text("Connect edit with")
    desk.page.keyboard.type("edit-d")
    desk.page.keyboard.press("Enter")
    field = desk.page.get_by_label("Maximum receives")
    expect(field).to_have_value("5")
    field.fill("3")
    desk.page.keyboard.press("Enter")
    desk.wait_for_edge("edit", "dlq", "edit-dead")
    assert redrive(playground, "edit")["maxReceiveCount"] == 3
    desk.settle()
    desk.page.keyboard.press("Control+z")
    eventually(lambda: redrive(playground, "edit") is None)
    expect(desk.page.get_by_text("Undone: edit moves messages")).to_be_visible()
    desk.page.keyboard.press("Control+Shift+z")
    desk.wait_for_edge("edit", "dlq", "edit-dead")


def test_escape_leaves_and_what_cannot_be_connected_says_why(desk: Sight) -> None:
    stand(desk, "edit.fifo")
    desk.page.keyboard.press("c")
    expect(desk.page.locator(".node[data-target=no]")).not_to_have_count(0)
    desk.page.mouse.move(*middle(desk, "edit"))
    desk.page.mouse.move(*(each + 3 for each in middle(desk, "edit")))
    expect(desk.page.locator("#tip")).to_have_text("A FIFO queue needs a FIFO dead-letter queue.")
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#joining")).to_be_hidden()
    expect(desk.page.locator(".node[data-target]")).to_have_count(0)
    assert desk.page.evaluate("() => document.activeElement.closest('.node') !== null")


def test_a_line_is_drawn_from_port_to_queue(desk: Sight, playground: Any) -> None:
    x, y, w, h = box(desk, "edit-dead")
    desk.page.mouse.move(x + w / 2, y + h / 2)
    desk.page.mouse.move(x + w, y + h / 2)
    desk.page.mouse.down()
    desk.page.mouse.move(*middle(desk, "edit.fifo"), steps=4)
    expect(desk.page.locator("#tip")).to_contain_text("A standard queue needs a standard")
    desk.page.mouse.move(*middle(desk, "edit"), steps=4)
    expect(desk.page.locator(".node[data-target=ok][data-aimed=true]")).to_have_count(1)
    desk.page.mouse.up()
    desk.page.locator("#redrive").get_by_role("button", name="Connect").click()
    desk.wait_for_edge("edit-dead", "dlq", "edit")
    assert redrive(playground, "edit-dead")["maxReceiveCount"] == 5


def test_a_node_is_moved_stays_and_goes_back(desk: Sight) -> None:
    before = box(desk, "edit.fifo")
    at = middle(desk, "edit.fifo")
    desk.page.mouse.move(*at)
    desk.page.mouse.down()
    desk.page.mouse.move(at[0] + 90, at[1] + 60, steps=5)
    desk.page.mouse.up()
    desk.until("() => Object.keys(window.signalbox.session.pins).length === 1")
    assert box(desk, "edit.fifo")[0] == pytest.approx(before[0] + 90, abs=3)
    assert desk.page.locator("#panel [data-shows]").count() == 0  # a drag selects nothing
    where = "() => Object.values(window.signalbox.session.pins)[0]"
    pinned = desk.page.evaluate(where)
    desk.page.reload()
    desk.settle()
    assert desk.page.evaluate(where) == pinned
    stand(desk, "edit.fifo")
    desk.page.keyboard.press("Alt+ArrowRight")
    desk.until("(x) => Object.values(window.signalbox.session.pins)[0][0] === x", pinned[0] + 24)
    desk.page.locator("#view-menu summary").click()
    desk.page.get_by_role("button", name="Unpin all").click()
    desk.until("() => Object.keys(window.signalbox.session.pins).length === 0")
    desk.page.keyboard.press("Control+z")
    desk.until("() => Object.keys(window.signalbox.session.pins).length === 1")
    desk.page.keyboard.press("Control+Shift+z")
    desk.until("() => Object.keys(window.signalbox.session.pins).length === 0")


def test_a_queue_is_duplicated_and_deleted_after_a_question(desk: Sight, playground: Any) -> None:
    url = playground.get_queue_url(QueueName="edit")["QueueUrl"]
    stand(desk, "edit")
    desk.page.keyboard.press("Control+d")
    desk.wait_for("nodes", "edit-copy", "queue")
    desk.settle()
    copy = playground.get_queue_url(QueueName="edit-copy")["QueueUrl"]
    assert copy != url
    playground.send_message(QueueUrl=copy, MessageBody="kept")
    desk.wait_for("counters", "edit-copy", [1, 0, 0])
    stand(desk, "edit-copy")
    desk.page.keyboard.press("Delete")
    dialog = desk.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Delete edit-copy?")
    expect(dialog).to_contain_text("1 message is lost. This cannot be undone.")
    desk.page.keyboard.press("Enter")  # Keep has the focus
    expect(dialog).to_be_hidden()
    assert "edit-copy" in desk.state["nodes"]
    stand(desk, "edit-copy")
    desk.page.keyboard.press("Delete")
    desk.page.get_by_role("button", name="Delete with 1 message").click()
    eventually(lambda: "edit-copy" not in desk.state["nodes"])
    expect(desk.page.locator("#toasts")).to_contain_text("This cannot be undone.")


def test_several_are_picked_by_marquee_and_by_shift(desk: Sight) -> None:
    x, y, w, h = box(desk, "edit")
    desk.page.keyboard.down("Shift")
    desk.page.mouse.move(x - 14, y - 14)
    desk.page.mouse.down()
    desk.page.mouse.move(x + w / 2, y + h / 2, steps=4)
    expect(desk.page.locator("#marquee")).to_be_visible()
    desk.page.mouse.up()
    picked = desk.page.locator(".node[data-picked=true]")
    expect(picked).to_have_count(1)
    desk.page.mouse.click(*middle(desk, "edit.fifo"))
    expect(picked).to_have_count(2)
    desk.page.keyboard.up("Shift")
    desk.page.keyboard.press("Delete")
    expect(desk.page.get_by_role("dialog")).to_contain_text("Delete 2 nodes?")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Escape")
    expect(picked).to_have_count(0)


def test_the_address_brings_the_whole_view_back(
    context: Callable[..., BrowserContext], site: RunningServer, desk: Sight
) -> None:
    desk.page.locator("#find").fill("edit")
    desk.page.locator("#find-hide").check()
    desk.page.locator("#view-menu summary").click()
    desk.page.locator("#group-list").get_by_label("edit-*").check()
    desk.wait_for("nodes", "edit-*", "group")
    desk.page.mouse.move(600, 600)
    desk.page.mouse.wheel(40, 30)
    desk.until("() => new URLSearchParams(location.search).has('at')")
    desk.until("() => new URLSearchParams(location.search).get('groups') === 'p:edit'")
    other = Sight(context(viewport={"width": 1440, "height": 900}).new_page(), site.url)
    other.page.goto(desk.page.url)
    other.settle()
    other.wait_for("nodes", "edit-*", "group")
    assert other.page.locator("#find").input_value() == "edit"
    assert other.page.locator("#find-hide").is_checked()
    expect(other.page.locator("#find-count")).to_contain_text("match")
    view = "() => Object.values(window.signalbox.session.stage.view).map(Math.round)"
    assert other.page.evaluate(view) == pytest.approx(desk.page.evaluate(view), abs=2)


def test_a_group_collapses_and_expands_by_one_key(desk: Sight) -> None:
    stand(desk, "edit")
    desk.page.keyboard.press("e")
    desk.wait_for("nodes", "edit-*", "group")
    name = "() => document.activeElement.getAttribute('aria-label') ?? ''"
    desk.until(f"() => ({name})().startsWith('edit-*, ')")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#panel")).to_contain_text("Group of 3 queues")
    desk.page.keyboard.press("e")
    desk.wait_for("nodes", "edit", "queue")
    desk.until(f"() => ({name})().startsWith('edit')")


def test_projector_and_reduced_motion_are_switched_here(desk: Sight) -> None:
    panel = desk.page.locator("#panel")
    expect(panel).to_be_visible()
    desk.page.keyboard.press("j")
    expect(panel).to_be_hidden()
    desk.until("() => new URLSearchParams(location.search).get('mode') === 'projector'")
    expect(desk.page.locator("#world-toggle")).to_be_in_viewport()
    desk.page.keyboard.press("j")
    expect(panel).to_be_visible()
    desk.page.locator("#view-menu summary").click()
    desk.page.get_by_label("Reduced motion").check()
    expect(desk.page.locator(".legend .manner")).to_have_text(
        "Reduced motion: edges show their rate"
    )
    desk.page.get_by_label("Reduced motion").uncheck()
    desk.page.get_by_label("Rates with exact counts").check()
    expect(desk.page.locator(".legend .manner")).to_contain_text("chosen by hand")


def test_an_expression_that_is_not_understood_says_so(desk: Sight) -> None:
    desk.page.locator("#find").fill("colour = red")
    expect(desk.page.get_by_role("alert")).to_contain_text("There is no field colour. Use visible")
    desk.page.locator("#find").fill("edit.fifo")
    expect(desk.page.locator("#find-error")).to_be_hidden()
    expect(desk.page.locator("#find-count")).to_have_text("1 match")
    expect(desk.page.locator(".node[data-mark=found]")).to_have_count(1)
    desk.page.locator("#find-hide").check()
    assert desk.page.locator(".node[data-mark=hidden]").count() > 0


def test_the_picture_is_saved_as_svg_and_png(desk: Sight) -> None:
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        desk.page.locator("#view-menu").evaluate("(menu) => { menu.open = true; }")
        with desk.page.expect_download() as waiting:
            desk.page.get_by_role("button", name=f"Save {kind}").click()
        assert waiting.value.suggested_filename.startswith(f"{HOME} 20")
        data = waiting.value.path().read_bytes()
        assert data.startswith(start)
        if kind == "SVG":
            assert b"edit-dead" in data
            assert b"var(--" not in data
            assert b"/static/" not in data
