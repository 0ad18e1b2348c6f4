"""What messages and names hold is shown as text; other websites in the browser reach nothing."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.sight import Sight
from tests.fixtures.server import RunningServer
from tests.live.clients.connect import PLAYGROUND, client

pytestmark = pytest.mark.needs("chromium")

RLO = "\u202e"
TEXTS = {
    "script": "<script>window.pwned = 1</script>",
    "image": "<img src=x onerror='window.pwned = 2'>",
    "attribute": "\"'><svg onload=window.pwned=3>",
    "template": "{{ 7|add:7 }} {% debug %} ${7*7}",
    "closing": "</bdi></td></table></textarea></script><h1>gone</h1>",
    "htmx": '<b hx-get="/s/playground/sqs/create/" hx-trigger="load">x</b>',
    "backwards": f"abc{RLO}def",
    "arabic": "مرحبا < 5 & 6 > 7",
    "invisible": "zero\u200bwidth \u0085 \u009f \ufeff",
    "long": "x" * 5_000,
}
TRIES = """async (base) => {
  const made = `${base}/?Action=CreateQueue&Version=2012-11-05&QueueName=`;
  const tried = [];
  const attempt = async (name, run) => {
    try { tried.push([name, await run()]); } catch { tried.push([name, "refused"]); }
  };
  await attempt("fetch", async () => (await fetch(`${made}a`)).status);
  await attempt("no-cors", async () => (await fetch(`${made}b`, {mode: "no-cors"})).type);
  await attempt("json", async () => (await fetch(base, {method: "POST", mode: "no-cors",
    headers: {"Content-Type": "text/plain"}, body: "Action=CreateQueue&QueueName=c"})).type);
  await attempt("target", async () => (await fetch(base, {method: "POST", body: "{}",
    headers: {"X-Amz-Target": "AmazonSQS.ListQueues"}})).status);
  await attempt("reset", async () => (await fetch(`${base}/_signalbox/reset`,
    {method: "POST", headers: {"X-Signalbox": "1"}})).status);
  await attempt("image", () => new Promise((done) => {
    const image = new Image();
    image.onload = image.onerror = () => done("loaded nothing");
    image.src = `${made}d`;
  }));
  await attempt("form", () => new Promise((done) => {
    const frame = Object.assign(document.createElement("iframe"), {name: "in"});
    frame.onload = () => done("submitted");
    document.body.append(frame);
    const form = Object.assign(document.createElement("form"),
      {action: base, method: "post", target: "in"});
    for (const [name, value] of Object.entries({Action: "CreateQueue", QueueName: "e"})) {
      form.append(Object.assign(document.createElement("input"), {name, value}));
    }
    document.body.append(form);
    form.submit();
  }));
  await attempt("stream", () => new Promise((done, fail) => {
    const socket = new WebSocket(`${base.replace("http", "ws")}/stream/playground/`);
    socket.onopen = () => done("open");
    socket.onerror = fail;
  }));
  return Object.fromEntries(tried);
}"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """Return the address of another website on this machine."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Elsewhere</title>")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as website:
        threading.Thread(target=website.serve_forever, daemon=True).start()
        yield f"http://localhost:{website.server_port}/"
        website.shutdown()


def test_bodies_and_groups_are_shown_as_text(sight: Sight, playground: Any) -> None:
    page = sight.page
    url = playground.create_queue(
        QueueName="hostile.fifo", Attributes={"FifoQueue": "true", "VisibilityTimeout": "600"}
    )["QueueUrl"]
    for name, text in TEXTS.items():
        playground.send_message(
            QueueUrl=url, MessageBody=text, MessageGroupId=f"<img/src=x/onerror=pwned=4>{name}",
            MessageDeduplicationId=name,
            MessageAttributes={"note": {"DataType": "String", "StringValue": text[:200]}},
        )  # fmt: skip
    sight.open("playground", select="hostile.fifo")
    rows = page.locator("#panel tbody tr")
    expect(rows).to_have_count(len(TEXTS))
    shown = "\n".join(page.locator("#panel td.body").all_text_contents())
    for name in ("script", "image", "attribute", "template", "closing", "htmx", "arabic"):
        assert TEXTS[name] in shown
    assert not set(shown) & {RLO, "\u200b", "\u0085", "\u009f"} - {"\u200b"}
    assert page.evaluate("() => window.pwned") is None
    assert page.locator("#panel td.body :is(script, img, svg, b, h1)").count() == 0
    for cell in page.locator("#panel td.body bdi").all():
        assert cell.get_attribute("dir") == "auto"
    width = page.locator("#panel").evaluate("(it) => [it.scrollWidth, it.clientWidth]")
    assert width[0] <= width[1]


def test_a_hostile_body_typed_into_the_form_comes_back_as_text(
    sight: Sight, playground: Any
) -> None:
    playground.create_queue(QueueName="entered")
    page = sight.open("playground", select="entered").page
    panel = page.locator("#panel")
    panel.get_by_role("button", name="Send…").first.click()
    panel.get_by_label("Body").fill(TEXTS["closing"] + TEXTS["image"])
    panel.get_by_role("button", name="Send message").click()
    sight.wait_for("counters", "entered", [1, 0, 0])
    panel.get_by_role("tab", name="Calls").click()
    expect(panel.locator("pre").first).to_contain_text("</textarea>")
    panel.get_by_role("tab", name="Messages").click()
    expect(panel.locator("td.body")).to_contain_text(TEXTS["closing"])
    assert page.evaluate("() => window.pwned") is None


def test_names_of_programs_are_tamed(sight: Sight, site: RunningServer, playground: Any) -> None:
    url = playground.create_queue(QueueName="named")["QueueUrl"]
    hostile = '"><img src=x onerror=pwned=5>'
    with client(site.url, user_agent=hostile) as sqs:
        sqs.send_message(QueueUrl=url, MessageBody="x")
    page = sight.open("playground").page
    sight.wait_for("counters", "named", [1, 0, 0])
    labels = sight.state["nodes"]
    assert not any("<" in label for label in labels)
    assert page.evaluate("() => window.pwned") is None


def test_another_website_in_the_same_browser_reaches_nothing(
    browser: Browser, site: RunningServer, playground: Any, elsewhere: str
) -> None:
    before = sorted(playground.list_queues().get("QueueUrls", []))
    context = browser.new_context()
    page = context.new_page()
    page.goto(elsewhere)
    tried = page.evaluate(TRIES, site.url)
    context.close()
    assert sorted(playground.list_queues().get("QueueUrls", [])) == before
    readable = {name for name, result in tried.items() if isinstance(result, int)}
    assert readable == set(), json.dumps(tried)
    assert tried["stream"] == "refused"
    assert tried.keys() >= {"fetch", "form", "image", "reset", "stream", "target"}


def test_no_page_may_be_framed_or_run_what_is_not_ours(sight: Sight, site: RunningServer) -> None:
    page = sight.page
    told = page.goto(f"{site.url}/s/{PLAYGROUND}/")
    assert told is not None
    policy = told.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert told.headers["x-content-type-options"] == "nosniff"
    hosts = page.evaluate(
        "() => [...new Set(performance.getEntriesByType('resource')"
        ".map((entry) => new URL(entry.name).origin))]"
    )
    assert hosts == [site.url]
