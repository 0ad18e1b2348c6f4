"""A fault on a queue, as a program outside feels it."""

import pytest

from messaging.kernel.errors import AwsError
from messaging.simulation import chaos, control
from tests.dashboard.conftest import Desk, desk

__all__ = ["desk"]


def receive(desk: Desk) -> list[dict[str, str]]:
    found = desk.call("ReceiveMessage", QueueUrl=desk.url("orders"), VisibilityTimeout=0)
    return list(found.get("Messages", []))


def test_it_is_throttled_while_the_fault_is_on(desk: Desk) -> None:
    arn = desk.create("orders")
    desk.create("others")
    chaos.start(desk.sandbox.pk, {"target": arn, "kind": "throttle", "lasts": 5})
    with pytest.raises(AwsError) as refused:
        desk.send("x")
    assert refused.value.code == "RequestThrottled"
    desk.send("x", "others")
    (failed,) = desk.events("api.Failed")
    assert (failed["by"], failed["code"]) == ("client:test", "RequestThrottled")
    assert chaos.listed(desk.sandbox.pk)[0]["hits"] == 1
    control.skip(desk.sandbox.pk)
    desk.send("x")
    assert len(receive(desk)) == 1


def test_its_delete_is_lost(desk: Desk) -> None:
    arn = desk.create("orders")
    desk.send("x")
    (message,) = receive(desk)
    chaos.start(desk.sandbox.pk, {"target": arn, "kind": "drop", "lasts": 5})
    entry = {"Id": "1", "ReceiptHandle": message["ReceiptHandle"]}
    answer = desk.call("DeleteMessageBatch", QueueUrl=desk.url("orders"), Entries=[entry])
    assert answer == {"Successful": [{"Id": "1"}], "Failed": []}
    assert len(receive(desk)) == 1


def test_crash_and_poison_are_for_actors(desk: Desk) -> None:
    arn = desk.create("orders")
    for kind in ("crash", "poison"):
        chaos.start(desk.sandbox.pk, {"target": arn, "kind": kind, "lasts": 5})
    desk.send("as it is")
    assert receive(desk)[0]["Body"] == "as it is"
