"""Actors and faults by hand: forms, their errors, what they do to a world that runs."""

import json
import re
from typing import Any

import pytest

from messaging.simulation import chaos, control
from messaging.simulation.models import Actor, Fault
from tests.dashboard.conftest import Desk, text_of, toast_of

PRODUCER = {
    "kind": "producer", "label": "shop", "pattern": "steady", "rate": "2.5", "body": "${counter}",
    "pace": "even", "group_order": "dice", "poison_share": "6",
}  # fmt: skip
CONSUMER = {
    "kind": "consumer", "label": "clerk", "slots": "3", "batch": "2", "work": "lognormal",
    "seconds": "1", "seconds_p95": "4", "deletes": "batch", "idempotent": "on",
}  # fmt: skip


def actor(desk: Desk, key: str) -> Actor:
    return Actor.objects.get(sandbox=desk.sandbox.pk, key=key)


@pytest.mark.parametrize("kind", ["producer", "consumer", "fleet"])
def test_the_form_of_each_kind_offers_the_queues(desk: Desk, kind: str) -> None:
    arn = desk.create()
    page = desk.get("actor/new/", kind=kind)
    assert page.status_code == 200
    assert f'value="{arn}"' in page.content.decode()
    assert f"Add {kind}" in text_of(page)


def test_without_a_queue_it_says_so(desk: Desk) -> None:
    assert "No queue to work on." in text_of(desk.get("actor/new/"))


def test_a_producer_is_made_and_runs(desk: Desk) -> None:
    arn = desk.create()
    made = desk.post(
        "actor/new/", target=arn, message_attributes="tier = gold\nsource=web", **PRODUCER
    )
    assert toast_of(made)["text"] == "Producer shop runs."
    assert 'data-shows="actor:shop"' in made.content.decode()
    settings = actor(desk, "shop").settings
    assert settings["attributes"] == {"tier": "gold", "source": "web"}
    assert (settings["rate"], settings["poison_share"], settings["pace"]) == (2.5, 0.06, "even")
    assert "Sends Steadily" in text_of(made)


def test_a_consumer_and_a_fleet_are_made(desk: Desk) -> None:
    arn = desk.create()
    desk.post("actor/new/", source=arn, **CONSUMER)
    settings = actor(desk, "clerk").settings
    assert (settings["slots"], settings["idempotent"], settings["deletes"]) == (3, True, "batch")
    fleet = {"kind": "fleet", "label": "crew", "least": "2", "most": "5", "target_backlog": "20"}
    made = desk.post("actor/new/", source=arn, **{**CONSUMER, **fleet})
    assert "2 workers" in text_of(made)


def test_what_the_form_shows_is_what_it_takes(desk: Desk) -> None:
    """Saving a form that nobody has touched changes nothing."""
    arn = desk.create()
    desk.post("actor/new/", target=arn, **PRODUCER)
    before = actor(desk, "shop").settings
    page = desk.get("actor/edit/", key="shop").content.decode()
    fields = dict(re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', page))
    fields |= {name: text.strip() for name, text in
               re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>([^<]*)<', page)}  # fmt: skip
    for name, inside in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        options = re.findall(r'value="([^"]*)"( selected)?', inside)
        fields[name] = next((value for value, chosen in options if chosen), options[0][0])
    saved = desk.post("actor/edit/", **fields)
    assert saved.status_code == 200
    after = actor(desk, "shop").settings
    assert before.items() <= after.items()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("rate", "0", "Use 0.001 to 10,000."),
        ("rate", "fast", "Use 0.001 to 10,000."),
        ("batch", "11", "Use 1 to 10."),
        ("batch", "1.5", "Use a whole number."),
        ("body", "${nothing}", "is unknown"),
        ("label", "", "This field is required."),
        ("poison_share", "101", "Use 0 to 100."),
    ],
)
def test_an_error_stands_beside_its_field(desk: Desk, field: str, value: str, words: str) -> None:
    arn = desk.create()
    response = desk.post("actor/new/", target=arn, **{**PRODUCER, field: value})
    assert response.status_code == 422
    page = response.content.decode()
    at = page.index(f'name="{field}"')
    assert words in page[at : at + 900]
    assert not Actor.objects.exists()


def test_a_group_is_asked_for_where_the_queue_is_fifo(desk: Desk) -> None:
    arn = desk.create("line.fifo", FifoQueue="true")
    refused = desk.post("actor/new/", target=arn, **PRODUCER, groups="0")
    assert refused.status_code == 422
    assert "a FIFO queue needs a group id" in text_of(refused)
    assert '<details class="more-of" open><summary>Message groups' in refused.content.decode()


def test_editing_takes_effect_while_it_runs(desk: Desk) -> None:
    arn = desk.create()
    desk.post("actor/new/", target=arn, **PRODUCER)
    form = {**PRODUCER, "label": "store", "rate": "9"}
    saved = desk.post("actor/edit/", key="shop", target=arn, **form)
    assert toast_of(saved)["text"] == "store goes on with new settings."
    assert "9 messages/s" in text_of(saved)
    assert actor(desk, "shop").state == "running"


def test_duplicate_delete_and_gone(desk: Desk) -> None:
    arn = desk.create()
    desk.post("actor/new/", target=arn, **PRODUCER)
    assert toast_of(desk.post("actor/duplicate/", key="shop"))["text"] == "shop copy runs."
    assert actor(desk, "shop-copy").settings == actor(desk, "shop").settings
    desk.post("actor/remove/", key="shop")
    for path in ("actor/remove/", "actor/duplicate/", "actor/edit/", "actor/"):
        assert "was deleted." in text_of(desk.post(path, key="shop"))
    assert "was deleted." in text_of(desk.get("actor/edit/", key="shop"))


def test_names_are_text_and_nothing_else(desk: Desk) -> None:
    arn = desk.create()
    desk.post("actor/new/", target=arn, **{**PRODUCER, "label": "<b>shop</b>"})
    [made] = Actor.objects.all()
    assert "<b>shop</b>" not in desk.panel(made.node)
    assert "<b>shop</b>" not in desk.get("actor/edit/", key=made.key).content.decode()


@pytest.fixture
def clerk(desk: Desk) -> str:
    arn = desk.create()
    desk.post("actor/new/", source=arn, **CONSUMER)
    return "actor:clerk"


def put(desk: Desk, on: str, **fields: str) -> Any:
    return desk.post("chaos/", **{"target": on, "kind": "crash", "lasts": "30", **fields})


def test_a_fault_is_put_on_and_taken_off(desk: Desk, clerk: str) -> None:
    assert "Nothing is wrong in this sandbox." in desk.panel(clerk)
    on = put(desk, clerk)
    assert toast_of(on)["text"] == "Crash is on."
    [fault] = chaos.listed(desk.sandbox.pk)
    assert f'data-until="{fault["next_at"]}"' in on.content.decode()
    assert "Crash on clerk" in text_of(desk.get("chaos/", target=desk.arn("orders")))
    assert control.pause(desk.sandbox.pk).paused, "a crash waits for no time to pass"
    assert "crashed" in desk.panel(clerk)
    off = desk.post("chaos/stop/", number=str(fault["number"]), target=clerk)
    assert toast_of(off)["text"] == "The fault is off."
    assert not Fault.objects.exists()
    again = desk.post("chaos/stop/", number=str(fault["number"]), target=clerk)
    assert toast_of(again)["text"] == "It had ended already."


def test_a_queue_has_its_tray_too(desk: Desk) -> None:
    arn = desk.create()
    assert "Let something go wrong here" in desk.panel(arn)
    put(desk, arn, kind="throttle", share="50", after="10", every="60")
    [fault] = chaos.listed(desk.sandbox.pk)
    assert (fault["state"], fault["settings"]["share"]) == ("waiting", 0.5)
    assert "50 %, every 60 s" in desk.panel(arn)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "poison"}, "Select a valid choice"),
        ({"lasts": "0"}, "Use 0.1 to"),
        ({"every": "20"}, "Must be longer than it lasts"),
        ({"share": "0"}, "Use 0.1 to 100."),
    ],
)
def test_a_refused_fault_says_why(
    desk: Desk, clerk: str, fields: dict[str, str], words: str
) -> None:
    response = put(desk, clerk, **fields)
    assert response.status_code == 422
    assert words in text_of(response)
    assert not Fault.objects.exists()


def test_a_target_that_is_gone(desk: Desk) -> None:
    assert toast_of(put(desk, "actor:nobody"))["kind"] == "error"


def test_events_carry_what_a_fault_was(desk: Desk, clerk: str) -> None:
    put(desk, clerk, kind="latency", seconds="4", seed="7")
    [event] = desk.events("chaos.Started")
    assert json.dumps(event)
    assert (event["fault"], event["seconds"], event["seed"]) == ("latency", 4, 7)
