"""Every sentence of the interface can be translated: seen in a language made for this test."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight
from tests.fixtures import pseudo
from tests.fixtures.browser import SEEN_HINTS
from tests.fixtures.server import RunningServer, drop_database, server

pytestmark = pytest.mark.needs("chromium", "gettext")

# Texts and names of elements that stand outside brackets, without what is data, code or AWS's own.
BARE = r"""(same) => {
  const skipped = "script,style,noscript,code,pre,kbd,samp,bdi,.mono,[data-untrusted],"
    + "body [lang=en]";
  const said = ["title", "aria-label", "placeholder", "alt", "aria-description", "aria-valuetext"];
  const {shown} = (window.signalbox ?? window.bench)?.session ?? {};
  const names = [...(shown?.nodes.values() ?? [])].map((node) => node.label);
  const own = [...same, ...names].sort((a, b) => b.length - a.length);
  const found = new Set();
  const look = (text, where) => {
    let left = text.trim().replace(/\$\{[^}]*\}|^\{".*\}$/g, "").replace(/\b(aws|sqs):\w+/g, "");
    // What a card has no room for is cut.
    left = left.replace(/⟦[^⟦⟧]*…$/, "");
    while (/⟦[^⟦⟧]*⟧/.test(left)) left = left.replace(/⟦[^⟦⟧]*⟧/g, "");
    for (const name of own) left = left.replaceAll(name, "");
    left = left.replace(/\b[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+\b|\b[a-z]{2}-[a-z]+-\d\b/g, "");
    if (/[A-Za-z]{3,}/.test(left)) found.add(`${where}: ${text.trim().slice(0, 120)}`);
  };
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.closest(skipped)) continue;
      const where = element.localName + (element.id ? `#${element.id}` : "");
      for (const name of said) {
        if (element.hasAttribute(name)) look(element.getAttribute(name), `${where}[${name}]`);
      }
      for (const node of element.childNodes) {
        if (node.nodeType === 3 && node.data.trim()) look(node.data, where);
      }
      if (element.localName === "template") walk(element.content);
    }
  };
  walk(document);
  return [...found];
}"""

SECOND_DEMO = "order-fan-out"
# What is the same in every language: products, the demo's own names, examples of names, units.
NAMES = [
    "Signalbox", "AWS", "boto3", "CLI", "JavaScript", "SQS", "FIFO", "SDK", "Python", "Java",
    "Terraform", "Docker Compose", ".env", "Markdown", "JSON", "PNG", "SVG",
    "order-pipeline", "checkout-api", "warehouse", "payment-worker", "legacy-worker", "packer",
    "orders", "shipments", "-dlq", ".fifo", "console", "playground", "payments-trial",
    "true", "false", "5 min", SECOND_DEMO, "Publish", "tier = gold", "total >= 150",
    "risk-check", "orders-unbilled", "to-review", "to-rewards", "source: shop.risk +1", "default",
    "ops", "Inbox", "OK", "ALARM", "INSUFFICIENT_DATA",
]  # fmt: skip

OPERATIONS = ("SendMessageBatch", "ReceiveMessage", "AddPermission", "PurgeQueue")
PAGES = (
    "/", "/help/", "/new/", f"/s/{DEMO}/about/", f"/s/{DEMO}/keys/", f"/s/{DEMO}/requests/",
    f"/s/{DEMO}/charts/", f"/s/{DEMO}/lifetimes/", "/bench/",
)  # fmt: skip

# Documents that are refused by the parser, the readers, the building and the engine below it.
REFUSED = (
    "{", '{"signalbox":1,"seed":NaN}', '{"signalbox":9}', '{"signalbox":2}',
    '{"signalbox":2,"name":"x","seed":-1}', '{"signalbox":2,"name":"x","queues":[{}]}',
    '{"signalbox":2,"name":"x","clock":{"rate":0}}', '{"signalbox":2,"name":"x","more":1}',
    '{"signalbox":2,"name":"x","messages":[{"queue":"b","body":"x"}]}',
    '{"signalbox":2,"name":"x","actors":[{"kind":"robot","name":"r"}]}',
    '{"signalbox":2,"name":"x","queues":[{"name":"a"}],"actors":[{"kind":"producer","name":"p",'
    '"settings":{"target":"queue:a","body":"${integer:1}"}}]}',
    '{"signalbox":2,"name":"x","queues":[{"name":"a"}],"faults":[{"kind":"crash",'
    '"target":"queue:a","settings":{"lasts":30,"every":10}}]}',
    '{"signalbox":3,"name":"x","topics":[{"name":"a"},{"name":"a"}]}',
    '{"signalbox":3,"name":"x","topics":[{"name":"a","subscriptions":[{"protocol":"sqs",'
    '"endpoint":"queue:b"}]}]}',
    '{"signalbox":3,"name":"x","buses":[{"name":"a","rules":[{"name":"r"}]}]}',
    '{"signalbox":3,"name":"x","schedules":[{"name":"a","expression":"rate(1 day)",'
    '"target":{"to":"bus:b"}}]}',
)  # fmt: skip
# What the engine refuses of settings that each field takes: kind, fields, where it is said.
SETTINGS = (
    ("producer", {"body": "${nothing}"}, "body"),
    ("producer", {"body": "${letters:900}"}, "body"),
    ("producer", {"pattern": "times", "times": ""}, "times"),
    ("producer", {"pattern": "daily", "curve": "25:00 3"}, "curve"),
    ("fleet", {"least": "9", "most": "3"}, "most"),
)


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a server that knows the test language."""
    words = pseudo.make(tmp_path_factory.mktemp("words"))
    folder = tmp_path_factory.mktemp("abroad")
    with server(folder, "--server", "uvicorn", **pseudo.surroundings(words)) as running:
        yield running
    drop_database(folder)
    assert "Traceback" not in running.output, running.output


@pytest.fixture
def foreign(browser: Browser, abroad: RunningServer) -> Iterator[Sight]:
    """Return the eyes of a reader of the test language."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale=pseudo.LANGUAGE, timezone_id="UTC"
    )
    context.add_init_script(SEEN_HINTS)
    yield Sight(context.new_page(), abroad.url)
    context.close()


def bare(page: Page) -> list[str]:
    return list(page.evaluate(BARE, NAMES))


def choose(sight: Sight, label: str) -> None:
    """Select a node and wait for its panel."""
    sight.until(
        "(label) => { const {session, selection} = window.signalbox;"
        " const node = [...session.shown.nodes.values()].find((each) => each.label === label);"
        " if (node) selection.choose(node.i); return node; }",
        label,
    )
    expect(sight.page.locator("#panel .panel-head h2")).to_contain_text(label)


def test_the_map_its_panels_and_its_bars(foreign: Sight) -> None:
    foreign.open(DEMO)
    page = foreign.page
    assert page.locator("html").get_attribute("lang") == "en-xa"
    foreign.until("() => document.querySelector('[data-marker]').closest('label').title")
    assert bare(page) == []
    for label in ("orders", "shipments-dlq.fifo", "checkout-api", "payment-worker"):
        choose(foreign, label)
        assert bare(page) == []
    page.locator("[data-show=table]").click()
    assert bare(page) == []


def test_the_map_of_a_topic(foreign: Sight) -> None:
    foreign.open(SECOND_DEMO)
    foreign.wait_for_edge("orders", "subscription", "gold-orders")
    foreign.until("() => document.querySelector('.line .lb').textContent.includes('/s')")
    assert bare(foreign.page) == []


def test_the_console_actors_and_palette(foreign: Sight) -> None:
    foreign.open(DEMO)
    page = foreign.page
    choose(foreign, "orders")
    page.locator("[data-tab=calls]").click()
    for operation in OPERATIONS:
        page.locator(f"#bench [data-operation={operation}]").click()
        expect(page.locator("#bench [data-bench]")).to_be_visible()
        assert bare(page) == []
        page.locator("#bench .bench-head button").click()
    page.locator("[data-tab=policy]").click()
    expect(page.locator("#bench-policy [data-bench=Policy]")).to_be_visible()
    assert bare(page) == []
    for kind in ("producer", "consumer", "fleet"):
        page.evaluate(
            "(url) => window.htmx.ajax('GET', url, {target: '#panel', swap: 'innerHTML'})",
            f"/s/{DEMO}/actor/new/?kind={kind}",
        )
        expect(page.locator("#panel form")).to_be_visible()
        assert bare(page) == []
    page.locator("[data-palette]").first.click()
    expect(page.locator("#palette-list [role=option]").first).to_be_visible()
    assert bare(page) == []


def test_the_past_and_a_message(foreign: Sight) -> None:
    foreign.open(DEMO)
    page = foreign.page
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#past")).to_be_visible()
    assert bare(page) == []
    page.goto(f"{foreign.url}/s/{DEMO}/lifetimes/")
    page.goto(foreign.url + str(page.locator("a[href*='/message/']").first.get_attribute("href")))
    assert bare(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_every_other_page(foreign: Sight, path: str) -> None:
    foreign.page.goto(foreign.url + path)
    foreign.page.evaluate("() => window.bench?.ready")
    assert foreign.page.locator("main h1").count() == 1
    assert bare(foreign.page) == []


@pytest.mark.parametrize("document", REFUSED)
def test_a_scenario_that_is_refused(foreign: Sight, document: str) -> None:
    page = foreign.page
    page.goto(f"{foreign.url}/new/")
    page.locator("#import-document").fill(document)
    page.locator("#import form button").click()
    expect(page.locator("#import .problem")).to_contain_text("⟦")
    assert bare(page) == []


def test_what_the_engine_refuses_of_an_actor_and_a_fault(foreign: Sight) -> None:
    foreign.open(DEMO)
    page = foreign.page
    choose(foreign, "orders")
    for kind, settings, field in SETTINGS:
        page.evaluate(
            "(url) => window.htmx.ajax('GET', url, {target: '#panel', swap: 'innerHTML'})",
            f"/s/{DEMO}/actor/new/?kind={kind}",
        )
        form = f"{kind.title()}Form"
        expect(page.locator(f"#{form}-label")).to_be_visible()
        for name, value in settings.items():
            box = page.locator(f"#{form}-{name}")
            box.select_option(value) if name == "pattern" else box.fill(value)
        page.locator("#panel .actor-form > .row button").first.click()
        problem = page.locator(f".field:has(#{form}-{field}) .problem")
        expect(problem).to_contain_text("⟦")
        assert bare(page) == []
    choose(foreign, "payment-worker")
    page.locator("#chaos-tray summary").first.click()
    page.locator("#chaos-tray .more-of .more-of > summary").click()
    page.locator("#FaultForm-every").fill("10")
    page.locator(".fault-form > div > button").click()
    expect(page.locator("#chaos-tray .problem")).to_contain_text("⟦")
    assert bare(page) == []


def test_a_template_starts_under_its_title_in_the_readers_language(foreign: Sight) -> None:
    page = foreign.page
    page.goto(f"{foreign.url}/new/")
    page.locator(".gallery button[value=empty]").click()
    expect(page.locator(".where .name")).to_contain_text("⟦")
    assert bare(page) == []


def test_a_page_in_english_fetches_no_other_words(foreign: Sight, browser: Browser) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    Sight(page, foreign.url).open(DEMO)
    assert [url for url in asked if "/words/" in url] == []
    address = foreign.page.goto(f"{foreign.url}/help/")
    assert address is not None
    words = re.search(r"/words/en-xa\.[0-9a-f]{16}\.js", address.text())
    assert words is not None
    answer = foreign.page.request.get(foreign.url + words[0])
    assert "immutable" in answer.headers["cache-control"]
    assert "⟦" in answer.text() or "\\u27e6" in answer.text()
    assert (
        foreign.page.request.get(foreign.url + words[0].replace("en-xa.", "en-xa.0")).status == 404
    )
    context.close()
