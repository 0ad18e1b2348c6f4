"""The panel of a queue: what it shows, and that each button is the AWS call that it says."""

import json
from typing import Any

import pytest
from django.test import Client

from messaging.engine import engine
from tests.dashboard.conftest import Desk, text_of, toast_of

RUDE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202eevil\u0007"


def test_looking_is_free(desk: Desk) -> None:
    arn = desk.create()
    desk.send("hello")
    before = desk.last_seq()
    shown = desk.panel(arn)
    assert "hello" in shown
    assert desk.last_seq() == before
    assert (
        desk.call("ReceiveMessage", QueueUrl=desk.url("orders"))["Messages"][0]["Body"] == "hello"
    )


def test_bodies_are_text_and_nothing_else(desk: Desk) -> None:
    arn = desk.create()
    desk.call("SendMessage", QueueUrl=desk.url("orders"), MessageBody=RUDE.replace("\u0007", "\t"))
    shown = desk.panel(arn)
    assert "<script>alert" not in shown
    assert "onerror=alert(2)&gt;" in shown
    assert "\u202e" not in shown
    assert "⟨U+202E⟩" in shown
    assert "␉" in shown


def test_groups_and_names_are_text_too(desk: Desk) -> None:
    arn = desk.create()
    desk.send("x", MessageGroupId="<b>bold</b>")
    assert "&lt;b&gt;bold&lt;/b&gt;" in desk.panel(arn)
    gone = desk.panel('arn:aws:sqs:eu-central-1:402177851930:"><script>x</script>')
    assert "<script>x" not in gone


def test_send_calls_send_message(desk: Desk) -> None:
    arn = desk.create()
    response = desk.post("sqs/send/", arn=arn, MessageBody="it's me", DelaySeconds="5")
    assert response.status_code == 200
    assert toast_of(response) == {"text": "Sent to orders.", "kind": "ok"}
    assert [(event["by"], event["is"]) for event in desk.events("sqs.MessageSent")] == [
        ("console", "d")
    ]
    shown = text_of(response)
    assert """--message-body 'it'"'"'s me'""" in shown
    assert """MessageBody="it's me",""" in shown
    assert "DelaySeconds=5" in shown


def test_a_refused_send_stands_beside_its_field(desk: Desk) -> None:
    arn = desk.create()
    response = desk.post("sqs/send/", arn=arn, MessageBody="x", DelaySeconds="901")
    assert response.status_code == 422
    page = response.content.decode()
    assert "Value 901 for parameter DelaySeconds is invalid" in page
    assert page.index('name="DelaySeconds"') < page.index("Value 901")
    assert desk.events("sqs.MessageSent") == []


def test_a_fifo_queue_asks_for_a_group(desk: Desk) -> None:
    arn = desk.create("line.fifo", FifoQueue="true")
    response = desk.post("sqs/send/", arn=arn, MessageBody="x", MessageGroupId="")
    assert response.status_code == 422
    assert "MessageGroupId" in text_of(response)
    done = desk.post(
        "sqs/send/", arn=arn, MessageBody="x", MessageGroupId="a", MessageDeduplicationId="1"
    )
    assert done.status_code == 200
    assert desk.events("sqs.MessageSent")[0]["g"] == "a"


def test_what_was_received_can_be_deleted(desk: Desk) -> None:
    arn = desk.create()
    desk.send("one")
    received = desk.post("sqs/receive/", arn=arn)
    assert toast_of(received)["text"].startswith("Received, not gone. Comes back in 30 s")
    page = received.content.decode()
    handle = page.split('name="receipt_handle" value="')[1].split('"')[0]
    assert handle in desk.panel(arn)
    deleted = desk.post("sqs/delete/", arn=arn, receipt_handle=handle)
    assert toast_of(deleted)["text"] == "Message deleted."
    assert len(desk.events("sqs.MessageDeleted")) == 1


def test_another_browser_holds_no_handle(desk: Desk) -> None:
    arn = desk.create()
    desk.send("one")
    desk.post("sqs/receive/", arn=arn)
    other = Desk(Client(), desk.sandbox)
    assert "receipt_handle" not in other.panel(arn)


def test_receiving_nothing_says_so(desk: Desk) -> None:
    response = desk.post("sqs/receive/", arn=desk.create())
    assert toast_of(response)["text"] == "Nothing was received. No message is visible."


def test_a_forged_handle_is_refused_by_sqs(desk: Desk) -> None:
    response = desk.post("sqs/delete/", arn=desk.create(), receipt_handle="forged")
    assert toast_of(response)["kind"] == "error"
    assert "ReceiptHandleIsInvalid" in toast_of(response)["text"]


def test_settings_send_only_what_changed(desk: Desk) -> None:
    arn, dlq = desk.create(), desk.create("orders-dlq")
    form = {
        "VisibilityTimeout": "45",
        "DelaySeconds": "0",
        "ReceiveMessageWaitTimeSeconds": "0",
        "MessageRetentionPeriod": "345600",
        "dead_letter_queue": dlq,
        "max_receives": "4",
    }
    response = desk.post("sqs/attributes/", arn=arn, **form)
    assert toast_of(response)["text"] == "Settings of orders saved."
    [event] = desk.events("sqs.AttributesSet")
    assert event["attributes"] == {
        "VisibilityTimeout": "45",
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": dlq, "maxReceiveCount": 4}),
    }
    again = desk.post("sqs/attributes/", arn=arn, **form)
    assert toast_of(again)["text"] == "Nothing to save: all settings are as they were."
    assert "Dead-letter queue" in desk.panel(dlq)
    removed = desk.post("sqs/attributes/", arn=arn, **(form | {"dead_letter_queue": ""}))
    assert removed.status_code == 200
    assert desk.events("sqs.AttributesSet")[-1]["attributes"] == {"RedrivePolicy": ""}


def test_a_refused_setting_stands_beside_its_field(desk: Desk) -> None:
    arn = desk.create()
    response = desk.post(
        "sqs/attributes/",
        arn=arn,
        VisibilityTimeout="43201",
        DelaySeconds="0",
        ReceiveMessageWaitTimeSeconds="0",
        MessageRetentionPeriod="345600",
        max_receives="3",
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert page.index('name="VisibilityTimeout"') < page.index(
        "Invalid value for the parameter VisibilityTimeout"
    )


def test_create_leaves_aws_its_defaults(desk: Desk) -> None:
    assert desk.get("sqs/create/").status_code == 200
    form: dict[str, Any] = {
        "QueueName": "fresh.fifo",
        "VisibilityTimeout": "30",
        "DelaySeconds": "0",
        "ReceiveMessageWaitTimeSeconds": "20",
        "MessageRetentionPeriod": "345600",
        "max_receives": "3",
        "ContentBasedDeduplication": "on",
    }
    response = desk.post("sqs/create/", **form)
    assert toast_of(response)["text"] == "Queue fresh.fifo created."
    [event] = desk.events("sqs.QueueCreated")
    assert event["attributes"] == {
        "ReceiveMessageWaitTimeSeconds": "20",
        "FifoQueue": "true",
        "ContentBasedDeduplication": "true",
    }
    refused = desk.post("sqs/create/", **(form | {"QueueName": "no spaces please"}))
    assert refused.status_code == 422
    assert "Can only include alphanumeric characters" in text_of(refused)
    differs = desk.post("sqs/create/", **(form | {"DelaySeconds": "9"}))
    assert "QueueNameExists" in text_of(differs)


def test_purge_and_delete(desk: Desk) -> None:
    arn = desk.create()
    desk.send("x")
    assert toast_of(desk.post("sqs/purge/", arn=arn))["text"] == "orders purged."
    again = toast_of(desk.post("sqs/purge/", arn=arn))
    assert again["kind"] == "error"
    assert "PurgeQueueInProgress" in again["text"]
    response = desk.post("sqs/queue-delete/", arn=arn)
    assert "orders was deleted" in text_of(response)
    assert "orders was deleted" in text_of(desk.post("sqs/send/", arn=arn, MessageBody="x"))


def test_a_deep_queue_shows_the_most_urgent_and_says_how_many_more(desk: Desk) -> None:
    arn = desk.create()
    for number in range(60):
        desk.send(f"m{number}")
    assert "+10 more" in desk.panel(arn)


def test_the_live_part_alone_is_rendered_when_only_it_is_asked_for(desk: Desk) -> None:
    arn = desk.create()
    path = f"/s/{desk.sandbox.slug}/node/"
    part = desk.client.get(path, {"id": arn}, headers={"HX-Target": "panel-live"})
    assert b'id="panel-live"' in part.content
    assert b"<form" not in part.content


@pytest.mark.parametrize("node", ["", "nonsense", "arn:aws:sqs", "actor:ghost", "client:ghost"])
def test_what_is_not_there_is_gone(desk: Desk, node: str) -> None:
    assert "deleted" in text_of(desk.get("node/", id=node))


def test_a_real_client_has_a_panel(desk: Desk) -> None:
    desk.create()
    desk.send("x")
    shown = text_of(desk.get("node/", id="client:test"))
    assert "Your code" in shown
    assert "sends" in shown


def test_a_look_runs_nothing_that_writes(desk: Desk) -> None:
    arn = desk.create()
    before = desk.last_seq()
    for _ in range(3):
        desk.panel(arn)
    assert desk.last_seq() == before
    assert engine().executor.worlds[desk.sandbox.pk].last_seq == before
