"""Sizes, characters, message attributes and their sums: M1–M5."""

from collections.abc import Callable
from hashlib import md5
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Queue

MIB = 1_048_576
TEXTS = (
    "<script>alert('x')</script>",
    "a\u202eb\u200bc",
    '"quotes", \\backslashes\\ and\nlines\t',
    "emoji 🐙 and 漢字",
    "\U0010ffff\ue000\ufffd",
)


def string(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}


def test_M1_a_mebibyte_is_the_most(queue: Queue) -> None:
    queue.send("x" * MIB)
    text = "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes."
    with refused("InvalidParameterValue", text):
        queue.send("x" * (MIB + 1))
    with refused("InvalidParameterValue", text):
        queue.send("é" * (MIB // 2) + "x")


def test_M1_names_types_and_values_of_attributes_count(make: Callable[..., Queue]) -> None:
    queue = make(MaximumMessageSize=1024)
    attributes = {"name": string("v" * 10), "b": {"DataType": "Binary", "BinaryValue": b"12345"}}
    size = 4 + 6 + 10 + 1 + 6 + 5
    queue.send("x" * (1024 - size), MessageAttributes=attributes)
    with refused(
        "InvalidParameterValue",
        "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
    ):
        queue.send("x" * (1025 - size), MessageAttributes=attributes)


def test_M1_the_trace_header_does_not_count(make: Callable[..., Queue]) -> None:
    queue = make(MaximumMessageSize=1024)
    queue.send("x" * 1024, MessageSystemAttributes={"AWSTraceHeader": string("t" * 100)})


def test_M1_a_batch_is_a_mebibyte_at_most(queue: Queue) -> None:
    half = "x" * (MIB // 2)
    queue.api.send_message_batch(
        QueueUrl=queue.url,
        Entries=[{"Id": "a", "MessageBody": half}, {"Id": "b", "MessageBody": half}],
    )
    with refused(
        "AWS.SimpleQueueService.BatchRequestTooLong",
        "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
    ):
        queue.api.send_message_batch(
            QueueUrl=queue.url,
            Entries=[{"Id": "a", "MessageBody": half}, {"Id": "b", "MessageBody": half + "x"}],
        )
    assert queue.counts == (2, 0, 0)


def test_M2_in_a_batch_the_one_that_is_too_big_fails_alone(make: Callable[..., Queue]) -> None:
    queue = make(MaximumMessageSize=1024)
    answer = queue.api.send_message_batch(
        QueueUrl=queue.url,
        Entries=[{"Id": "big", "MessageBody": "x" * 1025}, {"Id": "good", "MessageBody": "x"}],
    )
    assert answer["Failed"] == [
        {
            "Id": "big",
            "SenderFault": True,
            "Code": "InvalidParameterValue",
            "Message": "One or more parameters cannot be validated. Reason: Message must be shorter"
            " than 1024 bytes.",
        }
    ]
    assert queue.bodies() == ["x"]


@pytest.mark.parametrize("text", TEXTS)
def test_M3_allowed_characters_come_back_as_they_went(queue: Queue, text: str) -> None:
    queue.send(text)
    assert queue.bodies() == [text]


@pytest.mark.parametrize(
    ("text", "named"), [("a\x00", "#x0"), ("\x0b", "#xB"), ("\ufffe", "#xFFFE")]
)
def test_M3_other_characters_are_refused(queue: Queue, text: str, named: str) -> None:
    with refused(
        "InvalidMessageContents",
        f"Invalid binary character '{named}' was found in the message body, the set of allowed"
        " characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] |"
        " [#x10000-#x10FFFF].",
    ):
        queue.send(text)
    assert queue.counts == (0, 0, 0)


def test_M3_an_empty_body_is_missing(queue: Queue) -> None:
    with refused("MissingParameter", "The request must contain the parameter MessageBody."):
        queue.send("")


def test_M4_ten_attributes_at_most(queue: Queue) -> None:
    many = {f"a{n}": string("v") for n in range(11)}
    with refused(
        "InvalidParameterValue",
        "Number of message attributes [11] exceeds the allowed maximum [10].",
    ):
        queue.send(MessageAttributes=many)
    many.popitem()
    queue.send(MessageAttributes=many)


@pytest.mark.parametrize(
    "name", ["", "a b", ".a", "a.", "a..b", "AWS.x", "amazon.x", "ä", "n" * 257]
)
def test_M4_names_have_a_form(queue: Queue, name: str) -> None:
    with refused("InvalidParameterValue"):
        queue.send(MessageAttributes={name: string("v")})


@pytest.mark.parametrize(
    "attribute",
    [
        {"DataType": "Text", "StringValue": "v"},
        {"DataType": "String", "BinaryValue": b"v"},
        {"DataType": "String", "StringValue": ""},
        {"DataType": "Binary", "StringValue": "v"},
        {"DataType": "Number", "StringValue": "one"},
        {"DataType": "Number", "StringValue": "1" * 39},
        {"DataType": "Number", "StringValue": "1e127"},
    ],
)
def test_M4_types_and_values_must_fit(queue: Queue, attribute: dict[str, Any]) -> None:
    with refused("InvalidParameterValue"):
        queue.send(MessageAttributes={"a": attribute})
    assert queue.counts == (0, 0, 0)


def test_M4_values_come_back_with_their_type_and_label(queue: Queue) -> None:
    attributes = {
        "text": string("äöü <b>"),
        "number": {"DataType": "Number.int", "StringValue": "00123.00"},
        "bytes": {"DataType": "Binary.png", "BinaryValue": bytes(range(256))},
    }
    queue.send(MessageAttributes=attributes)
    assert queue.take(MessageAttributeNames=["All"])["MessageAttributes"] == attributes


def test_M4_only_the_trace_header_is_a_system_attribute(queue: Queue) -> None:
    with refused("InvalidParameterValue"):
        queue.send(MessageSystemAttributes={"Other": string("v")})


def test_M5_sums_cover_what_is_returned(queue: Queue) -> None:
    one, two = string("test1"), {"DataType": "Number.int", "StringValue": "123"}
    sent = queue.send("hello", MessageAttributes={"attr1": one, "attr2": two})
    assert sent["MD5OfMessageBody"] == md5(b"hello").hexdigest()
    message = queue.take(MessageAttributeNames=["attr1"])
    assert message["MD5OfBody"] == md5(b"hello").hexdigest()
    assert message["MD5OfMessageAttributes"] == "4d549e98ca390f01bc5ce2e49904cba3"
    assert sent["MD5OfMessageAttributes"] != message["MD5OfMessageAttributes"]


def test_M5_recorded_sums(queue: Queue) -> None:
    stamp = {"timestamp": {"DataType": "Number", "StringValue": "1493147359900"}}
    sent = queue.send(MessageAttributes=stamp)
    assert sent["MD5OfMessageAttributes"] == "235c5c510d26fb653d073faed50ae77c"
    trace = b"traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01"
    sent = queue.send(MessageAttributes={"attr1": {"DataType": "Binary", "BinaryValue": trace}})
    assert sent["MD5OfMessageAttributes"] == "8cbe4db156db8a94db8b801b7addb984"


def test_M5_sum_of_the_system_attributes(queue: Queue) -> None:
    sent = queue.send(MessageSystemAttributes={"AWSTraceHeader": string("Root=1")})
    assert len(sent["MD5OfMessageSystemAttributes"]) == 32


def test_a_refused_message_leaves_its_failure_in_the_log_and_nothing_else(
    queue: Queue, events: Callable[..., list[Any]]
) -> None:
    with pytest.raises(ClientError):
        queue.send("")
    [failure] = events("api.Failed")
    assert failure["op"] == "sqs:SendMessage"
    assert failure["code"] == "MissingParameter"
    assert not events("sqs.MessageSent")
