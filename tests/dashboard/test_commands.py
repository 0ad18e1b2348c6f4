"""Changes made on the map: each is an AWS operation or a change of an actor, and can be undone."""

import json
import re
from itertools import count
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Arrangement
from messaging.simulation import control
from messaging.simulation.models import Actor
from tests.dashboard.conftest import Desk

NUMBERS = count()


def do(desk: Desk, op: str, *, status: int = 200, name: str = "", **args: Any) -> dict[str, Any]:
    response = desk.client.post(
        f"/s/{desk.sandbox.slug}/do/",
        {"id": name or f"c{next(NUMBERS)}", "op": op, "args": args},
        content_type="application/json",
    )
    assert response.status_code == status, response.content
    return dict(response.json())


def undo(desk: Desk, done: dict[str, Any]) -> dict[str, Any]:
    return do(desk, done["undo"]["op"], **done["undo"]["args"])


def attributes(desk: Desk, name: str) -> dict[str, str]:
    found = desk.call("GetQueueAttributes", QueueUrl=desk.url(name), AttributeNames=["All"])
    return dict(found["Attributes"])


def producer(desk: Desk, target: str, **settings: Any) -> Actor:
    return control.add_actor(
        desk.sandbox.pk, kind="producer", label="shop", settings={"target": target, **settings}
    )


def test_a_queue_gets_its_dead_letter_queue_and_loses_it_again(desk: Desk) -> None:
    orders, dlq = desk.create("orders"), desk.create("orders-dlq")
    done = do(desk, "connect", source=orders, target=dlq, receives=3)
    assert done["text"] == "orders moves messages to orders-dlq after 3 receives."
    policy = json.loads(attributes(desk, "orders")["RedrivePolicy"])
    assert policy == {"deadLetterTargetArn": dlq, "maxReceiveCount": 3}
    redo = undo(desk, done)
    assert "RedrivePolicy" not in attributes(desk, "orders")
    undo(desk, redo)
    assert json.loads(attributes(desk, "orders")["RedrivePolicy"]) == policy


def test_a_refusal_is_awss_own_text(desk: Desk) -> None:
    orders, dlq = desk.create("orders.fifo", FifoQueue="true"), desk.create("orders-dlq")
    answer = do(desk, "connect", status=422, source=orders, target=dlq)
    assert answer["code"] == "InvalidParameterValue"
    assert "RedrivePolicy" in answer["text"]
    assert "RedrivePolicy" not in attributes(desk, "orders.fifo")


def test_actors_are_attached_to_queues(desk: Desk) -> None:
    orders, other = desk.create("orders"), desk.create("other.fifo", FifoQueue="true")
    shop = producer(desk, orders)
    done = do(desk, "connect", source=shop.node, target=other)
    settings = Actor.objects.get(key=shop.key).settings
    assert (settings["target"], settings["groups"]) == (other, 1)
    undo(desk, done)
    assert Actor.objects.get(key=shop.key).settings == {"target": orders}
    worker = control.add_actor(
        desk.sandbox.pk, kind="consumer", label="worker", settings={"source": orders}
    )
    do(desk, "connect", source=other, target=worker.node)
    assert Actor.objects.get(key=worker.key).settings["source"] == other
    answer = do(desk, "connect", status=422, source=orders, target=shop.node)
    assert answer["text"] == "shop is a producer, not a consumer."


def test_a_duplicate_has_the_configuration_and_no_messages(desk: Desk) -> None:
    arn = desk.create("orders.fifo", FifoQueue="true", VisibilityTimeout="77")
    desk.call("TagQueue", QueueUrl=desk.url("orders.fifo"), Tags={"team": "a"})
    done = do(desk, "duplicate", id=arn)
    assert done["made"] == desk.arn("orders-copy.fifo")
    made = attributes(desk, "orders-copy.fifo")
    assert (made["VisibilityTimeout"], made["FifoQueue"]) == ("77", "true")
    tags = desk.call("ListQueueTags", QueueUrl=desk.url("orders-copy.fifo"))["Tags"]
    assert tags == {"team": "a"}
    assert do(desk, "duplicate", id=arn)["made"] == desk.arn("orders-copy-2.fifo")
    undo(desk, done)
    assert len(desk.call("ListQueues")["QueueUrls"]) == 2


def test_a_duplicated_actor_is_another_one(desk: Desk) -> None:
    shop = producer(desk, desk.create("orders"), rate=4.0)
    done = do(desk, "duplicate", id=shop.node)
    copy = Actor.objects.get(key=done["made"].removeprefix("actor:"))
    assert (copy.label, copy.settings) == ("shop copy", shop.settings)
    undo(desk, done)
    assert Actor.objects.count() == 1


def test_a_deleted_queue_comes_back_only_without_messages(desk: Desk) -> None:
    empty, full = desk.create("empty", VisibilityTimeout="12"), desk.create("full")
    desk.send("kept", "full")
    assert do(desk, "delete", id=full)["undo"] is None
    done = do(desk, "delete", id=empty)
    assert done["undo"]["args"]["attributes"]["VisibilityTimeout"] == "12"
    refused = do(desk, "create", status=422, **done["undo"]["args"])
    assert refused["code"] == "QueueDeletedRecently"
    control.forward(desk.sandbox.pk, control.pause(desk.sandbox.pk).now + 61_000)
    undo(desk, done)
    assert attributes(desk, "empty")["VisibilityTimeout"] == "12"


def test_a_deleted_actor_comes_back(desk: Desk) -> None:
    shop = producer(desk, desk.create("orders"), rate=4.0)
    done = do(desk, "delete", id=shop.node)
    assert not Actor.objects.exists()
    undo(desk, done)
    assert Actor.objects.get().settings == shop.settings


def test_settings_are_changed_and_changed_back(desk: Desk) -> None:
    arn = desk.create("orders", VisibilityTimeout="12")
    done = do(desk, "attributes", id=arn, attributes={"VisibilityTimeout": "40"})
    assert attributes(desk, "orders")["VisibilityTimeout"] == "40"
    undo(desk, done)
    assert attributes(desk, "orders")["VisibilityTimeout"] == "12"
    shop = producer(desk, arn)
    done = do(desk, "settings", id=shop.node, settings={"target": arn, "rate": 9})
    undo(desk, done)
    assert Actor.objects.get().settings == {"target": arn}
    answer = do(desk, "settings", status=422, id=shop.node, settings={"target": arn, "rate": -1})
    assert answer["text"].startswith("rate: must be a number")


def test_what_a_panel_saved_can_be_undone_on_the_map(desk: Desk) -> None:
    arn = desk.create("orders", VisibilityTimeout="12")
    response = desk.post("sqs/attributes/", arn=arn, VisibilityTimeout="55")
    assert attributes(desk, "orders")["VisibilityTimeout"] == "55"
    undo(desk, json.loads(response.headers["HX-Trigger"])["undoable"])
    assert attributes(desk, "orders")["VisibilityTimeout"] == "12"


def test_what_the_form_of_an_actor_saved_can_be_undone_too(desk: Desk) -> None:
    arn = desk.create("orders")
    shop = producer(desk, arn)
    old = dict(shop.settings)
    page = desk.get("actor/edit/", key=shop.key).content.decode()
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    fields |= {"body": "x", "pattern": "steady", "target": arn, "rate": "7", "label": "warehouse"}
    response = desk.post("actor/edit/", **fields)
    assert response.status_code == 200
    changed = Actor.objects.get()
    assert (changed.label, changed.settings["rate"]) == ("warehouse", 7)
    undone = undo(desk, json.loads(response.headers["HX-Trigger"])["undoable"])
    back = Actor.objects.get()
    assert (back.label, back.settings) == (shop.label, old)
    undo(desk, undone)
    assert Actor.objects.get().settings == changed.settings
    assert Actor.objects.get().label == "warehouse"


def test_pins_are_kept_and_taken_away(desk: Desk) -> None:
    arn = desk.create("orders")
    done = do(desk, "pin", places={arn: [12, -4.5]})
    assert Arrangement.objects.get().places == {arn: [12.0, -4.5]}
    assert "&quot;: [12.0, -4.5]" in desk.get("").content.decode()
    undo(desk, done)
    assert Arrangement.objects.get().places == {}
    do(desk, "pin", status=422, places={arn: ["left", 1]})
    do(desk, "pin", status=422, places={arn: [float("1e99"), 1]})


def test_a_command_sent_twice_is_done_once(desk: Desk) -> None:
    command = {"id": "same", "op": "duplicate", "args": {"id": desk.create("orders")}}
    path = f"/s/{desk.sandbox.slug}/do/"
    answers = [
        desk.client.post(path, command, content_type="application/json").json() for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert len(desk.call("ListQueues")["QueueUrls"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        "no json",
        "[]",
        '{"op":"delete","args":{}}',
        '{"id":"x","op":"explode","args":{}}',
        '{"id":"x","op":"delete","args":[]}',
    ],
)
def test_what_is_no_command_is_refused(desk: Desk, body: str) -> None:
    path = f"/s/{desk.sandbox.slug}/do/"
    response = desk.client.post(path, body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["code"] == "BadCommand"


def test_commands_need_the_token(desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    path = f"/s/{desk.sandbox.slug}/do/"
    body = {"id": "x", "op": "delete", "args": {"id": desk.create("orders")}}
    assert strict.post(path, body, content_type="application/json").status_code == 403
    assert desk.client.get(path).status_code == 405
