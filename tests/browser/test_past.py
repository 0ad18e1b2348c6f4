"""In the past the panel answers for that moment, and stepping on shows what moved."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.live.clients.connect import bodies

pytestmark = pytest.mark.needs("chromium")

CHOOSE = """(label) => {
  const {session, selection} = window.signalbox;
  selection.choose([...session.shown.nodes.values()].find((node) => node.label === label).i);
}"""


@pytest.fixture
def still(sight: Sight) -> Sight:
    return sight.open(DEMO).pause()


def test_the_panel_says_what_was(still: Sight, sqs: Any) -> None:
    url = str(sqs.create_queue(QueueName="told", Attributes={"DelaySeconds": "0"})["QueueUrl"])
    sqs.send_message(QueueUrl=url, MessageBody="first")
    bodies(sqs, url)
    still.wait_for("counters", "told", [0, 1, 0])
    moment = still.state["q"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "77"})
    sqs.purge_queue(QueueUrl=url)
    still.wait_for("counters", "told", [0, 0, 0])
    still.open(DEMO, at=str(moment), select="told")
    panel = still.page.locator("#panel")
    expect(panel.locator("[data-past-node]")).to_contain_text(f"as it was after event {moment}")
    row = panel.locator("[data-past-message]")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("in flight")
    expect(panel).to_contain_text("VisibilityTimeout30")
    expect(panel.locator("[data-unknown]")).to_contain_text("Not in the log")
    assert panel.locator("form,[hx-post]").count() == 0
    # It follows the steps, and is the living panel again when we are back.
    still.page.locator("#track").focus()
    still.page.keyboard.press("ArrowLeft")
    expect(row).to_contain_text("visible")
    expect(row.locator("td").nth(3)).to_have_text("0")
    still.page.keyboard.press("l")
    expect(panel.locator("#panel-live")).to_be_visible()


def test_what_the_log_does_not_know_of_an_actor_is_said(still: Sight, sqs: Any) -> None:
    still.wait_for("nodes", "orders", "queue")
    still.page.evaluate(CHOOSE, "checkout-api")
    expect(still.page.locator("#panel h2").first).to_have_text("checkout-api")
    still.page.keyboard.press("Escape")
    moment = still.state["q"]
    still.open(DEMO, at=str(moment), select="checkout-api")
    panel = still.page.locator("#panel")
    expect(panel.locator("[data-past-node]")).to_contain_text("producer, as it was")
    expect(panel.locator("[data-unknown]")).to_contain_text("whether it waited in a long poll")
    expect(panel).to_contain_text("rate")


def test_stepping_on_shows_what_moved(still: Sight, sqs: Any) -> None:
    url = str(sqs.create_queue(QueueName="flown")["QueueUrl"])
    sqs.send_message(QueueUrl=url, MessageBody="to be seen again")
    bodies(sqs, url)
    still.wait_for("counters", "flown", [0, 1, 0])
    last = still.state["q"]
    still.open(DEMO, at=str(last))
    still.wait_for("counters", "flown", [0, 1, 0])
    still.page.keyboard.press("ArrowLeft")
    still.wait_for("counters", "flown", [1, 0, 0])
    still.watch()
    still.page.keyboard.press("ArrowRight")
    still.wait_for("counters", "flown", [0, 1, 0])
    still.until("() => window.flown.some(([from, kind]) => from === 'flown' && kind === 'f')")


def test_a_step_back_shows_it_moving_backwards(still: Sight, sqs: Any) -> None:
    url = str(sqs.create_queue(QueueName="undone")["QueueUrl"])
    sqs.send_message(QueueUrl=url, MessageBody="to and fro")
    bodies(sqs, url)
    still.wait_for("counters", "undone", [0, 1, 0])
    still.settle()
    still.watch()
    still.page.evaluate(
        "() => { const {particles} = window.signalbox.session.stage; const {spawn} = particles;"
        " window.ways = []; particles.spawn = (frame, now, sample) => { spawn(frame, now, sample);"
        " window.ways.push([...particles.against.slice(0, particles.count)]); }; }"
    )
    # From live, the event that is undone is the last one.
    still.page.locator("#track").focus()
    still.page.keyboard.press("ArrowLeft")
    still.wait_for("counters", "undone", [1, 0, 0])
    still.until("() => window.flown.some(([from, kind]) => from === 'undone' && kind === 'f')")
    assert still.page.evaluate("() => window.ways.at(-1)") == [1]
    still.page.keyboard.press("ArrowRight")
    still.until("() => window.ways.length === 2")
    assert still.page.evaluate("() => window.ways.at(-1)") == [0]


def test_with_reduced_motion_a_step_moves_nothing(still: Sight, sqs: Any) -> None:
    url = str(sqs.create_queue(QueueName="calm")["QueueUrl"])
    sqs.send_message(QueueUrl=url, MessageBody="still")
    still.wait_for("counters", "calm", [1, 0, 0])
    still.page.emulate_media(reduced_motion="reduce")
    still.watch()
    still.page.locator("#track").focus()
    still.page.keyboard.press("ArrowLeft")
    still.wait_for("counters", "calm", [0, 0, 0])
    assert still.page.evaluate("() => window.flown") == []


def test_a_double_click_on_the_time_axis_stays_where_one_is(still: Sight) -> None:
    page, track = still.page, still.page.locator("#track")
    still.until("() => window.signalbox.time.track.data !== null")
    track.dblclick(position={"x": 200, "y": 15})
    still.until("() => window.signalbox.time.track.zoom.span === null")
    still.until("() => !window.signalbox.time.traveller.busy")
    expect(page.locator("#past")).to_be_hidden()
    assert "at=" not in page.url
    # In the past it leads back to the moment that one looked at.
    track.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#past")).to_be_visible()
    moment = page.evaluate("() => window.signalbox.time.traveller.moment.seq")
    track.dblclick(position={"x": 300, "y": 15})
    still.until("() => !window.signalbox.time.traveller.busy")
    assert page.evaluate("() => window.signalbox.time.traveller.moment.seq") == moment
    # One click still goes where it points.
    track.click(position={"x": 20, "y": 15})
    still.until("(seq) => window.signalbox.time.traveller.moment?.seq < seq", moment)


def test_a_layout_that_comes_too_late_breaks_nothing(still: Sight) -> None:
    """It is of the empty world before the first event, and one is back at live meanwhile."""
    page = still.page
    page.evaluate(
        "() => { const {layouter} = window.signalbox.session; const arrange = layouter.arrange;"
        " const gate = new Promise((open) => { window.openGate = open; });"
        " layouter.arrange = async (state) => { const made = await arrange.call(layouter, state);"
        " await gate; return made; }; }"
    )
    page.locator("#track").focus()
    page.keyboard.press("Home")
    still.until(
        "() => window.signalbox.session.placing && !window.signalbox.session.shown.nodes.size"
    )
    page.keyboard.press("l")
    still.until("() => window.signalbox.session.shown.nodes.size > 0")
    page.evaluate("() => window.openGate()")
    still.settle()
    nodes = page.evaluate("() => window.signalbox.session.shown.nodes.size")
    expect(page.locator("#scene .node")).to_have_count(nodes)


def test_faults_of_the_past_are_marked(still: Sight) -> None:
    page = still.page
    page.evaluate(CHOOSE, "payment-worker")
    before = still.state["q"]
    page.locator("#panel summary", has_text="Let something go wrong here").click()
    page.get_by_role("button", name="Start fault").click()
    marks = """([at, label]) => fetch(`/s/order-pipeline/at/?seq=${at}`).then((r) => r.json())
      .then((frame) => frame.nodes.find((row) => row[3] === label)[5].faults ?? [])"""
    still.until("(q) => window.signalbox.session.live.q > q", before)
    assert page.evaluate(marks, [before, "payment-worker"]) == []
    now = still.page.evaluate("() => window.signalbox.session.live.q")
    assert page.evaluate(marks, [now, "payment-worker"]) != []


def test_the_time_axis_zooms_by_wheel_and_keys(still: Sight) -> None:
    page = still.page
    page.locator("#until-open").click()
    page.get_by_label("Condition").select_option("time")
    page.get_by_label("How many").fill("300")
    page.get_by_label("How many").press("Enter")
    expect(page.locator("#until")).to_be_hidden()
    zoom = "() => { const {track} = window.signalbox.time; return track.end - track.from; }"
    still.until("() => document.getElementById('track').getAttribute('aria-valuenow') > 10")
    # At live it is the last minute; zooming out shows all of it.
    still.until(f"() => ({zoom})() === 60000")
    page.locator("#track").dblclick(position={"x": 200, "y": 15})
    whole = still.until(f"() => ({zoom})() > 200000 && ({zoom})()")
    box = page.locator("#track").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    for _ in range(3):
        page.mouse.wheel(0, -120)
    still.until(f"(most) => ({zoom})() < most", whole / 3)
    # The markers are those of the stretch that is shown.
    still.until(
        "() => { const {track} = window.signalbox.time;"
        " return track.data.from === track.zoom.range.from && track.drawnMarks.length > 0; }"
    )
    page.locator("#track").focus()
    before = page.evaluate(zoom)
    page.keyboard.press("+")
    still.until(f"(most) => ({zoom})() < most", before)
    page.keyboard.press("-")
    still.until(f"(least) => ({zoom})() >= least", before * 0.99)
    page.locator("#track").dblclick(position={"x": 200, "y": 15})
    still.until("() => window.signalbox.time.track.zoom.range === null")
