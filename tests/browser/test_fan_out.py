"""Topics, buses and rules on the page: made, joined, tried, and why something stopped."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sight import Sight
from tests.browser.soundness import assert_sound
from tests.fixtures.server import RunningServer
from tests.live.clients.connect import ACCOUNT, REGION, client, counters

pytestmark = pytest.mark.needs("chromium")

GOLD = {"tier": ["gold"]}


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


@pytest.fixture
def aws(site: RunningServer) -> Iterator[Callable[[str], Any]]:
    """Return a function that makes boto3 clients of the playground."""
    with ExitStack() as opened:
        yield lambda service: opened.enter_context(client(site.url, service))


def open_queue(aws: Callable[[str], Any], name: str, service: str) -> str:
    """Make a queue that lets a service in, and return its ARN."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn("sqs", name),
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws("sqs").create_queue(QueueName=name, Attributes={"Policy": policy})
    return arn("sqs", name)


@pytest.fixture
def topic(aws: Callable[[str], Any]) -> str:
    """Return a topic with a queue for gold customers and a queue for everybody."""
    sns = aws("sns")
    made = str(sns.create_topic(Name="sales")["TopicArn"])
    for name, policy in (("gold-sales", GOLD), ("all-sales", None)):
        attributes = {"FilterPolicy": json.dumps(policy)} if policy else {}
        queue = open_queue(aws, name, "sns")
        sns.subscribe(TopicArn=made, Protocol="sqs", Endpoint=queue, Attributes=attributes)
    return made


def publish(aws: Callable[[str], Any], topic: str, tier: str) -> None:
    attributes = {"tier": {"DataType": "String", "StringValue": tier}}
    aws("sns").publish(TopicArn=topic, Message=f"for {tier}", MessageAttributes=attributes)


def choose(sight: Sight, label: str) -> None:
    """Select a node and wait for its panel."""
    sight.until(
        "(label) => { const {session, selection} = window.signalbox;"
        " const node = [...session.shown.nodes.values()].find((each) => each.label === label);"
        " if (node) selection.choose(node.i); return node; }",
        label,
    )
    expect(sight.page.locator("#panel .panel-head h2")).to_have_text(label)


def test_a_filter_stops_a_message_on_its_way(
    sight: Sight, aws: Callable[[str], Any], topic: str
) -> None:
    sight.open("playground", view="map")
    sight.wait_for_edge("sales", "subscription", "gold-sales")
    sight.watch()
    publish(aws, topic, "silver")
    sight.wait_for_particle("sales", "v", "all-sales")
    sight.wait_for_particle("sales", "s", "gold-sales")
    publish(aws, topic, "gold")
    sight.wait_for_particle("sales", "v", "gold-sales")
    sight.wait_for("counters", "gold-sales", [1, 0, 0])


def test_a_topic_is_made_and_published_to_on_the_page(sight: Sight, playground: Any) -> None:
    sight.open("playground", view="map")
    page = sight.page
    page.keyboard.press("n")
    page.locator("#panel").get_by_role("button", name="Topic", exact=True).click()
    expect(page.locator("#panel .panel-head h2")).to_have_text("New topic")
    page.locator("#panel").get_by_label("Name", exact=True).fill("made-here")
    page.get_by_role("button", name="Create Topic").click()
    sight.wait_for("nodes", "made-here", "topic")
    panel = page.locator("#panel")
    expect(panel).to_contain_text("Nobody is subscribed")
    panel.get_by_role("tab", name="Publish").click()
    panel.get_by_role("button", name="Call Publish").click()
    expect(panel.locator(".answer")).to_contain_text("MessageId: ")
    expect(panel.locator("#bench-main .in-cli:visible")).to_contain_text("aws sns publish")


def test_what_a_form_lacks_stands_beside_its_field(sight: Sight, playground: Any) -> None:
    sight.open("playground")
    page = sight.page
    page.keyboard.press("n")
    page.locator("#panel").get_by_role("button", name="Rule", exact=True).click()
    panel = page.locator("#panel")
    expect(panel.locator(".panel-head h2")).to_have_text("New rule")
    panel.get_by_label("Name", exact=True).fill("broken")
    panel.get_by_label("EventPattern").fill('{"source": "no list"}')
    panel.get_by_role("button", name="Create Rule").click()
    expect(panel.locator(".problem").first).to_contain_text("Event pattern is not valid")


def test_a_topic_is_joined_to_a_queue(
    sight: Sight, aws: Callable[[str], Any], playground: Any
) -> None:
    made = aws("sns").create_topic(Name="joined")["TopicArn"]
    url = playground.create_queue(QueueName="joined-to")["QueueUrl"]
    sight.open("playground", view="map")
    sight.wait_for("nodes", "joined", "topic")
    sight.wait_for("nodes", "joined-to", "queue")
    answer = sight.page.evaluate(
        "([source, target]) => fetch('/s/playground/do/', {method: 'POST', headers: {"
        "'content-type': 'application/json', 'x-csrftoken':"
        " JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']}, body:"
        " JSON.stringify({id: 'join', op: 'connect', args: {source, target}})})"
        ".then((each) => each.json())",
        [made, arn("sqs", "joined-to")],
    )
    assert answer["ok"], answer
    sight.wait_for_edge("joined", "subscription", "joined-to")
    aws("sns").publish(TopicArn=made, Message="hello")
    sight.wait_for("counters", "joined-to", [1, 0, 0])
    assert counters(playground, url) == (1, 0, 0)


def test_a_policy_is_tried_at_every_keystroke(
    sight: Sight, aws: Callable[[str], Any], topic: str
) -> None:
    for tier in ("gold", "silver", "gold"):
        publish(aws, topic, tier)
    sight.open("playground", view="map")
    choose(sight, "sales")
    page = sight.page
    page.locator("#panel").get_by_role("link", name="Try…").first.click()
    page.locator("#text").wait_for()
    page.locator("#text").fill('{"tier": ["silver"]}')
    expect(page.locator(".examples")).to_contain_text("Came in, and does not any more")
    expect(page.locator(".passed summary").nth(1)).to_contain_text("for silver")
    expect(page.locator(".passed details[open] mark").first).to_contain_text("tier")
    page.locator("#text").fill('{"tier": [')
    expect(page.locator("#problem")).to_contain_text("failed to parse JSON")


def test_why_not_names_the_clause(sight: Sight, aws: Callable[[str], Any], topic: str) -> None:
    publish(aws, topic, "silver")
    page = sight.page
    page.goto(f"{sight.url}/s/playground/whynot/")
    page.locator("#seq").select_option(index=1)
    page.locator("#node").select_option(label="gold-sales")
    answer = page.locator("#answer")
    expect(answer).to_contain_text("It stopped here.")
    expect(answer).to_contain_text('tier asks for "gold", and there is "silver".')


@pytest.mark.parametrize(
    "path", ["?view=map&select={}", "whynot/", "matcher/?service=sns", "matcher/?service=events"]
)
def test_nothing_for_axe(
    page: Page, site: RunningServer, aws: Callable[[str], Any], topic: str, path: str
) -> None:
    publish(aws, topic, "silver")
    page.goto(f"{site.url}/s/playground/{path.format(topic)}")
    page.locator("h1, #panel .panel-head h2").first.wait_for()
    assert_sound(page)
