"""Scenario documents: read, written, built and captured; what is wrong is said with its path."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.scenarios.building import build
from dashboard.scenarios.capturing import capture
from dashboard.scenarios.document import Account, Actor, Fault, Message, Queue, Scenario, write
from dashboard.scenarios.gallery import templates
from dashboard.scenarios.parts import ScenarioError
from dashboard.scenarios.queue_attributes import without_assumed
from dashboard.scenarios.reading import read
from messaging.kernel.models import AccessKey, Event, Sandbox
from messaging.kernel.models import Account as AccountRow
from messaging.simulation import chaos
from messaging.simulation.demo import create_demo
from messaging.simulation.models import Actor as ActorRow
from tests.dashboard.conftest import Desk, text_of
from tests.fixtures.engine import ACCOUNT, REGION

NUMBERS = ("402177851930", "111122223333")
REGIONS = ("eu-central-2", "us-east-1")

words = st.text(st.sampled_from("abcXYZ019-_"), min_size=1, max_size=12)


@st.composite
def queues(draw: st.DrawFn) -> Queue:
    fifo = draw(st.booleans())
    attributes: dict[str, Any] = {}
    for name, value in (
        ("VisibilityTimeout", st.integers(0, 43_200)),
        ("DelaySeconds", st.integers(0, 900)),
        ("MessageRetentionPeriod", st.integers(60, 1_209_600)),
        ("ReceiveMessageWaitTimeSeconds", st.integers(0, 20)),
        ("SqsManagedSseEnabled", st.just(False)),
    ):
        if draw(st.booleans()):
            attributes[name] = draw(value)
    if fifo and draw(st.booleans()):
        attributes["ContentBasedDeduplication"] = True
    return Queue(
        draw(words) + (".fifo" if fifo else ""),
        draw(st.sampled_from(REGIONS)),
        draw(st.integers(0, 1)),
        without_assumed(attributes),
        draw(st.dictionaries(words, words, max_size=2)),
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Return a scenario as a document holds it: what it refers to exists in it."""
    found = draw(st.lists(queues(), max_size=4, unique_by=lambda queue: queue.name))
    names = [queue.name for queue in found]
    plain = [name for name in names if not name.endswith(".fifo")]
    for place, queue in enumerate(found):
        targets = [one.name for one in found if one is not queue
                   and (one.region, one.account) == (queue.region, queue.account)
                   and one.name.endswith(".fifo") == queue.name.endswith(".fifo")]  # fmt: skip
        if targets and draw(st.booleans()):
            policy = {"deadLetterTargetArn": f"queue:{draw(st.sampled_from(targets))}",
                      "maxReceiveCount": draw(st.integers(1, 1_000))}  # fmt: skip
            attributes = without_assumed({**queue.attributes, "RedrivePolicy": policy})
            found[place] = Queue(queue.name, queue.region, queue.account, attributes, queue.tags)
    actors = [
        Actor(kind, draw(words), {field: f"queue:{draw(st.sampled_from(plain))}"})
        for kind, field in draw(
            st.lists(st.sampled_from([("producer", "target"), ("consumer", "source")]), max_size=3)
        )
        if plain
    ]  # fmt: skip
    messages = [
        Message(name, draw(words), "g" if name.endswith(".fifo") else "", 0)
        for name in draw(st.lists(st.sampled_from(names), max_size=4) if names else st.just([]))
    ]
    marks = {"kind": {"type": "String", "value": "x"}, "raw": {"type": "Binary", "base64": "AP8="}}
    messages += [Message(plain[0], "late", "", 7, marks)
                 for _ in range(draw(st.integers(0, 1))) if plain]  # fmt: skip
    faults = [
        Fault(kind, f"queue:{name}", {"lasts": 5, "after": draw(st.integers(0, 3)), "seed": 9})
        for name in names
        for kind in draw(st.lists(st.sampled_from(["drop", "latency", "throttle"]), max_size=1))
    ]
    pins = {f"queue:{name}": (1.5, -20.0) for name in names if draw(st.booleans())}
    return Scenario(
        name=draw(words),
        seed=draw(st.integers(0, 2**62 - 1)),
        rate=draw(st.sampled_from([0.1, 1.0, 60.0])),
        paused=True,
        accounts=tuple(Account(number, REGIONS) for number in NUMBERS),
        queues=tuple(found),
        actors=tuple(actors),
        messages=tuple(messages),
        faults=tuple(faults),
        pins=pins,
    )


@given(scenarios())
def test_what_is_written_is_read_again(scenario: Scenario) -> None:
    assert read(write(scenario)) == scenario
    assert write(read(write(scenario))) == write(scenario)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(scenarios())
def test_export_of_an_import_is_the_document(desk: Desk, scenario: Scenario) -> None:
    text = write(scenario)
    sandbox = build(read(text))
    assert write(capture(sandbox, messages=True)) == text


@given(st.text() | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(ScenarioError):
        read(text)


def test_a_fault_and_a_binary_attribute_come_with_the_document(desk: Desk) -> None:
    document = {
        "signalbox": 2, "name": "x", "clock": {"paused": True},
        "accounts": [{"number": ACCOUNT, "regions": [REGION]}],
        "queues": [{"name": "orders"}],
        "actors": [{"kind": "consumer", "name": "worker", "settings": {"source": "queue:orders"},
                    "running": False}],
        "messages": [{"queue": "orders", "body": "x", "attributes": {
            "raw": {"type": "Binary.png", "base64": "AP8="}}}],
        "faults": [{"kind": "crash", "target": "actor:worker", "settings": {"lasts": 60}}],
    }  # fmt: skip
    AccountRow.objects.filter(sandbox=desk.sandbox).delete()
    desk.sandbox = build(read(json.dumps(document)))
    (fault,) = chaos.listed(desk.sandbox.pk)
    assert (fault["target"], fault["kind"], fault["state"]) == ("actor:worker", "crash", "on")
    received = desk.call("ReceiveMessage", QueueUrl=desk.url("orders"),
                         MessageAttributeNames=["All"])["Messages"]  # fmt: skip
    value = received[0]["MessageAttributes"]["raw"]
    assert (value["DataType"], value["BinaryValue"]) == ("Binary.png", b"\x00\xff")


def test_a_document_of_version_1_is_still_read() -> None:
    text = '{"signalbox":1,"name":"old","queues":[{"name":"a"}]}'
    assert [queue.name for queue in read(text).queues] == ["a"]
    assert '"signalbox": 4' in write(read(text))


PATHS = [
    ({"signalbox": 5}, "signalbox: this program reads versions 1 to 4; the document says 5"),
    ({"signalbox": 1, "faults": []}, "faults: is not known here"),
    ({"signalbox": 1, "messages": [{"queue": "a", "body": "x", "attributes": {
        "k": {"type": "Binary", "base64": "AAE="}}}]},
     "messages[0].attributes.k.value: is required"),
    ({"messages": [{"queue": "a", "body": "x", "attributes": {
        "k": {"type": "Binary", "base64": "%"}}}]},
     "messages[0].attributes.k.base64: must be base64"),
    ({"faults": [{"kind": "crash", "target": "queue:a"}]}, "faults[0].target: there is no queue:a"),
    ({"queues": [{"name": "a"}], "faults": [{"kind": "noise", "target": "queue:a"}]},
     "faults[0].kind: must be one of"),
    ({"queues": [{"name": "a"}], "faults": [
        {"kind": "drop", "target": "queue:a", "settings": {"lasts": -1}}]},
     "faults[0].settings.lasts: must be a number"),
    ({"faults": [{"kind": "drop", "target": "queue:a", "settings": {"kind": "crash"}}]},
     "faults[0].settings.kind: stands beside"),
    ({"signalbox": None}, "signalbox: is required"),
    ({"name": ""}, "name: is required"),
    ({"colour": 1}, "colour: is not known here"),
    ({"seed": -1}, "seed: must be a whole number from 0"),
    ({"clock": {"rate": 0}}, "clock.rate: must be a number from 0.001 to 1000"),
    ({"accounts": [{"number": "12"}]}, "accounts[0].number: must be 12 digits"),
    ({"accounts": [{}, {}]}, "accounts[1].number: is required"),
    ({"queues": [{"name": "a"}, {"name": "a"}]}, "queues[1].name: a queue named a is there twice"),
    ({"queues": [{"name": "a", "region": "mars-1"}]}, "queues[0].region: mars-1 is none"),
    ({"queues": [{"name": "a", "attributes": {"Policy": 3}}]}, "queues[0].attributes.Policy: must"),
    ({"queues": {}}, "queues: must be a list"),
    ({"messages": [{"queue": "a", "body": ""}]}, "messages[0].body: is required"),
    ({"layout": {"pins": {"queue:a": [1]}}}, "layout.pins.queue:a: must be two numbers"),
    ({"queues": [{"name": "a", "attributes": {"DelaySeconds": 901}}]},
     "queues[0].attributes.DelaySeconds: "),
    ({"queues": [{"name": "ok"}, {"name": "no good"}]}, "queues[1]: "),
    ({"queues": [{"name": "a", "attributes": {"RedrivePolicy": {
        "deadLetterTargetArn": "queue:b", "maxReceiveCount": 3}}}]},
     "queues[0].attributes.RedrivePolicy: "),
    ({"messages": [{"queue": "b", "body": "x"}]}, "messages[0].queue: there is no queue b here"),
    ({"actors": [{"kind": "robot", "name": "r"}]}, "actors[0].kind: must be one of"),
    ({"actors": [{"kind": "producer", "name": "p", "settings": {"target": "queue:b"}}]},
     "actors[0].settings.target: there is no queue b here"),
    ({"queues": [{"name": "a"}], "actors": [{"kind": "producer", "name": "p", "settings": {
        "target": "queue:a", "rate": "fast"}}]}, "actors[0].settings.rate: must be a number"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), PATHS, ids=[words for _, words in PATHS])
def test_what_is_wrong_is_said_with_its_path(desk: Desk, change: Any, words: str) -> None:
    before = Event.objects.count(), Sandbox.objects.count(), AccessKey.objects.count()
    document = {"signalbox": 2, "name": "x"} | change
    with pytest.raises(ScenarioError) as refused:
        build(read(json.dumps(document)))
    assert str(refused.value).startswith(words)
    assert (Event.objects.count(), Sandbox.objects.count(), AccessKey.objects.count()) == before
    assert ActorRow.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "This is no JSON: "),
        ("[" * 100_000, "The document is nested too deeply."),
        ('{"signalbox":1,"name":"a","name":"b"}', "An object holds the name name twice."),
        ('{"signalbox":1,"name":"a\\u0000"}', "name: holds a character"),
        ('{"signalbox":1,"name":"a\\ud800"}', "name: holds a character"),
        ('{"signalbox":1,"seed":NaN}', "This is no JSON: NaN"),
        ("9" * 10_000, "This is no JSON: a number is too long."),
        ('{"clock":{"rate":1e999},"signalbox":1,"name":"a"}', "clock.rate: must be a number"),
    ],
)
def test_hostile_documents_are_refused(text: str, words: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        read(text)
    assert str(refused.value).startswith(words)


def test_the_gallery_shows_its_documents_and_starts_them(desk: Desk) -> None:
    page = desk.client.get("/").content.decode()
    for template in templates():
        assert str(template.title) in page
        assert str(template.words) in page
        made = desk.client.post("/s/", {"template": template.slug})
        sandbox = Sandbox.objects.get(slug=made.headers["Location"].split("/")[2])
        assert sandbox.name == template.scenario.name
        again = capture(sandbox)
        assert (again.queues, again.actors) == (template.scenario.queues, template.scenario.actors)


def test_the_order_pipeline_is_the_demo(desk: Desk) -> None:
    demo = capture(create_demo())
    template = next(one.scenario for one in templates() if one.slug == "order-pipeline")
    assert (demo.queues, demo.actors, demo.seed) == (
        template.queues, template.actors, template.seed
    )  # fmt: skip


def test_a_document_is_imported_as_text_or_file(desk: Desk) -> None:
    text = '{"signalbox":1,"name":"Shop","queues":[{"name":"orders"}]}'
    pasted = desk.client.post("/new/import/", {"document": text})
    assert pasted.headers["Location"] == "/s/shop/"
    file = SimpleUploadedFile("shop.json", b"\xef\xbb\xbf" + text.encode())
    uploaded = desk.client.post("/new/import/", {"file": file})
    assert uploaded.headers["Location"] == "/s/shop-2/"
    assert AccessKey.objects.filter(account__sandbox__slug="shop-2").count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Paste a document, or choose a file."),
        ({"document": '{"signalbox":1}'}, "name : is required"),
        ({"document": '{"signalbox":1,"name":"x","queues":[{"name":"no good"}]}'}, "queues[0] : "),
        ({"file": SimpleUploadedFile("x.json", b"\xff\xfe")}, "The file is no UTF-8 text."),
    ],
)
def test_a_refused_import_says_why_and_makes_nothing(
    desk: Desk, data: dict[str, Any], words: str
) -> None:
    refused = desk.client.post("/new/import/", data)
    assert refused.status_code == 422
    assert words in text_of(refused)
    assert Sandbox.objects.count() == 1


def test_import_needs_the_token(desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/new/import/", {"document": "{}"}).status_code == 403
    assert strict.get("/new/").status_code == 200


def test_the_switcher_lists_what_a_person_may_see(desk: Desk) -> None:
    assert "desk" in text_of(desk.client.get("/switcher/"))
    with override_settings(MODE="classroom"):
        assert desk.client.get("/switcher/").status_code == 302


def test_only_the_embedded_page_is_framed_and_only_where_it_is_allowed(desk: Desk) -> None:
    def framing(**query: str) -> tuple[str | None, str]:
        page = desk.get("", **query)
        rules = page.headers["Content-Security-Policy"].partition("frame-ancestors ")[2]
        return page.headers.get("X-Frame-Options"), rules.partition(";")[0]

    shut = ("DENY", "'none'")
    assert framing() == framing(embed="1") == shut
    with override_settings(EMBED_ORIGINS=["https://school.example"]):
        assert framing() == framing(player="1") == shut
        assert framing(embed="1") == (None, "https://school.example")
        assert desk.client.get("/?embed=1").headers["X-Frame-Options"] == "DENY"


def test_the_embedded_page_holds_no_token(desk: Desk) -> None:
    embedded, whole = desk.get("", embed="1").content.decode(), desk.get("").content.decode()
    assert '"X-CSRFToken": ""' in embedded
    assert "csrfmiddlewaretoken" not in embedded
    assert '"X-CSRFToken": ""' not in whole
    assert "csrfmiddlewaretoken" in whole
