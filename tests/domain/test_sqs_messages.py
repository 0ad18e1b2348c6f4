"""Messages on their way in: M1–M5, S1, D1, D7, Q6, H1, H4."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.sqs.domain.attributes import QueueSettings
from messaging.sqs.domain.checksums import md5_of_attributes, md5_of_body
from messaging.sqs.domain.handles import decode_handle, encode_handle
from messaging.sqs.domain.message_attributes import check_attributes, check_system_attributes
from messaging.sqs.domain.messages import effective_delay, message_size, read_message
from messaging.sqs.errors import InvalidMessageContents, InvalidParameterValue, MissingParameter

STANDARD = QueueSettings()
FIFO = QueueSettings(fifo=True, content_dedup=True, delay_s=7)
TEXT = {"DataType": "String", "StringValue": "x"}
VECTORS = json.loads((Path(__file__).parents[1] / "cases/sqs_md5.json").read_text())


def attributes_of(case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    attributes: dict[str, dict[str, Any]] = case["attributes"]
    for attribute in attributes.values():
        if "BinaryHex" in attribute:
            attribute["BinaryValue"] = bytes.fromhex(attribute.pop("BinaryHex"))
    return attributes


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["about"])
def test_M5_golden_vectors(case: dict[str, Any]) -> None:
    assert md5_of_attributes(attributes_of(case)) == case["md5"]


def test_M5_body() -> None:
    assert md5_of_body("hello") == "5d41402abc4b2a76b9719d911017c592"
    assert md5_of_body("é") == md5_of_body("\u00e9") != md5_of_body("e\u0301")


def test_M1_size_is_body_and_attributes() -> None:
    attributes = {"name": {"DataType": "String", "StringValue": "é"}}
    trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "t" * 50}}
    params = {
        "MessageBody": "ab€",
        "MessageAttributes": attributes,
        "MessageSystemAttributes": trace,
    }
    assert message_size(params) == 5 + 4 + 6 + 2
    assert read_message(params, STANDARD).size == 17


def test_M1_binary_counts_its_bytes() -> None:
    params = {
        "MessageBody": "b",
        "MessageAttributes": {"n": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}},
    }
    assert message_size(params) == 1 + 1 + 6 + 2


def test_M1_the_limit_itself_is_allowed() -> None:
    small = QueueSettings(max_size=1_024)
    assert read_message({"MessageBody": "a" * 1_024}, small).size == 1_024
    with pytest.raises(InvalidParameterValue) as caught:
        read_message({"MessageBody": "a" * 1_025}, small)
    assert caught.value.message == (
        "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes."
    )


def test_M1_a_mebibyte() -> None:
    assert read_message({"MessageBody": "a" * 1_048_576}, STANDARD).size == 1_048_576
    with pytest.raises(InvalidParameterValue, match="shorter than 1048576 bytes"):
        read_message({"MessageBody": "a" * 1_048_575 + "é"}, STANDARD)


def test_M2_in_a_batch_it_reads_otherwise() -> None:
    with pytest.raises(InvalidParameterValue) as caught:
        read_message({"MessageBody": "a" * 1_025}, QueueSettings(max_size=1_024), entry=1)
    assert caught.value.message == (
        "One or more parameters cannot be validated. Reason: Message must be shorter than "
        "1024 bytes."
    )


@pytest.mark.parametrize("body", ["\t\n\r", "é\ud7ff\ue000\ufffd", "\U00010000\U0010ffff", "\x7f"])
def test_M3_allowed(body: str) -> None:
    assert read_message({"MessageBody": body}, STANDARD).body == body


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("a\x07", "#x7"),
        ("\x00", "#x0"),
        ("\x0b", "#xB"),
        ("\ud800", "#xD800"),
        ("\ufffe", "#xFFFE"),
        ("é\uffff", "#xFFFF"),
    ],
)
def test_M3_refused(body: str, named: str) -> None:
    with pytest.raises(InvalidMessageContents) as caught:
        read_message({"MessageBody": body}, STANDARD)
    assert caught.value.message == (
        f"Invalid binary character '{named}' was found in the message body, the set of allowed "
        "characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]."
    )


@given(st.text(min_size=1, max_size=50))
def test_M3_is_the_definition(body: str) -> None:
    def allowed(c: str) -> bool:
        n = ord(c)
        return c in "\t\n\r" or 0x20 <= n <= 0xD7FF or 0xE000 <= n <= 0xFFFD or n >= 0x10000

    try:
        read_message({"MessageBody": body}, STANDARD)
    except InvalidMessageContents:
        assert not all(map(allowed, body))
    else:
        assert all(map(allowed, body))


@pytest.mark.parametrize("params", [{}, {"MessageBody": ""}, {"MessageBody": None}])
def test_M3_no_body(params: dict[str, Any]) -> None:
    with pytest.raises(MissingParameter) as single:
        read_message(params, STANDARD)
    assert single.value.message == "The request must contain the parameter MessageBody."
    with pytest.raises(MissingParameter, match=r"SendMessageBatchRequestEntry\.2\.MessageBody"):
        read_message(params, STANDARD, entry=2)


@pytest.mark.parametrize(
    ("name", "attribute", "text"),
    [
        ("", TEXT, "The request must contain non-empty message (user) attribute names."),
        ("a" * 257, TEXT, "Message (user) attribute name must be shorter than 256 bytes."),
        (
            "a b",
            TEXT,
            "Message (user) attributes name can only contain upper and lower score characters, "
            "digits, periods, hyphens and underscores. ",
        ),
        (
            "aMaZon.x",
            TEXT,
            "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These "
            "strings are reserved for internal use.",
        ),
        (
            "a",
            {"DataType": "Text", "StringValue": "x"},
            "The type of message (user) attribute 'a' is invalid. You must use only the "
            "following supported type prefixes: Binary, Number, String.",
        ),
        (
            "a",
            {"DataType": "String." + "x" * 250, "StringValue": "x"},
            "Message (user) attribute type must be shorter than 256 bytes.",
        ),
        (
            "a",
            {"DataType": "String", "StringValue": ""},
            "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
        ),
        (
            "a",
            {"DataType": "Binary", "StringValue": "x"},
            "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'.",
        ),
        (
            "a",
            {},
            "The message (user) attribute 'a' must contain a non-empty message attribute value.",
        ),
        (
            "a",
            {"DataType": "Number", "StringValue": "world"},
            "Can't cast the value of message (user) attribute 'a' to a number.",
        ),
        (
            "a",
            {"DataType": "String", "StringListValues": ["x"]},
            "Message attribute list values in SendMessage operation are not supported.",
        ),
    ],
)
def test_M4_refused(name: str, attribute: dict[str, Any], text: str) -> None:
    with pytest.raises(InvalidParameterValue) as caught:
        check_attributes({name: attribute})
    assert caught.value.message == text


@pytest.mark.parametrize("name", [".a", "a.", "a..b"])
def test_M4_periods(name: str) -> None:
    with pytest.raises(InvalidParameterValue, match="period"):
        check_attributes({name: TEXT})


def test_M4_characters_of_values() -> None:
    with pytest.raises(InvalidParameterValue, match="#x1' was found in the message"):
        check_attributes({"a": {"DataType": "String", "StringValue": "\x01"}})


@pytest.mark.parametrize(
    "data_type", ["string", "Stringy", "String.", "String.\x01", "String.\ud800"]
)
def test_M4_types_refused(data_type: str) -> None:
    with pytest.raises(InvalidParameterValue, match="You must use only"):
        check_attributes({"a": {"DataType": data_type, "StringValue": "x"}})


def test_M4_ten_attributes() -> None:
    check_attributes({f"a{n}": TEXT for n in range(10)})
    with pytest.raises(InvalidParameterValue) as caught:
        check_attributes({f"a{n}": TEXT for n in range(11)})
    assert caught.value.message == (
        "Number of message attributes [11] exceeds the allowed maximum [10]."
    )


@pytest.mark.parametrize(
    "value",
    [
        "0",
        "-0.0",
        "1e126",
        "1E-128",
        "9" * 38,
        "0." + "0" * 90 + "9" * 38,
        "0" * 50 + "1" + "0" * 50,
        "+1.5",
        ".5",
        "5.",
    ],
)
def test_M4_numbers(value: str) -> None:
    check_attributes({"n": {"DataType": "Number.any", "StringValue": value}})


@pytest.mark.parametrize(
    "value", ["1e127", "1e-129", "9" * 39, "1 ", "NaN", "Infinity", "0x1", "1_0", ".", "1e", "٣"]
)
def test_M4_no_numbers(value: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Can't cast"):
        check_attributes({"n": {"DataType": "Number", "StringValue": value}})


def test_M4_system_attributes() -> None:
    check_system_attributes({"AWSTraceHeader": TEXT})
    with pytest.raises(InvalidParameterValue, match="name 'Hello' is invalid"):
        check_system_attributes({"Hello": TEXT})
    with pytest.raises(InvalidParameterValue, match="non-empty value of type 'String'"):
        check_system_attributes({"AWSTraceHeader": {"DataType": "Number", "StringValue": "1"}})


def test_S1_delay() -> None:
    assert effective_delay(None, QueueSettings(delay_s=9)) == 9
    assert effective_delay(0, QueueSettings(delay_s=9)) == 0
    assert effective_delay(900, STANDARD) == 900
    for asked in (-1, 901):
        with pytest.raises(InvalidParameterValue) as caught:
            effective_delay(asked, STANDARD)
        assert caught.value.message == (
            f"Value {asked} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be "
            ">= 0 and <= 900."
        )


def test_S1_delay_on_fifo() -> None:
    assert effective_delay(None, FIFO) == effective_delay(0, FIFO) == 7
    with pytest.raises(InvalidParameterValue) as caught:
        effective_delay(2, FIFO)
    assert caught.value.message == (
        "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter "
        "that is not valid for this queue type."
    )


def test_Q6_fifo_needs_a_group() -> None:
    with pytest.raises(MissingParameter) as caught:
        read_message({"MessageBody": "b"}, FIFO)
    assert caught.value.message == "The request must contain the parameter MessageGroupId."


def test_D1_fifo_needs_a_deduplication_id() -> None:
    params = {"MessageBody": "hello", "MessageGroupId": "g"}
    assert read_message(params, FIFO).dedup_id == (
        "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    )
    assert read_message({**params, "MessageDeduplicationId": "d"}, FIFO).dedup_id == "d"
    with pytest.raises(InvalidParameterValue, match="MessageDeduplicationId provided explicitly"):
        read_message(params, QueueSettings(fifo=True))


@pytest.mark.parametrize("value", ["", "a b", "x" * 129, "é", "a\n"])
@pytest.mark.parametrize("name", ["MessageGroupId", "MessageDeduplicationId"])
def test_D7_ids_refused(name: str, value: str) -> None:
    ids = {"MessageGroupId": "g", "MessageDeduplicationId": "d", name: value}
    with pytest.raises(InvalidParameterValue) as caught:
        read_message({"MessageBody": "b", **ids}, FIFO)
    assert caught.value.message == (
        f"Value {value} for parameter {name} is invalid. Reason: {name} can only include "
        "alphanumeric and punctuation characters. 1 to 128 in length."
    )


@pytest.mark.parametrize("value", ["x" * 128, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"])
def test_D7_ids_allowed(value: str) -> None:
    ids = {"MessageGroupId": value, "MessageDeduplicationId": value}
    assert read_message({"MessageBody": "b", **ids}, FIFO).group_id == value


def test_QF1_a_standard_queue_takes_a_group_but_no_deduplication_id() -> None:
    message = read_message({"MessageBody": "b", "MessageGroupId": "tenant"}, STANDARD)
    assert (message.group_id, message.dedup_id) == ("tenant", None)
    with pytest.raises(InvalidParameterValue, match="not valid for this queue type"):
        read_message({"MessageBody": "b", "MessageDeduplicationId": "d"}, STANDARD)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1), st.binary(min_size=1, max_size=64))
def test_H1_handle_round_trip(message_id: int, receives: int, key: bytes) -> None:
    handle = encode_handle(message_id, receives, key)
    assert len(handle) <= 1_024
    assert decode_handle(handle, key) == (message_id, receives)
    assert decode_handle(handle, key + b"x" if len(key) < 64 else key[:-1]) is None


@given(st.text(), st.binary(max_size=64))
def test_H4_any_text_is_no_handle(handle: str, key: bytes) -> None:
    assert decode_handle(handle, key) is None


@given(st.integers(0, 31), st.sampled_from("AZaz09-_= \n"))
def test_H4_a_changed_handle_is_none(at: int, sign: str) -> None:
    handle = encode_handle(77, 3, b"key")
    changed = handle[:at] + sign + handle[at + 1 :]
    assert changed == handle or decode_handle(changed, b"key") is None
