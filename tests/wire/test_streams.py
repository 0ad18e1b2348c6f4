"""Event streams: framing, checksums, and results that botocore reads event by event."""

import io
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from botocore.awsrequest import HeadersDict
from botocore.eventstream import EventStreamBuffer
from botocore.parsers import create_parser
from hypothesis import given
from hypothesis import strategies as st

from messaging.kernel.errors import AwsError
from messaging.kernel.service import load_model
from messaging.wire import cbor
from messaging.wire.eventstream import Message, frame, unframe
from messaging.wire.protocols import PROTOCOLS
from tests.wire.samples import MOMENT, engine, sample

VALUES = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.binary(max_size=20),
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=20),
)
NAMES = st.text("abc:-", min_size=1, max_size=12)


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.binary(max_size=50))
def test_what_is_framed_is_read_back(headers: dict[str, Any], payload: bytes) -> None:
    message = Message(headers, payload)

    assert list(unframe(frame(message) * 2)) == [message, message]


@given(st.dictionaries(NAMES, st.text("abc", max_size=9), max_size=4), st.binary(max_size=50))
def test_botocore_reads_our_frames(headers: dict[str, str], payload: bytes) -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(frame(Message(headers, payload)))

    event = buffer.next()

    assert (event.headers, event.payload) == (headers, payload)


@given(st.integers(0, 60), st.integers(1, 255))
def test_a_changed_byte_is_found(place: int, change: int) -> None:
    data = bytearray(frame(Message({":event-type": "a", "n": 5}, b"payload")))
    data[place % len(data)] ^= change

    with pytest.raises(ValueError, match="event stream"):
        list(unframe(bytes(data)))


@given(st.binary(max_size=80))
def test_garbage_is_refused(data: bytes) -> None:
    if data:
        with pytest.raises(ValueError, match="event stream"):
            list(unframe(data))


@pytest.mark.parametrize("protocol", ["json", "json-cbor"])
def test_subscribe_to_shard(protocol: str) -> None:
    operation = load_model("kinesis").operation_model("SubscribeToShard")
    shape = operation.output_shape.members["EventStream"].members["SubscribeToShardEvent"]
    event = sample(shape)

    response = PROTOCOLS[protocol].serialise(
        {"EventStream": [{"SubscribeToShardEvent": engine(shape, event)}]}, operation, "1-2"
    )
    response.body = b"".join(response.body)
    first, second = unframe(response.body)

    assert first.headers[":event-type"] == "initial-response"
    assert second.headers[":event-type"] == "SubscribeToShardEvent"
    if protocol == "json-cbor":
        body = cbor.loads(second.payload)
        stamp = body["Records"][0]["ApproximateArrivalTimestamp"]
        assert stamp.value == MOMENT.timestamp() * 1000
        assert body["Records"][0]["Data"] == event["Records"][0]["Data"]
    else:
        assert list(_read("json", response, operation)["EventStream"]) == [
            {"SubscribeToShardEvent": event}
        ]


async def test_events_that_come_one_by_one() -> None:
    operation = load_model("kinesis").operation_model("SubscribeToShard")

    async def events() -> AsyncIterator[Any]:
        yield {"SubscribeToShardEvent": {"Records": []}}
        yield type("ResourceInUseException", (AwsError,), {"code": "ResourceInUseException"})("x")

    response = PROTOCOLS["json"].serialise({"EventStream": events()}, operation, "1-2")
    chunks = [chunk async for chunk in response.body]

    messages = list(unframe(b"".join(chunks)))
    assert len(chunks) == 3
    assert messages[2].headers[":message-type"] == "exception"
    assert messages[2].headers[":exception-type"] == "ResourceInUseException"
    assert orjson.loads(messages[2].payload) == {"message": "x"}


def test_an_error_that_the_stream_does_not_know() -> None:
    operation = load_model("kinesis").operation_model("SubscribeToShard")
    error = type("Odd", (AwsError,), {"code": "Odd"})("why")

    response = PROTOCOLS["json"].serialise({"EventStream": [error]}, operation, "1-2")

    last = list(unframe(b"".join(response.body)))[-1]
    assert last.headers == {
        ":message-type": "error",
        ":error-code": "Odd",
        ":error-message": "why",
    }


def test_a_function_that_answers_in_pieces() -> None:
    operation = load_model("lambda").operation_model("InvokeWithResponseStream")
    events = [
        {"PayloadChunk": {"Payload": b"\x00piece"}},
        {"InvokeComplete": {"ErrorCode": "E", "LogResult": "log"}},
    ]
    result = {"StatusCode": 200, "ExecutedVersion": "3", "EventStream": iter(events)}

    response = PROTOCOLS["rest-json"].serialise(result, operation, "1-2")

    parsed = _read("rest-json", response, operation)
    assert parsed["ExecutedVersion"] == "3"
    assert list(parsed["EventStream"]) == events


def test_an_object_that_is_selected_from() -> None:
    operation = load_model("s3").operation_model("SelectObjectContent")
    events = [
        {"Records": {"Payload": b"a,b\n"}},
        {"Stats": {"Details": {"BytesScanned": 3, "BytesReturned": 4}}},
        {"Cont": {}},
        {"End": {}},
    ]

    response = PROTOCOLS["rest-xml"].serialise({"Payload": events}, operation, "1-2")

    assert list(_read("rest-xml", response, operation)["Payload"]) == events


class _Raw(io.BytesIO):
    def stream(self) -> Any:
        yield self.read()


def _read(protocol: str, response: Any, operation: Any) -> Any:
    body = response.body
    raw = {
        "status_code": response.status,
        "headers": HeadersDict({k.decode(): v.decode() for k, v in response.headers}),
        "body": _Raw(body if isinstance(body, bytes) else b"".join(body)),
        "context": {"operation_name": operation.name},
    }
    return create_parser(protocol).parse(raw, operation.output_shape)
