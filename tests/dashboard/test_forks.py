"""A fork from a past moment: messages, counts and timers are those of that moment."""

import json
from typing import Any

import pytest

from dashboard.history import forking, shelf
from messaging.kernel.models import Event, Sandbox
from messaging.kernel.moment import Losses
from messaging.simulation import control, until
from messaging.simulation.models import Actor
from tests.dashboard.conftest import Desk, text_of
from tests.fixtures.engine import START_MS, Api, Time
from tests.live.forked import Album
from tests.live.scenarios import SCENES, Stage

LONG = "x" * 300


@pytest.fixture(autouse=True)
def _new_process() -> None:
    shelf.forget()


@pytest.mark.parametrize("name", SCENES)
def test_a_fork_looks_as_a_look_did_then(
    sqs: Api, clock: Time, sandbox: Sandbox, name: str
) -> None:
    album = Album(sandbox, sqs.executor)

    def look(*_: object) -> None:
        if len(album.looks) < 1_000:
            album.take()

    stage = Stage(sqs, clock)
    stage.prepare()
    listeners = sqs.executor.listeners
    listeners.append(look)
    SCENES[name][0](stage)
    listeners.remove(look)
    album.compare(album.seqs[:: max(1, len(album.seqs) // 4)])


def receive(desk: Desk, name: str = "orders", **params: Any) -> list[dict[str, Any]]:
    answer = desk.call(
        "ReceiveMessage", QueueUrl=desk.url(name), WaitTimeSeconds=0, AttributeNames=["All"],
        MessageAttributeNames=["All"], **params,
    )  # fmt: skip
    return list(answer.get("Messages", ()))


def delete(desk: Desk, message: dict[str, Any], name: str = "orders") -> None:
    desk.call("DeleteMessage", QueueUrl=desk.url(name), ReceiptHandle=message["ReceiptHandle"])


def counts(desk: Desk, name: str = "orders") -> tuple[str, ...]:
    found = desk.call("GetQueueAttributes", QueueUrl=desk.url(name), AttributeNames=["All"])
    names = ("", "NotVisible", "Delayed")
    return tuple(found["Attributes"][f"ApproximateNumberOfMessages{each}"] for each in names)


def fork(desk: Desk, seq: int, name: str = "a fork") -> Desk:
    response = desk.post("fork/", seq=seq, name=name)
    assert response.status_code == 302, response.content
    slug = response.headers["Location"].split("/")[2]
    assert slug != desk.sandbox.slug
    return Desk(desk.client, Sandbox.objects.get(slug=slug))


def test_messages_are_back_with_their_receives_and_timers(desk: Desk) -> None:
    desk.create()
    desk.send("kept")
    desk.send(LONG)
    [first] = receive(desk)
    seq = desk.last_seq()
    delete(desk, first)
    [second] = receive(desk)
    delete(desk, second)
    desk.send("later")
    copy = fork(desk, seq)
    assert counts(copy) == ("1", "1", "0")
    assert counts(desk) == ("1", "0", "0")
    row = Sandbox.objects.get(pk=copy.sandbox.pk)
    assert (row.paused, row.last_seq, row.seed) == (True, desk.sandbox.last_seq or row.last_seq, 7)
    [again] = receive(copy)
    assert again["Body"] == LONG[:96]
    assert again["Attributes"]["ApproximateReceiveCount"] == "1"
    assert receive(copy) == []


def test_what_a_fork_loses_is_said_before_and_after(desk: Desk) -> None:
    desk.create()
    desk.send("short", MessageAttributes={"kind": {"DataType": "String", "StringValue": "a"}})
    desk.send(LONG)
    desk.send("kept", MessageAttributes={"kind": {"DataType": "String", "StringValue": "b"}})
    seq = desk.last_seq()
    for _ in range(2):
        delete(desk, receive(desk)[0])
    prospect = json.loads(desk.get("fork/prospect/", seq=str(seq)).content)
    assert (prospect["messages"], prospect["rebuilt"], prospect["cut"]) == (3, 2, 1)
    assert prospect["said"] == (
        "2 of 3 messages are gone since and come from the log: their message attributes are lost."
        " 1 body is cut to its first 96 characters."
    )
    copy = fork(desk, seq)
    assert prospect["said"] in text_of(copy.get(""))
    found = {message["Body"]: message for message in receive(copy, MaxNumberOfMessages=10)}
    assert found.keys() == {"short", LONG[:96], "kept"}
    assert "MessageAttributes" not in found["short"]
    assert found["kept"]["MessageAttributes"]["kind"]["StringValue"] == "b"


def test_a_fifo_queue_goes_on_in_order_and_remembers(desk: Desk) -> None:
    desk.create("line.fifo", FifoQueue="true")
    for number, group in enumerate("aab"):
        desk.send(
            f"{number}", "line.fifo", MessageGroupId=group, MessageDeduplicationId=f"{number}"
        )
    [held] = receive(desk, "line.fifo")
    seq = desk.last_seq()
    delete(desk, held, "line.fifo")
    desk.call("PurgeQueue", QueueUrl=desk.url("line.fifo"))
    copy = fork(desk, seq)
    assert counts(copy, "line.fifo") == ("2", "1", "0")
    # Group a is locked by its first message, which is in flight.
    assert [each["Body"] for each in receive(copy, "line.fifo", MaxNumberOfMessages=10)] == ["2"]
    delete(copy, held, "line.fifo")
    [behind] = receive(copy, "line.fifo", MaxNumberOfMessages=10)
    assert behind["Body"] == "1"


def test_a_dead_letter_knows_where_it_comes_from_and_a_returned_one_is_back(desk: Desk) -> None:
    dead = desk.create("dead")
    policy = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 1})
    source = desk.create("orders", RedrivePolicy=policy, VisibilityTimeout="0")
    desk.send("poison")
    before = desk.last_seq()
    receive(desk)
    assert receive(desk) == []
    after = desk.last_seq()
    delete(desk, receive(desk, "dead")[0], "dead")
    [moved] = receive(fork(desk, after), "dead")
    assert moved["Attributes"]["DeadLetterQueueSourceArn"] == source
    assert moved["Attributes"]["ApproximateReceiveCount"] == "1"
    copy = fork(desk, before, "earlier")
    assert counts(copy, "dead") == ("0", "0", "0")
    assert receive(copy)[0]["Attributes"]["ApproximateReceiveCount"] == "1"


def test_queues_have_the_settings_and_tags_of_then(desk: Desk) -> None:
    desk.call("CreateQueue", QueueName="orders", Attributes={"DelaySeconds": "3"}, tags={"a": "1"})
    desk.call("CreateQueue", QueueName="gone", tags={"g": "1"})
    seq = desk.last_seq()
    desk.call("SetQueueAttributes", QueueUrl=desk.url("orders"), Attributes={"DelaySeconds": "9"})
    desk.call("TagQueue", QueueUrl=desk.url("orders"), Tags={"b": "2"})
    desk.call("DeleteQueue", QueueUrl=desk.url("gone"))
    desk.create("newer")
    copy = fork(desk, seq)
    urls = copy.call("ListQueues")["QueueUrls"]
    assert [url.rpartition("/")[2] for url in urls] == ["gone", "orders"]
    found = copy.call("GetQueueAttributes", QueueUrl=desk.url("orders"), AttributeNames=["All"])
    assert found["Attributes"]["DelaySeconds"] == "3"
    for name, tags in {"orders": {"a": "1"}, "gone": {"g": "1"}}.items():
        assert copy.call("ListQueueTags", QueueUrl=desk.url(name))["Tags"] == tags
    copy.call("CreateQueue", QueueName="newer")


def test_time_goes_on_from_the_moment(desk: Desk) -> None:
    desk.create()
    desk.send("held")
    desk.send("later", DelaySeconds=40)
    receive(desk)
    seq = desk.last_seq()
    until.run_for(desk.sandbox.pk, 120_000)
    assert counts(desk) == ("2", "0", "0")
    copy = fork(desk, seq)
    row = Sandbox.objects.get(pk=copy.sandbox.pk)
    assert (row.anchor_sim, row.paused, row.seed) == (START_MS, True, 7)
    assert counts(copy) == ("0", "1", "1")
    until.run_for(row.pk, 35_000)
    assert counts(copy) == ("1", "0", "1")
    until.run_for(row.pk, 10_000)
    assert counts(copy) == ("2", "0", "0")


def test_actors_begin_there_with_empty_hands(desk: Desk) -> None:
    arn = desk.create()
    seq = desk.last_seq()
    control.add_actor(
        desk.sandbox.pk, kind="producer", label="maker", settings={"target": arn, "rate": 1}
    )
    until.run_for(desk.sandbox.pk, 60_000)
    copy = fork(desk, seq)
    maker = Actor.objects.get(sandbox=copy.sandbox.pk)
    assert maker.memory.get("sent", 0) == 0
    assert START_MS <= (maker.next_at or 0) <= START_MS + 2_000
    until.run_for(copy.sandbox.pk, 10_000)
    assert 8 <= int(counts(copy)[0]) <= 12


def test_a_body_that_the_log_has_lost_is_named(desk: Desk) -> None:
    desk.create()
    desk.send("old")
    cut = desk.last_seq()
    [message] = receive(desk)
    seq = desk.last_seq()
    delete(desk, message)
    Event.objects.of_sandbox(desk.sandbox.pk).filter(id__lte=(desk.sandbox.pk << 40) + cut).delete()
    Sandbox.objects.filter(pk=desk.sandbox.pk).update(first_seq=cut + 1)
    prospect = json.loads(desk.get("fork/prospect/", seq=str(seq)).content)
    assert (prospect["rebuilt"], prospect["bare"]) == (1, 1)
    assert "1 body is not in the log any more." in prospect["said"]
    assert counts(fork(desk, seq)) == ("0", "1", "0")


def test_a_moment_that_is_not_there_is_refused(desk: Desk) -> None:
    desk.create()
    for asked in ("", "x", str(desk.last_seq() + 1)):
        assert desk.get("fork/prospect/", seq=asked).status_code == 404
        response = desk.post("fork/", seq=asked, name="never")
        assert response.headers["Location"] == f"/s/{desk.sandbox.slug}/"
    assert not Sandbox.objects.filter(name="never").exists()


def test_nothing_lost_is_said_too() -> None:
    assert forking.said(Losses(2)) == "2 messages, with their whole bodies."
