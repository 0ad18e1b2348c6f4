"""boto3 as people use it, against a server process, under both servers."""

import threading
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fixtures.server import RunningServer
from tests.live.clients.connect import bodies, client, counters, eventually, flows

FIFO = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}

pytestmark = pytest.mark.parametrize(
    "live_server_process", ["uvicorn", "daphne"], indirect=True, scope="session"
)


@pytest.fixture
def sqs(live_server_process: RunningServer) -> Iterator[Any]:
    with client(live_server_process.url) as made:
        yield made


def make(sqs: Any, name: str, **attributes: str) -> str:
    url: str = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url


def arn(sqs: Any, url: str) -> str:
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(told["Attributes"]["QueueArn"])


def test_every_operation_from_a_queues_birth_to_its_end(sqs: Any) -> None:
    called: set[str] = set()
    sqs.meta.events.register("before-call.sqs", lambda model, **_: called.add(model.name))

    url = make(sqs, "life", VisibilityTimeout="30")
    assert sqs.get_queue_url(QueueName="life")["QueueUrl"] == url
    assert url in sqs.list_queues(QueueNamePrefix="li")["QueueUrls"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"})
    sqs.tag_queue(QueueUrl=url, Tags={"team": "shop", "stage": "test"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["stage"])
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "shop"}
    sqs.add_permission(
        QueueUrl=url, Label="friend", AWSAccountIds=["111122223333"], Actions=["SendMessage"]
    )
    policy = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]
    assert "111122223333" in policy["Policy"]
    sqs.remove_permission(QueueUrl=url, Label="friend")

    sqs.send_message(QueueUrl=url, MessageBody="one")
    entries = [{"Id": "a", "MessageBody": "two"}, {"Id": "b", "MessageBody": "three"}]
    assert len(sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == 2
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert sorted(message["Body"] for message in received) == ["one", "three", "two"]
    assert counters(sqs, url) == (0, 3, 0)

    first, second, third = (message["ReceiptHandle"] for message in received)
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=first, VisibilityTimeout=0)
    sqs.change_message_visibility_batch(
        QueueUrl=url, Entries=[{"Id": "a", "ReceiptHandle": second, "VisibilityTimeout": 0}]
    )
    assert counters(sqs, url) == (2, 1, 0)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=third)
    again = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    handles = [
        {"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]}
        for place, message in enumerate(again)
    ]
    assert len(sqs.delete_message_batch(QueueUrl=url, Entries=handles)["Successful"]) == 2
    assert counters(sqs, url) == (0, 0, 0)

    _redrive(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="never read")
    sqs.purge_queue(QueueUrl=url)
    assert counters(sqs, url) == (0, 0, 0)
    sqs.delete_queue(QueueUrl=url)
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_url(QueueName="life")
    assert called == set(sqs.meta.service_model.operation_names)


def _redrive(sqs: Any) -> None:
    """Let messages die, and move them back: one task runs to its end, one is cancelled."""
    dlq = make(sqs, "life-dlq")
    target = arn(sqs, dlq)
    policy = f'{{"deadLetterTargetArn":"{target}","maxReceiveCount":1}}'
    source = make(sqs, "life-source", VisibilityTimeout="0", RedrivePolicy=policy)
    assert sqs.list_dead_letter_source_queues(QueueUrl=dlq)["queueUrls"] == [source]
    for body in ("x", "y"):
        sqs.send_message(QueueUrl=source, MessageBody=body)
    assert len(bodies(sqs, source, MaxNumberOfMessages=10)) == 2
    assert bodies(sqs, source, MaxNumberOfMessages=10) == []
    assert counters(sqs, dlq) == (2, 0, 0)

    sqs.start_message_move_task(SourceArn=target)

    def latest(status: str) -> bool:
        found = sqs.list_message_move_tasks(SourceArn=target)["Results"]
        return bool(found[0]["Status"] == status)

    eventually(lambda: latest("COMPLETED"))
    assert counters(sqs, source) == (2, 0, 0)
    assert bodies(sqs, source, MaxNumberOfMessages=10, VisibilityTimeout=0)
    assert bodies(sqs, source, MaxNumberOfMessages=10) == []
    slow = sqs.start_message_move_task(SourceArn=target, MaxNumberOfMessagesPerSecond=1)
    sqs.cancel_message_move_task(TaskHandle=slow["TaskHandle"])
    eventually(lambda: latest("CANCELLED"))


def test_a_message_comes_back_when_its_timeout_ends_and_then_dies(sqs: Any) -> None:
    dlq = make(sqs, "poison-dlq")
    policy = f'{{"deadLetterTargetArn":"{arn(sqs, dlq)}","maxReceiveCount":2}}'
    url = make(sqs, "poison", VisibilityTimeout="1", RedrivePolicy=policy)
    sent = sqs.send_message(QueueUrl=url, MessageBody="bad")
    asked = {"MessageSystemAttributeNames": ["All"], "WaitTimeSeconds": 5}
    counts = []
    for _ in range(2):
        (message,) = sqs.receive_message(QueueUrl=url, **asked)["Messages"]
        counts.append(message["Attributes"]["ApproximateReceiveCount"])
    assert counts == ["1", "2"]
    # The third receive is what moves it, once its second timeout has ended.
    eventually(lambda: counters(sqs, url) == (1, 0, 0) or counters(sqs, dlq) == (1, 0, 0))
    assert bodies(sqs, url) == []
    (dead,) = sqs.receive_message(QueueUrl=dlq, **asked)["Messages"]
    assert (dead["MessageId"], dead["Body"]) == (sent["MessageId"], "bad")
    assert dead["Attributes"]["DeadLetterQueueSourceArn"] == arn(sqs, url)


def test_a_long_poll_returns_as_soon_as_a_message_is_sent(
    live_server_process: RunningServer, sqs: Any
) -> None:
    url = make(sqs, "polled")
    got: list[list[str]] = []
    took: list[float] = []

    def poll() -> None:
        with client(live_server_process.url) as other:
            began = perf_counter()
            got.append(bodies(other, url, wait=20))
            took.append(perf_counter() - began)

    waiter = threading.Thread(target=poll)
    waiter.start()
    # A poll that has not begun finds the message at once: either way it ends soon.
    sqs.send_message(QueueUrl=url, MessageBody="now")
    waiter.join(timeout=10)
    assert got == [["now"]]
    assert took[0] < 15


def test_an_empty_long_poll_lasts_as_long_as_it_was_asked_to(sqs: Any) -> None:
    url = make(sqs, "quiet")
    began = perf_counter()
    assert bodies(sqs, url, wait=1) == []
    assert perf_counter() - began > 0.9


def test_attributes_travel_and_their_digests_are_checked_by_boto3(sqs: Any) -> None:
    url = make(sqs, "typed")
    attributes = {
        "note": {"DataType": "String", "StringValue": "żółw 🐢 \u202eabc"},
        "size": {"DataType": "Number.int", "StringValue": "42"},
        "raw": {"DataType": "Binary", "BinaryValue": bytes(range(256))},
    }
    body = "<b>&amp;</b>\n\t\"quotes\" 'and' \\ 💥"
    sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes)
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert message["Body"] == body
    assert message["MessageAttributes"] == attributes


def test_fifo_keeps_order_locks_groups_and_drops_duplicates(sqs: Any) -> None:
    url = make(sqs, "line.fifo", **FIFO)
    for body in ("a1", "a2", "a2", "a3"):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="a")
    sqs.send_message(QueueUrl=url, MessageBody="b1", MessageGroupId="b")
    (first,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"]
    assert first["Body"] == "a1"
    assert bodies(sqs, url, MaxNumberOfMessages=10) == ["b1"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    assert bodies(sqs, url, MaxNumberOfMessages=10) == ["a2", "a3"]


def test_a_failed_entry_of_a_batch_leaves_the_others_alone(sqs: Any) -> None:
    url = make(sqs, "mixed")
    told = sqs.send_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": "good", "MessageBody": "kept"},
            {"Id": "bad", "MessageBody": "late", "DelaySeconds": 901},
        ],
    )
    assert [entry["Id"] for entry in told["Successful"]] == ["good"]
    assert [(entry["Id"], entry["SenderFault"]) for entry in told["Failed"]] == [("bad", True)]
    assert bodies(sqs, url, MaxNumberOfMessages=10) == ["kept"]


def test_lists_come_in_pages(sqs: Any) -> None:
    made = {make(sqs, f"page-{number}") for number in range(7)}
    pages = sqs.get_paginator("list_queues").paginate(
        QueueNamePrefix="page-", PaginationConfig={"PageSize": 3}
    )
    found = [page.get("QueueUrls", []) for page in pages]
    assert [len(urls) for urls in found] == [3, 3, 1]
    assert {url for urls in found for url in urls} == made


@pytest.mark.parametrize(
    ("error", "operation", "params"),
    [
        ("QueueDoesNotExist", "send_message", {"MessageBody": "x", "QueueUrl": "{url}-gone"}),
        ("QueueNameExists", "create_queue", {"Attributes": {"DelaySeconds": "5"}}),
        ("ReceiptHandleIsInvalid", "delete_message", {"ReceiptHandle": "nonsense"}),
        ("EmptyBatchRequest", "send_message_batch", {"Entries": []}),
        ("BatchEntryIdsNotDistinct", "send_message_batch", {"Entries": ["a", "a"]}),
        ("TooManyEntriesInBatchRequest", "send_message_batch", {"Entries": list("abcdefghijk")}),
        ("InvalidBatchEntryId", "send_message_batch", {"Entries": ["a b"]}),
        ("InvalidMessageContents", "send_message", {"MessageBody": "\x01"}),
        ("InvalidAttributeName", "set_queue_attributes", {"Attributes": {"Nope": "1"}}),
        ("ResourceNotFoundException", "start_message_move_task", {"SourceArn": "{arn}-gone"}),
    ],
)
def test_errors_are_the_classes_that_the_model_names(
    sqs: Any, error: str, operation: str, params: dict[str, Any]
) -> None:
    url = make(sqs, "errors")
    filled = {
        name: value.format(url=url, arn=arn(sqs, url)) if isinstance(value, str) else value
        for name, value in params.items()
    }
    if "Entries" in params:
        filled["Entries"] = [{"Id": one, "MessageBody": "x"} for one in params["Entries"]]
    if operation == "create_queue":
        filled["QueueName"] = "errors"
    elif operation != "start_message_move_task":
        filled.setdefault("QueueUrl", url)
    with pytest.raises(getattr(sqs.exceptions, error)) as raised:
        getattr(sqs, operation)(**filled)
    assert raised.value.response["Error"]["Message"]
    assert raised.value.response["ResponseMetadata"]["RequestId"]


def test_the_pauses_that_aws_demands_hold_for_issued_keys_and_spare_test_suites(
    live_server_process: RunningServer, sqs: Any
) -> None:
    for _ in range(2):
        url = make(sqs, "again")
        for _ in range(2):
            sqs.purge_queue(QueueUrl=url)
        sqs.delete_queue(QueueUrl=url)
    key, secret, region = (
        live_server_process.aws[name]
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")
    )
    with client(live_server_process.url, key=key, secret=secret, region=region) as strict:
        url = make(strict, "again")
        strict.purge_queue(QueueUrl=url)
        with pytest.raises(strict.exceptions.PurgeQueueInProgress):
            strict.purge_queue(QueueUrl=url)
        strict.delete_queue(QueueUrl=url)
        with pytest.raises(strict.exceptions.QueueDeletedRecently):
            make(strict, "again")


def test_an_error_without_a_class_has_awss_code_and_words(sqs: Any) -> None:
    url = make(sqs, "ranges")
    with pytest.raises(ClientError) as raised:
        sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=11)
    assert raised.value.response["Error"]["Code"] == "InvalidParameterValue"
    assert "MaxNumberOfMessages" in raised.value.response["Error"]["Message"]


def test_many_threads_lose_nothing_and_share_nothing(
    live_server_process: RunningServer, sqs: Any
) -> None:
    url = make(sqs, "crowd")
    sent = [f"{thread}-{number}" for thread in range(8) for number in range(20)]
    taken: list[str] = []

    def send(thread: int) -> None:
        with client(live_server_process.url) as own:
            for number in range(20):
                own.send_message(QueueUrl=url, MessageBody=f"{thread}-{number}")

    def take() -> None:
        with client(live_server_process.url) as own:
            while len(taken) < len(sent):
                taken.extend(bodies(own, url, wait=1, MaxNumberOfMessages=10))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    threads += [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(taken) == sorted(sent)


def test_the_program_stands_on_the_map_with_what_it_does(
    live_server_process: RunningServer, sqs: Any
) -> None:
    url = make(sqs, "seen")
    sqs.send_message(QueueUrl=url, MessageBody="look")
    assert bodies(sqs, url) == ["look"]
    found = eventually(lambda: {flow for flow in flows(live_server_process) if "seen" in flow})
    assert found == {
        ("boto3 · python", "send", "seen"),
        ("seen", "receive", "boto3 · python"),
    }
