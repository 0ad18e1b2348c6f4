"""What a receive asks for, and how long a message stays hidden: R1, R2, R6, F4, S3–S6, H3."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.sqs.domain import visibility
from messaging.sqs.domain.receiving import (
    Received,
    check_attempt_id,
    message_count,
    render,
    select,
    wait_time,
)
from messaging.sqs.errors import InvalidAttributeName, InvalidParameterValue

HOUR_MS = 3_600_000
USER = {
    name: {"DataType": "String", "StringValue": value}
    for name, value in {"General": "Kenobi", "Hello": "There", "Help.Me": "Me"}.items()
}
MESSAGE = Received("id-1", "handle", "msg", USER, "AIDA", 1_000, 2, 1_500)


def refusal(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(InvalidParameterValue) as caught:
        call(*args, **kwargs)
    return caught.value.message


def test_R1_number_of_messages() -> None:
    assert [message_count(n) for n in (None, 1, 10)] == [1, 1, 10]
    for asked in (0, 11, -1):
        assert refusal(message_count, asked) == (
            f"Value {asked} for parameter MaxNumberOfMessages is invalid. Reason: Must be between "
            "1 and 10, if provided."
        )


def test_R2_wait_time() -> None:
    assert [wait_time(n, 7) for n in (None, 0, 20)] == [7, 0, 20]
    for asked in (21, -1):
        assert refusal(wait_time, asked, 7) == (
            f"Value {asked} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and "
            "<= 20, if provided."
        )


@pytest.mark.parametrize(
    ("asked", "returned", "md5"),
    [
        ([], None, None),
        (["All"], {"General", "Hello", "Help.Me"}, "4c360f3fdafd970e05fae2f149d997f5"),
        ([".*"], {"General", "Hello", "Help.Me"}, "4c360f3fdafd970e05fae2f149d997f5"),
        (["*"], {"General", "Hello", "Help.Me"}, "4c360f3fdafd970e05fae2f149d997f5"),
        (["Foo", "Bar"], None, None),
        (["Hello", "General"], {"General", "Hello"}, "fca026605781cb4126a1e9044df24232"),
        (["Foo", "Hello"], {"Hello"}, "a311262e065454b75da111d535b8dacd"),
        (["Hel.*"], {"Hello", "Help.Me"}, "83fee93c1bcd8b9a5a923ffacdc636c7"),
        (["hello"], None, None),
        (["AWS.", "..foo"], None, None),
    ],
)
def test_R6_message_attributes(asked: list[str], returned: set[str] | None, md5: str) -> None:
    shown = render(MESSAGE, select([], asked))
    chosen: Mapping[str, Any] | None = shown.get("MessageAttributes")
    assert (set(chosen) if chosen is not None else None) == returned
    assert shown.get("MD5OfMessageAttributes") == md5
    assert "Attributes" not in shown


def test_R6_nothing_unless_asked() -> None:
    assert render(MESSAGE, select([], [])) == {
        "MessageId": "id-1",
        "ReceiptHandle": "handle",
        "MD5OfBody": "6e2baaf3b97dbeef01c0043275f9a0e7",
        "Body": "msg",
    }


def test_R6_system_attributes() -> None:
    assert render(MESSAGE, select(["SenderId"], []))["Attributes"] == {"SenderId": "AIDA"}
    assert render(MESSAGE, select(["All"], []))["Attributes"] == {
        "SenderId": "AIDA",
        "SentTimestamp": "1000",
        "ApproximateReceiveCount": "2",
        "ApproximateFirstReceiveTimestamp": "1500",
    }


def test_R6_system_attributes_of_a_fifo_message() -> None:
    message = MESSAGE._replace(
        group_id="g", dedup_id="d", sequence="1", trace_header="t", dlq_source_arn="arn"
    )
    shown = render(message, select(["All"], []))["Attributes"]
    assert shown["MessageGroupId"] == "g"
    assert shown["MessageDeduplicationId"] == "d"
    assert shown["SequenceNumber"] == "1"
    assert shown["AWSTraceHeader"] == "t"
    assert shown["DeadLetterQueueSourceArn"] == "arn"


@pytest.mark.parametrize("name", ["senderid", "Colour", ""])
def test_R6_unknown_system_attribute(name: str) -> None:
    with pytest.raises(InvalidAttributeName) as caught:
        select(["SentTimestamp", name], [])
    assert caught.value.message == f"Unknown Attribute {name}."


@given(st.lists(st.text(max_size=4), max_size=4))
def test_R6_any_names_give_a_part_of_what_is_there(asked: list[str]) -> None:
    chosen = select([], asked).user(USER)
    assert chosen.items() <= USER.items()
    assert {name for name in USER if name in asked} <= chosen.keys()


def test_F4_attempt_id() -> None:
    check_attempt_id("x" * 128, fifo=True)
    for value in ("", "x" * 129, "a b"):
        assert "1 to 128 in length." in refusal(check_attempt_id, value, fifo=True)
    assert "not valid for this queue type" in refusal(check_attempt_id, "a", fifo=False)


def test_S3_timeout_of_a_receive() -> None:
    assert [visibility.receive_timeout(n, 30) for n in (None, 0, 43_200)] == [30, 0, 43_200]
    assert refusal(visibility.receive_timeout, 43_201, 30) == (
        "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and "
        "<= 43200, if provided."
    )


def test_S4_counts_from_now() -> None:
    assert visibility.hidden_until(5_000, 30) == 35_000
    assert visibility.hidden_until(5_000, 0) == 5_000


def test_S5_twelve_hours_from_the_receive() -> None:
    visibility.check_total(0, 43_200, received_at_ms=0)
    visibility.check_total(5_000, 43_195, received_at_ms=0)
    visibility.check_total(11 * HOUR_MS, 3_600, received_at_ms=0)
    assert refusal(visibility.check_total, 1, 43_200, received_at_ms=0) == (
        "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout "
        "for the message is beyond the limit [43200 seconds]"
    )


def test_S5_releasing_is_legal_until_the_end() -> None:
    visibility.check_total(12 * HOUR_MS, 0, received_at_ms=0)


def test_S6_texts() -> None:
    visibility.check_change(0)
    visibility.check_change(43_200)
    assert "between 0 and 43200" in refusal(visibility.check_change, 43_201)
    assert visibility.not_available("h").message == (
        "Value h for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not "
        "available for visibility timeout change."
    )


def test_H3_text() -> None:
    assert visibility.handle_expired("h").message == (
        "Value h for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
    )
