"""Batches, and how queues come and go: B1, Q1–Q6, S7."""

from collections.abc import Callable
from typing import Any

import pytest

from messaging.kernel.models import Sandbox
from tests.fixtures.engine import ACCOUNT, Time
from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Queue, text

PREFIX = "AWS.SimpleQueueService."
OPERATIONS = ("send_message_batch", "delete_message_batch", "change_message_visibility_batch")
KINDS = (
    "SendMessageBatchRequestEntry",
    "DeleteMessageBatchRequestEntry",
    "ChangeMessageVisibilityBatchRequestEntry",
)


def entry(key: str) -> dict[str, Any]:
    return {"Id": key, "MessageBody": "b", "ReceiptHandle": "h", "VisibilityTimeout": 1}


def call(queue: Queue, operation: str, keys: list[str]) -> Any:
    wanted = {
        "send_message_batch": ("Id", "MessageBody"),
        "delete_message_batch": ("Id", "ReceiptHandle"),
        "change_message_visibility_batch": ("Id", "ReceiptHandle", "VisibilityTimeout"),
    }[operation]
    entries = [{name: entry(key)[name] for name in wanted} for key in keys]
    return getattr(queue.api, operation)(QueueUrl=queue.url, Entries=entries)


@pytest.mark.parametrize(("operation", "kind"), list(zip(OPERATIONS, KINDS, strict=True)))
def test_B1_errors_of_the_whole_request(queue: Queue, operation: str, kind: str) -> None:
    with refused(
        PREFIX + "EmptyBatchRequest", f"There should be at least one {kind} in the request."
    ):
        call(queue, operation, [])
    with refused(
        PREFIX + "TooManyEntriesInBatchRequest",
        "Maximum number of entries per request are 10. You have sent 20.",
    ):
        call(queue, operation, [str(n) for n in range(20)])
    with refused(PREFIX + "BatchEntryIdsNotDistinct", "Id a repeated."):
        call(queue, operation, ["a", "b", "a"])
    for key in ("", "a:b", "x" * 81):
        with refused(
            PREFIX + "InvalidBatchEntryId",
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores."
            " It can be at most 80 letters long.",
        ):
            call(queue, operation, [key])


def test_B1_each_entry_succeeds_or_fails_alone(queue: Queue) -> None:
    answer = queue.api.send_message_batch(
        QueueUrl=queue.url,
        Entries=[
            {"Id": "one", "MessageBody": "1"},
            {"Id": "bad", "MessageBody": "\x00"},
            {"Id": "late", "MessageBody": "2", "DelaySeconds": 901},
            {"Id": "two", "MessageBody": "3"},
        ],
    )
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert [done["Id"] for done in answer["Successful"]] == ["one", "two"]
    assert [(f["Id"], f["Code"], f["SenderFault"]) for f in answer["Failed"]] == [
        ("bad", "InvalidMessageContents", True),
        ("late", "InvalidParameterValue", True),
    ]
    assert queue.bodies() == ["1", "3"]


def test_B1_hiding_ten_at_once(queue: Queue) -> None:
    queue.send_all(*map(str, range(10)))
    entries = [
        {"Id": m["Body"], "ReceiptHandle": m["ReceiptHandle"], "VisibilityTimeout": 0}
        for m in queue.receive()
    ]
    entries[3]["ReceiptHandle"] = "nonsense"
    answer = queue.api.change_message_visibility_batch(QueueUrl=queue.url, Entries=entries)
    assert len(answer["Successful"]) == 9
    [failed] = answer["Failed"]
    assert (failed["Id"], failed["Code"]) == ("3", "ReceiptHandleIsInvalid")
    assert queue.counts == (9, 1, 0)


def test_B1_two_entries_that_hide_one_message_follow_each_other(queue: Queue, fifo: Queue) -> None:
    queue.send()
    fifo.send("a", "g")
    for each in (queue, fifo):
        handle = each.take()["ReceiptHandle"]
        each.api.change_message_visibility_batch(
            QueueUrl=each.url,
            Entries=[
                {"Id": "show", "ReceiptHandle": handle, "VisibilityTimeout": 0},
                {"Id": "hide", "ReceiptHandle": handle, "VisibilityTimeout": 9},
            ],
        )
        assert each.counts == (0, 1, 0)


def test_B1_two_entries_with_one_handle_delete_once(queue: Queue) -> None:
    queue.send()
    handle = queue.take()["ReceiptHandle"]
    answer = queue.api.delete_message_batch(
        QueueUrl=queue.url,
        Entries=[{"Id": key, "ReceiptHandle": handle} for key in ("a", "b")],
    )
    assert len(answer["Successful"]) == 2
    assert queue.counts == (0, 0, 0)


def test_Q1_the_same_queue_again_returns_its_url(make: Callable[..., Queue]) -> None:
    one = make(DelaySeconds=5, VisibilityTimeout=40)
    assert make(DelaySeconds=5) == one
    assert make() == one
    with refused(
        "QueueAlreadyExists",
        "A queue already exists with the same name and a different value for attribute"
        " DelaySeconds",
    ):
        make(DelaySeconds=6)


def test_Q2_a_deleted_queue_is_gone_with_its_messages(
    queue: Queue, make: Callable[..., Queue], clock: Time
) -> None:
    queue.send_all("a", "b")
    queue.receive(1)
    queue.api.delete_queue(QueueUrl=queue.url)
    with refused(PREFIX + "NonExistentQueue"):
        queue.send()
    with refused(
        PREFIX + "QueueDeletedRecently",
        "You must wait 60 seconds after deleting a queue before you can create another with the"
        " same name.",
    ):
        make()
    clock.advance(60)
    assert make().counts == (0, 0, 0)


def test_Q2_the_default_sandbox_does_not_make_test_suites_wait(
    sandbox: Sandbox, make: Callable[..., Queue]
) -> None:
    Sandbox.objects.filter(pk=sandbox.pk).update(is_default=True)
    queue = make()
    queue.api.purge_queue(QueueUrl=queue.url)
    queue.api.purge_queue(QueueUrl=queue.url)
    queue.api.delete_queue(QueueUrl=queue.url)
    make()


def test_Q3_a_purge_takes_all_messages_in_any_state(
    queue: Queue, events: Callable[..., list[Any]]
) -> None:
    queue.send_all("a", "b")
    queue.send("c", DelaySeconds=9)
    held = queue.take()
    queue.api.purge_queue(QueueUrl=queue.url)
    assert queue.counts == (0, 0, 0)
    [purged] = events("sqs.QueuePurged")
    assert purged["count"] == 3
    queue.delete(held)
    with refused("InvalidParameterValue"):
        queue.hide(held, 5)


def test_Q3_one_purge_a_minute(queue: Queue, clock: Time) -> None:
    queue.api.purge_queue(QueueUrl=queue.url)
    clock.advance(59.999)
    with refused(
        PREFIX + "PurgeQueueInProgress",
        "Only one PurgeQueue operation on work is allowed every 60 seconds.",
    ):
        queue.api.purge_queue(QueueUrl=queue.url)
    clock.advance(0.001)
    queue.api.purge_queue(QueueUrl=queue.url)


def test_Q3_a_purged_fifo_group_starts_anew(fifo: Queue) -> None:
    fifo.send_all("a", "b", group="g")
    fifo.receive(1)
    fifo.api.purge_queue(QueueUrl=fifo.url)
    fifo.send("c", "g")
    assert fifo.bodies() == ["c"]


@pytest.mark.parametrize(
    ("name", "least", "most", "default"),
    [
        ("VisibilityTimeout", 0, 43_200, 30),
        ("DelaySeconds", 0, 900, 0),
        ("ReceiveMessageWaitTimeSeconds", 0, 20, 0),
        ("MessageRetentionPeriod", 60, 1_209_600, 345_600),
        ("MaximumMessageSize", 1_024, 1_048_576, 1_048_576),
        ("KmsDataKeyReusePeriodSeconds", 60, 86_400, None),
    ],
)
def test_Q4_ranges_and_defaults(
    queue: Queue, name: str, least: int, most: int, default: int | None
) -> None:
    assert queue.get().get(name) == (None if default is None else str(default))
    for value in (least, most):
        queue.set(**{name: value})
        assert queue.get(name) == {name: str(value)}
    for wrong in (least - 1, most + 1, "many"):
        with refused("InvalidAttributeValue", f"Invalid value for the parameter {name}."):
            queue.set(**{name: wrong})
        with refused("InvalidAttributeValue"):
            queue.api.create_queue(QueueName="other", Attributes={name: text(wrong)})


def test_Q4_the_type_of_a_queue_cannot_change(queue: Queue, fifo: Queue) -> None:
    with refused(
        "InvalidAttributeValue",
        "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.",
    ):
        fifo.set(FifoQueue=False)
    with refused("InvalidAttributeName", "Unknown Attribute FifoQueue."):
        queue.set(FifoQueue=True)


def test_Q4_unknown_attributes_are_named(queue: Queue) -> None:
    with refused("InvalidAttributeName", "Unknown Attribute Color."):
        queue.set(Color="red")
    with refused("InvalidAttributeName", "Unknown Attribute Color."):
        queue.get("Color")
    assert queue.api.get_queue_attributes(QueueUrl=queue.url).get("Attributes") is None


def test_Q4_all_attributes_of_a_new_queue(queue: Queue, clock: Time) -> None:
    second = str(clock.now // 1000)
    assert queue.get() == {
        "QueueArn": queue.arn,
        "ApproximateNumberOfMessages": "0",
        "ApproximateNumberOfMessagesNotVisible": "0",
        "ApproximateNumberOfMessagesDelayed": "0",
        "CreatedTimestamp": second,
        "LastModifiedTimestamp": second,
        "VisibilityTimeout": "30",
        "MaximumMessageSize": "1048576",
        "MessageRetentionPeriod": "345600",
        "DelaySeconds": "0",
        "ReceiveMessageWaitTimeSeconds": "0",
        "SqsManagedSseEnabled": "true",
    }


def test_Q5_a_missing_queue(api: Any) -> None:
    with refused(PREFIX + "NonExistentQueue", "The specified queue does not exist.", status=400):
        api.get_queue_url(QueueName="nobody")
    for operation in ("get_queue_attributes", "purge_queue", "delete_queue", "list_queue_tags"):
        with refused(PREFIX + "NonExistentQueue"):
            getattr(api, operation)(QueueUrl=f"http://127.0.0.1:8000/{ACCOUNT}/nobody")


def test_Q5_a_url_that_is_none(api: Any) -> None:
    with refused("InvalidAddress", status=404):
        api.send_message(QueueUrl="http://127.0.0.1:8000/", MessageBody="a")


def test_Q6_a_fifo_send_needs_a_group(fifo: Queue) -> None:
    message = "The request must contain the parameter MessageGroupId."
    with refused("MissingParameter", message):
        fifo.send()
    with refused("InvalidParameterValue", message):
        fifo.api.send_message_batch(
            QueueUrl=fifo.url,
            Entries=[
                {"Id": "good", "MessageBody": "a", "MessageGroupId": "g"},
                {"Id": "bad", "MessageBody": "b"},
            ],
        )
    assert fifo.counts == (0, 0, 0), "a FIFO batch with a bad entry fails as a whole"
